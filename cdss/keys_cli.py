"""``cdss keys``. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import click

from cdss.command import NOT_ALL_RELEASED, USAGE, fail, settings_or_exit


@click.group()
def keys() -> None:
    """Make, list and take back the API keys of `cdss serve`. Once there is one, every call needs one."""


@keys.command("add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice(("ask", "check", "read", "review", "cds")),
    help="What the key may do. Repeatable.",
)
def add_key(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key called NAME and print it, for the only time."""
    from typing import cast

    from cdss.keys import Keys, Scope

    try:
        key = Keys.of(settings_or_exit().home).add(name, cast("tuple[Scope, ...]", scopes))
    except ValueError as error:
        fail(str(error), USAGE)
    click.echo(key)


@keys.command("list")
def list_keys() -> None:
    """List the names of the keys and what they may do."""
    from cdss.keys import Keys

    for key in Keys.of(settings_or_exit().home).all():
        click.echo(f"{key.name}  {', '.join(key.scopes)}  since {key.created_at:%Y-%m-%d}")


@keys.command("remove")
@click.argument("name")
def remove_key(name: str) -> None:
    """Take back the key called NAME."""
    from cdss.keys import Keys

    if not Keys.of(settings_or_exit().home).remove(name):
        fail(f"there is no key called {name}", NOT_ALL_RELEASED)
