"""What a medicine is called: the ingredients, what one tablet or millilitre holds, and the form.

RxNorm names clinical drugs by one pattern ("Acetaminophen 325 MG / Hydrocodone Bitartrate 5 MG Oral Tablet [Norco]"; RxNorm
Technical Documentation, section 3), and most other systems come near it. A name that does not fit is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cdss.fhir.datatypes import CodeableConcept, Reference
from cdss.fhir.resources import Ingredient, Medication
from cdss.fhir.words import cleaned
from cdss.tables import table
from checkers.dosing.names import salts

_AMOUNT = (
    r"(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<unit>MG|MCG|UG|G|NG|UNITS?|UNT|IU|MEQ|MMOL|ML|%)"
    r"(?:\s*/\s*(?P<holds>\d+(?:\.\d+)?)?\s*(?P<per>ML|HR|H|ACTUAT|ACTUATION|SPRAY|PUFF|DOSE))?"
)
_STRENGTH = re.compile(rf"\s+{_AMOUNT}(?![\w/])", re.IGNORECASE)
_LEAD = re.compile(r"^(?:NDA\d+\s+)?(?:\d+(?:\.\d+)?\s*(?:HR|ACTUAT|ML)\s+)*", re.IGNORECASE)
_BRAND = re.compile(r"\s*\[[^\]]*\]\s*$")
_PER = {"ml": "mL", "hr": "hour", "h": "hour", "actuat": "puff", "actuation": "puff", "spray": "spray", "puff": "puff"}
_FORMS = {
    "transdermal system": "transdermal patch",
    "metered dose inhaler": "inhaler",
    "oral strip": "film",
    "buccal film": "film",
    "sublingual film": "sublingual film",
}
"""What RxNorm calls a form, and what the rules read it as; an "oral strip" lies under the tongue and is not swallowed."""


@dataclass(frozen=True, slots=True)
class Strength:
    """What one of something holds: ``value`` ``unit`` in one ``per`` ("mL", "puff", "hour"), or in one tablet if ``None``."""

    value: Decimal
    unit: str
    per: str | None = None


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine by its name. ``strengths`` is empty, or has one for each ingredient in ``name``'s order."""

    name: str
    strengths: tuple[Strength, ...] = ()
    form: str | None = None

    @property
    def with_strength(self) -> str:
        """The name with what one tablet, puff or hour holds: "acetaminophen-hydrocodone 325 mg/5 mg oral tablet"."""
        amounts = "/".join(f"{one.value.normalize():f} {one.unit}" for one in self.strengths)
        per = self.strengths[0].per if self.strengths else None
        return " ".join(filter(None, (self.name, f"{amounts}/{per}" if per else amounts, self.form)))

    @property
    def without_strength(self) -> str:
        """The name with its form."""
        return " ".join(filter(None, (self.name, self.form)))


def medicine(
    concept: CodeableConcept | None,
    reference: Reference | None,
    contained: Iterable[Medication],
    others: Mapping[str, Medication],
) -> Medicine | None:
    """The medicine that an order names by codes, by words, or by a reference; ``None`` if it cannot be told.

    ``others`` are Medication resources by every address that they are referred to.
    """
    if concept is not None and (words := cleaned(concept.words)):
        return named(words)
    if reference is None or not reference.reference:
        words = cleaned(reference.display) if reference else ""
        return named(words) if words else None
    inside = {f"#{one.id}": one for one in contained if one.id}
    found = inside.get(reference.reference) or others.get(reference.reference) or others.get(_tail(reference.reference))
    if found is not None and (read := _described(found)) is not None:
        return read
    words = cleaned(reference.display)
    return named(words) if words else None


def _tail(address: str) -> str:
    """ "https://x/fhir/Medication/1/_history/2" and "Medication/1" are one."""
    return "/".join(re.sub(r"/_history/.*$", "", address).split("/")[-2:])


def _described(resource: Medication) -> Medicine | None:
    words = cleaned(resource.code.words) if resource.code else ""
    if words:
        return named(words)
    parts = [
        (cleaned(one.itemCodeableConcept.words), _held(one)) for one in resource.ingredient if one.itemCodeableConcept
    ]
    names = [name.lower() for name, _ in parts if name]
    if not names or len(names) != len(resource.ingredient):
        return None
    held = tuple(strength for _, strength in parts if strength is not None)
    form = cleaned(resource.form.words).lower() if resource.form else ""
    return Medicine("-".join(names), held if len(held) == len(names) else (), form or None)


def _held(one: Ingredient) -> Strength | None:
    ratio = one.strength
    if ratio is None or ratio.numerator is None or ratio.numerator.value is None:
        return None
    units = table("dosage")["units"]
    unit = units.get((ratio.numerator.code or ratio.numerator.unit or "").casefold())
    per = ratio.denominator
    if unit is None or per is None or not per.value:
        return None
    holder = units.get((per.code or per.unit or "1").casefold())
    value = ratio.numerator.value / per.value
    return Strength(value, unit, holder if holder in ("mL", "puff", "spray") else None)


@lru_cache(maxsize=4096)
def named(words: str) -> Medicine:
    """The medicine that a name in words tells of."""
    text = _LEAD.sub("", _BRAND.sub("", words))
    names: list[str] = []
    strengths: list[Strength] = []
    rest = text
    for part in re.split(r"\s+/\s+", text):
        match = _STRENGTH.search(part)
        if match is None or not part[: match.start()].strip():
            return Medicine(text)
        names.append(part[: match.start()].strip(" ,-"))
        strengths.append(_strength(match))
        rest = part[match.end() :]
    form = rest.strip(" ,-").lower()
    form = _FORMS.get(form, form)
    if len(names) == 1:
        return Medicine(names[0], tuple(strengths), form or None)
    return Medicine("-".join(map(_without_salt, names)), tuple(strengths), form or None)


def _strength(match: re.Match[str]) -> Strength:
    unit = match["unit"].lower()
    value = Decimal(match["value"].replace(",", ""))
    if match["holds"]:
        value /= Decimal(match["holds"])
    per = (match["per"] or "").lower()
    return Strength(value, "%" if unit == "%" else table("dosage")["units"].get(unit, unit), _PER.get(per))


def _without_salt(name: str) -> str:
    first, *others = name.lower().split()
    return " ".join((first, *(word for word in others if word not in salts())))
