# What each target is for: `make help`, which is made from the words after ## below. docs/commands.md says more.
.DEFAULT_GOAL := help

PORT ?= 8000
DATABASE ?= sqlite
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
export LOCAL := true
export PORT
export SECRET_KEY_FILE := $(CURDIR)/var/secret-key

##@ To look at the site

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: $(VENV)/base.stamp var/secret-key ## the site on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", int("$(PORT)"))).close()' 2>/dev/null || { \
	  echo "Port $(PORT) on 127.0.0.1 is taken (or not a port). Try: make run PORT=8001"; exit 1; }
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_articles --if-empty
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@$(MANAGE) first_account
	@$(MANAGE) purge --verbosity 0
	@$(MANAGE) check --deploy --tag clinic
	@echo "The site is on http://127.0.0.1:$(PORT)/ (staff: http://127.0.0.1:$(PORT)/admin/). Ctrl-C stops it."
	@exec $(BIN)/gunicorn --config site_project/gunicorn.conf.py --bind 127.0.0.1:$(PORT) site_project.wsgi

.PHONY: demo
demo: $(VENV)/base.stamp var/secret-key ## fifty sample checks for the staff pages, marked as samples
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) sample_checks

.PHONY: demo-remove
demo-remove: $(VENV)/base.stamp var/secret-key ## takes the sample checks away again
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) sample_checks --remove

##@ To change the code

# Without npm the tests that need it are skipped, and say so.
.PHONY: test
test: $(VENV)/dev.stamp $(VENV)/npm.stamp ## every quick test, on SQLite (DATABASE=postgres, ARGS=...)
	@TEST_DATABASE=$(DATABASE) $(BIN)/python -m pytest -n auto -m "not slow and not faults" $(ARGS)

.PHONY: lint
lint: $(VENV)/dev.stamp var/secret-key ## ruff, djlint, mypy, import-linter, missing migrations, stale claims
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) claim_table --check

.PHONY: format
format: $(VENV)/dev.stamp ## ruff puts imports, blanks and lines in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: coverage
coverage: $(VENV)/dev.stamp $(VENV)/npm.stamp ## which lines and branches `make test` never reaches
	@$(BIN)/python -m pytest -n auto -m "not slow and not faults" --cov $(ARGS)

.PHONY: rooms
rooms: $(VENV)/dev.stamp ## the rooms of each application, their import arrows, circles (ARGS=--arrows)
	@$(BIN)/python -m docs.rooms $(ARGS)

.PHONY: lock
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
  --no-emit-find-links --upgrade pyproject.toml
BESIDE = --constraint requirements/base.txt
lock: $(VENV)/dev.stamp ## renews requirements/*.txt within the ranges of pyproject.toml (needs the network)
	$(LOCK) --output-file requirements/base.txt
	$(LOCK) --extra postgres --output-file requirements/postgres.txt $(BESIDE)
	$(LOCK) --extra postgres --extra redis --extra dev --output-file requirements/dev.txt $(BESIDE)

# Never part of `make run` or `make test`: the pictures are in the repository. Minutes; needs the network the first time.
# One thread a process: sums come out the same on any number of cores.
.PHONY: drawings
drawings: var/studio/stamp ## draws every picture of static/figures/ again (ARGS=NAME: only to var/figures/, to look at)
	@OPENBLAS_NUM_THREADS=1 var/studio/bin/python -m content.illustrations.draw_figures $(ARGS)

var/studio/stamp: content/illustrations/requirements.txt
	$(PYTHON) -m venv var/studio
	var/studio/bin/pip install --quiet --require-hashes -r $<
	@touch $@

# Not in .venv: the site does not need it. --strict: a package that could not be asked about is a failure, not silence.
.PHONY: audit
audit: ## asks the public list of known faults about each locked package (needs the network)
	@test -x var/audit/bin/pip-audit || { $(PYTHON) -m venv var/audit && \
	  var/audit/bin/pip install --quiet pip-audit==2.10.1; }
	@var/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements/postgres.txt

.PHONY: clean
clean: ## takes .venv, node_modules and all caches away; the data in var/ stay
	rm -rf $(VENV) node_modules var/static .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

##@ To prove more (minutes each)

