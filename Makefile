# What people do with this project. `make` alone prints the list below, made
# from the comments that begin with two hash signs.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS   += --no-print-directory

PYTHON  ?= $(shell scripts/find-python)
WORKERS ?= $(shell expr $$(nproc) + 1)
VENV    := .venv
BIN     := $(VENV)/bin

# The tests start hundreds of Pythons; none shall compile what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo test campaign check fmt bench bench-search bench-reading digits fuzz docs pictures lock clean servers collected

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

install: $(VENV)/.project ## put Python's packages and this project into .venv

demo: install ## show a letter's whole way between agencies, all on this machine; STAY=1 keeps the pages up
	@$(BIN)/saraban demo $(if $(STAY),,--exit)

test: ## everything that must hold: check, then all tests with real servers
	@$(MAKE) --jobs=3 --output-sync=line servers check collected
	@folder=$$(scripts/test-folder); \
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --basetemp "$$folder" && rm -rf "$$folder"

campaign: install servers ## kill service and database under load for long, and prove that nothing was lost; ROUNDS=50
	$(BIN)/python -m tests.campaign $(or $(ROUNDS),50)
	$(BIN)/python -m tests.campaign.mailboxes
	SARABAN_GREETINGS=500 $(BIN)/python -m pytest tests/journeys/test_two_installations.py --timeout 3600

check: install ## ruff, mypy, import contracts, migrations in step with the models; needs no server
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/migrations_in_step.py

fmt: install ## format, and mend what ruff can mend by itself
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: install servers ## measure against Postfix in one run, and write docs/BENCHMARKS.md anew
	$(BIN)/python -m benchmarks

bench-search: install servers ## measure search beside other engines; LETTERS=1000000 BESIDE=100000 FOLDER= (kept)
	$(BIN)/python -m benchmarks.search $(or $(LETTERS),1000000) $(or $(BESIDE),100000) $(FOLDER)

bench-reading: install ## measure how well letters are read, write docs/READING.md; SEEDS=7101,7102,7103 LETTERS= SCANS=300:340,200:24,150:24 PART=1/2 KEPT=1 FOLDER= (kept)
	$(BIN)/python -m benchmarks.reading $(if $(SEEDS),--seeds $(SEEDS)) $(if $(LETTERS),--letters $(LETTERS)) \
		$(if $(SCANS),--scans $(SCANS)) $(if $(PART),--part $(PART)) $(if $(KEPT),--kept) $(FOLDER)

digits: install ## train the reader of figures anew from Debian's Thai fonts (docs/decisions/0051); some ten minutes
	PYTHONPATH=. $(BIN)/python scripts/train_digits.py

fuzz: install ## try the readers of strangers' bytes with odd input; FUZZ_SECONDS=600 for longer
	$(BIN)/python -m tests.fuzz.run

docs: install ## write docs/CONFIG.md and the sample configuration anew from the settings in the code
	$(BIN)/python -m saraban.config.describe

pictures: install ## take the pictures of the officers' guide anew, and write docs/OFFICERS.md
	$(BIN)/python -m tests.saraban.web.pictures

lock: install ## write constraints.txt anew from pyproject.toml; UPGRADE=1 takes newer versions
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --all-extras --all-build-deps \
	  --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host $(if $(UPGRADE),--upgrade) --output-file constraints.txt pyproject.toml

clean: ## remove what the tools left behind; .venv stays
	rm -rf build dist ./*.egg-info .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find saraban gateway registry migrations config tests scripts -name __pycache__ -prune -exec rm -rf {} +

servers:
	@scripts/test-servers

# Compiles all tests once, beside mypy, which uses one CPU: else each process of the tests would.
collected: install
	@said=$$($(BIN)/python -m pytest --collect-only -qq 2>&1) || { tail -n 40 <<<"$$said"; exit 1; }

# The two stamps: packages are installed anew when constraints.txt changed, the
# project when pyproject.toml did. A .venv whose Python is gone is made again.
$(VENV)/.packages: constraints.txt
	@$(BIN)/python -c '' 2>/dev/null || { echo "Making $(VENV) with $(PYTHON)"; "$(PYTHON)" -m venv --clear $(VENV); }
	@echo "Installing the packages of constraints.txt into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --use-pep517 -r constraints.txt
	@touch $@

$(VENV)/.project: $(VENV)/.packages pyproject.toml
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
