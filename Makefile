# Everything a developer types. Needs make and a Python 3.11 or newer with its venv module; nothing else.
# `make PYTHON=/path/to/python` chooses the interpreter, `make test ARGS=tests/store` the tests, JOBS how many
# processes run them.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
JOBS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -lt 4 ] && echo $$((n + 1)) || echo 4)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
REDOCLY_VERSION := 2.77.0
REDOCLY := build/redocly-$(REDOCLY_VERSION)
TYPESCRIPT_VERSION := 5.9.3
OPENAPI_TYPESCRIPT_VERSION := 7.13.0
TYPESCRIPT := build/typescript-$(OPENAPI_TYPESCRIPT_VERSION)-$(TYPESCRIPT_VERSION)
CORE := app/domain/*,app/text/*,app/annotate/*,app/pipeline/*

.PHONY: help serve test check format format-check lint layers containers openapi typescript types coverage floors fuzz bench pictures evaluate lock clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*  ## (.*)/  make \1\t\2/' | expand -t 22

serve: $(VENV)/.serve  ## Install, migrate, load the sample stories, serve on 127.0.0.1:8000
	$(BIN)/sayso migrate
	$(BIN)/sayso seed
	exec $(BIN)/sayso serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev  ## Run every test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder \
	  --cov --cov-report= --cov-fail-under=0 $(ARGS)

check: format-check lint layers containers openapi typescript types test coverage floors  ## Run all that guards the code, cheapest first

format: $(VENV)/.dev  ## Put the code into its layout and repair what can be repaired
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format-check: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	$(BIN)/ruff check .

layers: $(VENV)/.dev  ## Check that imports point one way
	$(BIN)/lint-imports --no-cache

containers: $(VENV)/.dev  ## Lint the Dockerfile, where the linter installs
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile && echo "Dockerfile: no findings"; \
	else echo "no hadolint for this platform: the Dockerfile is checked by tests/contract only"; fi

openapi:  ## Lint the description of the API, where node and npm are
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
	  echo "no node and npm here: the description of the API is checked by tests/contract only"; \
	elif [ -x $(REDOCLY)/node_modules/.bin/redocly ] || \
	  npm install --silent --no-audit --no-fund --no-save --prefix $(REDOCLY) @redocly/cli@$(REDOCLY_VERSION); then \
	  REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(REDOCLY)/node_modules/.bin/redocly lint \
	    --config tests/contract/redocly.yaml tests/contract/openapi.json; \
	else echo "the linter cannot be fetched: the description of the API is checked by tests/contract only"; fi

typescript:  ## Make TypeScript types of the description of the API, and compile a program that uses them
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
	  echo "no node and npm here: no TypeScript types are made of the description of the API"; \
	elif [ -x $(TYPESCRIPT)/node_modules/.bin/tsc ] || \
	  npm install --silent --no-audit --no-fund --no-save --prefix $(TYPESCRIPT) \
	    typescript@$(TYPESCRIPT_VERSION) openapi-typescript@$(OPENAPI_TYPESCRIPT_VERSION); then \
	  REDOCLY_TELEMETRY=off $(TYPESCRIPT)/node_modules/.bin/openapi-typescript tests/contract/openapi.json \
	    --output $(TYPESCRIPT)/sayso.d.ts && \
	  cp tests/contract/reads.ts $(TYPESCRIPT)/reads.ts && \
	  $(TYPESCRIPT)/node_modules/.bin/tsc --noEmit --strict --target es2022 --module esnext \
	    --moduleResolution bundler $(TYPESCRIPT)/sayso.d.ts $(TYPESCRIPT)/reads.ts && \
	  echo "TypeScript types: $(TYPESCRIPT)/sayso.d.ts compiles"; \
	else echo "the tools cannot be fetched: no TypeScript types are made of the description of the API"; fi

types: $(VENV)/.dev  ## Check the types
	$(BIN)/mypy

coverage: $(VENV)/.dev  ## Hold the last test run to the coverage floors
	$(BIN)/coverage report
	$(BIN)/coverage report --include='$(CORE)' --fail-under=100

floors: $(VENV)/.dev  ## Hold the annotations to the accuracy floors
	$(BIN)/python -m app.evaluation.gates

fuzz: $(VENV)/.dev  ## Try the API with thousands of requests and bodies, on both kinds of database
	SAYSO_LONG_RUN=1 $(BIN)/python -m pytest tests/fuzz -s $(ARGS)

bench: $(VENV)/.bench  ## Measure speed: stories annotated, stored and read a second
	$(BIN)/python -m app.evaluation.bench $(ARGS)

pictures: $(VENV)/.dev  ## Make the pictures of the pages anew, under docs/pictures (needs chromium)
	$(BIN)/python -m tests.ui.pictures

evaluate: $(VENV)/.serve  ## Print the accuracy on a folder of corpora (ARGS)
	$(BIN)/sayso evaluate $(ARGS)

lock:  ## Pin anew everything that is installed, from the newest that pyproject.toml allows
	@$(MAKE) --no-print-directory $(BIN)/pip
	rm -rf build/lock
	$(BIN)/python -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --no-input install --quiet --editable '.[dev]'
	@{ echo "# Every package that is installed, runtime and dev, at the version the tests ran on. Made by \`make lock\`."; \
	  build/lock/bin/python -m pip freeze --exclude-editable; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/lock

clean:  ## Remove what was installed and built; the database under data/ stays
	rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* coverage.xml htmlcov
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	find app tests migrations -type d -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu install python3.11-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/pip
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(VENV)/.serve $@

$(VENV)/.bench: $(VENV)/.dev
	$(PIP) install --quiet --constraint constraints.txt --editable '.[bench]' \
	  || echo "spaCy does not install here: annotation is measured without it"
	@touch $@