# Also the keyboard walk, the check in a second engine (WebKit) and the bytes on the wire.
.PHONY: access
access: $(VENV)/dev.stamp $(VENV)/npm.stamp ## the slow tests: every page and state through axe, keyboard, WebKit, old engines, recipes
	@$(BIN)/python -m pytest -n auto -m slow $(ARGS)

.PHONY: faults
faults: $(VENV)/dev.stamp ## breaks a running site with 32 patients in it (ARGS=--write-table for docs/faults.md)
	@$(BIN)/python -m pytest tests/faults -m faults $(ARGS)

# A search, not a test: every run tries other examples than the one before. What it finds becomes an example of a test.
.PHONY: fuzz
fuzz: $(VENV)/dev.stamp ## sends forms and addresses what nobody thought of, other things each time (DATABASE=postgres)
	@TEST_DATABASE=$(DATABASE) HYPOTHESIS_PROFILE=new $(BIN)/python -m pytest -n auto tests/security/test_hostile_input.py \
	  tests/assessment/patient/test_random_walks.py tests/assessment/protocol/test_back_pain.py \
	  tests/content/text/test_markdown.py \
	  tests/security/test_hostile_strings.py $(ARGS)

.PHONY: mutate
mutate: $(VENV)/dev.stamp ## breaks the protocol in every small way and counts what notices (ARGS=--proofs)
	@$(BIN)/python -m tests.assessment.protocol.mutate $(ARGS)

# Measurements, not tests: figures need a machine that is not busy, ratios within one run hold on any.
.PHONY: bench
bench: $(VENV)/dev.stamp var/secret-key ## what the site costs, in ratios (needs wrk; ARGS=--quick, or --write for docs/)
	@DJANGO_SETTINGS_MODULE=site_project.settings $(BIN)/python -m bench $(ARGS)

.PHONY: lighthouse
lighthouse: $(VENV)/dev.stamp var/secret-key ## Lighthouse's four scores of the pages patients meet (needs npm and Chromium)
	@test -x var/lighthouse/node_modules/.bin/lighthouse || PUPPETEER_SKIP_DOWNLOAD=1 \
	  npm install --silent --no-save --prefix var/lighthouse lighthouse@12.8.2
	@$(BIN)/python -m tests.browser.lighthouse var/lighthouse/node_modules/.bin/lighthouse

##@ For clinicians and editors

.PHONY: lint-articles
lint-articles: $(VENV)/base.stamp var/secret-key ## what the starter articles still need; writes docs/claims.csv
	@$(MANAGE) lint_articles
	@$(MANAGE) claim_table

.PHONY: triage-report
triage-report: $(VENV)/base.stamp ## how the check does on our vignettes, beside the published figures of others
	@$(BIN)/python -m tests.assessment.triage_report

.PHONY: guide
guide: $(VENV)/dev.stamp var/secret-key ## takes the pictures of docs/editors-guide.md anew (needs Chromium)
	@$(BIN)/python -m docs.make_screenshots

.PHONY: staff-guide
staff-guide: $(VENV)/dev.stamp var/secret-key ## takes the pictures of docs/staff-guide.md anew (needs Chromium)
	@$(BIN)/python -m tests.browser.staff_guide

# --- Files, not targets for people -----------------------------------------------------------------------------------
# A stamp per lock file: installed once, again only when the lock changes.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "This needs Python 3.11 or newer. '$(PYTHON)' is: $$($(PYTHON) --version 2>&1 || true)"; \
	  echo "Install a newer one, then: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python's venv module is missing (Debian: apt install python3-venv)."; rm -rf $(VENV); exit 1; }

$(VENV)/base.stamp: requirements/base.txt | $(VENV)/bin/python
	@echo "Installing what the site needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# What looks at the pages in the browser tests.
$(VENV)/npm.stamp: package.json package-lock.json .npmrc | $(VENV)/bin/python
	@if command -v npm >/dev/null; then \
	  echo "Installing what the browser tests need ..."; \
	  npm ci --silent && touch $@ || echo "It did not work: try npm ci."; \
	fi

var/secret-key: | $(VENV)/bin/python
	@umask 077 && mkdir -p var && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))' > $@
