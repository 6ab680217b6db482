"""What a model has to say, in which form, and how it is read while it is still being said.

The schema is sent to the server, whose grammar may ignore parts of it; pydantic holds all of it again here. Ids are those of
this request and no others. First what the answer rests on, then claims: a claim is read only when all that comes before is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar

import ijson
from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from cdss.llm.facts import NAMES
from guidelines.types import Frozen

MAX_CLAIMS = 6
MAX_CLAIM_CHARS = 600
MAX_IDS = 4
MAX_EVIDENCE = 10
MAX_CONFLICTS = 2
MAX_ASK = 4
MAX_DEPTH = 8
MAX_THOUGHT_CHARS = 40_000

ROLES = ("recommendation", "dose", "qualifier", "contraindication", "conflict")
Id = Annotated[str, StringConstraints(min_length=1, max_length=8)]


def _fact(name: str) -> str:
    if name not in NAMES:
        raise ValueError("no fact of a patient")
    return name


Fact = Annotated[str, AfterValidator(_fact)]


class Use(Frozen):
    """A sentence that the answer rests on, and what for."""

    id: Id
    role: Literal["recommendation", "dose", "qualifier", "contraindication", "conflict"]


class Clash(Frozen):
    """Sentences that contradict each other."""

    ids: Annotated[tuple[Id, ...], Field(min_length=2, max_length=MAX_IDS)]


class Amount(Frozen):
    """A quantity of the claim, and the sentence that it stands in."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    id: Id


