"""What a text itself says of its patient: "CrCl 19", "86 y", "3.2-kg term newborn", "Child-Pugh C", "trough 42 mg/L".

Only single values count: "CrCl 15 to 30" and "eGFR below 30" are for whom it is, not who it is. A ``Told`` is a name of a
fact, its value in the unit of the record, and where it stands. Source of the words: ``data/situation.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from checkers.calculators import UMOL_PER_MG_CREATININE
from checkers.remember import remembered
from checkers.tables import table
from checkers.units import unit


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that a text tells: ``age_years``, ``weight_kg``, a laboratory value's name, and so on."""

    fact: str
    value: float | str | bool
    span: tuple[int, int]


_N = r"(?P<n>\d++(?:\.\d++)?)"
_NO_RANGE = r"(?!\s*(?:to|-|–|or|and)\s*\d)(?![\d.]*\d)"
_NO_RANGE += (
    r"(?!\s*(?:m?mol/L|mEq/L|mg/dL|mL/min\S*|ms|kg|years?)?\s*(?:or|and)\s+"
    r"(?:more|less|higher|lower|above|over|below|under|older))"
)
_IS = (
    r"(?:\s*(?:level|value|now|today|currently|is|was|of|at|=|:|about|approximately|~|≈|only|rose to|fell to|has "
    r"risen to|up to|came back at|\())*\s*"
)
_LIMIT = re.compile(
    r"(?:[<>≤≥]|\b(?:below|under|above|over|than|least|most|exceeds?|up to|until|unless|between|from|target|goal"
    r"|aim|keep|maintain|if|when|per|every|each|for|to|or|and|by|reach|achieve)\b)\W*(?:the |a |an |about "
    r"|approximately )?$",
    re.IGNORECASE,
)
_FOR_A = re.compile(r"(?:\bfor(?: a| an| this| the)?|[×x*])\s*$", re.IGNORECASE)


@remembered()
def told(text: str) -> tuple[Told, ...]:
    """Every fact that ``text`` (with one kind of space and hyphen) tells of its patient, in its order."""
    found = chain(_ages(text), _weights(text), _kidneys(text), _livers(text), _pregnancies(text), _labs(text))
    return tuple(sorted(found, key=lambda fact: fact.span))


@remembered()
def told_by_condition(text: str) -> tuple[Told, ...]:
    """What a condition of the record tells besides: "pregnancy 33 weeks", "ESRD on haemodialysis", "breastfeeding"."""
    return tuple(sorted(chain(_kidneys(text), _livers(text), _pregnancies(text)), key=lambda fact: fact.span))


_OF_OTHERS = re.compile(
    r"\b(?:breast[- ]?feed\w*|feeds?|nursing|lactating|mother of|delivered|gave birth to|infant|baby|son|daughter|child|newborn"
    r"|sibling|has)\b(?:\W+(?:and|to|of|a|an|her|his|their|the|is|aged?))*\W*$",
    re.IGNORECASE,
)
"""Before an age: it is somebody else's."""

_AGE = re.compile(
    rf"(?<![\w.]){_N}[\s-]*(?:(?P<u>years?|yrs?|months?|mos?|weeks?|wks?|days?)[\s-]*(?:old\b|of age\b|of life\b)"
    rf"|(?P<s>y|yr|yo|y/o|y\.o\.|mo|m\.o\.)\s*(?=[,;)\]]|\b(?:o|old|m|f|male|female|man|woman|boy|girl)\b))"
    rf"|\b(?:aged?|age of|aged about)\s*(?:is|:|=)?\s*(?P<n2>\d+(?:\.\d+)?)\b(?!\s*(?:to|-|–|or"
    rf"|and)\s*\d)(?:\s*(?P<u2>years?|yrs?|y|months?|weeks?|days?)\b)?|\bday (?P<n3>\d+) of life\b"
    r"|\((?P<n4>\d{1,3})\s?(?:[MFmf]|[Yy])(?=[,;)\s])",
    re.IGNORECASE,
)
_IN_A_YEAR = {"y": 1.0, "m": 12.0, "w": 52.18, "d": 365.25}


