"""Harm: a dose, a limit or a "not" changes between the guideline and the answer, and the reader trusts it because it stands
in quotation marks.

Source: Joint Commission and ISMP reports of tenfold errors and lost negations; fuzzy matchers that accept a likeness of
95 % accept every quote in which a single digit was changed.

Example: the source says "Give 15 mg/kg every 6 hours unless jaundiced." The whole sentence passes with any white space;
stopped before "unless" it is cut short and goes to review; with 1.5 for 15 it is altered and blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from checkers.cues import cue
from checkers.differences import explain
from checkers.ellipsis import elided, pieces
from checkers.fold import BREAK, LINE, Folded, Origin, fold, hidden_character, origin
from checkers.furniture import without_furniture
from checkers.people import groups
from checkers.places import Place, places
from checkers.sentences import sentence_around
from checkers.types import Finding, Quote, Rule, Severity, Subject

MOST_PLACES = 300
"""Places that are looked at for one that is whole; words that stand in more places than that say little."""
MOST_TEXTS = 60
MOST_SHOWN = 240

_SLIGHT = frozenset("a an and as at be by for from in is it of on or that the this to was were with".split())
_OPENING = re.compile(r"\b(?:For|In|With|During|Among|At|On|Upon|Under|By)\s[^,.;:]{3,100},\s*$")
"""What a sentence begins with to say for whom or when: "For severe hypertension, ..."."""
_PEOPLE = re.compile(r"\b(?:patients?|people|persons?|those|individuals?|subjects|residents|anyone)$", re.IGNORECASE)
_NARROWED = re.compile(
    r"\s*,?\s*(?:with|taking|receiving|having|undergoing|requiring|aged?|on|at|under|over|from|not|younger|older)\b",
    re.IGNORECASE,
)
"""What, behind the people that a quote ends with, says which of them are meant."""
_BULLET = re.compile(r"[-–—*·o] (?=[^\W\d_])")
_MARKS = "\"'"
_CONTENT = re.compile(r"[^\W\d_]{2,}|\d+[^\W\d_]*")


@dataclass(frozen=True, slots=True)
class _Given:
    """One quote with everything it is judged against. ``number`` counts the claim's quotes from 0."""

    number: int
    quote: Quote
    source: str
    siblings: tuple[str, ...]
    subject: Subject

    def finding(self, kind: str, severity: Severity, message: str, **evidence: str | None) -> Finding:
        words = {key: text and text.replace(BREAK, "")[:MOST_SHOWN] for key, text in evidence.items()}
        return Finding(rule=kind, severity=severity, message=message, evidence={"quote": self.number, **words})


