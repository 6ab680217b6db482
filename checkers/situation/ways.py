"""By which route a drug is given that has no amount: "give vincristine intrathecally"."""

from __future__ import annotations

from checkers.dosing.drugs import tokens

_REACH = 8
"""Tokens behind a name within which its route may stand."""
_ENDS = ("SEMI", "STOP", "NEWLINE", "COMMA", "COLON", "NOT", "BAR")
_JOINTS = ("AND", "OR")


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
