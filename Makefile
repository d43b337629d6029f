# `make` alone lists the verbs. `make demo` and `make test` need nothing but Python 3.11+, make and git.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export UV_PROJECT_ENVIRONMENT := .venv
# Tests start many short programs: let Python keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check verifiers verify-others fuzz faults chaos nightly coverage mutants contract format bench bench-peers \
	clean-data clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): uv.lock pyproject.toml $(wildcard contracts/pyproject.toml services/*/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "python3 -m venv failed: install your system's python3-venv package"; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@$(BIN)/uv sync --frozen --quiet --compile-bytecode
	@touch $@

demo: $(READY) ## everything in one command: PostgreSQL, both services, real histories, a dashboard (ONCE=1: exit after it)
	@$(BIN)/treaty up --data-dir .data $(if $(ONCE),--once)

test: check ## lint, types, import contracts, generated files and all tests
	@$(BIN)/pytest -n auto --maxprocesses=4 --dist loadfile --no-loadscope-reorder

check: $(READY) ## everything that is checked without running the services
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m treaty_contracts.generate --check

verifiers: ## get what `make verify-others` runs: Go and Node, from apt-get where it may install, and one npm package
	@tests/verifiers/prepare

verify-others: $(READY) verifiers ## let other people's programs verify the log, also under a real ledger
	@$(BIN)/pytest -m others tests/verifiers

fuzz: $(READY) ## thousands of malformed requests and events against both running services (long)
	@HYPOTHESIS_PROFILE=nightly $(BIN)/pytest --timeout=0 tests/fuzz

faults: $(READY) ## kill, freeze, fill and restore under load, and check every promise (ROUNDS=200, SEED=a number)
	@$(BIN)/python tests/faults/run.py --rounds $(or $(ROUNDS),200) $(if $(SEED),--seed $(SEED))

chaos: $(READY) ## kill worker, ledger and PostgreSQL and cut the network, and check every answer (ROUNDS=200, SEED=a number)
	@$(BIN)/python tests/chaos/run.py --rounds $(or $(ROUNDS),200) $(if $(SEED),--seed $(SEED))

nightly: $(READY) ## thousands of generated histories against the laws and the oracle (long)
	@HYPOTHESIS_PROFILE=nightly $(BIN)/pytest --timeout=0 tests/law tests/contracts

coverage: $(READY) ## which lines and branches of the law and of the rows its tests reach
	@$(BIN)/coverage run -m pytest -q tests/law
	@$(BIN)/coverage report

mutants: $(READY) ## change the law and the rows in thousands of small ways: which changes does no test notice? (long)
	@rm -rf .cache/mutants && mkdir -p .cache/mutants
	@cp -R pyproject.toml tests services/projector/src/treaty_projector .cache/mutants
	@cd .cache/mutants && { ulimit -v 6000000 || true; } && HYPOTHESIS_PROFILE=mutants nice ../../$(BIN)/mutmut run --max-children 1 >run.log
	@cd .cache/mutants && ../../$(BIN)/mutmut results >alive.txt
	@cd .cache/mutants && ../../$(BIN)/mutmut results --all true | ../../$(BIN)/python ../../benchmarks/mutants.py

contract: $(READY) ## write the generated schemas and OpenAPI documents
	@$(BIN)/python -m treaty_contracts.generate

format: $(READY) ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet .

bench: $(READY) ## measure, and write benchmarks/results/*.json (ten minutes)
	@$(BIN)/python benchmarks/run.py

bench-peers: $(READY) ## measure beside other event stores, got from PyPI and npm into .cache
	@UV_PROJECT_ENVIRONMENT=.cache/bench-venv $(BIN)/uv sync --frozen --quiet --compile-bytecode --group bench
	@.cache/bench-venv/bin/python benchmarks/run.py --peers

clean-data: ## forget what `make demo` stored
	@rm -rf .data

clean: clean-data ## forget everything but the sources
	@rm -rf .venv .cache
