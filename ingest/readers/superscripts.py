"""Raised and lowered signs as Unicode writes them, so that 10 to the ninth stays 10⁹ and does not become 109.

A raised single letter is a footnote mark and becomes one ("recoverᵈ", not "recoverd"); "th" and "TM" stay letters.
"""

from __future__ import annotations

import re
from typing import Final

_RAISED: Final = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED: Final = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_MARKS: Final = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_EXPONENT = re.compile(r"[0-9+\-−()n]+")
_MARK = re.compile(r"[a-z](?:\s?,\s?[a-z])*")


def raised(text: str) -> str:
    """``text`` as a superscript, if it can be an exponent or a footnote mark."""
    if _EXPONENT.fullmatch(text.strip()):
        return text.translate(_RAISED)
    return text.translate(_MARKS) if _MARK.fullmatch(text.strip()) else text


def lowered(text: str) -> str:
    """``text`` as a subscript, if it consists of digits and signs."""
    return text.translate(_LOWERED) if _EXPONENT.fullmatch(text.strip()) else text
