# Everything a person or CI does with this repository. `make` alone lists it.
.SHELLFLAGS := -eu -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
TEST_ARGS ?=
ARGS ?=

# The first interpreter that really runs and is new enough; `make PYTHON=/path/to/python …` overrules it.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v "$$p"; exit; }; done)
endif

# A change of a lock, or of the interpreter, makes another stamp; an older one no longer counts.
stamp = $(VENV)/.$(1)-$(shell { "$(PYTHON)" -V 2>/dev/null; cat requirements$(2).txt 2>/dev/null; } | cksum | cut -d' ' -f1)
RUN_STAMP := $(call stamp,run,)
DEV_STAMP := $(call stamp,dev,-dev)

.PHONY: help run demo test browser screenshots check fmt bench install install-dev lock clean distclean doctor pytest

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN_STAMP) ## Start everything: engine, database, demo district, worker, API (Ctrl-C stops it)
	@exec $(BIN)/python -m launch up $(ARGS)

demo: $(RUN_STAMP) ## The same with a lively made-up day in it, in a directory of its own (ARGS="--seed 2", "--keep")
	@exec $(BIN)/python -m launch demo $(ARGS)

test: check pytest browser ## Checks and all tests (TEST_ARGS="-k lights" narrows those without a browser)

pytest: $(DEV_STAMP)
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder --ignore tests/browser $(TEST_ARGS)

browser: $(DEV_STAMP) ## Tests in a real browser (chromium has to be installed), in a process of their own
	$(BIN)/python -m pytest tests/browser

screenshots: $(DEV_STAMP) ## Take the pictures of the pages anew, into docs/images (ARGS="board tracking": only these)
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

check: $(DEV_STAMP) ## Formatting, lint, types, import rule
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

fmt: $(DEV_STAMP) ## Format, and mend what lint can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(DEV_STAMP) ## Measure (ARGS="intake", "commands", "lateness", "promises", "pages" or "boards"); nothing is asserted
	$(BIN)/python -m benchmarks $(ARGS)

doctor: $(RUN_STAMP) ## Compare database and engine (ARGS="--mend" mends)
	$(BIN)/python -m launch doctor $(ARGS)

install: $(RUN_STAMP) ## Install what running needs into .venv

install-dev: $(DEV_STAMP) ## Install what developing needs into .venv

lock: ## Renew requirements*.txt from pyproject.toml (LOCK_ARGS="--upgrade" takes newer versions)
	@dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	"$(PYTHON)" -m venv "$$dir"; "$$dir/bin/python" -m pip install --quiet --disable-pip-version-check uv; \
	lock() { "$$dir/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate $(LOCK_ARGS) pyproject.toml "$$@"; }; \
	lock --output-file requirements.txt; \
	lock --extra dev --constraint requirements.txt --output-file requirements-dev.txt; \
	if grep -nE '[a-z]+://' requirements.txt requirements-dev.txt; then echo 'A lock names an address; it must not.' >&2; exit 1; fi

clean: ## Remove caches (var/ with the data stays)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## Remove the virtual environment too
	rm -rf $(VENV)

# One environment serves both: the lock for development holds every version of the lock for running.
$(VENV)/.run-%: | python-is-new-enough
	@$(call install_into_venv,requirements.txt)

$(VENV)/.dev-%: | python-is-new-enough
	@$(call install_into_venv,requirements-dev.txt)
	@touch $(RUN_STAMP)

# Some systems ship Python without ensurepip: then their own pip fills the environment.
define install_into_venv
echo "Installing $(1) into $(VENV) with $$("$(PYTHON)" -V) …"; \
if ! "$(BIN)/python" -c 'import sys; sys.exit(sys.version_info[:2] != '"$$("$(PYTHON)" -c 'import sys; print(sys.version_info[:2])')"')' >/dev/null 2>&1; then \
	rm -rf "$(VENV)"; \
	"$(PYTHON)" -m venv "$(VENV)" >/dev/null 2>&1 || { rm -rf "$(VENV)"; "$(PYTHON)" -m venv --without-pip "$(VENV)"; }; \
fi; \
if "$(BIN)/python" -m pip --version >/dev/null 2>&1; then set -- "$(BIN)/python" -m pip; \
else set -- "$(PYTHON)" -m pip --python "$(BIN)/python"; fi; \
"$$@" install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement $(1); \
rm -f $(VENV)/.run-* $(VENV)/.dev-*; touch "$@"
endef

.PHONY: python-is-new-enough
python-is-new-enough:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Bihuan needs Python 3.11 or newer, and none was found (python3 is: $$(python3 -V 2>&1 || echo missing))." >&2; \
		echo "Install one, or name it: make PYTHON=/path/to/python3.12 …" >&2; exit 1; \
	fi; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Bihuan needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" -V 2>&1)." >&2; exit 1; }
