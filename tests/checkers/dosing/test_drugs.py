"""Drugs by all their names; look-alikes never merged."""

from __future__ import annotations

import itertools

import pytest

from checkers.dosing.drugs import find_drugs
from checkers.dosing.names import classes, names, parts_of
from checkers.tables import table


@pytest.mark.parametrize(
    ("text", "ingredient", "how"),
    [
        ("paracetamol", "acetaminophen", "name"),
        ("Tylenol", "acetaminophen", "brand"),
        ("APAP", "acetaminophen", "abbreviation"),
        ("adrenaline", "epinephrine", "name"),
        ("salbutamol", "albuterol", "name"),
        ("frusemide", "furosemide", "name"),
        ("metoprolol succinate", "metoprolol succinate", "name"),
        ("losartan potassium", "losartan", "name"),
        ("dabigatran etexilate", "dabigatran", "name"),
        ("co-amoxiclav", "amoxicillin-clavulanate", "combination"),
        ("amoxicillin/clavulanic acid", "amoxicillin-clavulanate", "combination"),
        ("artemether–lumefantrine", "artemether-lumefantrine", "combination"),
        ("sulfamethoxazole and trimethoprim", "trimethoprim-sulfamethoxazole", "combination"),
        ("TMP-SMX", "trimethoprim-sulfamethoxazole", "abbreviation"),
        ("levetiracitam", "levetiracetam", "misspelling"),
        ("amoxycilin", "amoxicillin", "misspelling"),
        ("zorblatinib", None, "unknown"),
    ],
)
def test_a_name(text: str, ingredient: str | None, how: str) -> None:
    [mention] = find_drugs(f"Give {text} today.")
    assert (mention.ingredient, mention.how) == (ingredient, how)
    assert f"Give {text} today."[slice(*mention.span)] == text


@pytest.mark.parametrize(
    "text",
    [
        "vinbristine",
        "hydroxalazine",
        "chlorpropazine",
        "a patient with MS",
        "ACE inhibitors",
        "statins",
        "oral glucose tolerance",
    ],
)
def test_nobody_can_tell(text: str) -> None:
    assert not [mention for mention in find_drugs(text) if mention.ingredient]


def test_two_drugs_stay_two() -> None:
    found = [mention.ingredient for mention in find_drugs("ramipril and amlodipine, hydroxyzine or hydralazine")]
    assert found == ["ramipril", "amlodipine", "hydroxyzine", "hydralazine"]


def test_names_that_are_mixed_up_are_all_known_and_apart() -> None:
    """Two names of one group may only lead to the same ingredient where they are two names for it."""
    same = {
        name: {row_name.lower() for row_name in (name, *row.get("names", ()), *row.get("brands", ()))}
        for name, row in table("drugs")["drugs"].items()
    }
    for group in table("sound_alikes")["groups"]:
        for one, other in itertools.combinations(group, 2):
            first, second = (find_drugs(name) for name in (one, other))
            if not first or not second or first[0].ingredient is None:
                continue
            if first[0].ingredient == second[0].ingredient:
                assert {one, other} <= same[first[0].ingredient], (one, other)
            assert first[0].how != "misspelling"
            assert second[0].how != "misspelling"


def test_no_name_leads_to_two_ingredients() -> None:
    rows = table("drugs")
    owners: dict[str, str] = {}
    for ingredient, row in (rows["drugs"] | rows["combinations"]).items():
        for name in (ingredient, *row.get("names", ()), *row.get("brands", ())):
            assert owners.setdefault(name.lower(), ingredient) == ingredient, name


def test_the_table_is_whole() -> None:
    rows = table("drugs")
    assert rows["source"]
    assert len(rows["drugs"]) >= 250
    assert all(row["class"] for row in rows["drugs"].values())
    assert all(part in rows["drugs"] for row in rows["combinations"].values() for part in row["of"])
    assert names()


def test_classes() -> None:
    assert "penicillin" in classes("amoxicillin")
    assert set(classes("amoxicillin-clavulanate")) >= {"penicillin", "beta-lactamase inhibitor"}
    assert classes("nothing") == ()
    assert parts_of("codeine-acetaminophen") == ("codeine", "acetaminophen")
