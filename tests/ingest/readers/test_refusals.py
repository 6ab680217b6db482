"""What no reader can read, and that nothing but the two refusals ever leaves a reader."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.readers import READERS, decode
from ingest.types import NotAGuidelineError, UnreadableError
from tests.ingest.readers.outline import faults
from tests.ingest.readers.pdf_files import Put, Rule, encrypted_pdf, lines, make_pdf

PDF = make_pdf([lines(["Some words on a page.", "And some more."]), [Put("Second page", 72, 700)]])
BINARY = bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("suffix", "data", "reason"),
    [
        (".pdf", encrypted_pdf(), "encrypted; remove its password first"),
        (".pdf", PDF[: len(PDF) // 2], "not a PDF, or a damaged one"),
        (".pdf", b"%PDF-1.7 and nothing else", "not a PDF, or a damaged one"),
        (".pdf", b"words", "not a PDF, or a damaged one"),
        (".md", PDF + BINARY, "not text: it holds binary data|neither UTF-8"),
        (".txt", BINARY, "not text: it holds binary data|neither UTF-8"),
        (".html", BINARY, "not text: it holds binary data|neither UTF-8"),
        (".json", BINARY, "not text: it holds binary data|neither UTF-8"),
        (".txt", b"\xff\xfe\x00", "marked as UTF-16, but it is not"),
        (".txt", b"Give \x81\x8d 5 mg", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_unreadable(suffix: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        READERS[suffix](data, f"file{suffix}")


@pytest.mark.parametrize("suffix", sorted(READERS))
@pytest.mark.parametrize("data", [b"", b" \n\t\r\n "])
def test_empty(suffix: str, data: bytes) -> None:
    with pytest.raises((NotAGuidelineError, UnreadableError)) as caught:
        READERS[suffix](data, f"file{suffix}")
    assert isinstance(caught.value, NotAGuidelineError) or (suffix == ".pdf" and data)


def test_scanned_pdf() -> None:
    with pytest.raises(NotAGuidelineError, match=r"no text in it \(scanned\?\); run OCR first"):
        READERS[".pdf"](make_pdf([[Rule(50, 50, 300, 300)], []]), "scan.pdf")


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_too_large(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MAX_BYTES", 1024 * 1024)
    with pytest.raises(UnreadableError, match="larger than 1 MB; split it"):
        READERS[suffix](b"a" * (1024 * 1024 + 1), f"file{suffix}")


PIECES = (
    "DEPARTMENT OF HEALTH SERVICES\n~Treatment Protocol: FITS Ref. No. 12-P\n~REVISED: 07-03-25 PAGE 1 OF 2\n~PAGE 2 OF 2\n"
    "~SUPERSEDES:\n~1. ~2) ~(a) ~iv. ~• ~■~- ~o ~❶~# ~## #\n~|~ | a |\n~|--|\n~│~---\n~===\n~title: x\n~\f~\n~\n\n~ ~\t"
    "~Adult Dose\n~DOSES OF IT\n~5.1 Liver\n~Or:\n~5 mg IM~and\n~words of prose that go on~.~:~<b>~</b>~<table>~<tr>"
    "~<td rowspan=3 colspan=0>~<th>~</table>~<li>~<ul>~</ul>~<p class='head-T'>~<p class='head-C2'>~<h2>~<sup>9</sup>~<br>"
    "~<!--~-->~&lt;~&#0;~&#xD800;~<script>~</script>~<div>~**~__~[a](b)~![c](d)~\\~\x00~\ud800~\ue000~é~e\u0301~\u00ad"
    "~\u2028~Table 1. Doses\n"
).split("~")
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
SECTIONS = st.sampled_from(
    [
        "dosage_and_administration",
        "dosage_and_administration_table",
        "warnings",
        "pregnancy",
        "use_in_specific_populations",
        "_table",
    ]
)
LABEL_WORDS = st.lists(
    st.sampled_from(
        [
            "2 DOSAGE AND ADMINISTRATION ",
            "2.1 ",
            "2.2 ",
            "Adult Dose ",
            "The dose ",
            "• ",
            "8.1 Pregnancy ",
            "( 2.1 ) ",
            "of ",
        ]
    )
    | TEXTS,
    max_size=12,
).map("".join)


def faults_of(suffix: str, data: bytes) -> list[str]:
    """What is wrong with the reading of ``data``; nothing of what is refused, and no other error leaves a reader."""
    try:
        return faults(READERS[suffix](data, f"file{suffix}"))
    except (UnreadableError, NotAGuidelineError) as refusal:
        return [] if str(refusal) else ["refused without a reason"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(suffix=st.sampled_from([".md", ".txt", ".html"]), text=TEXTS)
def test_no_text_is_ever_too_odd(suffix: str, text: str) -> None:
    assert faults_of(suffix, text.encode("utf-8", "surrogatepass" if suffix == ".txt" else "replace")) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(suffix=st.sampled_from(sorted(READERS)), data=st.binary(max_size=400))
def test_no_bytes_are_ever_too_odd(suffix: str, data: bytes) -> None:
    assert faults_of(suffix, data) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    label=st.dictionaries(SECTIONS, st.lists(LABEL_WORDS, max_size=3) | JSON),
    rest=st.dictionaries(st.text(max_size=9), JSON, max_size=3),
)
def test_no_label_is_ever_too_odd(label: dict[str, object], rest: dict[str, object]) -> None:
    assert faults_of(".json", json.dumps({"openfda": rest, **rest, **label}).encode()) == []


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=st.integers(0, len(PDF)), length=st.integers(0, 60), junk=st.binary(max_size=40))
def test_no_damage_to_a_pdf_is_ever_too_odd(start: int, length: int, junk: bytes) -> None:
    assert faults_of(".pdf", PDF[:start] + junk + PDF[start + length :]) == []
