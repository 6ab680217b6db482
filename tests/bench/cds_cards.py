"""What our cards add to and miss of those that the authors of the public opioid requests expect, as a Markdown table.

python -m tests.bench.cds_cards > docs/cds-hooks-comparison.md
"""

from __future__ import annotations

import httpx

from cdss.api.app import create_app
from cdss.server import open_service
from cdss.settings import Settings
from tests.cdss.ehr.ehr_server import serving
from tests.cdss.ehr.opioid_requests import SERVICE, examples, repaired

HEAD = """# Public CDS Hooks requests: our cards beside their authors'

Written by `python -m tests.bench.cds_cards` over the bundled guidelines. The requests are those of the CDC opioid decision
support ([cqframework/opioid-cds-r4](https://github.com/cqframework/opioid-cds-r4)). Most are no JSON as published (a brace too
many closes the prefetch); as sent they get a 400 that says so, and here they are repaired. "-" is no card.

| request | status | expected | ours |
| --- | --- | --- | --- |"""


def _cell(cards: list[dict[str, str]] | None) -> str:
    if cards is None:
        return "(not published)"
    return "<br>".join(f"**{card['indicator']}** {card['summary']}".replace("|", "/") for card in cards) or "-"


def main() -> None:
    service = open_service(Settings())
    print(HEAD)
    with serving(create_app(lambda: service)) as base, httpx.Client(timeout=60) as client:
        while client.get(f"{base}/readyz").status_code != 200:
            pass
        for example in examples():
            body = repaired(example.content)
            got = client.post(f"{base}/cds-services/{SERVICE[body['hook']]}", json=body)
            ours = got.json().get("cards", [])
            status = (
                str(got.status_code)
                if got.status_code == 200
                else f"{got.status_code}: {got.json()['issue'][0]['diagnostics']}"
            )
            print(f"| {example.name} | {status} | {_cell(example.expected)} | {_cell(ours)} |")


if __name__ == "__main__":
    main()
