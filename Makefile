# Everything a person or a machine runs here. `make` alone lists it. Only `make lock` needs a line to the package index
# after the first set-up.
SHELL := /bin/bash
BIN := .venv/bin
PIN = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-config --no-emit-index-url \
  --custom-compile-command 'make lock' --quiet $(if $(UPGRADE),--upgrade)

# Files of tests beside each other: they wait for timers most of the time. In their order, because the long ones come first.
WORKERS = $(shell n=$$(($$(nproc) + 1)); echo $$((n > 4 ? 4 : n)))
BESIDE = --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# Python may keep what it compiled: each of the many `lajur` and `ansible-playbook` here would compile it all again, a second each.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-servers demo-release demo-cloud test test-full check bench peers bundle openapi lab-down lock lint format-check types walls yaml playbooks-check rooms fix

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## what is missing: system packages, .venv, pinned Python packages (seconds when nothing is)
	@bash requirements/setup.sh

demo: setup ## one regency on a real kernel: baseline, flood, window, back; ends with a verdict
	@$(BIN)/lajur demo

demo-servers: setup ## leased servers: taken over, one refused, drift mended, a lease returned; ends with a summary
	@$(BIN)/lajur demo --servers

demo-release: setup ## the stack on bare servers: configured, releases under load, a broken one taken back, a database restored
	@$(BIN)/lajur demo --release

demo-cloud: setup ## a peak on rented servers: they come, serve under load, are drained and go; ends with what they cost
	@bash requirements/cloud.sh
	@$(BIN)/lajur demo --cloud

test: setup ## every test; the lab's own need root and network namespaces
	@bash requirements/ironic.sh
	@bash requirements/cloud.sh
	@$(BIN)/pytest $(BESIDE)

test-full: setup ## every test at its full size: all kills, all fuzzing; most of an hour
	@bash requirements/ironic.sh
	@bash requirements/cloud.sh
	@LAJUR_FULL=1 $(BIN)/pytest --timeout=1800

bench: setup ## measure against the bars; ONLY=allocate runs the rows that begin so
	-@bash requirements/peers.sh
	-@bash requirements/cloud.sh
	@$(BIN)/python -m network.bench $(if $(ONLY),--only $(ONLY))

peers: setup ## what the bench is measured beside (once; `make bench` calls it)
	@bash requirements/peers.sh

bundle: setup ## what a controller runs, for Debian 12 and nothing from outside: dist/lajur-….tar.gz, its SHA-256 beside it
	@$(BIN)/python -m infra.bundle $(if $(EXTRAS),--extras $(EXTRAS))

openapi: setup ## write qos-api/openapi.json anew, after a change of the API
	@$(BIN)/python -m qos_api.committed

lab-down: ## take down every lab of this machine, whoever's, also what a crash left; asks first where one is up
	@$(BIN)/lajur lab down --all

check: setup ## lint, format, types, walls between rooms, YAML, playbooks, the house's own rules
	@$(MAKE) --no-print-directory --keep-going lint format-check types walls yaml playbooks-check rooms

fix: setup ## let ruff mend what it can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: setup ## pin again after a change of pyproject.toml; UPGRADE=1 takes the newest of everything
	@$(PIN) --group build --output-file requirements/build.txt
	@$(PIN) pyproject.toml --extra dev --constraint requirements/build.txt --output-file requirements/lock.txt
	@$(PIN) --group peers --no-deps --output-file requirements/peers.txt
	@$(PIN) --group ironic --output-file requirements/ironic.txt
	@$(PIN) --group cloud --output-file requirements/cloud.txt
	@bash requirements/setup.sh

lint:
	@echo '-- ruff check' && $(BIN)/ruff check .

format-check:
	@echo '-- ruff format' && $(BIN)/ruff format --check .

types:
	@echo '-- mypy, strict' && $(BIN)/mypy

walls:
	@echo '-- import contracts' && $(BIN)/lint-imports --no-logo --cache-dir .import_linter_cache

yaml:
	@echo '-- yamllint' && $(BIN)/yamllint --strict .

playbooks-check:
	@echo '-- ansible-lint, profile production' && PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/ansible-lint --offline playbooks

rooms:
	@echo '-- rooms, words, secrets' && $(BIN)/pytest -q tests/architecture
