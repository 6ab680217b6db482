"""Harm: each product is within its limit and the ingredient that they share is not; or one more dose passes that of a life.

Source: labels of acetaminophen combinations and of anthracyclines, boxed warnings; the ceilings of the tables, of a day for
all products together, of a lifetime for all doses.

Example: oxycodone with acetaminophen 5/325, two tablets every 4 hours, is blocked beside acetaminophen 1 g every 6 hours:
7.9 g a day where 4 g is the ceiling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checkers.formulary.rows import Maximum
from checkers.judging.applies import applying
from checkers.judging.compare import a_day
from checkers.judging.faults import judged
from checkers.judging.lifetimes import lifetime
from checkers.judging.say import drug_of, finding
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import measure, shown
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject

_ADDS = re.compile(
    r"\b(?:plus|add|adding|also|in addition|additional|as well|extra|on top|together with|along with|and|breakthrough|with)\b",
    re.IGNORECASE,
)
_SURELY_ADDS = re.compile(r"\b(?:plus|add|adding|in addition|additional|on top)\b", re.IGNORECASE)
_PART_OF_DAY = re.compile(
    r"\s*(?:(?:in|at|with|every|each|of an?|before|after)\s+)?(?:the\s+)?(?P<part>morning|breakfast|lunch|midday|noon"
    r"|afternoon|tea|evening|dinner|supper|night|bedtime|nocte|mane)",
    re.IGNORECASE,
)
_ADD = re.compile(r"(?:^|[^\w-])add(?:ing)?\b(?! up\b)", re.IGNORECASE)
_INSTEAD = re.compile(
    r"\b(?:for (?:the )?(?:\w+[ -])?(?:weeks?|days?|months?)|(?:first|second|next) (?:week|day|month)|or|then"
    r"|instead|followed by|thereafter|alternatively|switch|change|from|reduce|increase|maintenance|if|children"
    r"|adults?|infants?|neonates?|maximum|until|titrat\w*|doubl\w*|rais\w*|stepp?\w*|week \d|day \d)\b|[|\n]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one product brings of the ingredient in a day, in the base unit."""

    product: str
    order: Order
    value: Decimal
    is_recorded: bool


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every ingredient that comes, over all products, to more than a day may have."""
    worked_out = situation(subject)
    for drug in dict.fromkeys(name for order in worked_out.active() for name in (order.drug, *_each(order)) if name):
        parts = _parts(drug, worked_out)
        if len(parts) > 1:
            yield from _over(drug, parts, worked_out)
    for order in worked_out.active():
        if (one := lifetime(order, worked_out)) is not None:
            had, dose, limit = (shown(value, one.kind) for value in (one.had, one.dose, one.limit))
            per = "/m²" if one.row.per_m2 else "/kg" if one.row.per_kg else ""
            message = f"{drug_of(order)}: {dose}{per} after {had}{per} so far; at most {limit}{per} in all."
            yield finding(RULE.id, Severity.BLOCK, message, order.span, one.row, worked_out)


def _parts(drug: str, situation: Situation) -> list[_Part]:
    """The products that bring ``drug``: those of the text, and those of the record that the text does not name."""
    found: list[_Part] = []
    for order in situation.active():
        if (value := _daily(drug, order, situation)) is None:
            continue
        product = order.product or drug
        earlier = [part for part in found if not part.is_recorded]
        if earlier and not _is_added(earlier[-1], product, order, situation):
            if value > earlier[-1].value:
                found[found.index(earlier[-1])] = _Part(product, order, value, False)
            continue
        found.append(_Part(product, order, value, False))
    named = {order.product or drug for order in situation.orders if order.drug == drug or drug in _each(order)}
    stopped = {
        part
        for one in situation.mentions
        if one.standing in ("held", "stopped", "contrast", "negated")
        for part in (one.ingredient, *one.parts)
    }
    whole = {one.ingredient for one in situation.mentions}
    for medicine in situation.medications:
        for order in medicine.orders:
            product = order.product or drug
            added = _is_extra(situation) or (product in named and _is_another(drug, order, situation))
            if product in stopped or medicine.stopped_days is not None or not found:
                continue
            if (product in named or product in whole) and not added:
                continue
            value = _daily(drug, order, situation)
            if value is not None:
                found.append(_Part(medicine.text, order, value, True))
    return found


def _is_extra(situation: Situation) -> bool:
    return (
        re.search(
            r"\b(?:in addition to|on top of|as well as|additional|extra|besides|(?:keep|carry) on with"
            r"|what (?:she|he|they|the patient) (?:buys?|takes?|has)|(?:keep|continue|leave)\b[^.;]{0,60}\badd)\b",
            situation.text,
            re.IGNORECASE,
        )
        is not None
    )


def _is_another(drug: str, recorded: Order, situation: Situation) -> bool:
    """Whether the text gives ``drug`` on top of the recorded one: under a brand where that has none, or by "add"."""
    mine = [order for order in situation.active() if order.drug == drug]
    brands = {order.how == "brand" for order in mine}
    return (recorded.how == "brand") not in brands or any(_ADD.search(order.said) for order in mine)


def _is_added(earlier: _Part, product: str, order: Order, situation: Situation) -> bool:
    """Whether an order comes on top of the one before it, and does not take its place."""
    between = situation.text[earlier.order.span[1] : order.span[0]]
    if order.number == earlier.order.number or _INSTEAD.search(between) or len(between) > 300:
        return False
    parts = {_part_of_day(one, situation.text) for one in (earlier.order, order)}
    if product == earlier.product and len(parts) == 2 and None not in parts:
        return True
    adds = _ADDS if situation.facts.is_patient and not situation.facts.is_quoted else _SURELY_ADDS
    return product != earlier.product or adds.search(between) is not None


def _part_of_day(order: Order, text: str) -> str | None:
    """The part of the day that stands right behind the amount: "300 mg in the morning, 300 mg at lunch"."""
    match = _PART_OF_DAY.match(text, order.span[1])
    return match["part"].lower() if match else None


def _daily(drug: str, order: Order, situation: Situation) -> Decimal | None:
    """What the order brings of ``drug`` in a day; tablets of a combination count by the least that one holds."""
    each = _each(order).get(drug)
    if order.drug != drug and each is None:
        return None
    for _, amount in order.amounts():
        value = a_day(order, amount, situation.facts)
        if value is None or amount.per not in ("dose", "day") or (order.often is not None and order.often < 1):
            continue
        if order.drug == drug:
            return value
        if amount.kind == "tablet":
            return value * Decimal(str(each)) * measure("mg")[1]
    return None


def _each(order: Order) -> dict[str, int]:
    """Milligrams of an ingredient in one tablet of a combination whose strength the text leaves out."""
    each: dict[str, int] = table("drugs")["combinations"].get(order.drug, {}).get("each", {})
    return each


def _over(drug: str, parts: list[_Part], situation: Situation) -> Iterator[Finding]:
    medicine = situation.medicine(drug)
    first = next(part for part in parts if not part.is_recorded)
    if medicine is None:
        return
    if any(
        (one := judged(part.order, situation)) and one.fault and one.fault.kind == "maximum-daily"
        for part in parts
        if not part.is_recorded
    ):
        return
    total = sum((part.value for part in parts), Decimal(0))
    limits = [pair for row in applying(medicine.maximum, situation, first.order) if (pair := _limit(row, situation))]
    if not limits:
        return
    limit, row = max(limits, key=lambda pair: pair[0])
    kind = measure(row.unit)[0]
    if total > limit * threshold("tolerance", "cap"):
        sums = " + ".join(f"{shown(part.value, kind)} ({part.product})" for part in parts)
        message = (
            f"{drug[0].upper() + drug[1:]} comes to {shown(total, kind)} a day: {sums}. At most {shown(limit, kind)} of "
            f"all products together."
        )
        yield finding(
            RULE.id,
            Severity.BLOCK,
            message,
            parts[-1].order.span if not parts[-1].is_recorded else first.order.span,
            row,
            situation,
            total=float(total),
        )


def _limit(row: Maximum, situation: Situation) -> tuple[Decimal, Maximum] | None:
    if row.daily is None or row.indication or row.form:
        return None
    value = row.daily * measure(row.unit)[1]
    if row.per_kg or row.per_m2:
        size = situation.facts.weight_kg if row.per_kg else situation.facts.bsa_m2
        if size is None:
            return None
        value *= Decimal(str(size))
    return value, row


RULE = Rule.documented(__doc__, id="dose-cumulative", version=2, check=check)
