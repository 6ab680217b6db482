"""When to answer: the curve of coverage against error, and the model of confidence that it is drawn with.

    python -m tests.bench.abstention [--corpus HOME] [--bundled HOME] [--json] [--fit]

``--corpus`` is a home that holds the corpus without the bundled guidelines, ``--bundled`` one that holds these alone; what is
not there yet is ingested.
Fitted on the development part: the forty, the questions out of scope, the development part of ``abstention.toml``, and the
questions on labels and guidelines, each once with its documents and once with them hidden. The held-out part: the sixty and
the rest of ``abstention.toml``. ``--fit`` writes ``cdss/data/confidence.toml``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import cdss
from cdss.abstention import Evidence, Judgement, asked_words, judge
from cdss.drugs import asked_drugs
from cdss.retrieve import Retrieval, retrieve
from cdss.settings import RetrievalSettings, Settings
from cdss.shorthand import spelled_out
from checkers.types import Patient
from guidelines.index import Filters
from guidelines.library import Library, open_library
from ingest.pipeline import add
from ingest.progress import progress
from tests.bench.retrieval_sets import _folder, _gold
from tests.eval.test_questions import CORPUS, load

DOCUMENTS = Path(__file__).parents[2] / "guidelines" / "documents"
TODAY = date(2026, 11, 24)
WIDE = 30
"""Passages asked for, so that there are some left when those that answer are hidden."""
FOLDS = 10
HIDDEN_WEIGHT = 0.1
"""Of a question with its documents hidden, or of its twin: another document may answer it still, so it counts for little."""
OFF_TOPIC_WEIGHT = 3.0
RIDGE = 1.0


@dataclass(frozen=True)
class Case:
    """One question as the library sees it. ``part``: dev, held-out or hidden; ``kind`` as in ``abstention.toml``."""

    id: str
    part: str
    kind: str
    answered: bool
    judgement: Judgement

    @property
    def weight(self) -> float:
        if self.part == "hidden":
            return HIDDEN_WEIGHT
        return OFF_TOPIC_WEIGHT if self.kind == "off-topic" else 1.0


def cases(corpus: Library, bundled: Library) -> Iterator[Case]:
    """Every question of every set, asked of the library that it was written for; of those on labels and guidelines the ones
    whose documents are there."""
    live = corpus.live()
    held = {Path(head.source).name for head in live.heads.values()} if live else set()
    for name, part in (("forty", "dev"), ("heldout", "held-out")):
        for item in load(f"questions_{name}.toml"):
            yield Case(item["id"], part, name, True, ask(item, corpus)[0])
    for item in load("questions_out_of_scope.toml"):
        yield Case(item["id"], "dev", item["kind"], False, ask(item, corpus)[0])
    for item in load("abstention.toml"):
        library = corpus if item["library"] == "corpus" else bundled
        yield Case(item["id"], item["part"], item["kind"], item["kind"] == "answered", ask(item, library)[0])
    for name in ("labels", "guidelines"):
        for item in load(f"{name}.toml"):
            if not all(Path(gold["file"]).name in held for gold in item["gold"]):
                continue
            judged, got = ask(item, corpus)
            yield Case(item["id"], "hidden", name, True, judged)
            yield Case(item["id"], "hidden", "hidden", False, without_its_documents(item, got, corpus))


def ask(item: dict[str, Any], library: Library) -> tuple[Judgement, Retrieval]:
    """The judgement on a question, and what was found."""
    patient = Patient.model_validate(item["patient"]) if "patient" in item else None
    got = retrieve(
        item["text"],
        library=library,
        settings=RetrievalSettings(passages=WIDE),
        filters=Filters(),
        as_of=TODAY,
        patient=patient,
    )
    return judged(item["text"], got, library), got


def judged(question: str, got: Retrieval, library: Library) -> Judgement:
    """The judgement on what is left in ``got``."""
    live = library.live()
    assert live is not None
    question = spelled_out(question)
    drugs = asked_drugs(question)
    words = asked_words(question, drugs, live.words, library.pieces)
    return judge(question, got.found, words=words, drugs=drugs, sources=got.sources)


def without_its_documents(item: dict[str, Any], got: Retrieval, library: Library) -> Judgement:
    """The same question when the documents that answer it, and others of the same name, are not there."""
    gold = set(_gold(library, item))
    names = {Path(gold["file"]).name for gold in item["gold"]}
    titles = {
        found.head.title.split()[0] for found in got.found if found.head.source in names or found.passage.id in gold
    }
    left = tuple(
        found
        for found in got.found
        if found.head.source not in names and found.passage.id not in gold and found.head.title.split()[0] not in titles
    )
    return judged(item["text"], replace(got, found=left), library)


@contextmanager
def _library(home: Path | None, documents: Path) -> Iterator[Library]:
    """The library under ``home``, or one that is gone afterwards, with ``documents`` in it."""
    with _folder(home) as place, open_library(Settings(home=place)) as library:
        if library.live() is None:
            with progress() as listener:
                add(library, [documents], actor="bench", listener=listener)
        yield library


Array = NDArray[np.float64]


def fit(features: Array, answered: Array, weights: Array) -> Array:
    """Bias and weights ``(1 + n,)`` of a ridge logistic model on raw features ``(m, n)``; classes weigh the same."""
    mean, scale = features.mean(0), np.where(features.std(0) > 0, features.std(0), 1.0)
    design = np.c_[np.ones(len(features)), (features - mean) / scale]
    sample = weights.copy()
    for group in (0.0, 1.0):
        sample[answered == group] *= 100 / sample[answered == group].sum()
    theta = np.zeros(design.shape[1])
    penalty = np.diag([0.0, *[RIDGE] * features.shape[1]])
    for _ in range(50):
        sure = 1 / (1 + np.exp(-design @ theta))
        gradient = design.T @ (sample * (sure - answered)) + penalty @ theta
        hessian = (design.T * (sample * sure * (1 - sure))) @ design + penalty
        step = np.linalg.solve(hessian, gradient)
        theta -= step
        if np.abs(step).max() < 1e-9:
            break
    raw = theta[1:] / scale
    return np.concatenate([[theta[0] - raw @ mean], raw])


def sure(theta: Array, features: Array) -> Array:
    """Confidence of each row."""
    return np.asarray(1 / (1 + np.exp(-(theta[0] + features @ theta[1:]))))


def cross_validated(features: Array, answered: Array, weights: Array, ids: list[str]) -> Array:
    """Confidence of each row by a model that saw neither it nor its twin."""
    order = {name: n for n, name in enumerate(np.random.default_rng(0).permutation(sorted(set(ids))))}
    fold = np.array([order[name] % FOLDS for name in ids])
    out = np.zeros(len(ids))
    for number in range(FOLDS):
        here = fold == number
        out[here] = sure(fit(features[~here], answered[~here], weights[~here]), features[here])
    return out


def curve(confidence: Array, answered: Array) -> list[dict[str, float]]:
    """From the most confident question down: ``coverage``, the share that is answered, and ``error``, how many of those
    the library does not answer."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1 - answered[order])
    total = np.arange(1, len(order) + 1)
    return [
        {"coverage": float(n / len(order)), "error": float(bad / n), "floor": float(confidence[i])}
        for n, bad, i in zip(total, wrong, order, strict=True)
    ]


