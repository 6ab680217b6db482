"""Pregnancy and breastfeeding in a text: "33 weeks pregnant", "third trimester", "breastfeeding"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.situation.single_value import Told
from checkers.tables import table

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


def pregnancies(text: str) -> Iterator[Told]:
    """Pregnancy with its weeks or trimester, and lactation."""
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
