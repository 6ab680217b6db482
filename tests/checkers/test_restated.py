"""What a careful colleague would write of a sentence passes; the same words with two things exchanged do not."""

from __future__ import annotations

import pytest

from checkers.run import run
from checkers.types import Claim, Draft, Quote, Verdict

RESTATED = [
    (
        "Rifampicin reduces plasma concentrations of warfarin, so the INR should be checked weekly.",
        "Because rifampicin reduces warfarin concentrations, check the INR weekly.",
    ),
    ("Rifampicin reduces plasma concentrations of warfarin.", "Warfarin concentrations are reduced by rifampicin."),
    (
        "Apixaban is preferred to warfarin in atrial fibrillation.",
        "In atrial fibrillation, apixaban is preferred over warfarin.",
    ),
    (
        "Apixaban is preferred to warfarin in atrial fibrillation.",
        "Prefer apixaban to warfarin in atrial fibrillation.",
    ),
    ("Check potassium before starting spironolactone.", "Before starting spironolactone, check potassium."),
    (
        "Check potassium before starting spironolactone.",
        "Potassium should be checked before spironolactone is started.",
    ),
    ("Stop clopidogrel 5 days before surgery.", "Clopidogrel should be stopped 5 days before surgery."),
    (
        "Give ceftriaxone 2 g once daily, then switch to oral amoxicillin 1 g three times daily.",
        "Ceftriaxone 2 g once daily, followed by oral amoxicillin 1 g three times daily.",
    ),
    (
        "Start ramipril 2.5 mg once daily and increase to 10 mg once daily.",
        "Ramipril is started at 2.5 mg once daily and increased to 10 mg once daily.",
    ),
    (
        "Amoxicillin 500 mg three times daily for 5 days; in severe infection 1 g three times daily.",
        "In severe infection give amoxicillin 1 g three times daily.",
    ),
    (
        "Amoxicillin 500 mg three times daily for 5 days; in severe infection 1 g three times daily.",
        "Amoxicillin 500 mg three times daily for 5 days.",
    ),
    (
        "Adults: ibuprofen 400 mg every 8 hours. Children: ibuprofen 10 mg/kg every 8 hours.",
        "Children: ibuprofen 10 mg/kg every 8 hours.",
    ),
    (
        "Azithromycin 500 mg on day 1, then 250 mg once daily on days 2 to 5.",
        "Azithromycin: 500 mg on day 1, then 250 mg once daily on days 2-5.",
    ),
    (
        "Azithromycin 500 mg on day 1, then 250 mg once daily on days 2 to 5.",
        "Take azithromycin 250 mg once daily on days 2 to 5 after 500 mg on day 1.",
    ),
    (
        "ACE inhibitors are more effective than beta-blockers in reducing proteinuria.",
        "ACE inhibitors reduce proteinuria more effectively than beta-blockers.",
    ),
    ("Dexamethasone is more potent than prednisolone.", "Prednisolone is less potent than dexamethasone."),
    (
        "When switching from morphine to oxycodone, halve the dose.",
        "Halve the dose when changing from morphine to oxycodone.",
    ),
    (
        "Give paracetamol 1 g every 6 hours, maximum 4 g daily.",
        "Paracetamol 1 g every 6 hours; do not exceed 4 g daily.",
    ),
    ("Vitamin D 800 units daily with calcium 1 g daily.", "Calcium 1 g daily with vitamin D 800 units daily."),
    (
        "Aspirin 300 mg at once, then 75 mg daily, with clopidogrel 75 mg daily.",
        "Aspirin 75 mg daily with clopidogrel 75 mg daily after aspirin 300 mg at once.",
    ),
    (
        "Metformin should be stopped before contrast and restarted after 48 hours.",
        "Stop metformin before contrast; restart it after 48 hours.",
    ),
    (
        "Trimethoprim 200 mg twice daily for 3 days (7 days in men).",
        "Trimethoprim 200 mg twice daily for 7 days in men.",
    ),
    (
        "Give IV fluids before antibiotics if the patient is shocked.",
        "If the patient is shocked, IV fluids come before antibiotics.",
    ),
    (
        "Lamotrigine 25 mg daily for 2 weeks, then 50 mg daily for 2 weeks, then 100 mg daily.",
        "Lamotrigine: 25 mg daily for 2 weeks, 50 mg daily for 2 weeks, then 100 mg daily.",
    ),
    (
        "Heparin 5000 units every 8 hours or enoxaparin 40 mg once daily.",
        "Enoxaparin 40 mg once daily or heparin 5000 units every 8 hours.",
    ),
    ("NSAIDs reduce the effect of antihypertensives.", "The effect of antihypertensives is reduced by NSAIDs."),
    (
        "Sertraline 50 mg once daily; increase by 50 mg weekly to a maximum of 200 mg daily.",
        "Sertraline 50 mg once daily, increased by 50 mg each week up to 200 mg daily.",
    ),
    ("Omeprazole should be taken before breakfast.", "Take omeprazole before breakfast."),
    (
        "Vancomycin 15 mg/kg every 12 hours after a loading dose of 25 mg/kg.",
        "Load with vancomycin 25 mg/kg, then 15 mg/kg every 12 hours.",
    ),
    (
        "Benzylpenicillin 1.2 g every 4 hours plus gentamicin 5 mg/kg once daily.",
        "Gentamicin 5 mg/kg once daily plus benzylpenicillin 1.2 g every 4 hours.",
    ),
    ("Phenytoin levels are increased by amiodarone.", "Amiodarone increases phenytoin levels."),
    (
        "Replace thiamine before glucose in malnourished patients.",
        "In malnourished patients, give thiamine before glucose.",
    ),
]
EXCHANGED = [
    (
        "Enoxaparin is preferred to unfractionated heparin in patients with cancer.",
        "Unfractionated heparin is preferred to enoxaparin in patients with cancer.",
    ),
    (
        "Low-molecular-weight heparin is preferred to unfractionated heparin.",
        "Unfractionated heparin is preferred to low-molecular-weight heparin.",
    ),
    ("Doxycycline 200 mg on the first day then 100 mg daily.", "Give doxycycline 200 mg daily."),
    ("Give adrenaline before chlorphenamine.", "Give chlorphenamine before adrenaline."),
    ("Use amoxicillin rather than doxycycline in children.", "Use doxycycline rather than amoxicillin in children."),
    (
        "Switch from warfarin to apixaban when the INR is below 2.",
        "Switch from apixaban to warfarin when the INR is below 2.",
    ),
    ("Morphine is more potent than codeine.", "Codeine is more potent than morphine."),
    ("Give ceftriaxone 2 g once daily or cefotaxime 1 g three times daily.", "Give ceftriaxone 1 g three times daily."),
    ("Give ceftriaxone 2 g once daily or cefotaxime 1 g three times daily.", "Give cefotaxime 2 g once daily."),
    ("In adults give 500 mg; in children give 250 mg of amoxicillin.", "In children give 500 mg of amoxicillin."),
    ("Metformin reduces absorption of vitamin B12.", "Vitamin B12 reduces absorption of metformin."),
    ("Rifampicin lowers the level of warfarin.", "Warfarin lowers the level of rifampicin."),
    ("Replace potassium before magnesium.", "Replace magnesium before potassium."),
    ("Aspirin 300 mg then clopidogrel 75 mg.", "Clopidogrel 300 mg then aspirin 75 mg."),
]


def verdict(source: str, text: str) -> Verdict:
    claim = Claim(id="c", text=text, quotes=(Quote(quote=source, source=source),))
    return run(Draft(claims=(claim,)), as_of=None).claims[0].verdict


@pytest.mark.parametrize(("source", "text"), RESTATED)
def test_an_honest_restatement_is_released(source: str, text: str) -> None:
    assert verdict(source, text) is Verdict.RELEASE


@pytest.mark.parametrize(("source", "text"), EXCHANGED)
def test_what_was_exchanged_is_seen(source: str, text: str) -> None:
    assert verdict(source, text) is not Verdict.RELEASE
