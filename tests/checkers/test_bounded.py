"""However a claim is made, the work of the grounding rules grows with the text, and not with its square."""

from __future__ import annotations

import time

import pytest

from checkers.rules import FAITHFUL
from checkers.types import Claim, Quote, Subject

LENGTHS = 5_000, 20_000
MADE = {
    "figures of many drugs": "give ramipril {n} mg daily if potassium is 5.{n}; ",
    "orders turned about": "start it; stop it; ",
    "groups of people": "pregnant women at risk or ",
    "contrasts": "rather than aspirin ibuprofen ",
    "conditions": "unless when ",
    "scopes": "give it to women with a fever {n}; stop it if there is a rash {n}. ",
    "days": "day 1, ",
    "degrees": "mild to moderate or ",
}


def seconds(text: str, quote: str) -> float:
    subject = Subject(claim=Claim(id="c", text=text, quotes=(Quote(quote=quote, source=quote),)))
    began = time.process_time()
    for rule in FAITHFUL:
        list(rule.check(subject))
    return time.process_time() - began


@pytest.mark.parametrize("name", MADE)
def test_the_work_grows_with_the_text_and_not_with_its_square(name: str) -> None:
    whole = "".join(MADE[name].format(n=n) for n in range(8_000))
    short, long = (seconds(whole[:length], whole[7:length]) for length in LENGTHS)
    times = LENGTHS[1] / LENGTHS[0]
    assert long < max(1.0, 2.5 * times * short)
