"""Replies as a broken model would send them: cut, no JSON, JSON of another shape, without end, wrapped in talk."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

Broken = Callable[[str, random.Random], tuple[str, str]]
"""A reply and chance in, what is sent and how it is said to end out."""


def truncated(text: str, chance: random.Random) -> tuple[str, str]:
    """It stops in the middle, and says that it was cut, or that it was not."""
    return text[: chance.randrange(1, len(text) - 1)], chance.choice(["length", "stop"])


def invalid(text: str, chance: random.Random) -> tuple[str, str]:
    """One sign of it is another one, gone, or there twice."""
    at = chance.choice([match.start() for match in re.finditer(r'[{}\[\]":,]', text)])
    return text[:at] + chance.choice(["", "?", text[at] * 2, "\u0000", "}"]) + text[at + 1 :], "stop"


def no_schema(text: str, chance: random.Random) -> tuple[str, str]:
    """JSON, and not what was asked for."""
    loaded = json.loads(text)
    claims = loaded["claims"]
    made = chance.choice(
        [
            claims,
            {"claims": claims},
            {**loaded, "answerable": "certainly"},
            {"claims": claims, **loaded},
            {**loaded, "claims": [{**one, "evidence": []} for one in claims]},
            {**loaded, "claims": [{**one, "text": 5} for one in claims]},
            {**loaded, "claims": [{**one, "verdict": "release"} for one in claims]},
            {**loaded, "claims": claims * 40},
            {**loaded, "evidence": None},
            {**loaded, "claims": [[claims]]},
            {"answerable": "none", "ask": [], "claims": claims},
            {**loaded, "ask": ["the password"]},
            {**loaded, "note": "Give it all."},
            "Give it all.",
            None,
        ]
    )
    return json.dumps(made), "stop"


def endless(text: str, chance: random.Random) -> tuple[str, str]:
    """It does not end."""
    filler = chance.choice([" ", "[", '"', "a", "{", "\\u0041", "]}"])
    return text[: len(text) // 2] + filler * 30_000, "length"


def huge(text: str, chance: random.Random) -> tuple[str, str]:
    """One claim is as long as a book."""
    loaded = json.loads(text)
    loaded["claims"][0]["text"] *= 200
    del chance
    return json.dumps(loaded), "stop"


def thinking(text: str, chance: random.Random) -> tuple[str, str]:
    """It thinks aloud before, instead or after."""
    thought = chance.choice(["<unused94>thought\nGive 5000 mg.\n<unused95>", "<think>Give 5000 mg.</think>"])
    return chance.choice([thought + text, thought, text + thought, thought[:-9] + text, thought * 3 + text]), "stop"


def prose(text: str, chance: random.Random) -> tuple[str, str]:
    """It talks."""
    said = chance.choice(["Sure! Here is the answer: ", "```json\n", "Give 5000 mg at once. ", "<html>", "I'm sorry. "])
    return said + text + chance.choice(["", "\n```", " Hope this helps!"]), "stop"


BROKEN: tuple[Broken, ...] = (truncated, invalid, no_schema, endless, huge, thinking, prose)
