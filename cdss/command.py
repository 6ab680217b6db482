"""What the commands share: exit codes, the settings, how an error is told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from cdss.settings import Settings

DONE, NOT_ALL_RELEASED, USAGE, COULD_NOT = 0, 1, 2, 3


def settings_or_exit() -> Settings:
    """The settings; ends the command where they cannot be used."""
    from pydantic import ValidationError

    from cdss.settings import Settings

    try:
        return Settings()
    except (ValidationError, ValueError) as error:
        fail(f"The settings cannot be used: {error}", USAGE)


def fail(message: str, code: int) -> NoReturn:
    """End the command with ``message`` on standard error."""
    click.echo(f"cdss: {message}", err=True)
    sys.exit(code)
