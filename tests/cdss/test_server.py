"""What the log says of a defect: where it is, and never the words of the error, which may hold what was asked."""

from __future__ import annotations

import logging

from cdss.server import WithoutWords


def test_an_error_is_logged_with_its_kind_and_place_and_without_its_words() -> None:
    record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, "Exception in ASGI application", None, None)
    words = "Jane Doe, born 1980-01-01"
    try:
        raise ValueError(words)
    except ValueError as error:
        record.exc_info = type(error), error, error.__traceback__
    assert WithoutWords().filter(record)
    told = logging.Formatter().format(record)
    assert "Jane Doe" not in told
    assert "ValueError" in told
    assert "test_server.py" in told


def test_what_has_no_error_stays_as_it_is() -> None:
    record = logging.LogRecord("uvicorn.error", logging.INFO, __file__, 1, "Started server process [%d]", (7,), None)
    assert WithoutWords().filter(record)
    assert logging.Formatter().format(record) == "Started server process [7]"
