"""Interactions, allergies and duplicates: their shape, and that every party is a drug or a class that the table knows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from checkers.dosing.names import classes
from checkers.formulary.fields import Source
from checkers.formulary.pairs import Allergy, Duplicate, Interaction
from checkers.tables import DATA, table
from checkers.types import Severity


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / "pairs" / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)


INTERACTIONS = [Interaction.model_validate(row) for row in _toml("interactions")["interaction"]]
ALLERGIES = [Allergy.model_validate(row) for row in _toml("allergies")["allergy"]]
DUPLICATES = [Duplicate.model_validate(row) for row in _toml("duplicates")["duplicate"]]


def _known(party: str) -> bool:
    drugs = table("drugs")["drugs"]
    if party.startswith("class:"):
        return any(party.removeprefix("class:") in row["class"] for row in drugs.values())
    return party in drugs or party in table("drugs")["combinations"]


def _among(parties: Iterable[str], drug: str) -> bool:
    kinds = {f"class:{kind}" for kind in classes(drug)}
    return any(party == drug or party in kinds for party in parties)


def _between(one: str, other: str) -> list[Interaction]:
    return [
        row
        for row in INTERACTIONS
        if (_among(row.a, one) and _among(row.b, other)) or (_among(row.a, other) and _among(row.b, one))
    ]


def test_every_party_of_an_interaction_is_known() -> None:
    parties = {party for row in INTERACTIONS for party in (*row.a, *row.b, *filter(None, [row.limited]))}
    assert not [party for party in sorted(parties) if not _known(party)]


def test_every_drug_that_an_allergy_bars_is_known() -> None:
    parties = {party for row in ALLERGIES for party in (*row.drugs, *row.without)}
    classes_of_records = {party for row in ALLERGIES for party in row.to if party.startswith("class:")}
    assert not [party for party in sorted(parties | classes_of_records) if not _known(party)]


def test_every_class_of_a_duplicate_has_two_drugs_and_its_exceptions_are_among_them() -> None:
    drugs = table("drugs")["drugs"]
    for row in DUPLICATES:
        members = {name for name, found in drugs.items() if row.drug_class in found["class"]}
        assert len(members) > 1, row.drug_class
        assert {name for pair in row.without for name in pair} <= members, row.drug_class


@pytest.mark.parametrize(
    ("name", "rows"), [("interactions", INTERACTIONS), ("allergies", ALLERGIES), ("duplicates", DUPLICATES)]
)
def test_every_source_is_cited_and_every_citation_has_a_source(name: str, rows: list[Any]) -> None:
    sources = {key: Source.model_validate(given) for key, given in _toml(name)["sources"].items()}
    assert {row.source for row in rows if row.source} == set(sources)


def test_a_limit_is_on_a_party() -> None:
    for row in INTERACTIONS:
        assert (row.limited is None) == (row.up_to_daily is None and row.from_daily is None)
        assert row.limited is None or _among((*row.a, *row.b), row.limited), row.says


def test_there_are_enough() -> None:
    assert len(INTERACTIONS) >= 150


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sildenafil", "isosorbide mononitrate"),
        ("simvastatin", "clarithromycin"),
        ("voriconazole", "carbamazepine"),
        ("azathioprine", "allopurinol"),
        ("methotrexate", "trimethoprim-sulfamethoxazole"),
        ("phenelzine", "sertraline"),
        ("linezolid", "fluoxetine"),
        ("tizanidine", "ciprofloxacin"),
        ("valproate", "meropenem"),
        ("sacubitril", "lisinopril"),
        ("lithium", "ibuprofen"),
        ("rivaroxaban", "rifampin"),
        ("warfarin", "naproxen"),
        ("ketorolac", "ibuprofen"),
        ("lurasidone", "ketoconazole"),
        ("irinotecan", "phenytoin"),
        ("measles mumps rubella vaccine", "adalimumab"),
    ],
)
def test_a_dangerous_pair_blocks(one: str, other: str) -> None:
    assert any(row.severity is Severity.BLOCK for row in _between(one, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("aspirin", "clopidogrel"),
        ("aspirin", "ticagrelor"),
        ("lisinopril", "hydrochlorothiazide"),
        ("lisinopril", "spironolactone"),
        ("lisinopril", "metoprolol"),
        ("lisinopril", "furosemide"),
        ("metformin", "glipizide"),
        ("insulin glargine", "insulin lispro"),
        ("amlodipine", "atorvastatin"),
        ("warfarin", "enoxaparin"),
        ("pantoprazole", "clopidogrel"),
        ("acetaminophen", "warfarin"),
        ("ipratropium", "albuterol"),
        ("furosemide", "potassium chloride"),
        ("isoniazid", "rifampin"),
        ("vancomycin", "piperacillin-tazobactam"),
        ("fentanyl", "midazolam"),
        ("ondansetron", "dexamethasone"),
        ("methotrexate", "folic acid"),
        ("tacrolimus", "mycophenolate mofetil"),
        ("levodopa", "carbidopa"),
        ("sertraline", "trazodone"),
        ("gabapentin", "duloxetine"),
        ("levothyroxine", "calcium carbonate"),
        ("epinephrine", "propranolol"),
    ],
)
def test_a_pair_that_is_rightly_combined_is_at_most_a_remark(one: str, other: str) -> None:
    limited = [row for row in _between(one, other) if row.limited is None]
    assert all(row.severity is Severity.INFO for row in limited), [row.says for row in limited]


def test_no_pair_stands_twice_with_the_same_words() -> None:
    seen = [(row.a, row.b, row.route, row.when) for row in INTERACTIONS]
    assert len(seen) == len(set(seen))


def test_words_for_reactions_do_not_contradict_each_other() -> None:
    words = table("pairs/reactions")
    kinds = ("severe", "mild", "remote", "intolerance", "refuted")
    every = [word for kind in kinds for word in words[kind]]
    assert len(every) == len(set(every))
    assert all(word == word.lower() for word in every)
