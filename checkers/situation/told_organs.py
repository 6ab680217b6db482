"""Kidneys and livers in a text: "CrCl 19", "creatinine rising from 1.1 to 2.3", "on haemodialysis", "Child-Pugh C"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.calculators import UMOL_PER_MG_CREATININE
from checkers.situation.single_value import IS, LIMIT, NO_RANGE, NUMBER, Told

_CLEARANCE = re.compile(
    rf"\b(?:CrCl|CCr|ClCr|creatinine clearance|Cockcroft[- ]Gault(?: clearance| CrCl)?)\b{IS}{NUMBER}{NO_RANGE}(?!\s*mg)",
    re.IGNORECASE,
)
_FILTRATION = re.compile(
    rf"\b(?:eGFR|GFR|(?:estimated )?glomerular filtration rate)\b{IS}{NUMBER}{NO_RANGE}", re.IGNORECASE
)
_CREATININE = re.compile(
    rf"\b(?:SCr|serum creatinine|creatinine|s-creatinine|(?-i:Cr))\b(?! clear){IS}{NUMBER}{NO_RANGE}\s*(?P<u>mg/dL"
    rf"|µmol/L|umol/L|micromol/L)?",
    re.IGNORECASE,
)
_MOVING = re.compile(
    r"\bcreatinine\s+(?:has |is |was )?(?:rose|risen|rising|increas\w+|went up|going up|climb\w+|doubl\w+|tripl\w+"
    r"|jumped|up)\b(?:[^;]{0,20}?\bfrom\s+[\d.]+\s*(?:mg/dL|µmol/L)?\s*(?:to|-|–|→)\s*(?P<n>[\d.]*\d))?"
    r"|\b(?:rising|doubling|worsening|unstable|climbing) (?:serum )?creatinine\b|\bcreatinine (?:from "
    r")?[\d.]+\s*(?:→|->|to)\s*(?P<n2>[\d.]*\d)|\bacute kidney injury\b|(?-i:\bAKI\b)",
    re.IGNORECASE,
)
_DIALYSIS = re.compile(
    r"\b(?:on|receiving|receives|dependent on|undergoing|has|with) (?:chronic |maintenance |intermittent "
    r"|peritoneal |long-term )?(?:ha?emo)?dialysis\b|\b(?:ha?emo)?dialysis[- ](?:dependent|patient)|(?-i:\b(?:ESRD"
    r"|ESKD)\b) on HD|\bon (?-i:HD)\b",
    re.IGNORECASE,
)


def kidneys(text: str) -> Iterator[Told]:
    """Creatinine in mg/dL and whether it moves, clearance in mL/min, filtration rate, dialysis."""
    moving = {match.span(): match for match in _MOVING.finditer(text)}
    for span, match in moving.items():
        before = text[max(0, span[0] - 24) : span[0]]
        if re.search(
            r"\b(?:no|without|if|risk of|for|stop|when|prevent|avoid|monitor|history of|resolved)\W+(?:\w+\W+)?$",
            before,
            re.IGNORECASE,
        ):
            continue
        yield Told("unstable", True, span)
        if number := match["n"] or match["n2"]:
            yield Told("creatinine_mg_dl", _creatinine(float(number), None), span)
    for fact, pattern in (("crcl_ml_min", _CLEARANCE), ("egfr", _FILTRATION)):
        for match in pattern.finditer(text):
            if (
                not LIMIT.search(text[max(0, match.start() - 24) : match.start()])
                or (fact == "egfr" and re.search(r"\b(?:for|if|when|and|or|to)\W*$", text[: match.start()]))
            ) or re.search(r"\b(?:for|with|and|or|if|at)\W*$", text[: match.start()], re.IGNORECASE):
                yield Told(fact, float(match["n"]), match.span())
    for match in _CREATININE.finditer(text):
        if not any(start <= match.start() < end for start, end in moving):
            yield Told("creatinine_mg_dl", _creatinine(float(match["n"]), match["u"]), match.span())
    for match in _DIALYSIS.finditer(text):
        if not re.search(
            r"\b(?:not|no|without|if|never)\W+(?:\w+\W+)?$",
            text[max(0, match.start() - 20) : match.start()],
            re.IGNORECASE,
        ):
            yield Told("dialysis", True, match.span())


def _creatinine(number: float, unit: str | None) -> float:
    """In mg/dL; a number that no one has in mg/dL is µmol/L."""
    micromoles = unit is not None and "mol" in unit.lower()
    return number / UMOL_PER_MG_CREATININE if micromoles or (unit is None and number >= 25) else number


_CHILD_PUGH = re.compile(
    r"\bChild[- ]Pugh(?:[- ]Turcotte)?(?: class| grade| score| stage)?(?:\s*(?:of|is|="
    r"|:))?\s*(?P<c>[ABC](?![\w/-])|\d{1,2}\b)(?!\s*(?:or|to|-|–|and|/)\s*(?:[ABC]\b|\d))|(?P<d>\bdecompensated "
    r"(?:\w+ )?(?:cirrhosis|liver disease))",
    re.IGNORECASE,
)


def livers(text: str) -> Iterator[Told]:
    """The Child-Pugh class, by name or by points."""
    for match in _CHILD_PUGH.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if re.search(
            r"\b(?:if|no|not|without|until|avoid in|except in|contraindicated in|or)\W+(?:\w+\W+)?$",
            before,
            re.IGNORECASE,
        ):
            continue
        said = match["c"]
        if said is None:
            yield Told("child_pugh", "C", match.span())
        elif said.isdigit():
            if 5 <= int(said) <= 15:
                yield Told("child_pugh", "A" if int(said) < 7 else "B" if int(said) < 10 else "C", match.span())
        else:
            yield Told("child_pugh", said.upper(), match.span())
