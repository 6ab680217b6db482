from __future__ import annotations

from ingest.readers import READERS
from ingest.types import Reading
from tests.ingest.readers.outline import faults, outline
from tests.ingest.readers.pdf_files import Put, Rule, lines, make_pdf

BOLD = "Helvetica-Bold"


def read(pages: list[list[Put | Rule]], name: str = "file.pdf") -> Reading:
    reading = READERS[".pdf"](make_pdf(pages), name)
    assert faults(reading) == []
    return reading


def test_golden() -> None:
    first: list[Put | Rule] = [
        Put("Made Up Society", 72, 820, 8),
        Put("page 1", 500, 20, 8),
        Put("Fever in madeup children", 72, 770, 20, BOLD),
        Put("1 Diagnosis", 72, 730, 14, BOLD),
        *lines(["Take the temperature twice a day and write it down in the", "book. Do not wake the child."], top=700),
        *lines(
            ["Look for:", "• a rash", "• stiffness of the neck, which may be hidden by the crying", "of the child"],
            top=655,
        ),
        *lines(["Cells above 10", "are many, and the next sentence goes on over the end of"], top=580),
        Put("9", 147, 585, 7),
    ]
    second: list[Put | Rule] = [
        Put("Made Up Society", 72, 820, 8),
        Put("page 2", 500, 20, 8),
        *lines(
            [
                "the page.",
            ],
            top=780,
        ),
        Put("2 Treatment", 72, 740, 14, BOLD),
        Put("Give water.", 72, 715),
    ]
    third: list[Put | Rule] = [
        Put("Made Up Society", 72, 820, 8),
        Put("page 3", 500, 20, 8),
        Put("Sleep well.", 72, 715),
    ]
    reading = read([first, second, third])
    assert outline(reading) == [
        "heading 1: Fever in madeup children",
        "heading 2: 1 Diagnosis",
        "paragraph: Take the temperature twice a day and write it down in the⏎book. Do not wake the child.",
        "paragraph: Look for:",
        "item 1: • a rash",
        "item 1: • stiffness of the neck, which may be hidden by the crying⏎of the child",
        "paragraph: Cells above 10⁹⏎are many, and the next sentence goes on over the end of⏎the page.",
        "heading 2: 2 Treatment",
        "paragraph: Give water.",
        "paragraph: Sleep well.",
    ]
    assert [(page.number, reading.text[page.start :][:10]) for page in reading.pages] == [
        (1, "Fever in m"),
        (2, "the page.\n"),
        (3, "Sleep well"),
    ]
    assert reading.metadata.title == "Fever in madeup children"
    assert reading.metadata.population == ("child",)
    assert reading.notes == (
        "removed 6 lines of repeated page headers and footers, such as “Made Up Society”; “page 1”",
    )


LEFT = [
    "The left column tells how the child",
    "is examined, from the head down to",
    "the feet, and what is written down.",
]
RIGHT = [
    "The right column tells how the child",
    "is treated, with water and with rest,",
    "and when it may go back to school.",
]


def test_columns_are_read_one_after_the_other_however_the_file_orders_them() -> None:
    left = lines(LEFT * 4, x=60)
    right = lines(RIGHT * 4, x=320)
    across = [Put("A title that stands across both of the columns of this page here", 60, 810)]
    by_rows = [part for pair in zip(left, right, strict=True) for part in pair]
    said = [" ".join(read([page]).text.split()) for page in ([*across, *left, *right], [*across, *by_rows])]
    assert said[0] == said[1] == " ".join([across[0].text, *LEFT * 4, *RIGHT * 4])


def table_rules(xs: list[float], ys: list[float]) -> list[Rule]:
    level = [Rule(xs[0], y, xs[-1], y) for y in ys]
    return level + [Rule(x, ys[-1], x, ys[0]) for x in xs]


