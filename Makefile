# The two commands are `make demo` and `make test`; the others stand beside them.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PORT ?= 8765
export ROBO_HOME ?= $(CURDIR)/.robo
ROBO_JS := api/static/robo.js
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/test/*' -not -path 'web/src/generated/*')
PACKAGES := core crm retrieval knowledge offers assistant api demo

.PHONY: install web test-web demo test lint types format bench eval docs acceptance acceptance-model test-office test-browser clean

install: $(STAMP) web

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (a few minutes the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

web: $(ROBO_JS)

web/node_modules/.installed: web/package.json | $(STAMP)
	@echo "Fetching what the browser's files are built from …"
	@cd web && sh node.sh npm install --no-package-lock --no-audit --no-fund --silent
	@touch $@

$(ROBO_JS): web/node_modules/.installed $(WEB_SOURCES)
	@cd web && sh node.sh node build.mjs
	@touch $@

demo: install
	@$(BIN)/robo demo --port $(PORT)

test: install
	@$(BIN)/python -m pytest -n 2 -m "not office and not acceptance and not model and not browser"
	@echo "Not run here: tests that need LibreOffice (make test-office), Chromium (make test-browser), shared data (make acceptance), a model server (make acceptance-model)."

lint: install
	@$(BIN)/ruff check $(PACKAGES) tests benchmarks docs
	@$(BIN)/ruff format --check $(PACKAGES) tests benchmarks docs

format: install
	@$(BIN)/ruff check --fix $(PACKAGES) tests benchmarks docs
	@$(BIN)/ruff format $(PACKAGES) tests benchmarks docs

types: install
	@$(BIN)/mypy $(addprefix -p ,$(PACKAGES) benchmarks)
	@cd web && sh node.sh node build.mjs --types && sh node.sh node node_modules/typescript/bin/tsc --noEmit

test-web: install
	@cd web && sh node.sh node build.mjs --tests && sh node.sh node --test node_modules/.robo-tests/

test-office: install
	@command -v soffice >/dev/null || { echo "LibreOffice (soffice) is not installed, so its tests cannot run." >&2; exit 1; }
	@$(BIN)/python -m pytest -m office

test-browser: install
	@command -v chromium >/dev/null || { echo "Chromium is not installed, so its tests cannot run." >&2; exit 1; }
	@$(BIN)/python -m pytest -m browser

acceptance: install
	@test -d ../shared || { echo "../shared is not there, so its tests cannot run." >&2; exit 1; }
	@$(BIN)/python -m pytest -m acceptance

acceptance-model: install
	@sh tests/acceptance/real_model.sh

bench: install
	@$(BIN)/python -m benchmarks

eval: install
	@ROBO_HOME=$(CURDIR)/.robo-eval $(BIN)/robo demo --no-serve >/dev/null
	@ROBO_HOME=$(CURDIR)/.robo-eval $(BIN)/robo eval offers demo/cases/offers.jsonl

docs: install
	@$(BIN)/python -m docs

clean:
	rm -rf web/node_modules web/src/generated api/static .venv .robo .robo-eval .mypy_cache .ruff_cache .pytest_cache .hypothesis
