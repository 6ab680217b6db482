"""The public opioid requests (CDC opioid CDS), when they lie beside the repository, and what their authors expect.

Most of them are no JSON: a brace too many closes the prefetch early, so that what follows falls out of it. ``repaired`` puts
that right and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[4] / "shared" / "fixtures" / "cds-hooks"
SERVICE = {"patient-view": "cdss-patient-view", "order-select": "cdss-order-select", "order-sign": "cdss-order-sign"}


@dataclass(frozen=True)
class Example:
    """One request with the cards that its authors expect, where they are there."""

    name: str
    content: bytes
    expected: list[dict[str, Any]] | None


def examples() -> Iterator[Example]:
    """All of them, in their order; none when they are not there."""
    for path in sorted(ROOT.glob("requests/*/*.json")):
        answer = ROOT / "responses" / path.parent.name / path.name.replace("request-", "response-")
        said = answer.read_text().strip() if answer.exists() else ""
        cards = json.loads(said)["cards"] if said else None
        yield Example(f"{path.parent.name}/{path.stem}", path.read_bytes(), cards)


def repaired(content: bytes) -> dict[str, Any]:
    """The request as it was meant, for the hook of ours that comes nearest."""
    body, _ = json.JSONDecoder().raw_decode(content.decode().lstrip("\ufeff \n\r\t"))
    loose = {key: body.pop(key) for key in list(body) if key.startswith("item")}
    body["prefetch"] = {**(body.get("prefetch") or {}), **loose}
    context = body["context"]
    orders = context.pop("medications", None)
    if body["hook"] not in SERVICE or orders is not None:
        context["draftOrders"] = context.get("draftOrders") or orders
        body["hook"] = "order-sign"
    if body["hook"] == "order-select" and "selections" not in context:
        entries = (context.get("draftOrders") or {}).get("entry", [])
        context["selections"] = [f"MedicationRequest/{one['resource']['id']}" for one in entries]
    return dict(body)
