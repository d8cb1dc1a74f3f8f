# The task menu: `make` prints it. Whatever a task makes stays in this folder: .venv, .cache and var.

PYTHON ?= python3
UV ?= $(firstword $(wildcard .venv/bin/uv) uv)

BIN := .venv/bin
READY := .venv/.ready
BENCH_READY := .venv/.bench-ready
WHEELS := .cache/wheels

# pip's own cache serves where the user has one; where there is none, none is begun in the home folder.
USER_PIP_CACHE := $(firstword $(wildcard $(HOME)/.cache/pip $(HOME)/Library/Caches/pip))
export PIP_CACHE_DIR ?= $(or $(USER_PIP_CACHE),$(CURDIR)/.cache/pip)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export XDG_CACHE_HOME := $(CURDIR)/.cache
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.cache/hypothesis

.DEFAULT_GOAL := menu
.PHONY: menu setup serve test lint train bench docker lock clean
.PHONY: kernels

menu:
	@echo "Lanmu labels the sections of Chinese web pages. Tasks:"
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## install the locked packages into .venv

serve: $(READY) ## check the shipped model and serve it (HOST=0.0.0.0 PORT=9000)
	@$(BIN)/lanmu serve $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)")

# Kernels compile on one core while types are checked on another: each process of the tests would compile them, too.
# There are more processes than cores: with threads each they would wait for one another, and threads of OpenMP wait busily.
# Chromium writes into the configuration folder even where it is given a profile of its own.
test: $(READY) ## lint, types, import rules, then every test (ARGS="-k split")
	@$(MAKE) --no-print-directory --jobs 2 lint kernels
	@XDG_CONFIG_HOME="$(CURDIR)/.cache/config" OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --maxprocesses 4 \
	    --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(READY) ## style, types and import rules only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --cache-dir .cache/import-linter

kernels: $(READY)
	@$(BIN)/python -m models.warm

train: $(READY) ## train a version from training/seeds into models/saved (ARGS=--promote)
	@$(BIN)/lanmu-train train $(ARGS)

bench: $(BENCH_READY) ## measure speed and size against peers (ARGS=--quick)
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m benchmarks $(ARGS)

docker: ## build both images (needs a Docker engine)
	docker compose --profile training build

lock: ## pin every package again (needs uv; ARGS=--upgrade for newer ones)
	$(COMPILE) pyproject.toml --extra training --extra ray --extra dev -o requirements.lock
	$(COMPILE) pyproject.toml --extra bench --extra training --extra ray --extra dev -c requirements.lock -o requirements-bench.lock
	$(COMPILE) pyproject.toml --extra training -c requirements.lock -o requirements-worker.lock
	$(COMPILE) pyproject.toml -c requirements.lock -o requirements-service.lock
	printf 'pip\nsetuptools\n' | $(COMPILE) - -o requirements-build.lock

clean: ## remove .venv and what was built; var and the downloaded packages stay
	rm -rf .venv build dist *.egg-info
	find .cache -mindepth 1 -maxdepth 1 ! -name wheels -exec rm -rf {} + 2>/dev/null || true
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" $(ARGS)

# A package is installed from .cache/wheels only. What is missing there is downloaded first, so a later set-up needs no network.
# pip would compile modules on one core; here all of them do. A package may hold examples that are no Python: they stay as they are.
PIP := $(BIN)/python -m pip --quiet
LOCKED := --require-hashes --no-deps --no-build-isolation
OFFLINE := --no-index --find-links $(WHEELS)
define install
	@$(PIP) install --no-compile $(OFFLINE) $(LOCKED) -r $(1) 2>/dev/null \
	|| { $(PIP) download $(LOCKED) --dest $(WHEELS) -r $(1) && $(PIP) install --no-compile $(OFFLINE) $(LOCKED) -r $(1); }
	@$(BIN)/python -W ignore -m compileall -qq -j 0 $(CURDIR)/.venv/lib || true
endef

$(READY): pyproject.toml requirements.lock requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Lanmu needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)."; \
	    echo "Name another one: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments: its venv module is missing."; \
	    echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the locked packages into .venv (the first time takes a few minutes)"
	@mkdir -p $(WHEELS)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(call install,requirements-build.lock)
	$(call install,requirements.lock)
	@PYTHONWARNINGS=ignore $(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -qq -j 0 models service training
	@touch $@

# The peers that `make bench` measures against, beside what is installed already.
$(BENCH_READY): $(READY) requirements-bench.lock
	@echo "Installing the peers of the benchmark into .venv"
	$(call install,requirements-bench.lock)
	@touch $@
