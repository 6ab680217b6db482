"""What a stored sentence says of a treatment, in the form in which two of them can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from checkers.fold import BREAK, fold
from checkers.names import drugs, is_drug
from checkers.people import groups
from checkers.quantities import FREQUENCY, Key, Quantity, quantities
from checkers.routes import routes
from checkers.tables import any_of, table
from checkers.words import Word, content, function_words, judged_stems, neutral_stems, stem, words
from guidelines.types import Passage, SentenceKind

_DOSES = (
    "mass", "volume", "units", "amount", "equivalents", "activity", "tablets", "capsules", "puffs", "drops", "million"
)  # fmt: skip
_WINDOW = 60
_LASTS = re.compile(
    r"(?:\bfor|\bduration|\bcourse|\btotal|\bx|×)(?: of| is| a| the| at least| up to|:)*\s*$", re.IGNORECASE
)
"""What stands before a time that says how long something is given."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a treatment.

    ``role`` is what it is besides: a total, a first dose, one among several steps; ``reach`` how far it goes: "maximum 3 g",
    "3 g is the maximum" and "not exceed 3 g" are all "at_most".
    """

    quantity: Quantity
    parameter: str
    role: tuple[str, ...]
    reach: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence.

    ``drugs`` are names by stem; ``words`` the stems of what else it and the headings over it say, ``topic`` those of the
    headings and of the document's name; ``conditions`` its ages, weights and other figures that are not of the treatment.
    """

    passage_id: str
    document: str
    number: int
    drugs: dict[str, str]
    figures: tuple[Figure, ...]
    conditions: frozenset[Key]
    people: frozenset[str]
    routes: frozenset[str]
    kinds: frozenset[str]
    topic: frozenset[str]
    words: frozenset[str]
    first_choice: frozenset[str]
    first_choice_text: str

    @property
    def home(self) -> tuple[str, int]:
        return self.passage_id, self.number

    def is_only(self, figure: Figure) -> bool:
        """Whether the sentence has no other figure that could be meant."""
        alike = [
            other
            for other in self.figures
            if other.parameter == figure.parameter and other.quantity.dimensions & figure.quantity.dimensions
        ]
        return len(alike) == 1


@lru_cache(maxsize=4096)
def statements(passage: Passage) -> tuple[Statement, ...]:
    """Every sentence of ``passage`` that names a drug and gives a figure or a first choice for it."""
    made = []
    for number, sentence in enumerate(passage.sentences):
        if sentence.kind in (SentenceKind.PROSE, SentenceKind.ITEM):
            text = _plain(passage.sentence_text(number))
            leads = [_plain(passage.text[lead.start : lead.end]) for lead in sentence.leads if lead.passage_id is None]
            if statement := _statement(passage, number, text, leads):
                made.append(statement)
    return tuple(made)


def _statement(passage: Passage, number: int, text: str, leads: list[str]) -> Statement | None:
    named = {word.stem: word.text.lower() for word in drugs(text)}
    if not named or _other().search(text):
        return None
    found = quantities(text)
    figures = tuple(figure for quantity in found if (figure := _figure(quantity, text)) is not None)
    chosen = _chosen(text)
    if not figures and not chosen:
        return None
    slug = passage.document_id.rpartition("-")[0].replace("-", " ")
    over = " . ".join((*passage.section, *leads))
    whole = f"{slug} . {over} . {text}"
    treatment = {figure.quantity.start for figure in figures}
    taken = [(quantity.start, quantity.end) for quantity in found]
    said = [word for word in content(text) if not any(start <= word.start < end for start, end in taken)]
    headings = frozenset(word.stem for word in content(over) if not _is_general(word))
    name = frozenset(word.stem for word in content(slug) if not _is_general(word))
    return Statement(
        passage_id=passage.id,
        document=passage.document_id,
        number=number,
        drugs=named,
        figures=figures,
        conditions=frozenset(key for quantity in found if quantity.start not in treatment for key in quantity.keys),
        people=frozenset(group for group, _, _ in groups(whole)),
        routes=frozenset(route for route, _, _ in routes(text)),
        kinds=frozenset(match[0].lower() for match in _kinds().finditer(whole)),
        topic=headings | name,
        words=headings | {word.stem for word in said if not _is_general(word)},
        first_choice=frozenset(chosen),
        first_choice_text=", ".join(chosen.values()),
    )


def _figure(quantity: Quantity, text: str) -> Figure | None:
    before = text[max(0, quantity.start - _WINDOW) : quantity.start]
    behind = text[quantity.end : quantity.end + _WINDOW // 3]
    names = {dimension.split("/")[0].split(" ")[0] for dimension in quantity.dimensions}
    if FREQUENCY in names:
        parameter = "how often"
    elif "time" in names:
        if not _LASTS.search(before):
            return None
        parameter = "duration"
    elif any(name in _DOSES for name in names) and not any("/volume" in key for key in quantity.dimensions):
        parameter = "dose"
    else:
        return None
    roles = {match.lastgroup or "" for side in (before, behind) for match in _roles().finditer(side)}
    limit = "maximum" in roles or quantity.reach in ("at_most", "less_than")
    return Figure(quantity, parameter, tuple(sorted(roles - {"maximum"})), "at_most" if limit else quantity.reach)


def _chosen(text: str) -> dict[str, str]:
    """The drugs that ``text`` calls the first choice: those of the clause that says so, by stem."""
    for clause in re.split(r"[;.]\s", text):
        if _first().search(clause) and not re.search(r"\b(?:not|no longer|never)\b", clause, re.IGNORECASE):
            return {word.stem: word.text.lower() for word in words(clause) if is_drug(word.text)}
    return {}


def _is_general(word: Word) -> bool:
    """Whether ``word`` tells no question from another: a name, a group, a route and words of strength are judged apart."""
    return (
        word.stem in _headings() | neutral_stems() | judged_stems() | _first_stems()
        or word.text.lower() in function_words()
        or is_drug(word.text)
        or any(True for _ in groups(word.text))
        or any(True for _ in routes(word.text))
    )


def _plain(text: str) -> str:
    return fold(text).text.replace(BREAK, "")


@cache
def _headings() -> frozenset[str]:
    return frozenset(map(stem, table("conflict")["headings"]["words"].split()))


@cache
def _first_stems() -> frozenset[str]:
    return frozenset(word.stem for phrase in table("conflict")["first_choice"]["phrases"] for word in words(phrase))


@cache
def _first() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of(table('conflict')['first_choice']['phrases'])}(?![\w-])", re.IGNORECASE)


@cache
def _other() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){any_of(table('conflict')['other']['phrases'])}(?![\w-])", re.IGNORECASE)


@cache
def _kinds() -> re.Pattern[str]:
    phrases = [word for row in table("conflict")["kind"] for word in row["words"]]
    return re.compile(rf"(?<![\w-]){any_of(phrases)}(?![\w-])", re.IGNORECASE)


@cache
def _roles() -> re.Pattern[str]:
    rows = table("conflict")["role"]
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(f'(?P<{role}>{any_of(phrases)})' for role, phrases in rows.items())})(?![\w-])",
        re.IGNORECASE,
    )
