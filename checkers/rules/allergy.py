"""Harm: the patient gets what they are allergic to, or something close enough to it.

Source: labels, Contraindications; side chains of beta-lactams; the rows of the tables, with how bad the reaction was.

Example: amoxicillin is blocked after anaphylaxis to penicillin; cephalexin goes to review after urticaria from ampicillin
long ago; "no known allergies" and an allergy that was ruled out say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from checkers.formulary.knowledge import Knowledge
from checkers.formulary.pairs import Allergy
from checkers.judging.allergies import Recorded, recorded
from checkers.judging.guard_findings import missing
from checkers.judging.parties import Party, parties
from checkers.judging.say import finding
from checkers.situation.conditions import plain
from checkers.situation.mentions import mentions
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Outcome, Rule, Severity, Subject

_GRAVE = (
    r"(?:hepatitis|jaundice|cholestasis|liver injury|liver failure|hepatotoxicity|stevens johnson|\^?sjs|\^?ten"
    r"|toxic epidermal necrolysis|\^?dress|anaphyla\w+|angio?edema|thrombocytopenia|agranulocytosis|rhabdomyolysis|torsades\w*"
    r"|pneumonitis|lung injury|pulmonary fibrosis|pulmonary toxicity|aplastic anemia|hemolysis|hemolytic anemia"
    r"|serotonin syndrome|neuroleptic malignant syndrome|tendon rupture|myocarditis|lactic acidosis|optic neuritis"
    r"|optic neuropathy|interstitial nephritis|lupus)"
)
_HARM = re.compile(
    rf"\b{_GRAVE}\b[^.;]*\b(?:with|from|after|due to|caused by|on|to|induced by|secondary to|associated with)\b"
    rf"|\b(?:induced|associated|related)\s+(?:\w+\s+){{0,2}}(?:{_GRAVE}|pancreatitis)"
)
"""Harm so grave that the drug is not given again, as a record tells it among the conditions."""


def check(subject: Subject) -> Iterator[Outcome]:
    """The most precise finding for every drug that the text gives and every allergy of the patient."""
    worked_out = situation(subject)
    given = [party for party in parties(worked_out) if party.span is not None and party.ingredients]
    if given and worked_out.facts.is_patient and worked_out.facts.allergies is None:
        yield missing("allergies")
    for allergy in chain(recorded(worked_out), _reactions(worked_out)):
        about = _about(worked_out.known, allergy)
        for party in given:
            found = _finding(allergy, about, party, worked_out)
            if found is not None:
                yield found


def _reactions(situation: Situation) -> Iterator[Recorded]:
    """Grave harm by a drug that the record lists among the conditions: "cholestatic jaundice with amoxicillin-clavulanate"."""
    for text in situation.facts.record_conditions:
        flat = plain(text)
        match = _HARM.search(flat)
        if match is None or re.search(r"\b(?:no|not|without|never|tolerat\w+|excluded)\b", flat):
            continue
        named = mentions(text, [])
        parts = tuple(dict.fromkeys(name for one in named for name in (*one.parts, one.ingredient) if name))
        if parts:
            yield Recorded(text, flat, parts, (), "severe")


def _finding(allergy: Recorded, about: Sequence[Allergy], party: Party, situation: Situation) -> Finding | None:
    if set(allergy.ingredients) & set(party.ingredients):
        severity = _severity(Severity.BLOCK, None, allergy)
        message = f"{party.name}: the record has an allergy to it ({allergy.text})."
        return finding(
            RULE.id, severity, message, party.span, None, situation, claim=party.name, allergy=allergy.text
        ).model_copy(update={"message": message})
    rows = [row for row in about if _is_barred(row, party)]
    if not rows:
        return None
    row = max(
        rows,
        key=lambda row: (
            _precision(row.to, allergy.ingredients, allergy.plain),
            _precision(row.drugs, party.ingredients, ""),
        ),
    )
    severity = _severity(row.severity, row.mild, allergy)
    instead = f" Instead: {row.instead.rstrip('.')}." if row.instead else ""
    message = f"{party.name}, with an allergy to {allergy.text}: {row.says}{instead}"
    return finding(RULE.id, severity, message, party.span, row, situation, claim=party.name, allergy=allergy.text)


@lru_cache(maxsize=1024)
def _about(known: Knowledge, allergy: Recorded) -> tuple[Allergy, ...]:
    """The rows that are about an allergy, by what it is to, by its class, or by its words."""
    named = {*allergy.ingredients, *(f"class:{kind}" for kind in allergy.classes)}
    said = "".join(sign if sign.isalnum() or sign in "^'" else " " for sign in f" {allergy.plain} ")
    return tuple(
        row
        for row in known.allergies
        if any(word in named or (not word.startswith("class:") and f" {plain(word)} " in said) for word in row.to)
    )


def _is_barred(row: Allergy, party: Party) -> bool:
    return party.is_one_of(row.drugs) and not (row.without and party.is_one_of(row.without))


def _precision(words: tuple[str, ...], ingredients: tuple[str, ...], text: str) -> int:
    """2 where the drug itself is named, 1 where it is named in other words, 0 where its class is."""
    if any(word in ingredients for word in words):
        return 2
    return 1 if text and any(plain(word) in text for word in words if not word.startswith("class:")) else 0


def _severity(severity: Severity, mild: Severity | None, allergy: Recorded) -> Severity:
    if allergy.reaction == "intolerance":
        return Severity.INFO
    return mild if mild is not None and allergy.reaction == "mild" else severity


RULE = Rule.documented(__doc__, id="allergy", version=1, check=check)