def area(points: list[dict[str, float]]) -> float:
    """Mean error over all coverages: less is better."""
    return float(np.mean([point["error"] for point in points]))


def main() -> int:
    """Print the table, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--bundled", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--fit", action="store_true")
    args = parser.parse_args()
    with _library(args.corpus, CORPUS) as corpus, _library(args.bundled, DOCUMENTS) as bundled:
        got = list(cases(corpus, bundled))
    features = np.array([astuple(case.judgement.evidence) for case in got])
    answered = np.array([float(case.answered) for case in got])
    weights = np.array([case.weight for case in got])
    seen = np.array([case.part != "held-out" for case in got])
    zero = np.array([case.judgement.confidence == 0.0 for case in got])
    use = seen & ~zero
    theta = fit(features[use], answered[use], weights[use])
    confidence = sure(theta, features)
    ids = [case.id for case, each in zip(got, use, strict=True) if each]
    confidence[use] = cross_validated(features[use], answered[use], weights[use], ids)
    confidence[zero] = 0.0
    if args.fit:
        write(theta)
    if args.json:
        print(json.dumps(report(got, confidence, answered), indent=1))
    else:
        show(got, confidence, answered)
        print(
            "bias",
            round(float(theta[0]), 3),
            dict(zip([f.name for f in fields(Evidence)], theta[1:].round(2), strict=True)),
        )
    return 0


def report(got: list[Case], confidence: Array, answered: Array) -> dict[str, Any]:
    """The curve of each part, its area, and what each kind of question comes to at the floor that is set."""
    floor = RetrievalSettings().floor
    out: dict[str, Any] = {"floor": floor}
    for part in ("dev", "held-out"):
        here = np.array([case.part == part for case in got])
        points = curve(confidence[here], answered[here])
        kinds: dict[str, dict[str, int]] = {}
        for case, sureness in zip(got, confidence, strict=True):
            if case.part == part:
                row = kinds.setdefault(case.kind, {"questions": 0, "answered": 0})
                row["questions"] += 1
                row["answered"] += int(sureness >= floor)
        out[part] = {"area": area(points), "kinds": kinds, "curve": points}
    return out


def show(got: list[Case], confidence: Array, answered: Array) -> None:
    """The curve at each tenth of coverage, and what becomes of each kind at several floors."""
    for part in ("dev", "held-out"):
        here = np.array([case.part == part for case in got])
        points = curve(confidence[here], answered[here])
        print(f"\n{part}: {here.sum()} questions, {int(answered[here].sum())} answerable; area {area(points):.3f}")
        print("coverage " + " ".join(f"{share:>6.0%}" for share in np.arange(1, 11) / 10))
        tenths = [points[round(share * len(points)) - 1] for share in np.arange(1, 11) / 10]
        print("error    " + " ".join(f"{point['error']:>6.1%}" for point in tenths))
        print("floor    " + " ".join(f"{point['floor']:>6.2f}" for point in tenths))
    kinds = list(dict.fromkeys((case.part, case.kind) for case in got))
    floors = np.array([0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4])
    print("\nanswered at floor" + " " * 15 + " ".join(f"{floor:>5.2f}" for floor in floors))
    for part, kind in kinds:
        for truth in (True, False):
            these = np.array([case.part == part and case.kind == kind and case.answered is truth for case in got])
            if these.any():
                counts = " ".join(f"{int((confidence[these] >= floor).sum()):>5}" for floor in floors)
                print(f"{part:9}{kind:11}{'answerable' if truth else 'not':11}{these.sum():>4}   {counts}")


def write(theta: Array) -> None:
    """The model, where the service reads it."""
    path = Path(cdss.__file__).parent / "data" / "confidence.toml"
    lines = [f"{field.name} = {value:.3f}" for field, value in zip(fields(Evidence), theta[1:], strict=True)]
    header = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    path.write_text("\n".join([*header, "", f"bias = {theta[0]:.3f}", "", "[weights]", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
