from __future__ import annotations

from datetime import date

from guidelines.types import Status
from ingest.readers import READERS
from ingest.types import Reading
from tests.ingest.readers.outline import faults, outline


def read(text: str, name: str = "file.md") -> Reading:
    reading = READERS[".md"](text.encode(), name)
    assert faults(reading) == []
    return reading


GUIDE = """\
# Fever in madeup children

Lead line before the list:

- give **fluids** often
  and slowly
    1. count breaths
    2. weigh the child
- see [the dose table](dose.html)

Doses of madeupin
-----------------

| Age | Dose | Form |
|-----|:----:|------|
| < 1 year | 2.5 mg | syrup |
|  | 5 mg\\* | tablet |

<table><caption>Rates</caption>
<tr><th>Age</th><th colspan="2">Breaths</th></tr>
<tr><td>1 year</td><td>20</td><td>30</td></tr>
</table>

White cells above 10<sup>9</sup>/L &lt; 10<sup>10</sup>/L.
<!-- not for readers -->
"""


def test_golden() -> None:
    reading = read(GUIDE)
    assert outline(reading) == [
        "heading 1: Fever in madeup children",
        "paragraph: Lead line before the list:",
        "item 1: - give fluids often⏎  and slowly",
        "item 2: 1. count breaths",
        "item 2: 2. weigh the child",
        "item 1: - see the dose table",
        "heading 2: Doses of madeupin",
        "header #1: Age | Dose | Form",
        "row #1: < 1 year | 2.5 mg | syrup",
        "row #1: < 1 year | 5 mg* | tablet",
        "caption #0: Rates",
        "header #0: Age | Breaths | Breaths",
        "row #0: 1 year | 20 | 30",
        "paragraph: White cells above 10⁹/L < 10¹⁰/L.",
    ]
    assert reading.metadata.title == "Fever in madeup children"
    assert reading.metadata.population == ("child",)
    assert reading.notes == ("left out 1 comments",)
    assert reading.media_type == "text/markdown"


PROTOCOL = """\
# 4711 12 Bee Sting

DEPARTMENT OF HEALTH SERVICES
COUNTY OF LOS ANGELES

Treatment Protocol: BEE STING Ref. No. 12-P


REVISED: 07-03-25 PAGE 1 OF 2

1. Remove the sting
If it is deep, leave it to the hospital

2. For swelling of the throat:
Madeupin 5mg IM

0-11 months
Madeupin 0.5 mg
repeat once

3. Watch the child until the swelling has gone and

DEPARTMENT OF HEALTH SERVICES
COUNTY OF LOS ANGELES

Treatment Protocol: BEE STING Ref. No. 12-P


REVISED: 07-03-25 PAGE 2 OF 2

breathing is quiet

SPECIAL CONSIDERATIONS
❶ Bees sting once
"""


def test_page_headers_go_and_leave_their_facts() -> None:
    reading = read(PROTOCOL, "4711_12-BeeSting.md")
    assert outline(reading) == [
        "heading 1: Treatment Protocol: BEE STING Ref. No. 12-P",
        "item 1: 1. Remove the sting⏎If it is deep, leave it to the hospital",
        "item 1: 2. For swelling of the throat:",
        "item 2: Madeupin 5mg IM",
        "item 2: 0-11 months⏎Madeupin 0.5 mg⏎repeat once",
        "item 1: 3. Watch the child until the swelling has gone and⏎breathing is quiet",
        "heading 2: SPECIAL CONSIDERATIONS",
        "item 1: ❶ Bees sting once",
    ]
    metadata = reading.metadata
    assert metadata.title == "Treatment Protocol: BEE STING, Ref. No. 12-P"
    assert metadata.work == "department-of-health-services-county-of-los-angeles-12-p"
    assert metadata.publisher == "DEPARTMENT OF HEALTH SERVICES, COUNTY OF LOS ANGELES"
    assert (metadata.edition, metadata.effective_date) == ("REVISED 07-03-25", date(2025, 7, 3))
    assert (metadata.reference, metadata.jurisdiction) == ("Ref. No. 12-P", "US")
    assert metadata.population == ()
    assert [page.number for page in reading.pages] == [1, 2]
    assert reading.text[reading.pages[1].start :].startswith("breathing is quiet")
    assert reading.notes == (
        "removed 7 lines of repeated page headers and footers",
        "left out the first line, which only repeats the file's name",
    )


def test_doses_next_to_a_page_break_are_never_taken_for_page_headers() -> None:
    header = "DEPARTMENT OF HEALTH SERVICES\nTreatment Protocol: {title} Ref. No. {number}\n"
    page = header + "REVISED: 01-01-25 PAGE {number} OF 9\n{body}\n"
    doses = ["Madeupin 5mg IM, repeat x1 in 10 min", "Midmade 10mg IV"]
    text = "".join(page.format(title="X" * (1 + n % 2), number=n, body="\n".join(doses)) for n in range(1, 10))
    reading = read(text)
    assert reading.text.count(doses[0]) == 9
    assert reading.text.count(doses[1]) == 9


def test_title_that_changes_in_the_middle_becomes_a_heading_and_leaves_the_file_without_one() -> None:
    header = "COUNTY OF LOS ANGELES\nTreatment Protocol: {} Ref. No. {}\nREVISED: 01-01-25 PAGE {} OF 3\n\n"
    page = header + "Give {} mg of it now.\n\n"
    text = (
        page.format("ADULT FITS", "1", 1, 10)
        + page.format("ADULT FITS", "1", 2, 20)
        + page.format("CHILD FITS", "1-P", 3, 5)
    )
    reading = read(text)
    assert [line for line in outline(reading) if line.startswith("heading")] == [
        "heading 1: Treatment Protocol: ADULT FITS Ref. No. 1",
        "heading 1: Treatment Protocol: CHILD FITS Ref. No. 1-P",
    ]
    assert reading.metadata.title is None
    assert reading.metadata.work is None


def test_front_matter() -> None:
    reading = read(
        "---\ntitle: 'Croup at home'\neffective_date: 2024-05-01\njurisdiction: NO\n"
        "edition: 2.10\npopulation: [child, neonate]\n"
        "supersedes:\n  - 2.9\n  - 2.8\nstatus: draft\nreview_date: soon\ncolour: blue\n---\n# Another title\n\nWords.\n"
    )
    metadata = reading.metadata
    assert metadata.title == "Croup at home"
    assert (metadata.effective_date, metadata.review_date) == (date(2024, 5, 1), None)
    assert (metadata.jurisdiction, metadata.edition) == ("NO", "2.10")
    assert (metadata.population, metadata.supersedes) == (("child", "neonate"), ("2.9", "2.8"))
    assert metadata.status is Status.DRAFT
    assert reading.notes == (
        "front matter: the value of “review_date” cannot be used, left out",
        "front matter: “colour” is no known field, left out",
    )
    assert outline(reading) == ["heading 1: Another title", "paragraph: Words."]


def test_asterisks_of_footnotes_stay() -> None:
    assert outline(read("Give 5 mg* twice, 2 ** 3 times.\n\n*Not in children.")) == [
        "paragraph: Give 5 mg* twice, 2 ** 3 times.",
        "paragraph: *Not in children.",
    ]


def test_an_empty_table_cell_that_is_not_the_first_stays_empty() -> None:
    assert outline(read("| Drug | Adult | Child |\n|--|--|--|\n| madeupin | | 5 mg |\n| othermade | 1 mg | |")) == [
        "header #0: Drug | Adult | Child",
        "row #0: madeupin |  | 5 mg",
        "row #0: othermade | 1 mg | ",
    ]
