# The commands that people type most. `make` alone lists them.
.PHONY: help setup test-fast test lint report

help:
	@awk -F ": *## " '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## install the project, its tests and its linters
	python -m pip install -r requirements-dev.txt

test-fast: ## run the tests that take a minute in all
	pytest -m "not slow"

test: ## run all tests
	pytest

lint: ## check style, types, and who imports whom
	ruff check . && ruff format --check . && mypy && mypy benchmarks examples && lint-imports

report: ## make the report of the sample
	pigeonhole FullReport
