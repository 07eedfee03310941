# Setia. `make` alone prints this help.
PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python
PORT   ?= 8501
PIP    := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run sample test check unit browser bench screens lock clean

help: ## Print this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Install what is needed, make the sample on the first start, open the app
	@$(PY) -m data sample --first-start
	@echo "Setia opens at http://localhost:$(PORT) (Ctrl+C stops it)"
	@$(PY) -m streamlit run app.py --server.port $(PORT)

sample: $(VENV)/run.stamp ## Make the two sample workspaces (again)
	$(PY) -m data sample

test: check unit browser ## Lint, types, import contracts, then every test

check: $(VENV)/test.stamp ## Lint (ruff), types (mypy), import contracts (import-linter)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

unit: $(VENV)/test.stamp ## Unit, property, engine-parity and page tests
	$(PY) -m pytest -m "not browser" -n 2 --dist loadfile --durations 25

# A browser on a busy machine can miss a moment: what fails beside others is tried once more alone.
browser: $(VENV)/test.stamp ## Browser tests in a real Chromium
	$(PY) -m pytest -m browser -n 2 --dist loadfile --durations 10 || \
	$(PY) -m pytest -m browser --last-failed --last-failed-no-failures none

bench: $(VENV)/test.stamp ## Measure, as ratios in one run; writes docs/PERFORMANCE.md
	$(PY) -m benchmarks.run

screens: $(VENV)/test.stamp ## Screenshots of every page into docs/screens/
	$(PY) -m tools.screens

lock: ## Resolve and hash the requirements again (needs uv)
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --custom-compile-command "make lock" requirements.in -o requirements.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --custom-compile-command "make lock" requirements-spark.in -o requirements-spark.txt

clean: ## Remove the environment and what tests leave behind
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Setia needs Python 3.11 or later; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing what is needed into $(VENV): once, a minute or two"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements.txt requirements-dev.txt requirements-spark.txt | $(VENV)/bin/python
	@echo "Installing what tests need into $(VENV): once, a few minutes"
	@$(PIP) -r requirements.txt -r requirements-dev.txt -r requirements-spark.txt
	@touch $@ $(VENV)/run.stamp
