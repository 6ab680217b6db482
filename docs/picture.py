"""Draws the picture of the README: a real answer, as the terminal shows it, saved as SVG.

python docs/picture.py [HOME] > docs/answer.svg
"""

from __future__ import annotations

import io
import re
import sys
from datetime import date
from pathlib import Path

from rich.console import Console

from cdss.pipeline import ask
from cdss.server import open_service
from cdss.settings import Settings
from cdss.terminal import show
from cdss.types import Answer, Question

QUESTION = "What dose of amoxicillin for a 3-year-old child weighing 14 kg with acute otitis media?"


def main() -> None:
    """Ask the question of the demo in ``HOME`` (``.demo`` by default)."""
    home = Path(sys.argv[1] if len(sys.argv) > 1 else ".demo")
    service = open_service(Settings(home=home))
    service.warm_up()
    answer = Answer.model_validate_json(ask(Question(question=QUESTION), service, actor="docs", today=date.today()))  # noqa: DTZ011
    service.close()
    console = Console(record=True, width=100, file=io.StringIO())
    show(answer, QUESTION, console)
    svg = console.export_svg(title=f'cdss ask "{QUESTION}"')
    sys.stdout.write(re.sub(r"@font-face\s*{[^}]*}\s*", "", svg))  # nothing is to be loaded from another host


if __name__ == "__main__":
    main()