def _ages(text: str) -> Iterator[Told]:
    for match in _AGE.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        number = float(match["n"] or match["n2"] or match["n3"] or match["n4"])
        unit = (match["u"] or match["s"] or match["u2"] or ("d" if match["n3"] else "y"))[0].lower()
        after = text[match.end() : match.end() + 12]
        if _LIMIT.search(before) and not _FOR_A.search(before):
            continue
        if re.search(r"\b(?:her|their)\W+$", before, re.IGNORECASE) or (
            re.search(r"\b(?:breast|feeds?|nursing|lactating|mother|birth|delivered)", before, re.IGNORECASE)
            and _OF_OTHERS.search(before)
        ):
            continue
        if re.match(r"\s*(?:or|and)\s+(?:older|younger|over|above|under|up)|\s*(?:to|-|–)\s*\d", after):
            continue
        yield Told("age_years", number / _IN_A_YEAR[unit], match.span())
    for word, years in table("situation")["ages"].items():
        for match in re.finditer(rf"\b(?:this|term|preterm|a|the|old)\s+(?:\w+\s+)?{word}\b", text, re.IGNORECASE):
            yield Told("newborn", float(years), match.span())


_WEIGHT = re.compile(
    rf"(?<![\w./<>≤≥]){_N}{_NO_RANGE}[\s-]*(?P<u>kg|kilograms?|kilos?|lbs?|pounds?)\b(?!\s*/)(?!\s*m[²2])",
    re.IGNORECASE,
)
_SURFACE = re.compile(rf"\b(?:BSA|body surface area)\b{_IS}{_N}{_NO_RANGE}", re.IGNORECASE)


def _weights(text: str) -> Iterator[Told]:
    for match in _WEIGHT.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        after = text[match.end() : match.end() + 16]
        if re.search(r"/\s*$|\d\s*(?:to|-|–|or|and)\s*$", before) or re.match(
            r"\s*(?:or|and) (?:more|less|over|above|below|up|heavier)|\s*[+]|[\s-]*(?:to|-|–)\s*\d", after
        ):
            continue
        if re.search(r"\b(?:per|each|every|nearest|lost|loss of|gain(?:ed)?)\s*$", before):
            continue
        if _LIMIT.search(before) and not _FOR_A.search(before):
            continue
        number = float(match["n"])
        kilograms = number if match["u"].lower().startswith("k") else number * float(unit("lb").per / unit("kg").per)
        yield Told("weight_kg", kilograms, match.span())
    for match in _SURFACE.finditer(text):
        yield Told("bsa_m2", float(match["n"]), match.span())


