# Bondpool. A machine needs Python 3.11+, git and make; everything else is fetched here.
#
#   make demo              one whole quarter on the demo's goods, then the site on port 8000
#   make demo SERVE=0      the same, ending after the summary
#   make demo FORECASTS=f.csv PRODUCTS=f.csv [MAPPING=m.toml]     on your own files
#   make test              the tests            make check    style, types, layers, then the tests
#   make bench             speed measured       make help     everything else

PYTHON ?= python3
PORT   ?= 8000
SERVE  ?= 1
PYTEST ?=
TESTS  ?= 1

VENV := .venv
BIN  := $(VENV)/bin
MAKEFLAGS += --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# One short environment for every step: no user's site-packages, no stray settings module.
export PYTHONNOUSERSITE := 1
unexport PYTHONPATH DJANGO_SETTINGS_MODULE
# Containers often keep no compiled files; then every process of a step compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

# A step that was done leaves a stamp named after the contents of what it depends on, so it is
# done again when, and only when, those contents change.
hash = $(shell cat $(1) 2>/dev/null | sha256sum | cut -c1-16)
RUNTIME  := $(VENV)/.runtime-$(call hash,requirements.txt pyproject.toml)
TOOLS    := $(VENV)/.tools-$(call hash,requirements.txt requirements-dev.txt pyproject.toml)
ASSETS   := var/.assets-$(call hash,package-lock.json platform/core/vendoring.py)
CATALOGS := $(shell find platform procurement warehouse customs traceability -name django.po 2>/dev/null)
MESSAGES := var/.messages-$(call hash,$(CATALOGS) /dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test slow check lint types layers migrations format bench study pictures messages \
        rules serve worker migrate psql lock clean distclean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

setup: $(RUNTIME) $(ASSETS) $(MESSAGES)  ## everything the product needs

setup-dev: setup $(TOOLS)  ## and what its tests and checkers need

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Bondpool needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Say which: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV) \
	  || { echo "This Python cannot make virtual environments (on Debian: the package python3-venv)."; exit 1; }

$(RUNTIME): | $(BIN)/python
	@echo "Installing what the product runs on (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet -r requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@rm -f $(VENV)/.runtime-* && touch $@

$(TOOLS): | $(RUNTIME)
	@echo "Installing the tests' and checkers' tools"
	@$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@rm -f $(VENV)/.tools-* && touch $@

$(ASSETS): | $(RUNTIME)
	@echo "Fetching the front-end files and the fonts"
	@$(BIN)/python -m core.vendoring
	@mkdir -p var && rm -f var/.assets-* && touch $@

$(MESSAGES): | $(RUNTIME)
	@$(BIN)/python -m core.catalogues
	@mkdir -p var && rm -f var/.messages-* && touch $@

messages: | $(RUNTIME)  ## compile the translations
	@$(BIN)/python -m core.catalogues

DEMO_OPTIONS = $(if $(FORECASTS),--forecasts "$(FORECASTS)") $(if $(PRODUCTS),--products "$(PRODUCTS)") \
               $(if $(MAPPING),--mapping "$(MAPPING)") $(if $(filter 0 no,$(SERVE)),--no-serve) --port $(PORT)
demo: setup  ## one whole quarter, then the site
	@$(BIN)/bondpool demo $(DEMO_OPTIONS)

bench: setup  ## pooling, consumers' orders, a day of storage, then every page and list, on millions of rows
	@$(BIN)/bondpool bench
	@$(BIN)/bondpool bench_orders
	@$(BIN)/bondpool bench_storage
	@$(BIN)/bondpool bench_messages
	@$(BIN)/bondpool bench_papers
	@$(BIN)/bondpool bench_documents
	@$(BIN)/bondpool bench_portal $(BENCH)

study: setup  ## what pooling is worth on real demand: a report with charts in var/study
	@$(BIN)/bondpool study $(if $(DATA),--data "$(DATA)") $(STUDY)

test: setup-dev  ## the tests, one process a core (PYTEST="-k pooling" for some of them)
	@$(BIN)/pytest -n auto $(PYTEST)

slow: setup-dev  ## the tests that were shortened for `make test`, at their full length
	@BONDPOOL_KILLS=50 BONDPOOL_FLOWS=200 BONDPOOL_RUSH=10000 BONDPOOL_EVERY_TEXT=1 BONDPOOL_EVERY_LOOK=1 BONDPOOL_EVERY_ROLE=1 BONDPOOL_EXAMPLES=25 \
	  $(BIN)/pytest -n auto --dist=loadfile \
	  tests/customs/test_killed_workers.py tests/customs/test_killed_flows.py tests/customs/test_killed_senders.py \
	  tests/customs/test_answered_workers.py tests/customs/test_true_papers.py \
	  tests/warehouse/test_rush.py tests/procurement/test_fill_secrets.py \
	  tests/procurement/sharing/test_privacy.py \
	  tests/demo/test_quarter.py tests/walls/test_every_url.py \
	  tests/walls/test_every_form.py tests/walls/test_forged_forms.py \
	  tests/walls/test_nasty_addresses.py tests/walls/test_query_counts.py tests/walls/test_languages.py \
	  tests/browser/test_every_page.py tests/browser/test_main_jobs.py tests/rest/test_schema.py $(PYTEST)

pictures: setup-dev  ## pictures of the demo's pages for the README (after `make demo SERVE=0`)
	@$(BIN)/python -m tests.browser.pictures

check: lint types layers migrations $(if $(filter 0 no,$(TESTS)),,test)  ## all static checks, then the tests (TESTS=0: without)

lint: setup-dev  ## ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup-dev  ## mypy --strict
	@$(BIN)/mypy

layers: setup-dev  ## import-linter
	@$(BIN)/lint-imports

migrations: setup-dev  ## are the models and the migrations the same?
	@PYTHONWARNINGS=ignore::RuntimeWarning $(BIN)/bondpool makemigrations --check --dry-run

format: setup-dev  ## put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

rules: setup  ## write docs/rules.md and docs/customs-rules.md from the refusals
	@$(BIN)/bondpool rulebook > docs/rules.md
	@$(BIN)/bondpool customs_rulebook > docs/customs-rules.md

migrate: setup  ## bring the database up to date
	@$(BIN)/bondpool migrate

serve: setup  ## the site alone
	@$(BIN)/bondpool serve --port $(PORT)

worker: setup  ## the worker and the sweeper alone
	@$(BIN)/bondpool worker

psql: setup  ## look into the embedded database as the application sees it
	@$(BIN)/bondpool dbshell

COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --no-annotate \
          --no-emit-index-url --no-emit-find-links --no-emit-trusted-host pyproject.toml
lock: setup-dev  ## pin all versions anew within the ranges of pyproject.toml and package.json
	@$(COMPILE) --upgrade --output-file requirements.txt
	@$(COMPILE) --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	@$(BIN)/python -m core.vendoring --lock

clean:  ## caches and compiled files
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache node_modules

distclean: clean  ## also the environment, the fetched files and ALL DATA in var/
	@rm -rf $(VENV) var platform/web/static/vendor platform/core/fonts tests/browser/vendor
	@find . -name '*.mo' -path '*/locale/*' -delete
