"""One claim, worked out: its orders, the drugs that it names, the patient, and the patient's medicines.

``situation`` is asked by every rule of the same subject; it works once for each and remembers the last.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar, cast

from checkers.dosing.scan import plain as one_kind
from checkers.formulary.knowledge import Knowledge, knowledge
from checkers.formulary.rows import Medicine
from checkers.remember import remembered
from checkers.situation.addressed import is_for_others
from checkers.situation.amounts import measure
from checkers.situation.bags import from_bags
from checkers.situation.conditions import plain
from checkers.situation.facts import Facts, facts
from checkers.situation.manner import is_refused
from checkers.situation.medications import Medication, medication
from checkers.situation.mentions import Mention, Standing, mentions
from checkers.situation.orders import Order, orders
from checkers.situation.same import is_same
from checkers.situation.setting import is_study, opens_with_a_strength
from checkers.situation.single_value import Told
from checkers.situation.told import told
from checkers.situation.ways import way_of
from checkers.tables import table
from checkers.types import Dose, Patient, Subject

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Situation:
    """All of a claim that the rules on doses and drugs look at.

    ``text`` has one kind of space, hyphen and micro sign; ``around`` are the question, the titles and the headings that it
    stands under, made ``plain``.
    """

    subject: Subject
    text: str
    around: str
    known: Knowledge
    orders: tuple[Order, ...]
    mentions: tuple[Mention, ...]
    facts: Facts
    medications: tuple[Medication, ...]
    worked_out: dict[tuple[object, ...], object] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: tuple[object, ...], make: Callable[[], R]) -> R:
        """What ``make`` works out of the situation, worked out once for all rules that ask for ``key``."""
        if key not in self.worked_out:
            self.worked_out[key] = make()
        return cast("R", self.worked_out[key])

    def active(self) -> tuple[Order, ...]:
        """Orders that are to be given; of those for one drug, none that its words give to others than the patient."""
        active = (order for order in self.orders if order.is_active and not self._is_for_others(order))
        return self.once(("active",), lambda: tuple(active))

    def _is_for_others(self, order: Order) -> bool:
        beside = [
            one for one in self.orders if one.is_active and one.drug == order.drug and one.sentence == order.sentence
        ]
        if len(beside) < _ALTERNATIVES or not self._addressed(order):
            return False
        return any(not self._addressed(one) for one in beside)

    def _addressed(self, order: Order) -> bool | None:
        behind = is_for_others(self.text[order.span[1] : max(order.span[1], order.words[1])], self.facts)
        if behind is not None:
            return behind
        start = max(self.text.rfind(";", 0, order.span[0]) + 1, order.words[0])  # "over 23 to 40 kg 60 mg twice daily"
        return is_for_others(self.text[start : order.span[0]], self.facts)

    def medicine(self, drug: str | None) -> Medicine | None:
        """What is known of an ingredient."""
        return self.known.medicines.get(drug) if drug else None

    def given(self) -> tuple[tuple[str, Medicine, Order | None, tuple[int, int]], ...]:
        """Every ingredient that the text gives: with each of its orders, or where it is ordered without an amount."""
        return self.once(("given",), lambda: tuple(self._given()))

    def _given(self) -> Iterator[tuple[str, Medicine, Order | None, tuple[int, int]]]:
        dosed = set()
        for order in self.active():
            if medicine := self.medicine(order.drug):
                dosed.add(order.drug)
                yield str(order.drug), medicine, order, order.span
            product = (
                order.product if order.product != order.drug else None
            )  # what is known of the combination as a whole
            if product and product not in dosed and (whole := self.medicine(product)):
                dosed.add(product)
                yield product, whole, None, order.span
        told_of = {order.drug for order in self.orders}
        for mention in self.mentions:
            named = self.facts.is_patient and mention.standing == "said"
            opens = named and opens_with_a_strength(self.text, mention.span)
            if mention.standing != "ordered" and not opens:
                continue
            for part in dict.fromkeys((*mention.parts, mention.ingredient or "")):
                medicine = self.medicine(part)
                if medicine and part not in dosed and part not in told_of:
                    dosed.add(part)
                    yield part, medicine, None, mention.span

    def sent_by_a_route(self) -> tuple[tuple[str, Medicine, None, tuple[int, int]], ...]:
        """Ingredients that the text only names, and a route with them: "vincristine and methotrexate IT"."""
        if self.facts.is_quoted or not self.facts.is_patient or _WARNS.search(self.text):
            return ()
        given = {drug for drug, *_ in self.given()} | {order.drug for order in self.orders}
        return tuple(
            (part, medicine, None, mention.span)
            for mention in self.mentions
            if mention.standing == "said" and way_of(self.text, mention.span) is not None
            for part in mention.parts
            if part not in given and (medicine := self.medicine(part)) is not None
        )


_WARNS = re.compile(
    r"\b(?:fatal\w*|deadly|kill\w*|death|never|not|avoid\w*|contra-?indicated|warn\w*|error\w*|danger\w*|must|should|only|if)\b",
    re.IGNORECASE,
)
_ALTERNATIVES = 2
_ONE_HOUR = Decimal(1)
_BY_THE_MINUTE = 72
"""Times a day from which on nothing is given all day: every twenty minutes."""
_last = threading.local()


def situation(subject: Subject) -> Situation:
    """The situation of ``subject``."""
    held: Situation | None = getattr(_last, "situation", None)
    if held is None or held.subject is not subject:
        held = _last.situation = _work_out(subject)
    return held


@dataclass(frozen=True, slots=True)
class _Read:
    """What a text says whoever the patient is: ``bare`` is it without its amounts, made ``plain``."""

    text: str
    orders: tuple[Order, ...]
    mentions: tuple[Mention, ...]
    told: tuple[Told, ...]
    bare: str


@remembered(most=1024)
def _read(text: str) -> _Read:
    from checkers.dosing.read import readings

    flat = one_kind(text)
    read = readings(flat)
    dosed = sorted((*one.dose.span, _standing(flat, one.dose)) for one in read)
    named = tuple(
        replace(one, standing="said") if one.is_given and is_study(flat, one.span) else one
        for one in mentions(flat, dosed)
    )
    found = from_bags(orders(flat, read, named), flat)
    return _Read(flat, found, named, told(flat), plain(_without_doses(flat, found)))


def _work_out(subject: Subject) -> Situation:
    read, record = _read(subject.claim.text), subject.patient
    known = subject.known or knowledge()
    found = tuple(_counted(order, known) for order in read.orders)
    active = {order.drug for order in found if order.is_active and order.drug}
    levels = table("labs")["lone_levels"]
    lone = [levels[drug] for drug in active if drug in levels]
    is_quoted = subject.passages is not None or (record is None and bool(subject.claim.quotes))
    said_of_patient = () if is_quoted else read.told  # a guideline speaks of nobody in particular
    said_of_patient += _asked(subject, read.told)
    if subject.passages is not None and record is not None and _is_about_others(read.told, _size(record)):
        record = None
    return Situation(
        subject=subject,
        text=read.text,
        around=plain(" ".join(_places(subject))),
        known=known,
        orders=found,
        mentions=read.mentions,
        facts=facts(record, said_of_patient, read.bare, lone[0] if len(lone) == 1 else None, is_quoted=is_quoted),
        medications=tuple(map(medication, (record.medications or ()) if record else ())),
    )


def _counted(order: Order, known: Knowledge) -> Order:
    """``order`` as the tables know its drug: how its units and milligrams compare, whether it is given until it works."""
    medicine = known.medicines.get(order.drug or "")
    if medicine is not None and order.manner.repeats != (titrated := _is_titrated(order, medicine)):
        order = replace(order, manner=replace(order.manner, repeats=titrated))
    if medicine is None or not medicine.potency:
        return order
    kinds = {kind for row in medicine.regimen if (kind := measure(row.unit)[0]) in ("mass", "units")}
    if len(kinds) != 1:
        return order
    return replace(order, units_per_mg=medicine.potency[0].units_per_mg, counted_in=kinds.pop())


def _is_titrated(order: Order, medicine: Medicine) -> bool:
    """Whether it is given again and again until it works, and not all day: so the text says, or it goes by the minute.

    Only of a drug that the tables give so often, or only ever once.
    """
    shortest = min((row.every_hours[0] for row in medicine.regimen if row.every_hours), default=None)
    if order.manner.repeats:
        return shortest is None or shortest <= _ONE_HOUR
    if shortest is None or order.often is None or order.often < _BY_THE_MINUTE:
        return False
    return shortest * order.often <= 24 * Decimal(table("thresholds")["tolerance"]["interval"])


def _standing(text: str, dose: Dose) -> Standing:
    """What a dose says of the drug that it is of."""
    if dose.role == "history":
        return "history"
    return "negated" if is_refused(text, dose.span[1]) else "ordered"


def _size(record: Patient) -> dict[str, float | None]:
    return {"age_years": record.age_years, "weight_kg": record.weight_kg}


def _is_about_others(said: tuple[Told, ...], known: Mapping[str, float | str | bool | None]) -> bool:
    """Whether a guideline's sentence states an age or a weight that is not the patient's: a row of a table for other people."""
    sizes = [one for one in said if one.fact in ("age_years", "weight_kg")]
    stated = [(one, mine) for one in sizes if (mine := known.get(one.fact)) is not None]
    return bool(stated) and not any(is_same(one.fact, mine, one.value) for one, mine in stated)


def _asked(subject: Subject, said: tuple[Told, ...]) -> tuple[Told, ...]:
    """What the question tells of its patient and the record does not, "with an eGFR of 25"; nothing for somebody else's row."""
    found = told(one_kind(subject.question)) if subject.question else ()
    if _is_about_others(said, {one.fact: one.value for one in found}):
        return ()
    record, labs = subject.patient, (subject.patient.labs if subject.patient else None) or {}
    return tuple(one for one in found if one.fact not in labs and getattr(record, one.fact, None) is None)


def _places(subject: Subject) -> Iterator[str]:
    yield subject.question or ""
    for quote in subject.claim.quotes or ():
        if quote.citation is not None:
            yield f"{quote.citation.title} {quote.citation.section}"


def _without_doses(text: str, found: tuple[Order, ...]) -> str:
    """``text`` with its amounts blotted out, so that "mg PE" is no pulmonary embolism."""
    signs = list(text)
    for order in found:
        for dose in order.doses:
            start, end = dose.span
            signs[start:end] = "~" * (end - start)
    return "".join(signs)
