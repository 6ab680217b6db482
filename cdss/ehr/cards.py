"""Cards as CDS Hooks clients read them: short summaries, Markdown without HTML, and no empty or null attribute.

The same findings give the same cards; only their uuids are new each time.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cdss.ehr.markdown import escaped, quoted, shortened
from cdss.tables import table
from cdss.types import ShownQuote

SUMMARY_CHARS = 140
LABEL_CHARS = 120
OVERRIDE_SYSTEM = "urn:cdss:override-reason"
TOPIC_SYSTEM = "urn:cdss:rule"
OWN_SOURCE = "cdss, clinical decision support"

Indicator = Literal["info", "warning", "critical"]
RANK: Mapping[Indicator, int] = {"critical": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Action:
    """A change to the orders: ``resource`` in full for an update, ``resource_id`` for a deletion."""

    type: Literal["update", "delete"]
    description: str
    resource: Mapping[str, Any] | None = None
    resource_id: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the clinician may accept with one click."""

    label: str
    actions: tuple[Action, ...]
    is_recommended: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One card. ``detail`` lines are Markdown already; ``question`` is what the SMART app opens with."""

    summary: str
    indicator: Indicator
    source: str
    topic: str
    detail: tuple[str, ...] = ()
    quote: ShownQuote | None = None
    suggestions: tuple[Suggestion, ...] = ()
    may_be_overridden: bool = False
    question: str | None = None


def rendered(cards: Iterable[Card], *, app_url: str | None) -> dict[str, Any]:
    """The response: the gravest card first."""
    ordered = sorted(cards, key=lambda card: RANK[card.indicator])
    return {"cards": [_lean(_one(card, app_url)) for card in ordered]}


def _one(card: Card, app_url: str | None) -> dict[str, Any]:
    lines = [*card.detail, *(_told(card.quote) if card.quote else ())]
    reasons = table("overrides")["reasons"] if card.may_be_overridden else {}
    return {
        "uuid": str(uuid.uuid4()),
        "summary": shortened(card.summary, SUMMARY_CHARS),
        "indicator": card.indicator,
        "detail": "\n\n".join(lines),
        "source": {
            "label": shortened(card.source, LABEL_CHARS),
            "topic": {"system": TOPIC_SYSTEM, "code": card.topic, "display": card.topic.replace("-", " ")},
        },
        "suggestions": [_suggestion(one) for one in card.suggestions],
        "selectionBehavior": "at-most-one" if card.suggestions else None,
        "overrideReasons": [
            {"system": OVERRIDE_SYSTEM, "code": code, "display": display} for code, display in reasons.items()
        ],
        "links": [_link(card, app_url)] if app_url else [],
    }


def _told(quote: ShownQuote) -> Iterable[str]:
    place = [quote.title, quote.section, f"edition {quote.edition}" if quote.edition else ""]
    place.append(f"page {quote.page}" if quote.page is not None else "")
    yield quoted(quote.quote)
    yield f"— {escaped(', '.join(filter(None, place)))}"


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "label": one.label,
        "uuid": str(uuid.uuid4()),
        "isRecommended": True if one.is_recommended else None,
        "actions": [
            {
                "type": action.type,
                "description": action.description,
                "resource": action.resource,
                "resourceId": action.resource_id,
            }
            for action in one.actions
        ],
    }


def _link(card: Card, app_url: str) -> dict[str, Any]:
    context = {"topic": card.topic} | ({"question": card.question} if card.question else {})
    return {
        "label": "Open in the sidebar",
        "url": app_url,
        "type": "smart",
        "appContext": json.dumps(context, ensure_ascii=False),
    }


def _lean(value: Any) -> Any:
    """``value`` without attributes that are null or empty; a FHIR resource is left as it came."""
    if isinstance(value, dict):
        lean = {key: item if key == "resource" else _lean(item) for key, item in value.items()}
        return {key: item for key, item in lean.items() if item is not None and item not in ("", [], {})}
    return [_lean(item) for item in value] if isinstance(value, list) else value
