"""How sure it is that what was found answers the question, and in words what is missing when it is not.

Six things are looked at in the best five passages that may be quoted; a small logistic model weighs them
(``data/confidence.toml``, fitted by ``tests.bench.abstention``). Each is a plain question that a reader would ask too: is
this about the same thing, does it have the drug, does it give the kind of figure that was asked for?
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from cdss.drugs import AskedDrug
from cdss.figures import figures_asked
from cdss.terms import content_words, terms
from guidelines.words import WordCounts

if TYPE_CHECKING:
    from cdss.retrieve import Found
    from cdss.sources import Source

LOOKED_AT = 5
"""Passages that are looked at: what answers is nearly always among them."""
PIECES = 4
"""A word that the embedding model's tokenizer cuts into this many pieces is a technical one, and rare everywhere."""
SOMETHING = 0.2
"""A passage that has this share of the question's words is about something of it; a larger share says little more."""
NOTABLE = 0.4
"""A missing word is told from this value on."""
WELL_BELOW = 0.75
"""An absent figure is told where the best sentence that has one comes to less than this share of the best of all."""

_BRITISH = (("ae", "e"), ("oe", "e"), ("our", "or"), ("is", "iz"), ("aem", "em"))
_ADJECTIVE = (("aemic", "aemia"), ("emic", "emia"), ("oeic", "oea"), ("eic", "ea"), ("tic", "sis"), ("ic", "ia"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the best passages have of the question; all from 0 to 1, but for the cosines.

    ``passages`` mean cosine of the best three; ``sentence`` the best cosine of a sentence; ``words`` whether the best passage
    has anything of the question's words, 1 from a fifth of them on, each weighed by how rare it is; ``missing`` how technical
    the word is that it lacks most; ``no_drug`` share of the named drugs of which no passage speaks, by their names or by their
    class; ``no_figure`` how much worse the best sentence is among those with the kind of figure asked for than among all.
    """

    passages: float = 0.0
    sentence: float = 0.0
    words: float = 0.0
    missing: float = 0.0
    no_drug: float = 0.0
    no_figure: float = 0.0


NONE = Evidence()
"""Nothing that may be quoted was found."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """``confidence`` 0 to 1 that the question is answered by what was found; ``missing`` what is not there, in words."""

    confidence: float
    missing: tuple[str, ...] = ()
    evidence: Evidence = NONE


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of the question that carries its meaning. ``rarity`` 0 to 1 and ``is_unknown`` (it stands nowhere) are of the
    library; ``pieces`` as the model cuts it."""

    word: str
    term: str
    rarity: float
    is_unknown: bool
    pieces: int

    @property
    def technical(self) -> float:
        """0 for a word that everybody uses, 1 for one that only a specialist does."""
        return min(self.pieces - 1, PIECES - 1) / (PIECES - 1)


def asked_words(
    question: str, drugs: Sequence[AskedDrug], counts: WordCounts, pieces: Callable[[Sequence[str]], Sequence[int]]
) -> tuple[AskedWord, ...]:
    """The words of a question, each once; a drug is as rare as the commonest of its names."""
    words = content_words(question)
    cut = pieces(list(words.values()))
    found = []
    for (term, word), number in zip(words.items(), cut, strict=True):
        spelled = _spelled(word, term, drugs)
        unknown = not any(map(counts.passages_with, spelled))
        found.append(AskedWord(word, term, min(map(counts.rarity, spelled)), unknown, number))
    return tuple(found)


def judge(
    question: str,
    found: Sequence[Found],
    *,
    words: Sequence[AskedWord],
    drugs: Sequence[AskedDrug],
    sources: Callable[[Found], Iterable[Source]],
) -> Judgement:
    """How sure it is that the passages ``found``, the best first, answer ``question``."""
    able = [item for item in found if not item.fit.excluded][:LOOKED_AT]
    if not able:
        reasons = dict.fromkeys(item.fit.reason for item in found[:LOOKED_AT] if item.fit.reason)
        return Judgement(0.0, tuple(f"what comes near is {reason}" for reason in reasons)[:2])
    weights = {word.term: word.rarity for word in words}
    over = [set(terms(_over(item))) for item in able]
    texts = [f"{_over(item)} {item.passage.text}".lower() for item in able]
    named = [sum(drug.stands_in(text) for drug in drugs) for text in texts]
    most = max(named)
    with_drug = [n for n, number in enumerate(named) if number == most]
    have = {n: over[n] | set(terms(able[n].passage.text)) | _drug_terms(drugs, texts[n]) for n in with_drug}
    best = max(with_drug, key=lambda n: _share(weights, have[n]))
    absent = [word for word in words if word.term not in have[best]]
    figures = figures_asked(question)
    plain, fitting, cosine = 0.0, 0.0, 0.0
    for n in with_drug:
        for source in sources(able[n]):
            text = source.text()
            likeness = float(able[n].sentences[source.number])
            wide = over[n] | set(terms(text)) | _drug_terms(drugs, text.lower())
            worth = (likeness + _share(weights, wide)) / 2
            given = sum(figure.given.search(text) is not None for figure in figures) / len(figures) if figures else 1.0
            plain, fitting, cosine = max(plain, worth), max(fitting, worth * given), max(cosine, likeness)
    unknown = [word for word in words if word.is_unknown and word.pieces >= PIECES]
    silent = [drug.asked for drug in drugs if not any(map(drug.is_spoken_of_in, texts))]
    nearest = sorted((item.cosine for item in able), reverse=True)[:3]
    evidence = Evidence(
        passages=sum(nearest) / len(nearest),
        sentence=cosine,
        words=min(_share(weights, have[best]) / SOMETHING, 1.0),
        missing=max((word.rarity * word.technical for word in absent), default=0.0),
        no_drug=len(silent) / len(drugs) if drugs else 0.0,
        no_figure=plain - fitting,
    )
    missing = []
    if unknown:
        missing += [f"no passage has the word “{word.word}”" for word in unknown[:2]]
    elif silent:
        missing.append(f"no passage that comes near names {' or '.join(silent)}")
    else:
        said = [word.word for word in absent if word.rarity * word.technical >= NOTABLE][:2]
        missing += [f"the nearest passage does not speak of “{word}”" for word in said]
    place = able[best].head.title
    if figures and plain and fitting / plain < WELL_BELOW and not unknown:
        kinds = " and ".join(figure.name for figure in figures[:2])
        missing.append(f"there are passages on this ({place}), and none states {kinds} with it")
    return Judgement(0.0 if drugs and not most else confidence(evidence), tuple(missing), evidence)


def confidence(evidence: Evidence) -> float:
    """0 to 1, by the logistic model."""
    bias, weights = _model()
    total = bias + sum(weight * value for weight, value in zip(weights, astuple(evidence), strict=True))
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


@cache
def _model() -> tuple[float, tuple[float, ...]]:
    table = tomllib.loads(files("cdss").joinpath("data/confidence.toml").read_text("utf-8"))
    return float(table["bias"]), tuple(float(table["weights"][field.name]) for field in fields(Evidence))


def _share(weights: dict[str, float], have: set[str]) -> float:
    """How much of the question's words is had, by weight; 1 when it has none."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in have) / total if total else 1.0


def _over(item: Found) -> str:
    return " ".join((item.head.title, *item.passage.section))


def _drug_terms(drugs: Sequence[AskedDrug], text: str) -> set[str]:
    return set().union(*(drug.terms for drug in drugs if drug.stands_in(text)))


def _spelled(word: str, term: str, drugs: Sequence[AskedDrug]) -> list[str]:
    known_as = [name for drug in drugs if term in drug.terms for name in drug.names]
    return [*_spellings(word), *(part for name in known_as for part in name.split()[:1])]


def _spellings(word: str) -> list[str]:
    """A word as others write it: British or American, the noun of an adjective. What is no word is in no library."""
    stem = re.sub(r"['’]s?$", "", word)
    found = {word, stem}
    found |= {one[: -len(old)] + new for one in (word, stem) for old, new in _ADJECTIVE if one.endswith(old)}
    for british, american in _BRITISH:
        found |= {one.replace(british, american) for one in list(found)}
    return sorted(found)
