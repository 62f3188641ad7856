# The two commands are `make demo` and `make test`; the others stand beside them.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PORT ?= 8765
export ROBO_HOME ?= $(CURDIR)/.robo
PACKAGES := core crm retrieval knowledge offers assistant api demo

.PHONY: install demo test lint types format bench eval docs acceptance acceptance-model test-office clean

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (a few minutes the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

demo: install
	@$(BIN)/robo demo --port $(PORT)

test: install
	@$(BIN)/python -m pytest -n 2 -m "not office and not acceptance and not model"
	@echo "Not run here: tests that need LibreOffice (make test-office), shared data (make acceptance), a model server (make acceptance-model)."

lint: install
	@$(BIN)/ruff check $(PACKAGES) tests benchmarks docs
	@$(BIN)/ruff format --check $(PACKAGES) tests benchmarks docs

format: install
	@$(BIN)/ruff check --fix $(PACKAGES) tests benchmarks docs
	@$(BIN)/ruff format $(PACKAGES) tests benchmarks docs

types: install
	@$(BIN)/mypy $(addprefix -p ,$(PACKAGES) benchmarks)

test-office: install
	@command -v soffice >/dev/null || { echo "LibreOffice (soffice) is not installed, so its tests cannot run." >&2; exit 1; }
	@$(BIN)/python -m pytest -m office

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
	rm -rf .venv .robo .robo-eval .mypy_cache .ruff_cache .pytest_cache .hypothesis
