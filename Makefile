# make demo   a checked answer from the bundled guidelines, from nothing but Python, git and make
# make test   all tests
# make check  what CI runs: format, lint, types, imports, tests
# make eval-answers  how good the answers are, on cases whose answers are known; writes answers.html
# make test-vllm  the drafting model for real: sets up vLLM for CPU in an environment of its own, serves a small model, asks it
# make bench  how fast and how large; bench-scale: the same up to 300,000 passages, an hour or more;
#             bench-questions, -retrieval, -abstention, -quotes, -doses: how good
#             bench-model: ten thousand adversarial drafts, and what all but the model adds; bench-vllm: fifty questions to vLLM

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
DEMO_HOME := .demo
DEMO_QUESTION := What dose of amoxicillin for a 3-year-old child weighing 14 kg with acute otitis media?

export HF_HUB_OFFLINE := 1

.PHONY: demo install test test-vllm check lint types eval-answers bench bench-scale bench-questions bench-retrieval bench-abstention
.PHONY: bench-hooks bench-quotes bench-doses bench-model bench-vllm clean help

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("cdss needs Python 3.11 or newer; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

# PyTorch is named first and by its exact release, so that pip does not look for a newer one with gigabytes of CUDA.
$(INSTALLED): pyproject.toml | $(BIN)/python
	@echo "Installing cdss and its packages into $(VENV) (about 2 GB, a few minutes the first time) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	@echo "Installing the development tools ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

install: $(INSTALLED)

demo: $(INSTALLED)
	@$(BIN)/cdss-ingest add --home $(DEMO_HOME) guidelines/documents
	@CDSS_HOME=$(DEMO_HOME) $(BIN)/cdss ask "$(DEMO_QUESTION)"
	@echo
	@echo "Your turn:"
	@echo "  export CDSS_HOME=$(DEMO_HOME) PATH=\"$(BIN):\$$PATH\""
	@echo "  cdss ask \"First drug for anaphylaxis in an adult?\"      another question"
	@echo "  cdss-ingest add PATH                                   your own guidelines (Markdown, text, HTML, PDF, openFDA)"
	@echo "  cdss serve                                             the same over HTTP, with its API page at /docs"

test: $(INSTALLED_DEV)
	$(BIN)/python -m pytest

test-vllm: $(INSTALLED_DEV)
	PYTHON=$(PYTHON) nice tests/vllm/install.sh
	CDSS_TEST_VLLM_REQUIRED=1 $(BIN)/python -m pytest -m vllm tests/vllm

lint: $(INSTALLED_DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(INSTALLED_DEV)
	$(BIN)/mypy

check: lint types test

EVAL_ANSWERS := tests/eval/answers_bundled.toml $(if $(wildcard ../shared/corpus),tests/eval/answers_corpus.toml)

eval-answers: $(INSTALLED_DEV)
	$(BIN)/cdss eval answers $(EVAL_ANSWERS) --thresholds tests/eval/thresholds.toml --html answers.html

bench: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.service

bench-questions: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.questions

bench-scale: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.scale

bench-retrieval: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.retrieval_sets

bench-abstention: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.abstention

bench-quotes: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.quotes
	$(BIN)/python -m tests.bench.quote_speed
	$(BIN)/python -m tests.bench.drafts

bench-hooks: $(INSTALLED_DEV)
	$(BIN)/cdss-ingest add --home $(DEMO_HOME) guidelines/documents
	CDSS_HOME=$(DEMO_HOME) $(BIN)/python -m tests.bench.hooks

bench-doses: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.doses
	$(BIN)/python -m tests.bench.verdicts
	$(BIN)/python -m tests.bench.verdicts tests/checkers/verdicts
	$(BIN)/python -m tests.bench.precision

bench-model: $(INSTALLED_DEV)
	$(BIN)/python -m tests.bench.adversarial
	$(BIN)/python -m tests.bench.streams

bench-vllm: $(INSTALLED_DEV)
	PYTHON=$(PYTHON) tests/vllm/install.sh
	$(BIN)/python -m tests.bench.vllm_answers

clean:
	rm -rf $(VENV) $(DEMO_HOME) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
