# Every target sets up what it needs. Only Python 3.11 or 3.12, make and git must be there.

PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && echo "$$p" && break; done)
RUN := .venv/bin/
# One worker a core, each taking whole files, so that what a file sets up is set up once; the long ones are not left for the end.
PYTEST := $(RUN)pytest --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder
READY := .venv/.ready
READY_DEV := .venv/.ready-dev

.PHONY: run test test-all setup lint bench i18n screenshots clean

run: $(READY)
	@$(RUN)cornavin run

setup: $(READY)

test: $(READY_DEV)
	@$(PYTEST) -m "not long"

test-all: $(READY_DEV)
	@$(PYTEST)

lint: $(READY_DEV)
	@$(RUN)ruff check .
	@$(RUN)ruff format --check .
	@$(RUN)mypy
	@$(RUN)lint-imports --no-logo

bench: $(READY_DEV)
	@$(RUN)python -m bench

i18n: $(READY_DEV)
	@$(RUN)python -m base.wording.extraction

screenshots: $(READY_DEV)
	@$(RUN)python -m tests.browser.screenshots docs/screenshots

$(READY): pyproject.toml uv.lock deploy/bootstrap.py
	@$(if $(PYTHON),,$(error Cornavin needs Python 3.11 or 3.12, and none was found; install one, or name it: make PYTHON=/path/to/python3.12))
	@"$(PYTHON)" deploy/bootstrap.py
	@touch $@

$(READY_DEV): pyproject.toml uv.lock deploy/bootstrap.py
	@$(if $(PYTHON),,$(error Cornavin needs Python 3.11 or 3.12, and none was found; install one, or name it: make PYTHON=/path/to/python3.12))
	@"$(PYTHON)" deploy/bootstrap.py --dev
	@touch $(READY) $@

clean:
	@rm -rf .venv .tools var
