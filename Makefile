# make run    the site on http://127.0.0.1:8000 (PORT=... for another)
# make test   every test, on SQLite (DATABASE=postgres for PostgreSQL)
.DEFAULT_GOAL := help
.PHONY: help run test access lighthouse bench lint lint-articles format lock demo demo-remove triage-report mutate guide staff-guide clean faults fuzz audit

PORT ?= 8000
DATABASE ?= sqlite
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export LOCAL := true
export PORT
export SECRET_KEY_FILE := $(CURDIR)/var/secret-key

help:
	@sed -n '/^# make/s/^# //p' Makefile
	@echo "make demo   fifty sample checks for the staff pages (make demo-remove takes them away)"
	@echo "make triage-report   how the check does on our vignettes, beside published figures of others"
	@echo "make mutate   breaks the protocol in every small way and counts what notices (minutes)"
	@echo "make lighthouse   Lighthouse's four scores of the pages patients meet (needs npm; minutes)"
	@echo "make lint-articles   lints the articles and writes docs/claims.csv"
	@echo "make fuzz   sends the site's forms and addresses what nobody thought of, other things each time"
	@echo "make bench   what the site costs, in ratios within one run (needs wrk; ARGS=--quick to try, ARGS=--write for docs/)"
	@echo "make audit   asks the public list of known faults about every locked package (needs the network)"
	@echo "make lint   ruff, djlint, mypy, missing migrations     make lock   renew requirements/*.txt"

# A stamp per lock file: installed once, again only when the lock changes.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "This needs Python 3.11 or newer. '$(PYTHON)' is: $$($(PYTHON) --version 2>&1 || true)"; \
	  echo "Install a newer one, then: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt install python3-venv)."; rm -rf $(VENV); exit 1; }

$(VENV)/base.stamp: requirements/base.txt | $(VENV)/bin/python
	@echo "Installing what the site needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

var/secret-key: | $(VENV)/bin/python
	@mkdir -p var && umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))' > $@

run: $(VENV)/base.stamp var/secret-key
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", int("$(PORT)"))).close()' 2>/dev/null || { \
	  echo "Port $(PORT) on 127.0.0.1 is taken (or not a port). Try: make run PORT=8001"; exit 1; }
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_articles --if-empty
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@$(BIN)/python manage.py first_account
	@$(BIN)/python manage.py purge --verbosity 0
	@echo "The site is on http://127.0.0.1:$(PORT)/ (staff: http://127.0.0.1:$(PORT)/admin/). Ctrl-C stops it."
	@exec $(BIN)/gunicorn --config site_project/gunicorn.conf.py --bind 127.0.0.1:$(PORT) site_project.wsgi

# What looks at the pages in the browser tests. Without npm those tests are skipped, and say so.
$(VENV)/npm.stamp: package.json package-lock.json .npmrc | $(VENV)/bin/python
	@if command -v npm >/dev/null; then \
	  echo "Installing what the browser tests need ..."; npm ci --silent && touch $@ || echo "It did not work: try npm ci."; \
	fi

test: $(VENV)/dev.stamp $(VENV)/npm.stamp
	@TEST_DATABASE=$(DATABASE) $(BIN)/python -m pytest -n auto -m "not slow and not faults" $(ARGS)

# Every page and state through axe at two widths and in both colour schemes, the keyboard walk, the check in a
# second engine (WebKit), the bytes on the wire: minutes, so not part of `make test`.
access: $(VENV)/dev.stamp $(VENV)/npm.stamp
	@$(BIN)/python -m pytest -n auto -m slow $(ARGS)

# Kills, fills and closes what a running site stands on, with 32 patients in it, on SQLite and PostgreSQL: minutes.
# ARGS=--write-table keeps what it found in docs/faults.md.
faults: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/faults -m faults $(ARGS)

# A search, not a test: every run tries other examples than the one before. What it finds becomes an example of a test.
fuzz: $(VENV)/dev.stamp
	@HYPOTHESIS_PROFILE=new $(BIN)/python -m pytest -n auto tests/security/test_hostile_input.py \
	  tests/assessment/patient/test_random_walks.py tests/assessment/protocol/test_back_pain.py tests/content/text/test_markdown.py $(ARGS)

# A measurement, not a test: its figures need a machine that is not busy.
lighthouse: $(VENV)/dev.stamp
	@test -x var/lighthouse/node_modules/.bin/lighthouse || PUPPETEER_SKIP_DOWNLOAD=1 npm install --silent --no-save --prefix var/lighthouse lighthouse@12.8.2
	@$(BIN)/python -m tests.browser.lighthouse var/lighthouse/node_modules/.bin/lighthouse

staff-guide: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.browser.staff_guide

# Measurements too: ratios within one run hold on a busy machine, figures do not.
bench: $(VENV)/dev.stamp var/secret-key
	@DJANGO_SETTINGS_MODULE=site_project.settings $(BIN)/python -m bench $(ARGS)

lint: $(VENV)/dev.stamp var/secret-key
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py claim_table --check

# After a change to content/starter/articles: is it fit to be read, and which claim rests on which source?
lint-articles: $(VENV)/base.stamp var/secret-key
	@$(BIN)/python manage.py lint_articles
	@$(BIN)/python manage.py claim_table

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/dev.stamp
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade pyproject.toml --output-file requirements/base.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade pyproject.toml --extra postgres --output-file requirements/postgres.txt --constraint requirements/base.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade pyproject.toml --extra postgres --extra redis --extra dev --output-file requirements/dev.txt --constraint requirements/base.txt

# Not in .venv: the site does not need it. --strict: a package that could not be asked about is a failure, not silence.
audit:
	@test -x var/audit/bin/pip-audit || { $(PYTHON) -m venv var/audit && var/audit/bin/pip install --quiet pip-audit==2.10.1; }
	@var/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements/postgres.txt

demo: $(VENV)/base.stamp var/secret-key
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py sample_checks

demo-remove: $(VENV)/base.stamp var/secret-key
	@$(BIN)/python manage.py sample_checks --remove

triage-report: $(VENV)/base.stamp
	@$(BIN)/python -m tests.assessment.triage_report

# The pictures of docs/editors-guide.md, taken from the desk as it is.
guide: $(VENV)/dev.stamp
	@$(BIN)/python -m docs.make_screenshots

mutate: $(VENV)/base.stamp
	@$(BIN)/python -m tests.assessment.protocol.mutate $(ARGS)

clean:
	rm -rf $(VENV) node_modules var/static .pytest_cache .hypothesis .mypy_cache .ruff_cache
