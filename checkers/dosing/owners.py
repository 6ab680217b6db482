"""Which drug an amount is of: the one that follows it ("10 g of paracetamol"), the nearest before it, or the last spoken of."""

from __future__ import annotations

from checkers.dosing.names import Name
from checkers.dosing.sentences import Sentence, type_of, value_of, worth_of
from checkers.dosing.worth import Amount, Concentration, Strength

_LEADS = ("OF", "A", "ROUTE", "DOSES", "PER", "UNIT")
_GIVEN_AS = ("injection", "injections", "infusion", "infusions", "gluteal", "single")
_CLAUSES = ("SEMI", "BAR", "STOP", "COMMA", "OPEN", "CLOSE", "COLON", "DASH", "SIGN")
_PARTS = ("COMMA", "SEMI", "AND", "OR", "BAR", "STOP", "OPEN", "CLOSE", "COLON", "PER")


def owner(sentence: Sentence, at: int, stop: int, before: Name | None) -> Name | None:
    """The drug of the amount at ``items[at]``; ``stop`` is where the next amount stands, ``before`` the drug spoken of last.

    ``None`` if nobody can tell.
    """
    found = follows(sentence, at, stop)
    if found is None:
        found = _ahead(sentence, at)
    if found is None:
        found = _later(sentence, at, stop)
    if found is None:
        return _unnamed(sentence, at) or before
    name = value_of(sentence.items[found])
    assert isinstance(name, Name)
    return name


def _later(sentence: Sentence, at: int, stop: int) -> int | None:
    """A drug that follows the amount some way off, unless the next amount is its own or it only goes along."""
    later = next((n for n in range(at + 1, stop) if type_of(sentence.items[n]) == "DRUG"), None)
    if later is None or _is_company(sentence, later):
        return None
    closed = any(type_of(item) == "CLOSE" for item in sentence.items[later:stop])
    return later if closed or stop >= len(sentence.items) else None


def _unnamed(sentence: Sentence, at: int) -> Name | None:
    """A capitalised word that no table knows, right before the amount: a drug without a name, and not the one before it."""
    if at > 1 and type_of(sentence.items[at - 1]) == "COLON":
        at -= 1
        if at > 1 and type_of(sentence.items[at - 2]) not in _CLAUSES:
            return None  # the end of a heading: "Renal Cell Carcinoma: 800 mg"
    word = value_of(sentence.items[at - 1]) if at else None
    if type_of(sentence.items[at - 1]) != "WORD" or not isinstance(word, str) or sentence.items[at - 1].cues:
        return None
    is_name = word.isalpha() and len(word) > 4 and word[0].isupper() and word[1:].islower()
    return Name("", "unknown") if is_name else None


def follows(sentence: Sentence, at: int, stop: int) -> int | None:
    """Where a drug follows the amount at once, "10 g of paracetamol", and has no amount of its own before ``stop``."""
    items, after, of = sentence.items, at + 1, False
    given = _given_as(sentence, at)
    after = given if given is not None else after
    last = after + 4
    while after < len(items) and after <= last and type_of(items[after]) != "DRUG":
        if _is_percent(sentence, after):
            after += 2
            continue
        kind = type_of(items[after])
        of = of or kind == "OF"
        if kind not in _LEADS and not (kind == "WORD" and items[after].cues <= {"BOLUS"} and (of or after == at + 1)):
            return None
        after += 1
    if after >= len(items) or after > last or (after > stop and not of):
        return None
    if of or stop >= len(items):
        return after
    parted = any(type_of(item) in _PARTS or "COMPANY" in item.cues for item in items[after + 1 : stop])
    return after if parted else None


def _given_as(sentence: Sentence, at: int) -> int | None:
    """Where "of" stands in "600 mg (3 mL) intramuscular injection of ...", if that is how the amount at ``at`` goes on.

    Or where the drug stands, right behind the brackets.
    """
    after = at + 1
    if after < len(sentence.items) and type_of(sentence.items[after]) == "OPEN":
        closes = (n for n in range(after, min(after + 4, len(sentence.items))) if type_of(sentence.items[n]) == "CLOSE")
        after = next(closes, after) + 1
    for n in range(after, min(after + 4, len(sentence.items))):
        if type_of(sentence.items[n]) == "OF" or (type_of(sentence.items[n]) == "DRUG" and n == after > at + 1):
            return n
        if type_of(sentence.items[n]) != "ROUTE" and value_of(sentence.items[n]) not in _GIVEN_AS:
            return None
    return None


def _is_percent(sentence: Sentence, at: int) -> bool:
    """Whether "1 %" stands there, as in "5 mL of 1 % lidocaine"."""
    sign = value_of(sentence.items[at + 1]) if at + 1 < len(sentence.items) else None
    return type_of(sentence.items[at]) == "NUM" and sign in ("%", "percent")


def _ahead(sentence: Sentence, at: int) -> int | None:
    """The nearest drug before the amount, unless it is only there as another's company ("lidocaine with epinephrine: ...")."""
    candidates = [n for n in range(at) if type_of(sentence.items[n]) == "DRUG"]
    while candidates and _is_combined(sentence, candidates[-1]) and not _is_beside(sentence, candidates[-1], at):
        candidates.pop()  # "40 mg in combination with nivolumab; later 20 mg", "in combination with oxaliplatin: 1,000 mg/m²"
    if not candidates:
        return None
    nearest = candidates[-1]
    if len(candidates) > 1 and _is_company(sentence, nearest) and not _is_beside(sentence, nearest, at, ("COLON",)):
        amounts = (worth_of(item) for item in sentence.items[candidates[-2] : nearest])
        if not any(isinstance(worth, Amount | Strength) for worth in amounts):
            return candidates[-2]
    return nearest


def _is_beside(sentence: Sentence, drug: int, at: int, kinds: tuple[str, ...] = ()) -> bool:
    """Whether the amount at ``at`` stands right behind the drug: "nivolumab 240 mg", "nivolumab IV 240 mg"."""
    return at - drug <= 2 and all(type_of(item) in ("ROUTE", "WORD", *kinds) for item in sentence.items[drug + 1 : at])


def _is_combined(sentence: Sentence, at: int) -> bool:
    """Whether "in combination with" or "combined with" stands before the drug at ``at``."""
    before = [str(value_of(item)).lower() for item in sentence.items[max(0, at - 2) : at]]
    return before in (["combination", "with"], ["combined", "with"])


def _is_company(sentence: Sentence, at: int) -> bool:
    """Whether the drug at ``at`` goes along with another: "with", "without", "to", "per 100 units of" before it."""
    if not at:
        return False
    before = sentence.items[at - 1]
    ratio = at > 1 and type_of(before) == "OF" and isinstance(worth_of(sentence.items[at - 2]), Concentration)
    return ratio or "COMPANY" in before.cues or isinstance(worth_of(before), Concentration)
