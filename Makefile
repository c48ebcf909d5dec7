# `make run` and `make test` are all that a newcomer needs; the rest is for daily work.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check chat lint types tests format lock schema clean

run: $(VENV)/run.stamp  ## set up and start the line
	$(BIN)/python run_bot.py

test: $(VENV)/dev.stamp  ## set up and pass every gate
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

chat: $(VENV)/run.stamp  ## talk to the line in this terminal
	$(BIN)/python run_bot.py chat

check: $(VENV)/run.stamp  ## what is wrong in intents/ and content/
	$(BIN)/python run_bot.py check

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

tests: $(VENV)/dev.stamp
	$(BIN)/pytest

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: $(VENV)/run.stamp  ## write schema/*.json anew from the models
	$(BIN)/python -m bot.catalog.schema --write

lock: requirements.in requirements-dev.in  ## pin every package with its hashes
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip --quiet install pip-tools
	$(VENV)-lock/bin/pip-compile $(LOCK) --output-file requirements.txt requirements.in
	$(VENV)-lock/bin/pip-compile $(LOCK) --output-file requirements-dev.txt requirements-dev.in
	rm -rf $(VENV)-lock

LOCK := --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip --quiet --disable-pip-version-check install --require-hashes -r requirements.txt
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(BIN)/pip --quiet --disable-pip-version-check install --require-hashes -r requirements-dev.txt
	touch $@

clean:  ## forget the environment and what was built; content and var/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis artifacts
