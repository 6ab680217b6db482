"""What a copy may do to a sentence without changing a word: line breaks, spaces, hyphens, ligatures, page numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from unicodedata import normalize

from tests.bench.rewriting import Rewriting, one_replaced


def _at_spaces(text: str, chance: random.Random, made: Callable[[str], str], share: float = 0.3) -> str:
    return re.sub(r" (?=\S)", lambda match: made(match[0]) if chance.random() < share else match[0], text)


def folded(text: str, _: random.Random) -> str:
    return " ".join(text.split())


def joined(text: str, _: random.Random) -> str | None:
    """Line-break hyphens taken out, as a careful copyist would."""
    made = re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", text)
    return " ".join(made.split())


def wrapped(text: str, chance: random.Random) -> str:
    return _at_spaces(" ".join(text.split()), chance, lambda _: "\n", 0.15)


def indented(text: str, chance: random.Random) -> str:
    return _at_spaces(
        " ".join(text.split()), chance, lambda _: chance.choice(("\r\n    ", " \n\t", "  ", "   \n")), 0.15
    )


def other_spaces(text: str, chance: random.Random) -> str:
    return _at_spaces(" ".join(text.split()), chance, lambda _: chance.choice("\u00a0\u2009\u202f\u2002\u2003\t"))


def zero_width(text: str, chance: random.Random) -> str:
    return _at_spaces(text, chance, lambda _: chance.choice(("\u200b ", " \ufeff", "\u2060 ")))


def hyphenated(text: str, chance: random.Random) -> str | None:
    """A long word broken at a line's end."""
    words = list(re.finditer(r"[a-z]{7,}", text))
    if not words:
        return None
    word = chance.choice(words)
    at = chance.randrange(word.start() + 2, word.end() - 2)
    return text[:at] + chance.choice(("-\n", "-\n  ", "\u2010\n", "\u00ad\n", "\u00ad", "- ")) + text[at:]


def compound_broken(text: str, chance: random.Random) -> str | None:
    """A compound broken behind its own hyphen."""
    return one_replaced(text, chance, r"(?<=[a-z])-(?=[a-z])", lambda match: match[0] + "\n")


def range_broken(text: str, chance: random.Random) -> str | None:
    return one_replaced(text, chance, r"(?<=\d)[-–](?=\d)", lambda match: match[0] + "\n")


def ligatures(text: str, _: random.Random) -> str | None:
    made = text
    for letters, sign in (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ")):
        made = made.replace(letters, sign)
    return made if made != text else None


def quote_marks(text: str, _: random.Random) -> str | None:
    made = re.sub(r"(?<=\w)['’](?=\w)", lambda match: "’" if match[0] == "'" else "'", text)
    made = re.sub(r'"([^"]*)"', r"“\1”", made)
    return made if made != text else None


def dashes(text: str, chance: random.Random) -> str | None:
    made = re.sub(r"[-‐‑–—−]", lambda match: chance.choice("-‐‑–") if match[0] in "-‐‑" else chance.choice("-–—"), text)
    return made if made != text else None


def range_dashes(text: str, chance: random.Random) -> str | None:
    made = re.sub(r"(?<=\d)[-–−](?=\d)", lambda _: chance.choice("-–−‑"), text)
    return made if made != text else None


def decomposed(text: str, _: random.Random) -> str | None:
    made = normalize("NFD", text)
    return made if made != text else None


def page_break(text: str, chance: random.Random) -> str | None:
    """A page ended in the middle of the sentence."""
    gaps = [match.start() for match in re.finditer(r"(?<=[a-z,]) (?=[a-z])", text)]
    if not gaps:
        return None
    at = chance.choice(gaps)
    page = chance.randrange(2, 400)
    sign = chance.choice(
        (f"\n\nPage {page} of 412\n\n", f"\n- {page} -\n", f"\n\n{page}\n\n\f", f"\nPage {page}\n", f"\f{page}\n\n")
    )
    return text[:at] + sign + text[at + 1 :]


def noise(text: str, chance: random.Random) -> str:
    """Several at once, as a bad PDF does it."""
    made = text
    for mutation in chance.sample((wrapped, other_spaces, hyphenated, ligatures, quote_marks, range_dashes), 4):
        made = mutation(made, chance) or made
    return made


HONEST: dict[str, Rewriting] = {
    mutation.__name__.replace("_", " "): mutation
    for mutation in (
        folded,
        joined,
        wrapped,
        indented,
        other_spaces,
        zero_width,
        hyphenated,
        compound_broken,
        range_broken,
        ligatures,
        quote_marks,
        dashes,
        range_dashes,
        decomposed,
        page_break,
        noise,
    )
}
