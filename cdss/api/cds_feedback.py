"""``POST /cds-services/{id}/feedback``: what became of cards, CDS Hooks 2.0."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from cdss.api.cds_services import body_of, known, public_base
from cdss.api.state import EhrNow
from cdss.deidentify import deidentify
from cdss.errors import BadCall

router = APIRouter(tags=["cds-hooks"])
MAX_ITEMS = 500
_OUTCOMES = ("accepted", "overridden")


@router.post("/cds-services/{service_id}/feedback")
async def post_feedback(service_id: str, request: Request, ehr: EhrNow) -> Response:
    """Writes down which suggestions were taken, and why cards were set aside."""
    known(service_id)
    base = public_base(request, ehr.settings.public_url)
    address = f"{base}/cds-services/{service_id}/feedback"
    actor = await ehr.trust.check(request.headers.get("authorization"), address=address)
    body = await body_of(request)
    items = body.get("feedback") if isinstance(body, Mapping) else None
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise BadCall(f"feedback is missing, is no list, or has more than {MAX_ITEMS} items.")
    kept = [_read(item, number) for number, item in enumerate(items)]
    await asyncio.to_thread(ehr.journal.write_feedback, service=service_id, actor=actor, items=kept)
    return Response(status_code=200)


def _read(item: object, number: int) -> dict[str, Any]:
    where = f"feedback[{number}]"
    if not isinstance(item, Mapping):
        raise BadCall(f"{where} is no object.")
    card, outcome, when = item.get("card"), item.get("outcome"), item.get("outcomeTimestamp")
    if not isinstance(card, str) or not card or len(card) > 200:
        raise BadCall(f"{where}.card is missing, or is no text.")
    if outcome not in _OUTCOMES:
        raise BadCall(f"{where}.outcome is neither accepted nor overridden.")
    kept: dict[str, Any] = {"card": card, "outcome": outcome}
    if isinstance(when, str):
        kept["outcomeTimestamp"] = when[:40]
    accepted = item.get("acceptedSuggestions")
    if isinstance(accepted, list):
        ids = (one.get("id") for one in accepted if isinstance(one, Mapping))
        kept["acceptedSuggestions"] = [one[:200] for one in ids if isinstance(one, str)]
    if isinstance(reason := item.get("overrideReason"), Mapping):
        kept["overrideReason"] = _reason(reason)
    return kept


def _reason(given: Mapping[str, Any]) -> dict[str, str]:
    coding = given.get("reason")
    kept = {
        name: value[:200]
        for name in ("system", "code", "display")
        if isinstance(coding, Mapping) and isinstance(value := coding.get(name), str)
    }
    if isinstance(comment := given.get("userComment"), str):
        kept["userComment"] = deidentify(comment[:2000])[0]
    return kept
