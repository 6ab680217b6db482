"""Does a passage apply to the patient, and to this site? What does not is left out or moved down, and the answer says so.

Whom a passage is for is taken from the nearest place that says it: a heading, the document's metadata, its title, or a twin
(a protocol "1219-P" beside a protocol "1219" of the same publisher is the one for children). A passage that nowhere says
whom it is for applies to everybody. An explicit filter of the user is obeyed as it stands, and overrules what the question
and the patient say of an age.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from cdss.people import GROWN, MINORS, Band, People, mentioned, of_patient, of_population, of_question
from cdss.settings import SiteSettings
from cdss.sizes import UNKNOWN, Size, size_of, suits
from checkers.types import Patient
from guidelines.editions import DocumentHead

FOR_OTHERS = 0.6
"""Factor on the score of a passage that is for other people than the one asked about."""
FOR_OTHER_AGES = 0.75
"""The same within childhood or within adulthood: for newborns, and a toddler is asked about."""
FOR_THEM = 1.05
"""Factor on the score of a passage that says it is for such people, against one that does not say."""
ELSEWHERE = 0.9
"""Factor on the score of a passage from another jurisdiction or care setting than the site's: ours comes first."""

_REFERENCE = re.compile(r"(?P<number>\d[\d.]*)(?P<child>-P)?$")
_EVERYWHERE = "international"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a question is about. ``told`` is what the search is told of them beyond the question's own words."""

    people: People
    size: Size = UNKNOWN
    told: str = ""
    disagreement: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a passage fits. ``excluded``: not to be quoted while another answers; ``reason`` says why it lost."""

    factor: float = 1.0
    excluded: bool = False
    reason: str | None = None


NOBODY = Asked(People())
"""A question that is about nobody in particular."""
FITS = Fit()
"""A passage that nothing speaks against."""


def asked(question: str, patient: Patient | None, population: tuple[str, ...] = ()) -> Asked:
    """Whom ``question`` is about: by its own words and by the patient; by the ``population`` filter where there is one.

    Where the two speak of different ages, either may be meant: nothing is left out for the age of one of them.
    """
    words, known = of_question(question), of_patient(patient)
    bands = words.bands or known.bands
    disagreement = None
    if words.bands and known.bands and not words.bands & known.bands:
        bands = words.bands | known.bands
        disagreement = f"the question speaks of {People(words.bands)}, and the patient belongs to {People(known.bands)}"
    elif words.bands and known.bands:
        bands = words.bands & known.bands
    pregnant = words.pregnant if words.pregnant is not None else known.pregnant
    feeding = words.breastfeeding if words.breastfeeding is not None else known.breastfeeding
    if pregnant is None and bands and bands <= {Band.NEONATE, Band.INFANT, Band.CHILD}:
        pregnant = False
    people = People(bands, pregnant, feeding)
    if population:
        wanted = of_population(population)
        people = replace(people, bands=wanted.bands, pregnant=wanted.pregnant or people.pregnant)
    told = [
        _told(known.bands) if known.bands and not words.bands else "",
        "in pregnancy" if known.pregnant and not words.pregnant else "",
        "breastfeeding" if known.breastfeeding and not words.breastfeeding else "",
    ]
    return Asked(people, size_of(question, patient), ", ".join(filter(None, told)), disagreement)


def _told(bands: frozenset[Band]) -> str:
    if bands == {Band.NEONATE}:
        return "newborn"
    if bands & GROWN:
        return "adult"
    return "infant" if bands == {Band.INFANT} else "child"


def twins(heads: Iterable[DocumentHead]) -> Mapping[str, People]:
    """Whom the documents are for that differ from another one by "-P" in their reference alone, by document id."""
    numbered: dict[tuple[str, str], dict[bool, list[str]]] = {}
    for head in heads:
        if (match := _REFERENCE.search(head.metadata.reference or "")) and head.metadata.publisher:
            pair = numbered.setdefault((head.metadata.publisher, match["number"]), {})
            pair.setdefault(match["child"] is not None, []).append(head.id)
    return {
        document: People(MINORS if child else GROWN)
        for pair in numbered.values()
        if len(pair) == 2
        for child, documents in pair.items()
        for document in documents
    }


def meant_for(head: DocumentHead, section: tuple[str, ...], pairs: Mapping[str, People]) -> People:
    """Whom a section of a document is for, age and state each by the nearest place that says it; empty when none does."""
    places = [mentioned(heading) for heading in reversed(section) if heading != head.title]
    places += [of_population(head.metadata.population), mentioned(head.title), pairs.get(head.id, People())]
    return _first(tuple(places))


@lru_cache(maxsize=20_000)
def _first(places: tuple[People, ...]) -> People:
    bands = next((place.bands for place in places if place.bands), frozenset())
    own = next((place for place in places if place.bands or place.pregnant or place.breastfeeding), People())
    return People(bands, own.pregnant, own.breastfeeding)


def fit(
    who: People, section: tuple[str, ...], head: DocumentHead, pairs: Mapping[str, People], site: SiteSettings
) -> Fit:
    """How a passage under the headings ``section`` fits the people asked about and the site."""
    group = meant_for(head, section, pairs)
    elsewhere = _elsewhere(head, site)
    factor = ELSEWHERE if elsewhere else 1.0
    if who.bands and group.bands and not who.bands & group.bands:
        apart = not (_side(who.bands) & _side(group.bands))
        reason = f"for {People(group.bands)}; the question is about {People(who.bands)}"
        return Fit(factor * (FOR_OTHERS if apart else FOR_OTHER_AGES), apart, reason)
    if group.pregnant and who.pregnant is False:
        return Fit(factor * FOR_OTHERS, False, "for pregnancy; the question is about somebody who is not pregnant")
    named = (who.pregnant and group.pregnant) or (who.breastfeeding and group.breastfeeding)
    if named or (who.bands and group.bands):
        factor *= FOR_THEM
    return Fit(factor, False, elsewhere)


def _side(bands: frozenset[Band]) -> set[str]:
    return {"grown" if band in GROWN else "minor" for band in bands}


def _elsewhere(head: DocumentHead, site: SiteSettings) -> str | None:
    """Why a document is from elsewhere, if it says where it is from and that is not where the site is."""
    place, settings = head.metadata.jurisdiction, head.metadata.setting
    if site.jurisdiction and place and place.casefold() not in (site.jurisdiction.casefold(), _EVERYWHERE):
        return f"holds in {place}; this site is in {site.jurisdiction}"
    if site.setting and settings and site.setting not in settings:
        return f"for {', '.join(settings)} care; this site gives {site.setting} care"
    return None


def fits_sentence(who: Asked, text: str) -> bool:
    """Whether a sentence, with the words that it leans on, may speak of those asked about: it is for no others only, neither
    by the group that it names nor by weight or age."""
    bands, group = who.people.bands, mentioned(text)
    return not (bands and group.bands and not bands & group.bands) and suits(who.size, text)
