# `make` alone lists the verbs. `make demo` and `make test` need nothing but Python 3.11+, make and git.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export UV_PROJECT_ENVIRONMENT := .venv
# Tests start many short programs: let Python keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check verifiers verify-others fuzz nightly coverage mutants contract format bench bench-peers clean-data clean
