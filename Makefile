# Everything here works from a fresh clone with Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
LAB_SETTINGS := $(VENV)/share/jupyter/lab/settings
JOBS ?= 2

.PHONY: help book paper test check lint lab bench clean environment

help: ## what can be asked for
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

book: $(READY) ## run the notebooks on small data and build both books; prints the path to open
	@$(BIN)/invlib book --jobs $(JOBS)

paper: $(READY) ## compute at paper scale what the published records lack or hold stale, then build
	@$(BIN)/invlib book --profile paper --jobs $(JOBS)

test: $(READY) lint ## lint and the whole test suite
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: $(READY) lint ## the same without what is slow or needs a browser: while you work
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "not slow and not browser"

lint: $(READY) ## style and import checks only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

lab: $(READY) ## open JupyterLab for class
	@mkdir -p $(LAB_SETTINGS) && cp notebooks/jupyterlab.json $(LAB_SETTINGS)/overrides.json
	@$(BIN)/jupyter lab --ServerApp.root_dir=notebooks

bench: $(READY) ## measure speed: seconds and ratios
	@$(BIN)/python tests/benchmark.py

clean: ## remove what was built and what was computed here; published records stay
	@if [ -x $(BIN)/invlib ]; then $(BIN)/invlib clean --records; fi

environment: $(READY) ## only create the environment

# The stamp is written last: an install that was interrupted is simply done again.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; found $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned packages into $(VENV) (once, a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
