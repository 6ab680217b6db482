"""How many sentences fit: counted by the server, by the model's own tokenizer, or guessed on the safe side."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from cdss.llm.backend import ModelFailed
from cdss.llm.chat import Conversation, Turn
from cdss.llm.evidence import Evidence
from cdss.retrieve import Retrieval
from cdss.settings import LlmSettings

TEMPLATE_TOKENS = 64
"""What a chat template adds to one turn, generously."""
BYTES_A_TOKEN = 2
"""Where nobody counted. English has about four."""


async def fitted(
    retrieval: Retrieval,
    prompt: Callable[[Evidence], str],
    *,
    conversation: Conversation,
    settings: LlmSettings,
) -> tuple[Evidence, str]:
    """The sentences of as many passages as there is room for, the best ones, and the prompt that holds them.

    Raises ``ModelFailed`` when not even one passage fits.
    """
    room = settings.context_tokens - settings.draft_tokens
    keep = len(retrieval.found)
    while keep > 0:
        evidence = Evidence.of(retrieval, keep)
        text = prompt(evidence)
        if conversation.longest is not None and _guess(text) <= min(room, conversation.longest - settings.draft_tokens):
            return evidence, text
        count, longest = await _count(text, conversation, settings)
        room = min(room, longest - settings.draft_tokens)
        if count <= room:
            return evidence, text
        keep = min(keep - 1, max(0, room) * keep // count + 1)
    raise ModelFailed("nonsense", "no room for a passage")


async def _count(text: str, conversation: Conversation, settings: LlmSettings) -> tuple[int, int]:
    """Tokens of ``text`` as one turn, and the longest context."""
    counted = await conversation.count_tokens([Turn("user", text)])
    if counted is not None:
        return counted
    if settings.tokenizer is not None:
        return len(_tokenizer(settings.tokenizer).encode(text).ids) + TEMPLATE_TOKENS, settings.context_tokens
    return _guess(text), settings.context_tokens


def _guess(text: str) -> int:
    """Tokens of ``text``, rather too many: what fits by this guess need not be counted."""
    return len(text.encode()) // BYTES_A_TOKEN + TEMPLATE_TOKENS


@cache
def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))
