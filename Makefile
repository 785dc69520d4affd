# Needs Python 3.11 or newer and make; everything else is installed into .venv. `make help` lists what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run develop shell test lint format typecheck check bench bench-sheets lighthouse ci lock clean venv installed installed-dev

help: ## List these targets
	@echo "Usage: make TARGET [NAME=value …]"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: installed ## Load the data set and serve it (PORT=8000, KNOWLEDGEBASE_DATA_DIR=var)
	@exec $(BIN)/python -m knowledgebase.demo

develop: installed ## Serve with error pages, reloading when code changes (PORT=8000)
	@exec env KNOWLEDGEBASE_DEBUG=on $(BIN)/python manage.py runserver 127.0.0.1:$(or $(PORT),8000)

shell: installed ## Open a Python shell with every model imported
	@exec $(BIN)/python manage.py shell

test: ARGS ?= -n auto --maxprocesses 4
test: installed-dev ## Run the tests (ARGS="tests/knowledgebase -k engine")
	$(BIN)/python -m pytest $(ARGS)

lint: installed-dev ## Look for mistakes and untidy code and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates

format: installed-dev ## Tidy the code
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

typecheck: installed-dev ## Check types
	$(BIN)/mypy

check: installed-dev ## Check that no migration is missing
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: installed ## Measure how fast pages and API answer
	@exec $(BIN)/python -m benchmarks.answers

bench-sheets: installed ## Measure how long a spreadsheet of 5,000 results takes
	@exec $(BIN)/python -m benchmarks.sheets

lighthouse: installed ## What Lighthouse says of the main pages (needs Node.js and a Chromium)
	@exec $(BIN)/python -m benchmarks.lighthouse

ci: ## Everything that must pass before a change lands (installs Debian packages)
	.ci/run

lock: installed-dev ## Write the lock files anew from pyproject.toml (UPGRADE=1 takes newer releases)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) --constraint requirements.lock --group dev pyproject.toml --output-file requirements-dev.lock

# No header, no annotation, no address of an index: the files say what is installed, not from where.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	$(if $(UPGRADE),--upgrade)

clean: ## Remove what the checks leave behind; data, sign-ins and .venv stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -not -path './$(VENV)/*' -not -path './var/*' -prune -exec rm -rf {} +

# A lock file is installed when it differs from the copy kept beside what was installed from it.
installed: venv
	@cmp -s requirements.lock $(VENV)/installed.lock || cmp -s requirements-dev.lock $(VENV)/installed-dev.lock || { \
		echo "Installing what the knowledge base needs into $(VENV) (about a minute) …"; \
		$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock \
			&& cp requirements.lock $(VENV)/installed.lock; }

installed-dev: venv
	@cmp -s requirements-dev.lock $(VENV)/installed-dev.lock || { \
		echo "Installing what the checks need into $(VENV) (about a minute) …"; \
		$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements-dev.lock \
			&& cp requirements-dev.lock $(VENV)/installed-dev.lock && cp requirements.lock $(VENV)/installed.lock; }

venv:
	@$(BIN)/python -c "import pip" 2>/dev/null || { \
		command -v $(PYTHON) >/dev/null || { \
			echo "Python 3.11 or newer is needed, and there is no '$(PYTHON)'; name yours with PYTHON=." >&2; exit 1; }; \
		$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
			echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name another with PYTHON=." >&2; \
			exit 1; }; \
		$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { \
			echo "'$(PYTHON)' cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; \
			exit 1; }; \
		echo "Making a virtual environment in $(VENV) …"; \
		rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
