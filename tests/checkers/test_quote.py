"""The quote rule: what it accepts, how it names what it does not, and that no text makes it slow."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from checkers.fold import fold
from checkers.rules import quote as rule
from checkers.types import Claim, Finding, Quote, Severity, Subject
from guidelines.types import Citation, Passage, Sentence

SOURCE = """Give amoxi-
cillin 15 mg/kg every 6 hours for 2-
3 days unless the child is jaundiced. The usual adult dose is 10 mg/kg/day,
up to a maximum of 4 g.

Do not use in pregnancy. Consider gentamicin 7.5 mg/kg once daily. Non-steroidal drugs are inappropriate here; a
beta-lactam is safe. Platelets below 50 × 10⁹/L need care. Infuse 1,500 mL at 38.5 °C when pH < 7.2.
• Fever
• Fast breathing, 40-50 breaths per minute
"""


def judged(quote: str, source: str = SOURCE, *others: Quote) -> list[Finding]:
    claim = Claim(id="c", text="-", quotes=(Quote(quote=quote, source=source), *others))
    return [finding for finding in rule.check(Subject(claim=claim)) if finding.evidence.get("quote") == 0]


@pytest.mark.parametrize(
    "quote",
    [
        "Give amoxicillin 15 mg/kg every 6 hours for 2-3 days unless the child is jaundiced.",
        "Give amoxi-cillin 15 mg/kg every 6 hours for 2 - 3 days unless the child is jaundiced.".replace(
            "2 - 3", "2–3"
        ),
        "Give amoxi-\n  cillin 15mg/kg every\n6 hours for 2-3 days unless the child is jaundiced.",
        "The usual adult dose is 10 mg/ kg/day, up to a maximum of 4\u00a0g.",
        "“Consider gentamicin 7.5 mg/kg once daily.”",
        "Consider gentamicin 7.5 mg/kg once daily",
        "Non‑steroidal drugs are inappropriate here; a beta–lactam is safe.",
        "Non-\nsteroidal drugs are inap-\npropriate here; a beta-\nlactam is safe.",
        "Platelets below 50 × 10⁹/L need care.",
        "Infuse 1,500 mL at 38.5°C when pH <7.2.",
        "• Fever\n• Fast breathing, 40–50 breaths per minute",
        "Fast breathing",
        "Do not use in preg\u00adnancy.",
        "… Do not use in pregnancy. …",
    ],
)
def test_honest_copies_pass(quote: str) -> None:
    assert judged(quote) == []


@pytest.mark.parametrize(
    ("quote", "kind"),
    [
        ("Give amoxicillin 15 mg", "quote-altered"),
        ("The usual adult dose is 10 mg/kg", "quote-altered"),
        ("5 mg/kg every 6 hours", "quote-altered"),
        ("Give amoxicillin 1", "quote-altered"),
        ("kg every 6 hours for 2-3 days", "quote-altered"),
        ("3 days unless the child is jaundiced.", "quote-altered"),
        ("appropriate here", "quote-altered"),
        ("steroidal drugs are inappropriate", "quote-altered"),
        ("lactam is safe", "quote-altered"),
        ("Infuse 1", "quote-altered"),
        ("500 mL at 38.5 °C when pH < 7.2.", "quote-altered"),
        ("7.2. Fever", "quote-altered"),
        ("5 °C when pH < 7.2.", "quote-altered"),
        ("Platelets below 50 × 10", "quote-altered"),
        ("Platelets below 50 × 109/L need care.", "quote-altered"),
        ("Platelets below 50 × 10^9/L need care.", "quote-altered"),
        ("gentamicin 75 mg/kg once daily.", "quote-altered"),
        ("Consider gentamicin 7.5 mg/kg twice daily.", "quote-altered"),
        ("Use in pregnancy. Consider gentamicin 7.5 mg/kg once daily.", "quote-altered"),
        ("for 23 days unless the child is jaundiced.", "quote-altered"),
        ("Give amoxicillin 15 mg/kg every 6 hours Do not use in pregnancy.", "quote-spliced"),
        ("Consider gentamicin 7.5 mg/kg once daily for 2-3 days unless the child is jaundiced.", "quote-spliced"),
        ("The usual adult dose is … 4 g.", "quote-spliced"),
        ("Give amoxicillin … in pregnancy.", "quote-spliced"),
        ("Do … use in pregnancy.", "quote-spliced"),
        ("is safe … Give amoxicillin", "quote-altered"),
        ("Zebra crossings are safe at night.", "quote-missing"),
        ("Consider gentamicin 7.5 mg/kg once dаily.", "quote-altered"),
        ("Consider gentamicin 7.٥ mg/kg once daily.", "quote-altered"),
        ("Consider gentamicin 7.\u200b5 mg/kg once daily.", "quote-altered"),
        ("Consider gentamicin \u2066 7.5 mg/kg once daily.", "quote-hidden"),
        ("", "quote-empty"),
        (".", "quote-empty"),
        ("of the", "quote-empty"),
        ("15", "quote-empty"),
        ("…", "quote-empty"),
    ],
)
def test_dishonest_copies_are_blocked_and_named(quote: str, kind: str) -> None:
    (finding,) = judged(quote)
    assert (finding.rule, finding.severity) == (kind, Severity.BLOCK)


@pytest.mark.parametrize(
    ("quote", "left_out"),
    [
        ("Give amoxicillin 15 mg/kg every 6 hours for 2-3 days", "unless"),
        ("use in pregnancy.", "not"),
        ("gentamicin 7.5 mg/kg once daily.", "Consider"),
        ("Infuse 1,500 mL at 38.5 °C", "when"),
        ("The usual adult dose is 10 mg/kg/day", "up to"),
    ],
)
def test_what_is_cut_short_goes_to_review(quote: str, left_out: str) -> None:
    (finding,) = judged(quote)
    assert (finding.rule, finding.severity) == ("quote-cut", Severity.REVIEW)
    assert left_out in str(finding.evidence["source"])


def test_a_condition_quoted_beside_it_is_not_left_out() -> None:
    rest = Quote(quote="for 2-3 days unless the child is jaundiced.", source=SOURCE)
    assert judged("Give amoxicillin 15 mg/kg every 6 hours", SOURCE, rest) == []


def test_an_honest_ellipsis_is_mentioned_and_released() -> None:
    (finding,) = judged("Non-steroidal drugs … inappropriate here; a beta-lactam is safe.")
    assert (finding.rule, finding.severity) == ("quote-ellipsis", Severity.INFO)


def test_a_place_that_is_whole_is_preferred_to_one_that_is_torn() -> None:
    assert judged("Give 10 mg", "Give 10 mg/kg at first.\n\nGive 10 mg") == []


def test_page_furniture_may_stand_between_the_lines_of_either() -> None:
    text = "The patient should be\n{}\nmonitored closely for an hour."
    for furniture in ("Page 12 of 40", "- 12 -", "\n12\n", "\f12\n"):
        assert judged("The patient should be monitored closely for an hour.", text.format(furniture)) == []
        assert judged(text.format(furniture), "The patient should be monitored closely for an hour.") == []


def test_running_heads_are_furniture_where_they_repeat() -> None:
    head = "Treatment of malaria in the wards"
    source = (
        f"Give fluids to all who are\n{head}\nPage 3\ndry.\nWeigh every day those who\n{head}\nPage 4\nare swollen."
    )
    assert judged("Give fluids to all who are dry.", source) == []


@pytest.mark.parametrize("line", ["500", "not", "in adults", "every 12 hours", "unless"])
def test_a_line_of_a_table_is_no_furniture(line: str) -> None:
    source = f"Amoxicillin by mouth\n\n{line}\n\nmg three times\n" * 4
    assert judged("Amoxicillin by mouth mg three times", source) != []


def test_words_from_another_source_of_the_claim_were_moved() -> None:
    other = Quote(quote="Give iron daily.", source="Give iron daily. Weigh weekly.")
    (finding,) = judged("Weigh weekly.", "Give iron daily.", other)
    assert (finding.rule, finding.severity) == ("quote-moved", Severity.REVIEW)


def passage(name: str, text: str, document: str) -> Passage:
    return Passage(
        id=name,
        document_id=document,
        section=(),
        start=0,
        end=len(text),
        text=text,
        sentences=(Sentence(0, len(text)),),
    )


def cited(quote: str, citation: tuple[int, int], *passages: Passage) -> list[str]:
    start, end = citation
    here = Citation(passage_id="p1", document="malaria-aaaaaaaaaa", title="Malaria", section="", start=start, end=end)
    claim = Claim(id="c", text="-", quotes=(Quote(quote=quote, source=passages[0].text, citation=here),))
    return [f.rule for f in rule.check(Subject(claim=claim, passages={p.id: p for p in passages}))]


def test_a_citation_that_points_elsewhere_in_the_passage() -> None:
    text = "Give iron daily for a month. Weigh them weekly at home."
    assert cited("Weigh them weekly at home.", (29, 55), passage("p1", text, "malaria-aaaaaaaaaa")) == []
    assert cited("Weigh them weekly at home.", (0, 28), passage("p1", text, "malaria-aaaaaaaaaa")) == ["quote-moved"]


def test_another_passage_and_another_edition() -> None:
    here = passage("p1", "Give iron daily for a month.", "malaria-aaaaaaaaaa")
    assert cited("Weigh weekly.", (0, 28), here, passage("p2", "Weigh weekly.", "malaria-aaaaaaaaaa")) == [
        "quote-moved"
    ]
    assert cited("Weigh weekly.", (0, 28), here, passage("p2", "Weigh weekly.", "malaria-bbbbbbbbbb")) == [
        "quote-edition"
    ]


def test_the_difference_is_shown_word_by_word() -> None:
    (finding,) = judged("Consider gentamicin 75 mg/kg once daily.")
    assert finding.evidence["claim"] == "gentamicin 75 mg/kg"
    assert finding.evidence["source"] == "gentamicin 7.5 mg/kg"


NASTY: dict[str, Callable[[int], tuple[str, str]]] = {
    "one letter": lambda n: ("a" * (n // 2), "a" * n),
    "one letter, missed": lambda n: ("a" * (n // 2) + "b", "a" * n),
    "one word": lambda n: ("give iron " * 20 + "x", "give iron " * (n // 10)),
    "torn everywhere": lambda n: ("give 10 mg", "give 10 mg/kg " * (n // 14)),
    "cut everywhere": lambda n: ("give 10 mg daily", "x. give 10 mg daily unless " * (n // 27)),
    "hyphens": lambda n: ("ab-" * (n // 8) + "c", "ab-" * (n // 3)),
    "broken words": lambda n: ("ab- cd " * (n // 14) + "x", "ab- cd " * (n // 7)),
    "line ends": lambda n: ("Give 10 mg", "\n" * n),
    "page numbers": lambda n: ("Give 10 mg now", "Page 1\n" * (n // 7)),
    "running heads": lambda n: ("Give 10 mg now", "Header line here\nword goes\n" * (n // 27)),
    "ellipses": lambda n: ("ab … " * (n // 16), "ab " * (n // 3)),
    "white space": lambda n: ("Give 10 mg", " \t" * (n // 2)),
    "zero width": lambda n: ("Give 10 mg", "1\u200b" * (n // 2)),
    "soft hyphens": lambda n: ("Give 10 mg", "a\u00ad" * (n // 2)),
    "combining marks": lambda n: ("Give 10 mg", "a" + "\u0301" * n),
    "digits": lambda n: ("Give 10 mg 1", "1" * n),
    "other words": lambda n: (" ".join(f"w{i}" for i in range(n // 14)), " ".join(f"v{i}" for i in range(n // 7))),
    "same words, other order": lambda n: (
        " ".join(f"w{i % 50}" for i in range(n // 12)),
        " ".join(f"w{i % 51}" for i in range(n // 6)),
    ),
}


def _seconds(quote: str, source: str) -> float:
    fold.forget()
    began = time.process_time()
    judged(quote, source)
    return time.process_time() - began


@pytest.mark.parametrize("name", NASTY)
def test_time_grows_with_the_source_and_no_faster(name: str) -> None:
    """Eight times the text: eight times the time if linear, sixty-four times if quadratic."""
    small, large = (min(_seconds(*NASTY[name](n)) for _ in range(2)) for n in (25_000, 200_000))
    assert large < 30 * max(small, 0.002)


def test_a_thousand_quotes_a_second_at_least() -> None:
    """The bar is two thousand on a core of one's own; half of that leaves room for a busy machine."""
    sentence = "Give amoxicillin {} mg/kg every 6 hours for 2-3 days unless the child is jaundiced. "
    source = "".join(sentence.format(number) for number in range(24))[:2000]
    pairs = [(sentence.format(number % 20).strip(), f"{source}{number}") for number in range(400)]
    judged(*pairs[0])
    best = min(_of_all(pairs) for _ in range(3))
    assert best < 0.4


def _of_all(pairs: list[tuple[str, str]]) -> float:
    fold.forget()
    began = time.process_time()
    for quote, source in pairs:
        assert judged(quote, source) == []
    return time.process_time() - began
