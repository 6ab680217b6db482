"""Answers written by hand, for what the bundled guidelines do not bring about on demand."""

from __future__ import annotations

import json
from datetime import date

from cdss.types import Answer, Conflict, ShownClaim, ShownQuote, Statement
from checkers.types import Finding, Missing, Severity, Verdict
from guidelines.types import Status


def quote(words: str = "Give amoxicillin for 7 days.") -> ShownQuote:
    return ShownQuote(
        quote=words, passage_id="p", document="d", title="Ear <b>infection</b>", section="Treatment", page=3, edition="2024",
        status=Status.ACTIVE, start=0, end=len(words),
    )  # fmt: skip


def claim(
    number: int, verdict: Verdict = Verdict.RELEASE, text: str | None = "Give amoxicillin for 7 days."
) -> ShownClaim:
    severity = {Verdict.WITHHOLD: Severity.BLOCK, Verdict.REVIEW: Severity.REVIEW, Verdict.RELEASE: Severity.INFO}[
        verdict
    ]
    found = Finding(
        rule="allergy", severity=severity, message="Amoxicillin, with an allergy to penicillin. Source: A label, 4."
    )
    return ShownClaim(id=f"c{number}", text=text, verdict=verdict, quotes=(quote(),) if text else (), findings=(found,))


def answer(*claims: ShownClaim, notices: tuple[str, ...] = ()) -> Answer:
    statements = tuple(
        Statement(
            text=f"Give it for {figure}.",
            figure=figure,
            passage_id="p",
            document="d",
            title=f"Source {figure}",
            section="x",
            page=None,
            edition=None,
            effective_date=date(2024, 1, 1),
            population=("adult",),
            status=Status.ACTIVE,
            start=0,
            end=4,
        )
        for figure in ("7 days", "10 days")
    )
    conflict = Conflict(kind="sources", drug="amoxicillin", parameter="duration", claims=("c1",), statements=statements)
    return Answer.model_validate(
        {
            "schema": 1,
            "id": "0" * 32,
            "status": "partly_withheld",
            "backend": "extractive",
            "model": None,
            "generation": "g",
            "as_of": date(2026, 1, 1),
            "claims": claims,
            "notices": notices,
            "conflicts": (conflict,),
            "not_checked": (Missing(fact="weight_kg", question="What does the patient weigh?"),),
            "timings_ms": {"total": 12.0},
        }
    )


def as_json(made: Answer) -> str:
    return made.model_dump_json(by_alias=True)


def as_stream(made: Answer, *, cut: bool = False) -> str:
    """The answer as server-sent events; ``cut`` ends it after its first claim."""
    events: list[tuple[str, object]] = [
        ("stage", {"id": made.id, "stage": "retrieve"}),
        ("passages", {"generation": "g", "confidence": 0.9, "passages": []}),
        ("stage", {"id": made.id, "stage": "draft"}),
        ("claim", {"claim": made.claims[0].model_dump(mode="json"), "conflicts": []}),
    ]
    if not cut:
        events += [("answer", json.loads(as_json(made))), ("done", {})]
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