def test_ruled_table_with_a_cell_over_two_rows() -> None:
    rules = [
        Rule(60, 700, 400, 700),
        Rule(60, 670, 400, 670),
        Rule(160, 640, 400, 640),
        Rule(60, 610, 400, 610),
        Rule(60, 610, 60, 700),
        Rule(160, 610, 160, 700),
        Rule(280, 610, 280, 700),
        Rule(400, 610, 400, 700),
    ]
    words = [
        Put("Table 1. Doses of madeupin", 60, 720, 11, BOLD),
        Put("Age", 65, 680, 11, BOLD),
        Put("Form", 165, 680, 11, BOLD),
        Put("Dose", 285, 680, 11, BOLD),
        Put("1 to 5 years", 65, 640),
        Put("Syrup", 165, 650),
        Put("2.5 mg", 285, 655),
        Put("twice", 285, 643),
        Put("Tablet", 165, 620),
        Put("5 mg", 285, 620),
        Put("After the table.", 60, 580),
    ]
    assert outline(read([[*rules, *words]])) == [
        "caption #0: Table 1. Doses of madeupin",
        "header #0: Age | Form | Dose",
        "row #0: 1 to 5 years | Syrup | 2.5 mg twice",
        "row #0: 1 to 5 years | Tablet | 5 mg",
        "paragraph: After the table.",
    ]


def test_table_goes_on_over_the_page_with_its_number() -> None:
    xs, names = [60.0, 200.0, 400.0], ["Drug", "Dose"]
    first = [Put(text, x + 5, 685, 11, BOLD) for text, x in zip(names, xs, strict=False)]
    first += [Put("aaadrug", 65, 655), Put("1 mg", 205, 655)]
    second = [Put("bbbdrug", 65, 785), Put("2 mg", 205, 785), Put("cccdrug", 65, 755), Put("3 mg", 205, 755)]
    pages: list[list[Put | Rule]] = [
        [*table_rules(xs, [700, 670, 640]), *first],
        [*table_rules(xs, [800, 770, 740]), *second],
    ]
    assert outline(read(pages)) == [
        "header #0: Drug | Dose",
        "row #0: aaadrug | 1 mg",
        "row #0: bbbdrug | 2 mg",
        "row #0: cccdrug | 3 mg",
    ]


def test_line_numbers_in_the_margin_go() -> None:
    texts = [
        [
            "This guideline has numbers in",
            "its margin that are no part of it,",
            "and 5 mg in its text that",
            "are. It was a",
        ],
        [
            "draft once, and drafts of this",
            "kind are read by many people",
            "who want to say in which line",
            "they found a mistake.",
        ],
    ]
    pages: list[list[Put | Rule]] = [
        [*lines(text, x=100), *(Put(str(4 * page + n + 1), 50, 780 - 14 * n) for n in range(4))]
        for page, text in enumerate(texts)
    ]
    reading = read(pages)
    assert reading.text.split() == " ".join([*texts[0], *texts[1]]).split()
    assert reading.notes == ("removed 8 line numbers from the margin",)


def test_numbers_that_count_sections_stay() -> None:
    contents = ["3 FORMS", "4 WARNINGS", "5 REACTIONS", "6 INTERACTIONS", "7 PREGNANCY"]
    assert outline(read([lines(contents, font=BOLD)])) == [f"heading 2: {line}" for line in contents]


def test_a_drawn_box_of_one_column_is_no_table() -> None:
    box = table_rules([60, 400], [700, 650, 600])
    assert outline(read([[*box, Put("Call for help.", 65, 670), Put("Then give oxygen.", 65, 620)]])) == [
        "paragraph: Call for help.",
        "paragraph: Then give oxygen.",
    ]


def test_page_without_text_is_said() -> None:
    assert read([[Put("Words on it.", 72, 700)], []]).notes == ("no text on page 2",)


def test_a_recommendation_in_bold_is_a_sentence_and_no_heading() -> None:
    words = [
        "1. Give water to every child with fever that is awake. Clinicians should only",
        "give madeupin if it asks for it.",
    ]
    reading = read([[*lines(words, font=BOLD), Put("Supporting words of the usual kind follow here.", 72, 730)]])
    assert outline(reading)[0] == f"item 1: {words[0]}⏎{words[1]}"
