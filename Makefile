# Two commands do everything: `make run` and `make test`. The rest is for those who work on lod.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EDITION := corpus/serge-trotsky
PORT ?= 8000

.PHONY: run test check install build serve browser clean

run: build
	$(BIN)/lod serve $(EDITION) --port $(PORT)

test: install browser
	$(BIN)/python -m pytest

check: install
	$(BIN)/ruff check lod tests
	$(BIN)/ruff format --check lod tests
	$(BIN)/mypy
	$(BIN)/lint-imports

install: $(VENV)/installed

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

build: install
	$(BIN)/lod build $(EDITION)

# The browser tests drive Debian's Chromium; on other systems install one and set CHROMIUM to it.
browser:
	@command -v chromium >/dev/null || { [ -n "$$CHROMIUM" ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; }

clean:
	rm -rf $(VENV) build *.egg-info
