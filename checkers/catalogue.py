"""The catalogue of rules, as a page: what each rule is for, written from its docstring, its cases and its tables."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from checkers.rules import RULES
from checkers.second_reader import second_reader
from checkers.tables import DATA, table
from checkers.types import Rule

CASES = Path(__file__).parents[1] / "tests" / "checkers" / "cases"
"""Where the cases stand in a checkout; an installation has none, and its catalogue goes without."""

_KINDS = (("pass", "Lets through"), ("fail", "Finds"), ("not_given", "Says nothing"))


def markdown(rules: Iterable[Rule] = RULES, *, cases: Path = CASES) -> str:
    """The page ``docs/rules.md``."""
    rules = tuple(rules)
    optional = second_reader(lambda _claim, _quotes: "unsure")
    sections = (line for rule in (*rules, optional) for line in _section(rule, cases))
    return "\n".join([*_opening(rules, optional), *sections, *_tables()])


def _opening(rules: tuple[Rule, ...], optional: Rule) -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield "Written by `cdss rules --markdown` from the rules' own docstrings, cases and tables; a change is made there."
    yield ""
    yield "Every claim is shown to every rule. The worst finding decides: `block` withholds the claim, `review` shows it with a"
    yield "mark, `info` lets it through. A rule that fails blocks. A rule says nothing where what it needs was not given."
    yield ""
    yield "| rule | version | prevents |"
    yield "| --- | --- | --- |"
    for rule in rules:
        yield f"| [`{rule.id}`](#{rule.id}) | {rule.version} | {rule.harm} |"
    yield f"| [`{optional.id}`](#{optional.id}), off unless configured | that of the reader | {optional.harm} |"
    yield ""


def _section(rule: Rule, cases: Path) -> Iterator[str]:
    yield f"## {rule.id}"
    yield ""
    yield rule.harm
    yield ""
    yield f"Source: {rule.source}"
    yield ""
    yield f"Example: {rule.example}"
    yield ""
    path = cases / f"{rule.id}.toml"
    rows = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    for kind, title in _KINDS:
        if kind in rows:
            yield f"{title}:"
            yield ""
            yield from (f"- {row['name']}{_found(row)}" for row in rows[kind])
            yield ""


def _found(row: dict[str, Any]) -> str:
    found = (f"`{name}` {severity}" for name, severity in sorted(row.get("finds", {}).items()))
    return f": {', '.join(found)}" if row.get("finds") else ""


def _tables() -> Iterator[str]:
    """Every table with where its facts come from."""
    yield "## Tables"
    yield ""
    yield "| table | source | edition | date |"
    yield "| --- | --- | --- | --- |"
    for path in sorted(DATA.glob("*.toml")):
        rows = table(path.stem)
        yield f"| `{path.stem}` | {rows.get('source', '')} | {rows.get('edition', '')} | {rows.get('date', '')} |"
    yield ""
