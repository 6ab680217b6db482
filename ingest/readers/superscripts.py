"""Raised and lowered digits as Unicode writes them, so that 10 to the ninth stays 10⁹ and does not become 109."""

from __future__ import annotations

import re
from typing import Final

_RAISED: Final = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED: Final = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_EXPONENT = re.compile(r"[0-9+\-−()n]+")


def raised(text: str) -> str:
    """``text`` as a superscript if it can be an exponent; letters (a footnote mark, "th") stay as they are."""
    return text.translate(_RAISED) if _EXPONENT.fullmatch(text.strip()) else text


def lowered(text: str) -> str:
    """``text`` as a subscript if it consists of digits and signs."""
    return text.translate(_LOWERED) if _EXPONENT.fullmatch(text.strip()) else text
