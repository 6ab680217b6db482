"""Writes the page of what is known about drugs to standard output."""

import sys

from checkers.formulary.page import markdown

sys.stdout.write(markdown())
