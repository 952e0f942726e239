# Two commands on a fresh machine: `make demo` and `make test`. They need python3 (3.11 or newer), make and the network.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Threads of our own numerical libraries fight each other on small machines; torch's own pool is enough.
export OMP_NUM_THREADS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: demo test lint light heavy quick oldest clean

demo: $(VENV)/.lean
	$(BIN)/python -m examples.song demo/four-panels-at-dawn.ogg
	$(BIN)/charter generate demo/four-panels-at-dawn.ogg --out demo/Songs
	@echo "The chart set is in demo/Songs; copy its folder into a pack below StepMania's Songs/."

# On two cores `make -j2 test` takes a good half of the time: lint, and the tests in two parts. Those that play sound in
# time come last, by themselves.
test: lint light heavy
	$(BIN)/python -m pytest -m alone

lint: $(VENV)/.full
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

light: $(VENV)/.full
	$(BIN)/python -m pytest -m "not model and not browser"

heavy: $(VENV)/.full
	$(BIN)/python -m pytest -m "(model or browser) and not alone"

quick: $(VENV)/.full
	$(BIN)/python -m pytest -m "not model and not browser and not npm and not slow"

# The same tests with the oldest packages that pyproject.toml allows, in an environment of their own.
oldest: build/oldest/.full
	build/oldest/bin/python -m pytest -m "not npm and not browser"

build/oldest/.full: pyproject.toml tests/supply/bounds.py
	test -x build/oldest/bin/python || $(PYTHON) -m venv build/oldest
	build/oldest/bin/python -m pip install --quiet --disable-pip-version-check packaging
	build/oldest/bin/python -m tests.supply.bounds > build/oldest/constraints.txt
	build/oldest/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint build/oldest/constraints.txt --editable ".[train,dev]"
	touch $@

$(VENV)/.lean: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.full: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[train,dev]"
	touch $@ $(VENV)/.lean

clean:
	rm -rf $(VENV) build demo
