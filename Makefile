# `make help` lists what there is. `make run` and `make test` need only Python 3.11, git and make.

PORT ?= 8000
# More words for pytest: make test ARGS="tests/items -x"
ARGS ?=
WORKERS ?= auto

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)

VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
INSTALL := $(if $(UV),uv pip install --python $(PY),$(PY) -m pip install --disable-pip-version-check)
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --quiet --custom-compile-command 'make lock'
RUNTIME := $(VENV)/requirements
DEV := $(VENV)/requirements-dev

.DEFAULT_GOAL := help
.PHONY: help run test browser production-check soak crashes races audit-deps lint bench \
	screenshots lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 27

run: $(RUNTIME) ## Install, migrate, load the demo company if new, and serve on PORT (8000)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo --if-new
	@echo "Serialbook is at http://127.0.0.1:$(PORT) (Ctrl+C stops it)"
	@LOCAL=true $(VENV)/bin/gunicorn inventory.wsgi --bind 127.0.0.1:$(PORT) \
		--threads 8 --log-level warning

# A module's tests stay together, so its world is built once; who is done takes over from the other.
test: $(DEV) ## Run the suite on SQLite, or on DATABASE_URL
	$(PY) -m pytest --numprocesses $(WORKERS) --dist worksteal --ignore tests/browser $(ARGS)

browser: $(DEV) ## Run the browser tests in Chromium (CHROMIUM=/usr/bin/chromium)
	$(PY) -m pytest tests/browser --numprocesses $(WORKERS) --dist loadfile $(ARGS)

# On the database of compose.yaml, unless DATABASE_URL names another server.
production-check: export DATABASE_URL ?= postgres://serialbook:serialbook@127.0.0.1:5432/serialbook
production-check: $(DEV) ## Run the production stack on PostgreSQL, and a day of work in Chromium
	$(PY) -m pytest tests/browser/test_production.py $(ARGS)

# SOAK_SEED=… plays the games again that it is printed for.
soak: export SOAK_SEED ?= $(shell date +%s)
soak: export SOAK_ROUNDS ?= 48
soak: export SOAK_GAMES ?= 10
soak: $(DEV) ## Play the company at random, 20,000 steps, the audit after each (30 minutes)
	$(PY) -m pytest tests/scenarios/test_any_order_of_events.py -s $(ARGS)

# A tool of its own, apart from what the product needs and is tested with.
PIP_AUDIT := pip-audit==2.10.1
audit-deps: $(RUNTIME) ## Look up known vulnerabilities of every pinned package (needs api.osv.dev)
	@.ci/audit-deps $(PY) $(PIP_AUDIT)

# CRASH_SEED=… kills at the same moments again; GAMES="server postgresql sqlite" plays fewer.
KILLS ?= 200
crashes: $(DEV) ## Kill the server, and PostgreSQL, under load; nothing may be lost (KILLS=200 each)
	$(PY) -m tests.reliability.crashes $(GAMES) --kills $(KILLS) $(if $(CRASH_SEED),--seed $(CRASH_SEED))

ATTEMPTS ?= 1000
races: $(DEV) ## Contend for one unit, on DATABASE_URL's PostgreSQL (ATTEMPTS=1000 of each kind)
	$(PY) -m tests.reliability.races $(CONTESTS) --attempts $(ATTEMPTS)

lint: export DATABASE_URL := sqlite://:memory:
lint: $(DEV) ## Check style, types, layers, templates and migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint templates --lint --quiet
	$(MANAGE) makemigrations --check --dry-run

bench: $(DEV) ## Measure posting and the big lists (N="1000 10000" JOBS="receive ship")
	$(PY) -m tests.benchmarks $(if $(N),--n $(N)) $(if $(JOBS),--jobs $(JOBS)) $(ARGS)

screenshots: $(DEV) ## Write the main pages, wide and narrow, to docs/screenshots
	$(PY) -m tests.screenshots $(ARGS)

lock: ## Pin the newest allowed packages, with hashes (needs uv)
	$(LOCK) --upgrade --output-file requirements.txt
	$(LOCK) --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## Remove what make made, except the database
	rm -rf $(VENV) staticfiles

$(RUNTIME): requirements.txt | $(PY)
	@echo "Installing what Serialbook needs into $(VENV) …"
	@$(INSTALL) --quiet --require-hashes --requirement $<
	@touch $@

$(DEV): requirements-dev.txt | $(PY)
	@echo "Installing what Serialbook and its tests need into $(VENV) …"
	@$(INSTALL) --quiet --require-hashes --requirement $<
	@touch $@ $(RUNTIME)

# Debian keeps a part of venv in a package of its own. Where that is missing, a pip that is
# there, or uv, will do.
$(PY):
	@test -n "$(PYTHON)" || { echo "Serialbook needs Python 3.11 or newer. Here is" \
		"$$(python3 --version 2>&1). Install a newer one, or name it: make PYTHON=…" >&2; exit 1; }
ifneq ($(UV),)
	@uv venv --quiet --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
		|| { $(PYTHON) -m venv --clear --without-pip $(VENV) \
			&& $(PYTHON) -m pip --python $(PY) install --quiet pip; } >/dev/null 2>&1 \
		|| { rm -rf $(VENV); echo "$(PYTHON) can't make a virtual environment." \
			"On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
endif
