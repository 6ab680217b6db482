"""Formulas of clinical arithmetic, each with the paper it is from. Units stand in the names; nothing is rounded.

A number out of the range in which a formula means anything raises ``ValueError``.
"""

from __future__ import annotations

from typing import Literal

Sex = Literal["female", "male"]

_INCH_CM = 2.54
UMOL_PER_MG_CREATININE = 88.42
"""µmol/L of creatinine that are 1 mg/dL."""


def creatinine_clearance_ml_min(*, age_years: float, weight_kg: float, creatinine_mg_dl: float, sex: Sex) -> float:
    """Cockcroft and Gault, Nephron 1976; 16:31-41. For adults."""
    _positive(age_years=age_years, weight_kg=weight_kg, creatinine_mg_dl=creatinine_mg_dl)
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_dl)
    return max(0.0, clearance * (0.85 if sex == "female" else 1))


def egfr_ml_min_173m2(*, age_years: float, creatinine_mg_dl: float, sex: Sex) -> float:
    """CKD-EPI creatinine equation of 2021, Inker and others, N Engl J Med 2021; 385:1737-49. For adults."""
    _positive(age_years=age_years, creatinine_mg_dl=creatinine_mg_dl)
    kappa, alpha = (0.7, -0.241) if sex == "female" else (0.9, -0.302)
    ratio = creatinine_mg_dl / kappa
    rate: float = 142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.2 * 0.9938**age_years
    return rate * (1.012 if sex == "female" else 1)


def egfr_bedside_schwartz_ml_min_173m2(*, height_cm: float, creatinine_mg_dl: float) -> float:
    """Schwartz and others, J Am Soc Nephrol 2009; 20:629-37. For 1 to 16 years."""
    _positive(height_cm=height_cm, creatinine_mg_dl=creatinine_mg_dl)
    return 0.413 * height_cm / creatinine_mg_dl


def body_surface_m2(*, weight_kg: float, height_cm: float) -> float:
    """Mosteller, N Engl J Med 1987; 317:1098."""
    _positive(weight_kg=weight_kg, height_cm=height_cm)
    return float((weight_kg * height_cm / 3600) ** 0.5)


def carboplatin_mg(*, auc_mg_min_ml: float, gfr_ml_min: float) -> float:
    """Calvert and others, J Clin Oncol 1989; 7:1748-56. The rate counts as 125 mL/min at most (FDA, October 2010)."""
    _positive(auc_mg_min_ml=auc_mg_min_ml, gfr_ml_min=gfr_ml_min)
    return auc_mg_min_ml * (min(gfr_ml_min, 125) + 25)


def ideal_weight_kg(*, height_cm: float, sex: Sex) -> float:
    """Devine, Drug Intell Clin Pharm 1974; 8:650-5. For adults of at least five feet (152.4 cm)."""
    over = height_cm / _INCH_CM - 60
    if over < 0:
        raise ValueError("the formula of Devine begins at a height of 152.4 cm")
    return (45.5 if sex == "female" else 50.0) + 2.3 * over


def adjusted_weight_kg(*, weight_kg: float, height_cm: float, sex: Sex, factor: float = 0.4) -> float:
    """Ideal weight and ``factor`` of what is above it, as in Bauer, Applied Clinical Pharmacokinetics; at most the weight."""
    _positive(weight_kg=weight_kg)
    ideal = ideal_weight_kg(height_cm=height_cm, sex=sex)
    return min(weight_kg, ideal + factor * max(0.0, weight_kg - ideal))


def corrected_calcium_mg_dl(*, calcium_mg_dl: float, albumin_g_dl: float) -> float:
    """Payne and others, BMJ 1973; 4:643-6, with a normal albumin of 4 g/dL."""
    _positive(calcium_mg_dl=calcium_mg_dl, albumin_g_dl=albumin_g_dl)
    return calcium_mg_dl + 0.8 * (4 - albumin_g_dl)


def corrected_phenytoin_mcg_ml(*, phenytoin_mcg_ml: float, albumin_g_dl: float, dialysis: bool = False) -> float:
    """Sheiner and Tozer, in Melmon and Morrelli, Clinical Pharmacology, 1978: what a total level means at a normal albumin."""
    _positive(phenytoin_mcg_ml=phenytoin_mcg_ml, albumin_g_dl=albumin_g_dl)
    return phenytoin_mcg_ml / ((0.1 if dialysis else 0.2) * albumin_g_dl + 0.1)


def maintenance_fluid_ml_day(*, weight_kg: float) -> float:
    """Holliday and Segar, Pediatrics 1957; 19:823-32: 100, 50 and 20 mL for each of the first ten, the next ten, further kg."""
    _positive(weight_kg=weight_kg)
    first, second = min(weight_kg, 10), min(max(weight_kg - 10, 0), 10)
    return 100 * first + 50 * second + 20 * max(weight_kg - 20, 0)


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not value > 0:
            raise ValueError(f"{name} must be above 0")
