"""By which route a drug is given where no word of its amount says so: "give vincristine intrathecally", "for suturing"."""

from __future__ import annotations

import re

from checkers.dosing.drugs import tokens
from checkers.dosing.names import classes
from checkers.tables import table

_REACH = 8
"""Tokens behind a name within which its route may stand."""
_ENDS = ("SEMI", "STOP", "NEWLINE", "COMMA", "COLON", "NOT", "BAR")
_JOINTS = ("AND", "OR")
_IMPLIED = (
    ("oral", None, re.compile(r"\b(?:axetil|proxetil|pivoxil|etexilate|cilexetil|medoxomil)\b", re.IGNORECASE)),
    ("oral", None, re.compile(r"\bmg ?(?:/|per|in) ?5 ?mL\b", re.IGNORECASE)),
    ("infiltration", None, re.compile(r"\binfiltrat\w+", re.IGNORECASE)),
    (
        "infiltration",
        "local anaesthetic",
        re.compile(
            r"\b(?:sutur\w+|stitch\w+|(?:nerve|field|ring|digital|dental|plane|plexus|interscalene) block)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "intravenous",
        None,
        re.compile(
            r"\b(?:central|peripheral|PICC|femoral|jugular|subclavian)\s+(?:venous\s+)?(?:line|cannula|vein|catheter|access)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "intravenous",
        "fluid",
        re.compile(r"\b(?:bolus|infus\w+|drip|run at|over\s+\d+\s*(?:min\w*|h\w*))\b|\bmL/(?:kg/)?h", re.IGNORECASE),
    ),
)
"""Routes that no word of a route states, of a class if one is named: salts for the mouth, what is infiltrated or drips."""
_SPREAD = re.compile(r"\d\s?%\s+(?:cream|ointment|gel|lotion)\b", re.IGNORECASE)
"""A strength and what is put on the skin: "diclofenac 1% gel 4 g"."""


def implied_way(said: str, drug: str | None) -> str | None:
    """The route that ``said``, the words of an order of ``drug``, imply."""
    for route, kind, words in _IMPLIED:
        if words.search(said) and (kind is None or kind in classes(drug or "")):
            return route
    if _SPREAD.search(said) and drug not in table("situation")["local"]["reaches_blood"]:
        return "topical"
    return None


def way_of(text: str, span: tuple[int, int]) -> str | None:
    """The route right before the drug at ``span``, else the one behind it and before a drug that is in no list with it."""
    around = tokens(text)
    at = next((n for n, token in enumerate(around) if token.start >= span[0]), len(around))
    if at and around[at - 1].type == "ROUTE":
        return str(around[at - 1].value)
    joined = False
    for n in range(at + 1, min(at + 1 + _REACH, len(around))):
        token, follows = around[n], around[n + 1 : n + 2]
        if token.type == "ROUTE":
            return None if follows and follows[0].type == "DRUG" else str(token.value)
        if token.type in _ENDS or (token.type == "DRUG" and not joined):
            return None
        joined = token.type in _JOINTS
    return None