class Said(Frozen):
    """One claim in the model's words."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_CLAIM_CHARS)]
    evidence: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MAX_IDS)]
    quantities: Annotated[tuple[Amount, ...], Field(max_length=MAX_IDS)] = ()
    repairs: str | None = None


class Head(Frozen):
    """What comes before the claims. ``ask`` are patient facts that the answer depends on and that are not known."""

    answerable: Literal["yes", "in part", "none"]
    evidence: Annotated[tuple[Use, ...], Field(max_length=MAX_EVIDENCE)] = ()
    conflicts: Annotated[tuple[Clash, ...], Field(max_length=MAX_CONFLICTS)] = ()
    ask: Annotated[tuple[Fact, ...], Field(max_length=MAX_ASK)] = ()


class Nonsense(ValueError):
    """It is not what was asked for. The message says where, in words of ours."""


_TEXT = {"type": "string"}
"""Without a length: a grammar that counts to 600 takes xgrammar five seconds to compile, and one without takes 0.02. The length
is held here, and by the most tokens that a reply may have."""


def schema(ids: Sequence[str], repairs: Sequence[str] = ()) -> dict[str, Any]:
    """The JSON schema of a reply over the sentences ``ids``; only what vLLM's grammars know.

    ``repairs`` are the withheld claims of which each new one has to name one.
    """
    named = {"repairs": {"type": "string", "enum": list(repairs)}} if repairs else {}
    one = {"type": "string", "enum": list(ids)}
    ask = _list({"type": "string", "enum": list(NAMES)}, MAX_ASK)
    claim = _record(
        **named,
        evidence=_list(one, MAX_IDS, least=1),
        quantities=_list(_record(text=_TEXT, id=one), MAX_IDS),
        text=_TEXT,
    )
    answer = _record(
        evidence=_list(_record(id=one, role={"type": "string", "enum": list(ROLES)}), MAX_EVIDENCE, least=1),
        conflicts=_list(_record(ids=_list(one, MAX_IDS, least=2)), MAX_CONFLICTS),
        ask=ask,
        answerable={"type": "string", "enum": ["yes", "in part"]},
        claims=_list(claim, MAX_CLAIMS, least=1),
    )
    return {"anyOf": [answer, _record(answerable={"type": "string", "enum": ["none"]}, ask=ask)]}


def _record(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(item: dict[str, Any], most: int, *, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": least, "maxItems": most}


class Thoughts:
    """Cuts what a model thinks aloud, ``<unused94>thought … <unused95>`` or ``<think>…</think>``, out of a stream.

    Only before the first word of the answer: after it these are words like any others, and no JSON has them.
    """

    _OPENS = ("<unused94>", "<think>")
    _CLOSES = ("<unused95>", "</think>")

    def __init__(self) -> None:
        self._held = ""
        self._closes: str | None = None
        self._over = False

    def feed(self, piece: str) -> str:
        """What of ``piece``, and of what was held back, belongs to the answer. Raises ``Nonsense`` at a thought without end."""
        if self._over:
            return piece
        self._held += piece
        while True:
            if self._closes is not None:
                at = self._held.find(self._closes)
                if at < 0:
                    if len(self._held) > MAX_THOUGHT_CHARS:
                        raise Nonsense("a thought without end")
                    return ""
                self._held = self._held[at + len(self._closes) :]
                self._closes = None
            text = self._held.lstrip()
            opened = next((i for i, sign in enumerate(self._OPENS) if text.startswith(sign)), None)
            if opened is not None:
                self._closes = self._CLOSES[opened]
                continue
            if any(sign.startswith(text) for sign in self._OPENS):
                return ""
            self._over, self._held = True, ""
            return text


def without_thoughts(text: str) -> str:
    """The answer in a whole text; empty if there is none."""
    return Thoughts().feed(text)


class Reader:
    """Reads a reply as it comes: ``feed`` gives every claim that is complete, ``head`` is what came before the claims."""

    def __init__(self) -> None:
        self.head: Head | None = None
        self.text = ""
        self._thoughts = Thoughts()
        self._events = ijson.sendable_list()
        self._parser = ijson.parse_coro(self._events, use_float=True)
        self._built = ijson.ObjectBuilder()
        self._keys: list[str] = []
        self._is_done = False

    def feed(self, piece: str) -> Iterator[Said]:
        """Every claim that ``piece`` completes. Raises ``Nonsense``."""
        text = self._thoughts.feed(piece)
        self.text += text
        if self._is_done and text.strip():
            raise Nonsense("words after the end")
        try:
            if text and not self._is_done:
                self._parser.send(text.encode())
        except (ijson.JSONError, ValueError, OverflowError) as error:
            raise Nonsense("not JSON") from error
        events = list(self._events)
        self._events.clear()
        for prefix, event, value in events:
            if prefix.count(".") > MAX_DEPTH:
                raise Nonsense("too deep")
            self._built.event(event, value)
            if prefix == "":
                self._top(event, value)
            elif (prefix, event) == ("claims.item", "end_map"):
                claims = self._built.value["claims"]
                if len(claims) > MAX_CLAIMS:
                    raise Nonsense("too many claims")
                yield _valid(Said, claims[-1])
            elif prefix == "claims.item" and event != "start_map" and event != "map_key":
                raise Nonsense("a claim is an object")

    def close(self) -> Head:
        """The end. Raises ``Nonsense`` unless the reply was complete."""
        if not self._is_done or self.head is None:
            raise Nonsense("it ends in the middle")
        return self.head

    def _top(self, event: str, value: Any) -> None:
        """A key of the reply, or its end: the head is whole when the claims begin, or there are none."""
        if event == "map_key":
            if value in self._keys or self.head is not None:
                raise Nonsense("a key where none belongs")
            self._keys.append(value)
            if value == "claims":
                self.head = _valid(Head, {key: self._built.value[key] for key in self._keys[:-1]})
        elif event == "end_map":
            self._is_done = True
            if self.head is None:
                self.head = _valid(Head, self._built.value)
                if self.head.answerable != "none":
                    raise Nonsense("an answer without claims")
            elif not isinstance(self._built.value["claims"], list):
                raise Nonsense("no list of claims")
        elif event != "start_map":
            raise Nonsense("not an object")


Form = TypeVar("Form", Head, Said)


def _valid(form: type[Form], value: object) -> Form:
    try:
        return form.model_validate(value)
    except ValidationError as error:
        raise Nonsense(f"{form.__name__}: {error.errors()[0]['type']}") from None