_CLEARANCE = re.compile(
    rf"\b(?:CrCl|CCr|ClCr|creatinine clearance|Cockcroft[- ]Gault(?: clearance| CrCl)?)\b{_IS}{_N}{_NO_RANGE}(?!\s*mg)",
    re.IGNORECASE,
)
_FILTRATION = re.compile(
    rf"\b(?:eGFR|GFR|(?:estimated )?glomerular filtration rate)\b{_IS}{_N}{_NO_RANGE}", re.IGNORECASE
)
_CREATININE = re.compile(
    rf"\b(?:SCr|serum creatinine|creatinine|s-creatinine|(?-i:Cr))\b(?! clear){_IS}{_N}{_NO_RANGE}\s*(?P<u>mg/dL"
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


def _kidneys(text: str) -> Iterator[Told]:
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
                not _LIMIT.search(text[max(0, match.start() - 24) : match.start()])
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


def _livers(text: str) -> Iterator[Told]:
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


_PREGNANT = re.compile(
    r"\b(?:(?P<w>\d{1,2})(?:\s*\+\s*\d)?[\s-]*(?:weeks?|wks?)['’]?[\s-]*(?:pregnant|gestation|of pregnancy|of "
    r"gestation|into (?:the |her )?pregnancy|gravid)"
    r"|pregnan(?:t|cy)[\s,:(]+(?:at |of |now )?(?P<w3>\d{1,2})(?:\s*\+\s*\d)?\s*(?:weeks?|wks?|w\b|/\s?40)"
    r"|(?P<w4>\d{1,2})(?:\s*\+\s*\d)?\s?/\s?40\s+(?:weeks?\s+)?(?:pregnan|gestation|gravid)\w*"
    r"|(?P<term>(?:near[- ]?|at |full[- ])term pregnan\w+|pregnan\w+[\s,(]+(?:near[- ]?|at |full[- ])term)"
    r"|(?:is|now|currently|confirmed|known|newly) pregnan(?:t|cy)"
    r"|pregnant(?! (?:women|patients|people|persons)\b)|pregnancy confirmed|(?P<t>first|second|third)[- ]trimester"
    r"|gestation (?P<w2>\d{1,2}) weeks|positive pregnancy test|pregnancy)(?!\w)",
    re.IGNORECASE,
)
_NOT_PREGNANT = re.compile(
    r"\b(?:not|no|non|exclude|excluding|excluded|rule out|before|after|avoid|avoid in|contraindicated in|prevent"
    r"|planning|plans?|negative|unless|if|becomes?|potential|risk of|during|prior to|ectopic|test|until|unsafe in"
    r"|safe in|in|of)\W+(?:\w+\W+)?$",
    re.IGNORECASE,
)
_LACTATING = re.compile(
    r"\b(?:breast[- ]?feeding|lactating|nursing (?:mother|infant|her)|is nursing|breast[- ]?feeds|breast[- ]?fed)\b",
    re.IGNORECASE,
)


def _pregnancies(text: str) -> Iterator[Told]:
    for match in _PREGNANT.finditer(text):
        before, after = text[max(0, match.start() - 26) : match.start()], text[match.end() : match.end() + 24]
        weeks = match["w"] or match["w2"] or match["w3"] or match["w4"] or ("39" if match["term"] else None)
        if re.match(
            r"\s*(?:test (?:is |was )?negative|excluded|ruled out|prevention|test\b(?! positive))", after, re.IGNORECASE
        ):
            continue
        refused = _NOT_PREGNANT.search(before)
        said_so = (
            weeks
            or match["t"]
            or re.match(r"(?:is|now|currently|confirmed|known|newly|positive)", match[0], re.IGNORECASE)
        )
        strong = re.search(
            r"\b(?:not|no|exclude|avoid|contraindicated|unless|if|negative|before|after|planning|until)\W+(?:\w+\W+)?$",
            before,
            re.IGNORECASE,
        )
        if strong or (
            refused
            and not said_so
            and not re.search(r"\b(?:a|in|in early|in late|during|this)\W+$", before, re.IGNORECASE)
        ):
            continue
        if "gestational age" in text[max(0, match.start() - 30) : match.start()].lower():
            continue
        yield Told("pregnant", True, match.span())
        if weeks:
            yield Told("gestation_weeks", float(weeks), match.span())
        elif match["t"]:
            yield Told(
                "trimester_weeks", float(table("situation")["weeks"][f"{match['t'].lower()} trimester"]), match.span()
            )
    for match in _LACTATING.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if not re.search(
            r"\b(?:not|no|stop|avoid|before|unless|if|after|contraindicated (?:in|during|while))\W+(?:\w+\W+)?$",
            before,
            re.IGNORECASE,
        ):
            yield Told("lactating", True, match.span())


def _labs(text: str) -> Iterator[Told]:
    small = text.lower()
    for name, (forms, pattern) in _lab_patterns().items():
        if not any(form in small for form in forms):
            continue  # a text names few tests, and to look for a word is quick
        row = table("labs")["labs"][name]
        for match in pattern.finditer(text):
            if _LIMIT.search(text[max(0, match.start() - 16) : match.start()]) and not re.search(
                r"\b(?:and|for|if|when|to)\W*$", text[max(0, match.start() - 16) : match.start()], re.IGNORECASE
            ):
                continue
            if re.search(
                r"\b(?:target|goal|aim|keep|maintain|until|if|when)\W+(?:\w+\W+){0,2}$",
                text[max(0, match.start() - 24) : match.start()],
                re.IGNORECASE,
            ):
                continue
            number = float(match["n"])
            if (match["u"] or "").lower() in row.get("other", ()):
                number *= row["factor"]
            if row["least"] <= number <= row["most"]:
                yield Told(name, number, match.span())
    for match in re.finditer(
        rf"\b(?:trough|level)\b{_IS}{_N}{_NO_RANGE}(?:\s*(?:mg/L|mcg/mL|µg/mL|ng/mL|mEq/L|mmol/L))", text, re.IGNORECASE
    ):
        yield Told("lone_level", float(match["n"]), match.span())


@cache
def _lab_patterns() -> dict[str, tuple[tuple[str, ...], re.Pattern[str]]]:
    """The names of every test, in small letters, and the pattern of its value."""
    patterns = {}
    for name, row in table("labs")["labs"].items():
        if not row["forms"]:
            continue
        forms = sorted(row["forms"], key=len, reverse=True)
        any_of = "|".join(f"(?-i:{re.escape(form)})" if len(form) <= 4 else re.escape(form) for form in forms)
        pattern = re.compile(
            rf"(?<![\w-])(?:{any_of})(?![\w/-]){_IS}{_N}{_NO_RANGE}(?!\s*(?:mEq|mmol|mg|g|mcg|units?|IU"
            rf"|mL)\b(?!\s*/\s*d?L))(?!\s*/\s*\d)(?!\s*%)\s*(?P<u>mmol/L|mg/dL|mEq/L|ng/mL|mcg/mL|mg/L|ms|g/dL)?",
            re.IGNORECASE,
        )
        patterns[name] = tuple(form.lower() for form in forms), pattern
    return patterns
