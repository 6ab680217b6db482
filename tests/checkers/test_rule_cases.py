"""Every rule against its cases, and every rule registered, documented and given cases of each kind."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import checkers.rules
from checkers.rules import RULES
from checkers.types import Finding, Rule
from tests.checkers.rule_cases import CASES, KINDS, Case, cases

_CASES = list(cases())
_RULES = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_case(case: Case) -> None:
    outcomes = list(_RULES[case.rule].check(case.subject))
    findings = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
    assert {finding.rule: str(finding.severity) for finding in findings} == case.finds
    assert case.says in " ".join(finding.message for finding in findings)
    assert bool(case.finds) == (case.kind == "fail")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_every_kind_of_case(rule: Rule) -> None:
    assert {case.kind for case in _CASES if case.rule == rule.id} == set(KINDS)


def test_no_cases_without_a_rule() -> None:
    assert {path.stem for path in CASES.glob("*.toml")} == set(_RULES)


def test_every_rule_module_is_registered() -> None:
    modules = [
        importlib.import_module(f"checkers.rules.{name}")
        for _, name, _ in pkgutil.iter_modules(checkers.rules.__path__)
    ]
    assert {module.RULE.id for module in modules} == set(_RULES)
    assert len(_RULES) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_is_for(rule: Rule) -> None:
    assert rule.harm
    assert rule.source
    assert rule.example
