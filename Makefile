# make demo    a ledger with a year in it, served         (DEMO_ARGS=--no-serve: record, print, end)
# make test    style, types, import contracts, fast tests (CI=true: the slow ones too)
#
# Needs make and Python >= 3.11. Everything lives in .venv and .ledger beside this file; every path is relative, so
# the checkout may lie in a folder with spaces.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo serve scripts screenshots test test-all lint audit bench lock clean
SHELL := /bin/sh

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

# The first of these that is new enough and can make environments; name another with make PYTHON=...
PYTHON := python3.14 python3.13 python3.12 python3.11 python3 python
UV := uv

python := .venv/bin/python
scripts := api/console/made/.from-lock
new_enough := import sys; sys.exit(sys.version_info < (3, 11))
# Only wheels, only these bytes: building from source would fetch build tools nobody pinned.
install := $(python) -m pip install --quiet --only-binary=:all: --require-hashes -r
install_project := $(python) -m pip install --quiet --no-build-isolation --no-deps -e .

help:
	@sed -n '1,2s/^# //p' Makefile
	@echo 'also         serve scripts screenshots test-all lint audit bench lock clean'

demo: .venv/.for-running $(scripts)
	.venv/bin/ledger demo $(DEMO_ARGS)

serve: .venv/.for-running $(scripts)
	.venv/bin/ledger serve $(SERVE_ARGS)

ifeq ($(CI),true)
test: test-all
else
test: lint $(scripts)
	$(python) -m pytest -n 2 $(PYTEST_ARGS)
endif

test-all: lint $(scripts)
	$(python) -m pytest -n 2 -m "" $(PYTEST_ARGS)

lint: .venv/.for-testing
	@$(python) -m ruff check --quiet
	@$(python) -m ruff format --quiet --diff
	@$(python) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo

# Known vulnerabilities of what is locked; says so where the service that knows them cannot be reached.
audit: .venv/.for-testing
	$(python) .ci/audit requirements.lock requirements-dev.lock

bench: .venv/.for-testing
	$(python) -m bench.authorisation
	$(python) -m bench $(BENCH_ARGS)
	$(python) -m bench.history $(HISTORY_ARGS)

# Pins stay as they are unless LOCK_ARGS says otherwise: make lock LOCK_ARGS=--upgrade.
# The development lock is narrower, so it comes first and the runtime lock follows it.
lock:
	@command -v "$(UV)" >/dev/null || { echo "make lock needs uv: pip install uv, or make lock UV=path/to/uv" >&2; exit 1; }
	"$(UV)" $(compile) --extra build --extra dev -o requirements-dev.lock pyproject.toml
	"$(UV)" $(compile) --extra build -c requirements-dev.lock -o requirements.lock pyproject.toml

compile = pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" $(LOCK_ARGS)

# Every page of the console, as Chromium shows it, into docs/screens.
screenshots: .venv/.for-testing $(scripts)
	$(python) -m tests.browser.screenshots

# The data of the demo stays: delete .ledger by hand.
clean:
	rm -rf .venv .node node_modules api/console/made dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name .ledger -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.for-running: requirements.lock pyproject.toml
	$(make_venv)
	@echo "installing requirements.lock, by hash, into .venv" >&2
	@$(install) requirements.lock
	@$(install_project)
	@touch $@

.venv/.for-testing: requirements-dev.lock pyproject.toml
	$(make_venv)
	@echo "installing requirements-dev.lock, by hash, into .venv" >&2
	@$(install) requirements-dev.lock
	@$(install_project)
	@touch $@

scripts: .venv/.for-running $(scripts)

# What the console's pages load: copied from packages that are locked by hash, so that no browser fetches anything elsewhere.
# Node.js comes from PyPI where there is no npm.
$(scripts): package.json package-lock.json .npmrc node.lock
	@echo "installing package-lock.json, by hash, for api/console/made" >&2
	@PATH="$$PWD/.node/bin:$$PATH"; export PATH; \
	if ! command -v npm >/dev/null; then \
		$(python) -m venv .node && \
		.node/bin/python -m pip install --quiet --only-binary=:all: --require-hashes -r node.lock || exit 1; \
	fi; \
	npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@mkdir -p api/console/made
	@cp node_modules/htmx.org/dist/htmx.min.js api/console/made/htmx.js
	@cp node_modules/@alpinejs/csp/dist/cdn.min.js api/console/made/alpine.js
	@cp node_modules/echarts/dist/echarts.min.js api/console/made/echarts.js
	@touch $@

# Keeps a .venv that works; otherwise looks for a Python and says what to do where none fits.
define make_venv
@if $(python) -c '$(new_enough)' 2>/dev/null; then \
	$(python) -m pip --version >/dev/null 2>&1 || $(python) -m ensurepip >/dev/null; \
	exit; \
fi; \
fits=; \
for candidate in $(PYTHON); do \
	"$$candidate" -c '$(new_enough)' 2>/dev/null || continue; \
	fits=$$candidate; \
	"$$candidate" -c 'import ensurepip, venv' 2>/dev/null || continue; \
	exec "$$candidate" -m venv --clear .venv; \
done; \
if [ -z "$$fits" ]; then \
	echo "No Python >= 3.11 found (looked for: $(PYTHON))." >&2; \
	echo "Install one (Debian 12, Ubuntu 24.04 and later: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3" >&2; \
else \
	echo "$$fits cannot make virtual environments: its venv module is missing." >&2; \
	echo "Debian and Ubuntu: apt install python3-venv (or $$("$$fits" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'))" >&2; \
fi; \
exit 1
endef
