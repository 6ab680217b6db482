"""A model that drafts: sentences and question in, claims out, each as soon as the model has said it.

The model names sentences; quotes are cut from the store. What it says of itself (a sentence that it was not shown, a figure
that is not where it says) counts against its claim, and nothing that it says counts in favour of one.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cdss.llm.backend import Drafted, Drafting, ModelFailed, Notes, Task, Withheld
from cdss.llm.budget import fitted
from cdss.llm.chat import Chat, Conversation, Turn
from cdss.llm.evidence import Evidence, plain, quoted
from cdss.llm.facts import facts
from cdss.llm.prompts import Prompt, prompt
from cdss.llm.reply import MAX_CLAIMS, Head, Nonsense, Reader, Said, schema, without_thoughts
from checkers.fold import fold
from checkers.judging.guard_findings import missing
from checkers.quantities import quantities
from checkers.types import Claim, Finding, Severity

log = logging.getLogger(__name__)

MAX_FINDINGS_TOLD = 3
STANDALONE_TOKENS = 256
_STANDALONE = {
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}


class Model:
    """The configured model as a backend."""

    name = "openai"

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.model: str | None = chat.model

    def admit(self) -> None:
        """Raise ``Busy`` when its queue is full."""
        self.chat.gate.check()

    @asynccontextmanager
    async def begin(self, task: Task) -> AsyncIterator[Drafting]:
        """A place at the model. Raises ``Busy`` and ``ModelFailed``."""
        async with self.chat.conversation() as conversation:
            yield _Drafting(task, conversation, self.chat)

    async def standalone(self, question: str, turns: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, str] | None:
        """``question`` made whole by the model; ``None`` when it fails, for then there is another way."""
        asked = prompt("standalone")
        told = "\n".join(
            json.dumps({"question": plain(earlier), "answer": list(map(plain, claims))}, ensure_ascii=False)
            for earlier, claims in turns
        )
        text = asked.fill({"turns": told, "question": quoted(question)})
        said = ""
        try:
            async with self.chat.conversation() as conversation:
                words = conversation.said(
                    [Turn("user", text)], schema=_STANDALONE, name="standalone", most_tokens=STANDALONE_TOKENS
                )
                async with aclosing(words) as pieces:
                    async for piece in pieces:
                        said += piece
            return TypeAdapter(dict[str, str]).validate_json(without_thoughts(said))["question"], asked.hash
        except (ModelFailed, ValidationError, Nonsense, KeyError) as error:
            log.warning("the follow-up could not be made standalone: %s", type(error).__name__)
            return None

    async def close(self) -> None:
        """Let go of the connections."""
        await self.chat.close()


class _Drafting:
    """One question at the model."""

    def __init__(self, task: Task, conversation: Conversation, chat: Chat) -> None:
        self.notes = Notes()
        self._task = task
        self._conversation = conversation
        self._settings = chat.settings
        self._number = 0

    async def claims(self) -> AsyncGenerator[Drafted, None]:
        """The claims of the first draft."""
        async with aclosing(self._asked(prompt("draft"), {})) as drafted:
            async for one in drafted:
                yield one

    async def repair(self, withheld: Sequence[Withheld], told: Sequence[str]) -> AsyncGenerator[Drafted, None]:
        """The claims of the one repair, each for a withheld one."""
        described = [
            {
                "id": one.claim.id,
                "text": plain(one.claim.text),
                "found": [plain(finding.message) for finding in one.findings[:MAX_FINDINGS_TOLD]],
            }
            for one in withheld
        ]
        values = {
            "told": "\n".join(map(quoted, told)) or "nothing",
            "withheld": "\n".join(json.dumps(one, ensure_ascii=False) for one in described),
        }
        ids = [one.claim.id for one in withheld]
        async with aclosing(self._asked(prompt("repair"), values, repairs=ids)) as drafted:
            async for one in drafted:
                yield one

    async def _asked(
        self, asked: Prompt, values: Mapping[str, str], *, repairs: Sequence[str] = ()
    ) -> AsyncGenerator[Drafted, None]:
        began = time.perf_counter()
        evidence, text = await fitted(
            self._task.retrieval, self._prompt(asked, values), conversation=self._conversation, settings=self._settings
        )
        self.notes.prompts[asked.name] = asked.hash
        self.notes.sentences, self.notes.dropped = len(evidence.sources), evidence.dropped
        reader = Reader()
        words = self._conversation.said(
            [Turn("user", text)],
            schema=schema(tuple(evidence.sources), repairs),
            name=asked.name,
            most_tokens=self._settings.draft_tokens,
        )
        try:
            async with aclosing(words) as pieces:
                async for piece in pieces:
                    self.notes.model_s += time.perf_counter() - began
                    for said in reader.feed(piece):
                        yield self._drafted(said, _begun(reader.head), evidence, repairs)
                    began = time.perf_counter()
            self._heard(reader.close(), first=not repairs)
        except Nonsense as error:
            raise ModelFailed("nonsense", str(error)) from error
        finally:
            self.notes.replies.append(reader.text)

    def _prompt(self, asked: Prompt, values: Mapping[str, str]) -> Callable[[Evidence], str]:
        known = facts(self._task.patient)
        common = {
            "claims": str(MAX_CLAIMS),
            "patient": json.dumps(known, ensure_ascii=False) if known else "none are known",
            "question": quoted(self._task.question),
            **values,
        }
        return lambda evidence: asked.fill({**common, "sentences": evidence.lines()})

    def _heard(self, head: Head, *, first: bool) -> None:
        """The end of a draft: what it says of itself has to fit its claims."""
        if not first:
            return
        if head.answerable != "none" and not self._number:
            raise Nonsense("an answer without a claim")
        self.notes.answerable = head.answerable
        unknown = [fact for fact in dict.fromkeys(head.ask) if getattr(self._task.patient, fact, None) is None]
        self.notes.missing = tuple(map(missing, unknown))

    def _drafted(self, said: Said, head: Head, evidence: Evidence, repairs: Sequence[str]) -> Drafted:
        if head.answerable == "none":
            raise Nonsense("claims, and no answer")
        if said.repairs is not None and said.repairs not in repairs:
            raise Nonsense("it repairs what was not withheld")
        self._number += 1
        ids = list(dict.fromkeys((*said.evidence, *(amount.id for amount in said.quantities))))
        strange = not evidence.sources.keys() >= set(ids)
        claim = Claim(
            id=f"{said.repairs}-repaired" if said.repairs else f"c{self._number}",
            text=said.text,
            quotes=() if strange else evidence.quotes(ids),
        )
        if strange:
            message = "It points to a sentence that the model was not shown."
            return Drafted(claim, True, (_against("model-evidence", message),), said.repairs)
        found = [*_untied(said, evidence), *_contradicted(ids, head, evidence)]
        return Drafted(claim, True, tuple(found), said.repairs)


def _begun(head: Head | None) -> Head:
    if head is None:
        raise Nonsense("claims before what they rest on")
    return head


def _untied(said: Said, evidence: Evidence) -> list[Finding]:
    """A finding for every figure that does not stand in the sentence that the model says it stands in."""
    found = []
    for amount in said.quantities:
        source = fold(evidence.sources[amount.id].text()).text
        text = fold(amount.text).text
        keys = {key for quantity in quantities(text) for key in quantity.keys}
        there = {key for quantity in quantities(source) for key in quantity.keys}
        if text.casefold() not in source.casefold() and not keys & there:
            message = f'"{amount.text}" does not stand in the sentence that the model takes it from.'
            found.append(_against("model-quantity", message, claim=amount.text, source=source[:240]))
    return found


def _contradicted(ids: Sequence[str], head: Head, evidence: Evidence) -> list[Finding]:
    """A finding for every other sentence that, as the model sees it, contradicts one of ``ids``."""
    other = [
        name
        for clash in head.conflicts
        if set(clash.ids) & set(ids)
        for name in clash.ids
        if name not in ids and name in evidence.sources
    ]
    return [
        Finding(
            rule="model-conflict",
            severity=Severity.REVIEW,
            message=f"The model sees a contradiction with a sentence of {evidence.sources[name].head.title}. Read both.",
            evidence={"source": evidence.sources[name].text()[:240]},
        )
        for name in dict.fromkeys(other)
    ]


def _against(rule: str, message: str, **evidence: Any) -> Finding:
    return Finding(rule=rule, severity=Severity.BLOCK, message=message, evidence=evidence)
