"""Everything that can go wrong on the way from a question to an answer.

    CdssError                      told to the caller in its own words; every other exception is a defect
    ├── InvalidInput               the caller sent what cannot be asked            422
    ├── BadCall                    a CDS Hooks call that contradicts the protocol  400
    ├── NotJson                    a body that does not say that it is JSON        415
    ├── NotAuthenticated           nobody vouches for the caller                   401
    ├── NotAllowed                 the caller may not do this                      403
    ├── NotFound                   no such answer, passage or document             404
    ├── NotObtainable              what the chart must tell could not be had       412
    ├── NotRecorded                the answer could not be written down            503
    ├── Unavailable                the library or the embedder cannot be read      503
    └── Busy                       the model's queue is full; come back later      503

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


class BadCall(CdssError):
    """A CDS Hooks call lacks what the protocol requires, or is about two patients."""


class NotJson(CdssError):
    """The body is of another media type."""


class NotAuthenticated(CdssError):
    """The caller did not prove who it is."""


class NotAllowed(CdssError):
    """The caller is known and may not do this."""


class NotObtainable(CdssError):
    """The data that a CDS service needs came neither with the call nor from a FHIR server that may be asked."""


class NotFound(CdssError):
    """There is nothing under this id."""


class NotRecorded(CdssError):
    """The record could not be written, and an answer that is not on record is not given."""


class Unavailable(CdssError):
    """The library cannot be read."""


class Busy(CdssError):
    """More questions than can be taken. ``retry_after_s`` is when to come back."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
