from __future__ import annotations

import pytest

from ingest.readers import READERS
from ingest.types import NotAGuidelineError, Reading, UnreadableError
from tests.ingest.readers.outline import faults, outline


def read(text: str, name: str = "file.html") -> Reading:
    reading = READERS[".html"](text.encode(), name)
    assert faults(reading) == []
    return reading


PAGE = """\
<!DOCTYPE html><html><head><title>Madeup_Ch1</title><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav>
<p class="head-A">Fever in madeup children</p>
<div class="Basic-Text-Frame"><p class="head-B Over-1">Cough <a href="x">or not</a></p>
<p>Give <b>2&nbsp;mL</b> if cells<br>are above 10<sup>9</sup>/L, H<sub>2</sub>O and
the 1<sup>st</sup> of&shy;ten<sup>a</sup>.</p></div>
<p style="display:none">secret</p><script>alert(1)</script>
<ul><li>Ask about: <ul><li>fever</li><li><p>cough</p><p>at night</p></li></ul></li><li>Look</li></ul>
<p class="dot">•\tBulleted <i>paragraph</i></p><p>—\tnested</p>
<p class="head-T2">Doses of madeupin</p>
<table><tr><td rowspan="2">Drug</td><td rowspan="2">Form</td><td colspan="2">Weight</td></tr>
<tr><td>3–<br>&lt; 6 kg</td><td>6 kg or more</td></tr>
<tr><td><p><b>Madeupin</b></p><p>Fever</p></td><td><p>Syrup</p><p>Tablet</p></td>
<td><p>1 mL</p><p>½</p></td><td><p>2 mL</p><p>1</p></td></tr>
<tr><td>Cough</td><td>Syrup</td><td colspan="2">3 mL</td></tr>
<tr><td colspan="4">Note: not for all.</td></tr>
<tr><td><b>Othermade</b></td><td>Tablet</td><td>–</td><td>1</td></tr>
<tr><td><b>Thirdmade</b></td><td colspan="3">Ask a specialist before you give any of it.</td></tr></table>
<table><tr><td>A box of <em>one</em> cell.</td></tr></table>
<table><tr><td><table><tr><th>Age</th><th>Rate</th></tr>
<tr><td>1 year</td><td><ul><li>20</li><li>30</li></ul></td></tr></table></td></tr></table>
<img src="a.png" alt="Figure of a made up lung"><img src="b.png" alt="b.png">
<div role="heading" aria-level="3">Last part</div>tail words
</body></html>
"""


def test_golden() -> None:
    reading = read(PAGE, "Madeup_Ch1.html")
    assert outline(reading) == [
        "heading 1: Fever in madeup children",
        "heading 2: Cough or not",
        "paragraph: Give 2\u00a0mL if cells⏎are above 10⁹/L, H₂O and the 1st oftenᵃ.",
        "item 1: Ask about:",
        "item 2: fever",
        "item 2: cough⏎at night",
        "item 1: Look",
        "item 1: • Bulleted paragraph",
        "item 2: — nested",
        "caption #0: Doses of madeupin",
        "header #0: Drug | Form | Weight | Weight",
        "header #0: Drug | Form | 3– < 6 kg | 6 kg or more",
        "row #0: Madeupin Fever | Syrup | 1 mL | 2 mL",
        "row #0: Madeupin Fever | Tablet | ½ | 1",
        "row #0: Madeupin Cough | Syrup | 3 mL | 3 mL",
        "row #0: Madeupin Note: not for all.",
        "row #0: Othermade | Tablet | – | 1",
        "row #0: Thirdmade | Ask a specialist before you give any of it.",
        "paragraph: A box of one cell.",
        "header #1: Age | Rate",
        "row #1: 1 year | • 20 • 30",
        "paragraph: Figure of a made up lung",
        "heading 3: Last part",
        "paragraph: tail words",
    ]
    assert reading.metadata.title == "Fever in madeup children"
    assert reading.metadata.population == ("child",)
    assert reading.notes == (
        "left out: hidden text, nav, script",
        "wrote the drug's name, set in bold above, into 2 table rows",
    )


def test_a_name_that_lost_its_bold_type_is_not_put_under_the_one_above() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{dose} mg</td></tr>" for name, dose in [
        ("<b>Aaadrug</b>", 1), ("for colds", 2), ("<b>Bbbdrug</b> (see cccdrug)", 3), ("<b>Cccdrug</b>", 4), ("Ccddrug", 5),
        ("for more", 6), ("<b>Eeedrug</b>", 7),
    ])  # fmt: skip
    reading = read(f"<table><tr><th>Drug</th><th>Dose</th></tr>{rows}</table>")
    assert outline(reading)[1:] == [
        "row #0: Aaadrug | 1 mg",
        "row #0: Aaadrug for colds | 2 mg",
        "row #0: Bbbdrug (see cccdrug) | 3 mg",
        "row #0: Cccdrug | 4 mg",
        "row #0: Ccddrug | 5 mg",
        "row #0: for more | 6 mg",
        "row #0: Eeedrug | 7 mg",
    ]


def test_declared_title_and_encoding() -> None:
    page = "<html><head><meta charset=iso-8859-1><title>Croup – at home</title></head><body>Gib 5 µg.</body></html>"
    reading = READERS[".htm"](page.replace("–", "-").encode("latin-1"), "x.htm")
    assert reading.metadata.title == "Croup - at home"
    assert reading.text == "Gib 5 µg."


@pytest.mark.parametrize(
    "page", ["<script>var a = 1</script>", "<html><body></body></html>", "<!-- nothing -->", "<p> </p>"]
)
def test_pages_without_words(page: str) -> None:
    with pytest.raises(NotAGuidelineError, match=r"no text in it|empty"):
        read(page)


def test_nesting_too_deep_is_refused_and_not_cut_off() -> None:
    with pytest.raises(UnreadableError, match="nested too deep"):
        read("<div>" * 100_000 + "words")


def test_deep_but_readable_nesting() -> None:
    assert outline(read("<div>" * 200 + "words" + "</div>" * 200)) == ["paragraph: words"]


def test_absurd_spans() -> None:
    row = '<tr><td rowspan="99999" colspan="99999">a</td><td colspan="-3">b</td></tr>'
    assert len(read(f"<table>{row * 300}</table>").text) < 1_000_000


def test_malformed() -> None:
    assert outline(read("<p>one<li>two</ul><table><td>three<p>four</b>")) == [
        "paragraph: one",
        "item 1: two",
        "paragraph: three",
        "paragraph: four",
    ]
