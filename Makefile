# Everything needs only python3 (3.11 or newer) and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
ARGS ?=

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "error: Soundcheck needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3 ..."; exit 1; }
	@echo "[1/3] making the environment in .venv"
	@$(PYTHON) -m venv .venv \
		|| { echo "error: this Python cannot make environments; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@echo "[2/3] installing the locked packages"
	@$(BIN)/uv pip sync --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/python -m ensurepip --upgrade >/dev/null 2>&1 || true
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --editable .
	@$(BIN)/python -m compileall -q agent evals graphs knowledge rubrics
	@touch $@

.PHONY: setup
setup: .venv/installed ## install everything, models included; safe to repeat
	@echo "[3/3] models and search index"
	@$(BIN)/soundcheck models pull
	@$(BIN)/soundcheck index

.PHONY: run
run: setup ## the interview room in the browser, at http://localhost:8137
	$(BIN)/soundcheck serve --open $(ARGS)

.PHONY: demo
demo: setup ## a simulated candidate speaks a short interview; the report lands in ./demo
	$(BIN)/soundcheck demo --out demo $(ARGS)

.PHONY: check
check: .venv/installed ## lint, formatting, types, import order
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

.PHONY: test
test: setup check ## every check and every test that this machine can run
	$(BIN)/soundcheck validate
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: bench
bench: setup ## measure start-up, resuming, turn-taking, recognition and delays on this machine (about an hour)
	$(BIN)/soundcheck bench startup
	$(BIN)/soundcheck bench resume
	$(BIN)/soundcheck bench turns
	$(BIN)/soundcheck bench transcribe
	$(BIN)/soundcheck bench latency --peer both
	$(BIN)/soundcheck bench room
	$(BIN)/soundcheck bench sessions

.PHONY: eval
eval: setup ## measure retrieval, grading and the interviewer, with a report in ./eval (about an hour)
	-$(BIN)/soundcheck eval retrieval
	-$(BIN)/soundcheck eval interviewer
	-$(BIN)/soundcheck eval run --log eval/checks.jsonl $(ARGS)
	-$(BIN)/soundcheck eval run --judge naive --log eval/naive.jsonl $(ARGS)
	-$(BIN)/soundcheck eval perturb --log eval/perturb.jsonl --report eval/laws.md
	$(BIN)/soundcheck eval report eval/checks.jsonl --beside eval/naive.jsonl --out eval
