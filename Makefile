# Two commands do everything: `make run` and `make test`. The rest is for those who work on lod.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EDITION := corpus/serge-trotsky
PORT ?= 8000

.PHONY: run test check install build serve frontend browser engines clients harvesters clean

run: build frontend
	$(BIN)/lod release $(EDITION) --to build/releases --trial
	$(BIN)/lod serve $(EDITION) --releases build/releases --port $(PORT) --workers 2

test: install frontend browser engines clients harvesters
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

# Scripts, fonts and land outlines of the pages, on the Node that comes with pip. Pages are whole without them.
FRONTEND := lod/web/frontend
frontend: lod/web/static/build/pages.js

lod/web/static/build/pages.js: $(FRONTEND)/node_modules/.package-lock.json $(FRONTEND)/build.mjs $(wildcard $(FRONTEND)/src/*)
	cd $(FRONTEND) && PATH="$(CURDIR)/$(BIN):$$PATH" node build.mjs

$(FRONTEND)/node_modules/.package-lock.json: $(FRONTEND)/package-lock.json | install
	cd $(FRONTEND) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-audit --no-fund --loglevel=error

# The browser tests drive Debian's Chromium; on other systems install one and set CHROMIUM to it. The HTML checker needs Java.
browser:
	@command -v chromium >/dev/null || { [ -n "$$CHROMIUM" ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; }
	@command -v java >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null; }

# Real servers for the tests of stores and of proxies, and what looks at systemd's units; the Oxigraph server comes with pip.
ENGINES := virtuoso-t nginx caddy systemd-analyze systemd-socket-activate
engines:
	@for each in $(ENGINES); do command -v $$each >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends virtuoso-opensource-7-bin nginx-light caddy systemd >/dev/null; break; }; done

# Clients: R from Debian; those from npm on the Node that comes with pip.
clients: tests/clients/node_modules/.package-lock.json
	@[ -d /usr/lib/R/site-library/httr2 ] && [ -d /usr/lib/R/site-library/jsonlite ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends r-base-core r-cran-httr2 r-cran-jsonlite >/dev/null; }

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json | install
	cd tests/clients && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-audit --no-fund --loglevel=error

# rapper and Apache from Debian; the validators of RO-Crates and of CITATION.cff have a place of their own: they want an older
# rich than import-linter and an older jsonschema than the tests.
CRATE := build/crate-validator
harvesters: $(CRATE)/bin/cffconvert
	@command -v rapper >/dev/null && [ -x /usr/sbin/apache2 ] || { apt-get update -qq && apt-get install -y -qq --no-install-recommends raptor2-utils apache2-bin >/dev/null; }

$(CRATE)/installed:
	$(PYTHON) -m venv $(CRATE)
	$(CRATE)/bin/python -m pip install --quiet "roc-validator>=0.13" "rocrate>=0.16"
	touch $@

$(CRATE)/bin/cffconvert: $(CRATE)/installed
	$(CRATE)/bin/python -m pip install --quiet "cffconvert>=2"

clean:
	rm -rf $(VENV) build *.egg-info