@dataclass(frozen=True, slots=True)
class _Found:
    """A place of the quote. ``left_out`` is the cue that it leaves out of its sentence, and the words that it stands in."""

    place: Place
    moved: bool
    left_out: tuple[str, str] | None

    @property
    def rank(self) -> int:
        """0 is the best: in its place, whole."""
        return 4 * self.moved + (2 if self.place.torn else 1 if self.left_out else 0)


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every quote that does not stand in its source whole, in place and word for word."""
    quotes = subject.claim.quotes or ()
    for number, quote in enumerate(quotes):
        if quote.source is None:
            continue
        siblings = tuple(
            other.quote for at, other in enumerate(quotes) if at != number and other.source == quote.source
        )
        yield from _judge(_Given(number, quote, quote.source, siblings, subject))


def _judge(given: _Given) -> Iterator[Finding]:
    if code := hidden_character(given.quote.quote):
        yield given.finding(
            "quote-hidden",
            Severity.BLOCK,
            f"The quote holds a hidden character ({code}) that can change how it reads.",
            claim=code,
        )
        return
    quote, source = fold(given.quote.quote), fold(given.source)
    if _is_trivial(quote) and not _is_whole(given):
        yield given.finding("quote-empty", Severity.BLOCK, "The quote is too short to show anything.", claim=quote.text)
        return
    for sought, text in _readings(quote, source, given):
        if found := _best(sought, text, given):
            yield from _placed(given, sought, found)
            return
    if elision := elided(quote, source):
        severity = Severity.BLOCK if elision.because else Severity.INFO
        kind = "quote-spliced" if elision.because else "quote-ellipsis"
        message = f"The quote leaves out {elision.because or 'words'} between its parts."
        yield given.finding(kind, severity, message, claim=quote.text, source=elision.left_out)
        return
    yield _elsewhere(given, quote) or _absent(given, quote, source)


def _is_trivial(quote: Folded) -> bool:
    words = _CONTENT.findall(quote.text)
    return sum(map(len, words)) < 3 or all(word.lower() in _SLIGHT or word.isdigit() for word in words)


def _readings(quote: Folded, source: Folded, given: _Given) -> Iterator[tuple[Folded, Folded]]:
    """The ways in which quote and source may be read, the plainest first: with and without the quotation marks and the full
    stop that a quotation carries of itself, with and without page furniture."""
    yield quote, source
    if (bare := _bare(quote)).text != quote.text and not _is_trivial(bare):
        yield bare, source
    for heads in (False, True):
        plain_quote = without_furniture(given.quote.quote, heads=heads)
        plain_source = without_furniture(given.source, heads=heads)
        if plain_source is not given.source:
            yield quote, fold(plain_source)
        if plain_quote is not given.quote.quote:
            yield fold(plain_quote), source
            yield fold(plain_quote), fold(plain_source)


def _bare(quote: Folded) -> Folded:
    text = quote.text
    start, end = 0, len(text)
    if len(parts := pieces(quote)) == 1 and len(parts[0].text) < len(text):
        start = text.index(parts[0].text)
        end = start + len(parts[0].text)
    if bullet := _BULLET.match(text, start):
        start = bullet.end()
    while end - start > 1 and text[start] in _MARKS and text[end - 1] in _MARKS:
        start, end = start + 1, end - 1
    if start < end and text[start] in _MARKS:
        start += 1
    if start < end and text[end - 1] in _MARKS and not text[end - 2 : end - 1].isdigit():
        end -= 1
    before = text[end - 2 : end - 1]
    if text[end - 1 : end] in (".", ",", ";", ":", "-") and (before.isalnum() or before in (")", "]", "%")):
        end -= 1
    return Folded(text[start:end], quote.marks[start:end])


def _best(quote: Folded, source: Folded, given: _Given) -> _Found | None:
    """The place that the citation names if the quote stands there; else one that is whole and not cut short; else any."""
    cited = _cited(source, given)
    best: _Found | None = None
    for place in islice(places(quote, source), MOST_PLACES):
        moved = cited is not None and not place.start <= cited[0] < cited[1] <= place.end
        found = _Found(place, moved, None if place.torn else _cut(source, place, given))
        if best is None or found.rank < best.rank:
            best = found
        if best.rank == 0:
            break
    return best


def _cited(source: Folded, given: _Given) -> tuple[int, int] | None:
    """Where in the folded source the citation points, if its offsets count in this source."""
    citation = given.quote.citation
    if citation is None or citation.end > len(given.source):
        return None
    passage = (given.subject.passages or {}).get(citation.passage_id)
    if passage is not None and passage.text != given.source:
        return None
    made = origin(given.source) if source is fold(given.source) else Origin(given.source, source.text)
    return made.place(citation.start, citation.end)


def _placed(given: _Given, quote: Folded, found: _Found) -> Iterator[Finding]:
    if torn := found.place.torn:
        message = f'The quote stops inside a word or a quantity: the source says "{torn}".'
        yield given.finding("quote-altered", Severity.BLOCK, message, claim=quote.text, source=torn)
        return
    if found.moved:
        message = "The words stand in the source, but not where the citation points."
        yield given.finding("quote-moved", Severity.REVIEW, message, claim=quote.text)
    if found.left_out:
        cue_words, rest = found.left_out
        message = f'The sentence goes on: "{cue_words}" is left out. Read it in full.'
        yield given.finding("quote-cut", Severity.REVIEW, message, claim=quote.text, source=rest)


def _cut(source: Folded, place: Place, given: _Given) -> tuple[str, str] | None:
    """The cue that the quote leaves out of its own sentence, and the words it stands in."""
    if _is_whole(given):
        return None
    start, end = sentence_around(source.marks, place.start, place.end)
    head, tail = source.marks[start : place.start], source.marks[place.end : end]
    if head.endswith(LINE) and not source.marks[place.start].islower():
        head = ""
    if tail.startswith(LINE) and not tail[1:2].islower():
        tail = ""
    for sibling in given.siblings:
        words = fold(sibling).text
        head, tail = head.replace(words, " "), tail.replace(words, " ")
    for rest in (head, tail):
        if rest.strip() and (found := cue(rest)):
            return found.words, " ".join(rest.split())
    if (narrowed := _NARROWED.match(tail)) and _ends_with_people(source.marks[max(start, place.end - 40) : place.end]):
        return narrowed[0].strip(" ,"), " ".join(tail.split())
    if opening := _OPENING.search(head):
        return opening[0].strip(), " ".join(head.split())
    return None


def _ends_with_people(words: str) -> bool:
    return _PEOPLE.search(words) is not None or any(end == len(words) for _, _, end in groups(words))


def _is_whole(given: _Given) -> bool:
    """Whether the library itself says that the quote is a whole sentence, or the line that one leans on."""
    citation, passages = given.quote.citation, given.subject.passages
    if citation is None or passages is None or citation.passage_id not in passages:
        return False
    span = citation.start, citation.end
    if any((sentence.start, sentence.end) == span for sentence in passages[citation.passage_id].sentences):
        return True
    return any(
        (lead.passage_id or passage.id, lead.start, lead.end) == (citation.passage_id, *span)
        for passage in passages.values()
        for sentence in passage.sentences
        for lead in sentence.leads
    )


def _elsewhere(given: _Given, quote: Folded) -> Finding | None:
    """The finding for a quote that stands, word for word, in another text that came with it."""
    citation, passages = given.quote.citation, given.subject.passages or {}
    document = citation.document if citation else None
    for passage in islice(passages.values(), MOST_TEXTS):
        if passage.text != given.source and _stands(quote, passage.text):
            if document and passage.document_id != document and _work(passage.document_id) == _work(document):
                message = "The words stand in another edition of this guideline. Check which one is in force."
                return given.finding(
                    "quote-edition", Severity.REVIEW, message, claim=quote.text, source=passage.document_id
                )
            message = "The words stand in another passage than the one they are said to come from."
            return given.finding("quote-moved", Severity.REVIEW, message, claim=quote.text, source=passage.document_id)
    others = {other.source for other in given.subject.claim.quotes or () if other.source not in (None, given.source)}
    if any(_stands(quote, text) for text in sorted(filter(None, others))[:MOST_TEXTS]):
        message = "The words stand in the source of another quote, not in their own."
        return given.finding("quote-moved", Severity.REVIEW, message, claim=quote.text)
    return None


def _stands(quote: Folded, text: str) -> bool:
    return any(not place.torn for place in islice(places(quote, fold(text)), MOST_PLACES))


def _work(document: str) -> str:
    return document.rpartition("-")[0]


def _absent(given: _Given, quote: Folded, source: Folded) -> Finding:
    difference = explain(quote, source)
    message = {
        "spliced": "The quote is put together from places that do not stand together in the source.",
        "altered": f'The source says "{difference.source}" where the quote says "{difference.quote}".',
        "missing": "These words do not stand in the source.",
    }[difference.kind]
    return given.finding(
        f"quote-{difference.kind}", Severity.BLOCK, message, claim=difference.quote, source=difference.source or None
    )


RULE = Rule.documented(__doc__, id="quote", version=1, check=check)
