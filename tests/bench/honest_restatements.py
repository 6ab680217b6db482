"""Honest restatements of a sentence on one line: units converted, other words for the same, what opens it put last."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from fractions import Fraction

from tests.bench.rewriting import Rewriting, any_replaced


def whole(text: str, _: random.Random) -> str:
    return text


def announced(text: str, chance: random.Random) -> str | None:
    opening = chance.choice(("According to the guideline, ", "The guideline states: ", "The protocol says: "))
    return opening + text if re.match(r"[A-Z][a-z]+ ", text) else None


_FACTORS = {
    tuple(pair.split()): factor
    for factor, pairs in {
        1000: ("g mg", "mg mcg", "kg g", "L mL"),
        7: ("weeks days", "week days"),
        24: ("days hours",),
        60: ("hours minutes", "hour minutes", "minutes seconds"),
        12: ("years months",),
        10: ("cm mm",),
    }.items()
    for pair in pairs
}


def converted(text: str, chance: random.Random) -> str | None:
    """One figure in another unit, exactly."""
    pairs = [(one, other, Fraction(factor)) for (one, other), factor in _FACTORS.items()]
    pairs += [(other, one, 1 / factor) for one, other, factor in pairs if not one.endswith(("k", "r"))]
    chance.shuffle(pairs)
    for one, other, factor in pairs:

        def made(match: re.Match[str], other: str = other, factor: Fraction = factor) -> str | None:
            return f"{number} {other}" if (number := _written(Fraction(match[1]) * factor)) else None

        claim = any_replaced(
            text,
            chance,
            rf"(?<![\d.,/×x–³-])(?<![-–] )(?<!to )(?<!or )(?<!and )(\d+(?:\.\d+)?) ?{one}(?![\w/-]|\s?(?:per|to|-)\b| ?[-–])",
            made,
        )
        if claim:
            return claim
    return None


def _written(value: Fraction) -> str | None:
    """``value`` as a person would write it, or ``None`` if nobody would."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(decimal) != value or not Decimal("0.01") <= decimal <= 20000:
        return None
    return f"{decimal.normalize():f}"


def celsius(text: str, chance: random.Random) -> str | None:
    def made(match: re.Match[str]) -> str | None:
        number = Fraction(match[1])
        other = number * 9 / 5 + 32 if match[2] == "C" else (number - 32) * 5 / 9
        return f"{written} °{'F' if match[2] == 'C' else 'C'}" if (written := _written(other)) else None

    return any_replaced(text, chance, r"(?<![\d.-])(?<!to )(\d+(?:\.\d+)?) ?[°º] ?([CF])\b(?! to)", made)


_OFTEN = [
    ["once daily", "once a day", "every 24 hours", "od"],
    ["twice daily", "two times a day", "every 12 hours", "bid", "twice a day", "BD", "12-hourly"],
    ["three times daily", "three times a day", "tid", "3 times a day", "thrice daily", "tds"],
    ["four times daily", "four times a day", "qid", "4 times per day"],
    ["every 6 hours", "q6h", "6-hourly", "every six hours"],
    ["every 8 hours", "q8h", "8-hourly"],
    ["every 4 hours", "q4h", "every four hours"],
    ["weekly", "once weekly", "once a week", "every week"],
    ["every other day", "every 48 hours", "on alternate days"],
]


def frequency(text: str, chance: random.Random) -> str | None:
    groups = {form.lower(): group for group in _OFTEN for form in group}
    names = "|".join(sorted(map(re.escape, groups), key=len, reverse=True))
    return any_replaced(
        text,
        chance,
        rf"(?<!wice )(?<!or )(?<![\w-])({names})(?![\w-])",
        lambda m: chance.choice([f for f in groups[m[1].lower()] if f.lower() != m[1].lower()]),
        re.I,
    )


_REACH = [
    ["≥", "at least ", "no less than ", ">="],
    ["≤", "at most ", "no more than ", "<=", "not more than "],
    ["<", "less than ", "below "],
    [">", "more than ", "above ", "greater than "],
]


def comparator(text: str, chance: random.Random) -> str | None:
    groups = {form.strip(): group for group in _REACH for form in group}
    names = "|".join(sorted(map(re.escape, groups), key=len, reverse=True))
    return any_replaced(
        text,
        chance,
        rf"(?<![\w<>])(?<!not )(?<!no )({names})\s?(?=\d)",
        lambda m: chance.choice([f for f in groups[m[1]] if f.strip() != m[1]]),
    )


def range_words(text: str, chance: random.Random) -> str | None:
    return any_replaced(
        text,
        chance,
        r"(?<![\d.-])(\d+(?:\.\d+)?)( to |-|–| - )(\d+(?:\.\d+)?)(?![\d.-])",
        lambda m: f"{m[1]}{'-' if m[2] == ' to ' else ' to '}{m[3]}",
    )


