"""Where the title of a subsection ends in the run-on text of a drug label.

Only a certain end is taken. "Avoid" belongs to the sentence and not to the title, and a title that swallowed it would leave the
opposite behind; so where the end cannot be told, there is no title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_STANDARD = (
    "Pregnancy|Lactation|Nursing Mothers|Labor and Delivery|Females and Males of Reproductive Potential|Pediatric Use"
    "|Geriatric Use|Renal Impairment|Hepatic Impairment|Patients with Renal Impairment|Patients with Hepatic Impairment"
)
_STANDARD_TITLE = re.compile(rf"(?:{_STANDARD})(?=\s+[A-Z0-9(])")
_STARTERS = frozenset(
    "The This These There If When Because It Its Although While Since As Do Does Not All Each Any Some Both Most".split()
)
_SMALL_STARTERS = frozenset("A An In For With To After Before During On At From By Of Based Under".split())
_SMALL = frozenset("a an and as at by for from in into of on or per than the to versus via vs with without".split())
_IMPERATIVES = frozenset(
    "Administer Advise Adjust Assess Avoid Consider Counsel Decrease Determine Discontinue Do Evaluate Follow Give Increase"
    " Inform Initiate Instruct Interrupt Limit May Measure Monitor Never No Not Obtain Only Perform Prescribe Prior Reduce"
    " Refer Restart Select Start Stop Swallow Take Titrate Treat Use Withhold".split()
)
_TRANSITIVE = frozenset(
    "Aged Containing Following Having Including Older Receiving Requiring Taking Than That Undergoing Using Weighing Younger"
    "".split()
)
"""No title ends with one of these."""
_SCOPE = re.compile(
    r"(?:Adults?|Adolescents?|P(?:a)?ediatrics?|Children|Infants|Neonates|Newborns|Geriatrics?|Elderly|Young|Older|Women|Men|Females?"
    r"|Males?|Oral|Intravenous|Intramuscular|Subcutaneous|Tablets?|Capsules?|Injection|Suspension|Initial|Starting|Maintenance"
    r"|Acute|Chronic|Mild|Moderate|Severe|Monotherapy|Adjunctive)[:,]?"
)
"""Words that name a group, a route or a phase. After a title without "in" or "for" they head a part of the subsection only: a
heading that ends in "Adults" would stand over the adolescents' dose as well."""
_ACRONYM = re.compile(r"\([A-Z][A-Za-z0-9/-]{1,9}\)[:,]?")
_WORD = re.compile(r"\S+")


def title_length(text: str, names: frozenset[str]) -> int:
    """How much of ``text`` is a title, counted from its start; 0 where that is not certain."""
    if standard := _STANDARD_TITLE.match(text):
        return standard.end()
    words = list(_WORD.finditer(text))
    for place, found in enumerate(words):
        word = found[0]
        after = words[place + 1][0] if place + 1 < len(words) else ""
        before = words[place - 1][0] if place else ""
        if place and before.casefold() not in _SMALL and before not in _TRANSITIVE:
            if _SCOPE.fullmatch(word) and not _SCOPE.fullmatch(before):
                return words[place - 1].end()
            if _starts_sentence(word, after, names):
                first = place
                while first > 1 and words[first - 1][0].casefold() in names:
                    first -= 1
                return 0 if words[first - 1][0].casefold() in _SMALL else words[first - 1].end()
        if word[0].islower() and word not in _SMALL:
            return _before_sentence(words, place)
        if word[0] in "•[" or word in ("—", "–") or (word[0] == "(" and not _ACRONYM.fullmatch(word)):
            return 0
    return words[-1].end() if words and len(text) < 200 else 0


def _before_sentence(words: Sequence[re.Match[str]], lower: int) -> int:
    """A lower-case word ends the title: the sentence began with the last capitalised word before it, if that is a common one.

    A sentence that begins with the title's own words ("Brugada Syndrome Brugada Syndrome may") begins where they come again.
    """
    begin = lower - 1
    while begin > 0 and words[begin][0] in _SMALL:
        begin -= 1
    texts = [word[0] for word in words[: begin + 1]]
    while begin > 1 and texts[begin - 1 :] in [texts[at : at + len(texts) - begin + 1] for at in range(begin - 1)]:
        begin -= 1
    if begin < 1:
        return 0
    word, before = texts[begin], texts[begin - 1]
    plain = word[:1].isupper() and word[1:].replace("-", "").islower()
    if not plain or before in _IMPERATIVES | _TRANSITIVE or before.casefold() in _SMALL or before.endswith(","):
        return 0
    return words[begin - 1].end()


def _starts_sentence(word: str, after: str, names: frozenset[str]) -> bool:
    if word in _STARTERS:
        return True
    if word in _SMALL_STARTERS:
        return after[:1].islower() or after[:1].isdigit()
    return word.casefold().strip("®™*,") in names and after[:1].islower() and after not in _SMALL
