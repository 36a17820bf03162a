# Needs Python 3.11, make and a compiler. `make demo` runs everything here; `make test` is the gate.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
SOURCES := apps modelcore tests benchmarks docker manage.py

export PORT GRPC_PORT
# As it was written: make would read a dollar in it as the name of a variable.
override export DEMO_PASSWORD := $(value DEMO_PASSWORD)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo stores test format lint types imports migrations translations tests browser clean

help:
	@echo "make demo   everything on this machine: http://127.0.0.1:8000 (PORT, GRPC_PORT, DEMO_PASSWORD)"
	@echo "make test   the gate: format, lint, types, imports, migrations, translations, tests"
	@echo "make stores PostgreSQL and Redis alone, for development beside manage.py"

# --- what everything needs; a stamp is touched last, so an installation that broke is tried again ---

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Berth needs Python 3.11. Install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt -c constraints.txt
	@touch $@

demo: $(VENV)/.installed
	@exec $(BIN)/python -m apps.project.demo

stores: $(VENV)/.installed
	@exec $(BIN)/python -m apps.project.embedded

# --- the gate ---

test: format lint types imports migrations translations tests

format: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy $(SOURCES)

imports: $(VENV)/.installed-dev
	PYTHONPATH=. $(BIN)/lint-imports --no-cache

migrations: $(VENV)/.installed-dev
	DJANGO_SETTINGS_MODULE=apps.project.settings.test $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

translations: $(VENV)/.installed-dev
	DJANGO_SETTINGS_MODULE=apps.project.settings.test $(BIN)/python manage.py translations --check

tests: $(VENV)/.installed-dev browser
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadgroup

# Playwright's own Chromium where it can be had, else the system's, else Debian's.
browser: $(VENV)/.browser

$(VENV)/.browser: $(VENV)/.installed-dev
	@.ci/browser $(BIN)/python
	@[ "$${BERTH_NO_BROWSER:-}" = 1 ] || touch $@

clean:
	rm -rf $(VENV) var staticfiles .mypy_cache .ruff_cache .pytest_cache