def reordered(text: str, chance: random.Random) -> str | None:
    """What opens the sentence goes to its end, or the other way round."""
    if match := re.fullmatch(r"((?:If|When|In|For|After|Before|During) [^,.;:()]{8,80}), ([a-z][^,;:()]{20,})\.", text):
        return f"{match[2][0].upper()}{match[2][1:]} {match[1][0].lower()}{match[1][1:]}."
    if match := re.fullmatch(r"([A-Z][a-z][^,;:()]{20,}?) ((?:if|when|after|before|during) [^,;:().]{8,80})\.", text):
        return f"{match[2][0].upper()}{match[2][1:]}, {match[1][0].lower()}{match[1][1:]}."
    del chance
    return None


_MATTERS = re.compile(
    r"\d|\b(?:not|no|never|without|avoid|unless|except|if|when|only|until|may|should|must|can|consider|contraindicat|children|adult|pregnan|infant|patients)",
    re.IGNORECASE,
)


def clause_dropped(text: str, chance: random.Random) -> str | None:
    """A part in brackets, or a last part behind "and", that holds nothing that matters."""
    if claim := any_replaced(
        text, chance, r" [(\[][^()\[\]]{3,80}[)\]]", lambda m: None if _MATTERS.search(m[0]) else ""
    ):
        return claim
    match = re.fullmatch(r"([A-Z][^;:]{30,}), and ([^,;:]{10,90})\.", text)
    return f"{match[1]}." if match and not _MATTERS.search(match[2]) and ", " not in match[1] else None


_SPELLINGS = dict(
    pair.split()
    for pair in """
    hemorrhage haemorrhage; anemia anaemia; edema oedema; diarrhea diarrhoea; pediatric paediatric; esophageal oesophageal;
    hemoglobin haemoglobin; fetal foetal; fetus foetus; estrogen oestrogen; leukemia leukaemia; hypoglycemia hypoglycaemia;
    hyperkalemia hyperkalaemia; anesthesia anaesthesia; tumor tumour; dyspnea dyspnoea; stabilize stabilise; center centre;
    color colour; hematologic haematologic; ischemia ischaemia; sulfate sulphate; hypokalemia hypokalaemia; labor labour;
    hyperglycemia hyperglycaemia; utilize utilise; minimize minimise; optimize optimise
    """.split(";")
)


def spelling(text: str, chance: random.Random) -> str | None:
    forms = _SPELLINGS | {british: american for american, british in _SPELLINGS.items()}
    return any_replaced(text, chance, rf"\b({'|'.join(forms)})(?=s?\b)", lambda m: forms[m[1]])


_NAMES = [
    ["paracetamol", "acetaminophen"],
    ["epinephrine", "adrenaline"],
    ["salbutamol", "albuterol"],
    ["lidocaine", "lignocaine"],
    ["rifampicin", "rifampin"],
    ["norepinephrine", "noradrenaline"],
]


def other_name(text: str, chance: random.Random) -> str | None:
    forms = {one: other for pair in _NAMES for one, other in (pair, pair[::-1])}
    return any_replaced(text, chance, rf"\b({'|'.join(forms)})\b", lambda m: forms[m[1].lower()], re.I)


_ROUTES = [
    ["orally", "by mouth", "PO"],
    ["intravenously", "IV"],
    ["intramuscularly", "IM"],
    ["intravenous", "IV"],
    ["intramuscular", "IM"],
    ["subcutaneously", "SC"],
    ["subcutaneous", "SC"],
]


def route(text: str, chance: random.Random) -> str | None:
    forms = {form: group for group in _ROUTES for form in group}
    return any_replaced(
        text,
        chance,
        rf"(?<![\w/-])({'|'.join(forms)})(?![\w/-])",
        lambda m: chance.choice([f for f in forms[m[1]] if f != m[1]]),
    )


def plural(text: str, chance: random.Random) -> str | None:
    forms = {
        "tablets": "tablet",
        "doses": "dose",
        "infusions": "infusion",
        "symptoms": "symptom",
        "infections": "infection",
        "reactions": "reaction",
        "studies": "study",
        "effects": "effect",
    }
    both = forms | {one: many for many, one in forms.items()}
    return any_replaced(text, chance, rf"(?<!\d )\b({'|'.join(both)})\b", lambda m: both[m[1]])


def number_word(text: str, chance: random.Random) -> str | None:
    names = dict(enumerate("zero one two three four five six seven eight nine ten".split()))
    return any_replaced(
        text,
        chance,
        r"(?<![\w.,/×–-])(?<![-–] )([2-9]|10)(?= (?:days|weeks|months|hours|doses|tablets|minutes|times)\b)",
        lambda m: names[int(m[1])],
    )


HONEST: tuple[Rewriting, ...] = (
    whole,
    announced,
    converted,
    celsius,
    frequency,
    comparator,
    range_words,
    reordered,
    clause_dropped,
    spelling,
    other_name,
    route,
    plural,
    number_word,
)
