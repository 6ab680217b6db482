"""Drafts as a hostile or broken model would write them: true claims and wrong ones, in a reply that may be none."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence, Set
from typing import Any

from tests.bench.adversarial_claims import SPOILERS, pick
from tests.bench.broken_replies import BROKEN
from tests.cdss.llm.scripted_server import claim, reply


def draft(
    sentences: Mapping[str, str], chance: random.Random, *, repairs: Sequence[str] = (), used: Set[str] = frozenset()
) -> tuple[str, str, dict[str, str]]:
    """A reply, how it is said to end, and which of its claims (by text) must not be released, with the way it is wrong.

    ``repairs`` are withheld claims to be written anew; no text of ``used`` is said again, lest right and wrong be confused.
    """
    wrong: dict[str, str] = {}
    claims: list[dict[str, Any]] = []
    for spoiler in chance.sample(SPOILERS, chance.choice((1, 2, 3))):
        spoilt = spoiler(sentences, chance)
        if spoilt is not None and spoilt["text"] and spoilt["text"] not in used | wrong.keys():
            wrong[spoilt["text"]] = spoiler.__name__
            claims.append(spoilt)
    if not claims or chance.random() < 0.5:
        picked = pick(sentences, chance)
        if picked is not None and picked[1] not in used | wrong.keys():
            claims.insert(chance.randrange(len(claims) + 1), claim(picked[1], picked[0]))
    for one in claims:
        if repairs and chance.random() < 0.9:
            one["repairs"] = chance.choice([*repairs * 5, "c99"])
    text, finish = reply(*claims), "stop"
    if claims and chance.random() < 0.3:
        text, finish = chance.choice(BROKEN)(text, chance)
    return text, finish, wrong
