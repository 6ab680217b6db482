"""``python -m ingest`` is ``cdss-ingest``."""

from ingest.cli import main

main()
