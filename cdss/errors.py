"""Everything that can go wrong on the way from a question to an answer.

    CdssError                      told to the caller in its own words; every other exception is a defect
    ├── InvalidInput               the caller sent what cannot be asked            422
    ├── NotFound                   no such answer, passage or document             404
    ├── NotRecorded                the answer could not be written down            503
    └── Unavailable                the library or the embedder cannot be read      503

A foreign exception is translated where it enters; it becomes a problem document in ``cdss.api.problems`` and nowhere else.
"""

from __future__ import annotations


class CdssError(Exception):
    """The message is for people: what happened and what to do next. It never carries what the caller sent."""


class InvalidInput(CdssError):
    """What was asked cannot be asked. ``field`` names the part that is wrong, as the caller spells it."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotFound(CdssError):
    """There is nothing under this id."""


class NotRecorded(CdssError):
    """The record could not be written, and an answer that is not on record is not given."""


class Unavailable(CdssError):
    """The library cannot be read."""
