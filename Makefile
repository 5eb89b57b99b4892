PYTHON ?= python3
BOOTSTRAP = @command -v $(PYTHON) >/dev/null || { echo "Kabinet needs Python 3.11 or newer: install python3 or give PYTHON=…"; exit 1; }; $(PYTHON) local/bootstrap.py
VENV = .venv/bin
BUILD = .local/env/build/bin
SAM = SAM_CLI_TELEMETRY=0 AWS_EC2_METADATA_DISABLED=true AWS_DEFAULT_REGION=eu-central-1 PATH="$(CURDIR)/$(BUILD):$$PATH" sam

# All tests that need no local stack, on all cores.
INSIDE = tests --ignore=tests/journeys --numprocesses=auto

# Bytecode is kept whatever the shell says: without it each process compiles every library anew.
unexport PYTHONDONTWRITEBYTECODE

# What runs on this machine is never reached through a proxy.
export no_proxy := 127.0.0.1,localhost,$(no_proxy),$(NO_PROXY)
export NO_PROXY := $(no_proxy)

.DEFAULT_GOAL := help
.PHONY: help coverage run reset clock bank redrive restore owner reindex journey build bench openapi screenshots test sweep races check lint format lock

help: ## list what make can do
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

run: ## build, deploy and serve the shop on this machine until Ctrl-C
	$(BOOTSTRAP) dev build emulator
	@exec $(VENV)/python -m local.run

reset: ## forget the data of the local shop
	$(BOOTSTRAP) dev
	@$(VENV)/python -m local.reset

clock: ## move the local time: make clock ADVANCE=2h (s m h d w), or RESET=1
	$(BOOTSTRAP) dev
	@$(VENV)/python -m local.clock "$(if $(RESET),reset,$(ADVANCE))"

bank: ## what the sandbox's bank says of an SBP or 3-D Secure payment: PAYMENT=<its link> SAYS=captured
	$(BOOTSTRAP) dev
	@PYTHONPATH=functions:layers/common $(VENV)/python -m local.bank "$(PAYMENT)" "$(SAYS)"

redrive: ## send again what the dead-letter queues hold: [QUEUE=NotifyDeadLetters] [STACK=… on AWS]
	$(BOOTSTRAP) dev
	@$(VENV)/python -m local.redrive --queue "$(QUEUE)" --stack "$(STACK)"

restore: ## put rows back from a restored copy: TABLE=OrdersTable COPY=… [PREFIX=…] [OVERWRITE=1] [STACK=… on AWS]
	$(BOOTSTRAP) dev
	@PYTHONPATH=functions:layers/common $(VENV)/python -m local.restore --table "$(TABLE)" --copy "$(COPY)" --prefix "$(PREFIX)" --stack "$(STACK)" $(if $(OVERWRITE),--overwrite)

owner: ## make the first owner of the shop: make owner EMAIL=… [STACK=… on AWS]
	$(BOOTSTRAP) dev
	@$(VENV)/python -m local.owner "$(EMAIL)" --stack "$(STACK)"

reindex: ## build the search index anew from the catalogue [STACK=… on AWS]
	$(BOOTSTRAP) dev
	@$(VENV)/python -m local.reindex --stack "$(STACK)"

journey: ## walk through the running local shop as a customer would
	$(BOOTSTRAP) dev
	@$(VENV)/python -m local.journey

build: ## build for AWS, bytecode and all: make build [ARCHITECTURE=arm64]; then `sam deploy`
	$(BOOTSTRAP) dev build
	@$(VENV)/python -m local.artefacts $(or $(ARCHITECTURE),arm64)

bench: ## measure what requests and events cost; write it into the README (valgrind counts instructions)
	$(BOOTSTRAP) dev build
	@PYTHONPATH=functions:layers/common:layers/documents:tests/harness $(VENV)/python -m local.bench

openapi: ## write docs/openapi.json anew from the routes, and the README's table of events
	$(BOOTSTRAP) dev
	@PYTHONPATH=functions:layers/common $(VENV)/python -m local.openapi
	@PYTHONPATH=functions:layers/common $(VENV)/python -m local.contracts

screenshots: ## take the README's pictures of the site anew; needs Chromium
	$(BOOTSTRAP) dev build emulator
	@SCREENSHOTS=docs/images $(VENV)/pytest tests/journeys/test_site.py

test: ## run every test: units, requests, samples of faults and races on moto, journeys on a local stack of their own
	$(BOOTSTRAP) dev build emulator
	@$(VENV)/pytest $(INSIDE) --part=units --shown=units
	@$(VENV)/pytest $(INSIDE) --part=requests --shown=requests
	@$(VENV)/pytest $(INSIDE) --part=beside --shown=faults
	@$(VENV)/pytest tests/journeys --shown=journeys
	@$(VENV)/python tests/harness/shown.py $(SHOWN)

sweep: ## let every call of AWS fail in every way, one at a time (make test runs a sample)
	$(BOOTSTRAP) dev
	@$(VENV)/pytest tests/faults/test_sweep.py --exhaustive --numprocesses=auto --quiet

races: ## let requests meet in every order of their calls (make test leaves out what cannot differ)
	$(BOOTSTRAP) dev
	@$(VENV)/pytest $(INSIDE) --part=races --exhaustive --quiet

coverage: ## run every test and write docs/coverage.md anew
	@$(MAKE) test SHOWN=--write

lint: ## read the code and the template without running them
	$(BOOTSTRAP) dev build scan
	@$(VENV)/ruff format --check
	@$(VENV)/ruff check
	@$(VENV)/mypy
	@$(SAM) validate --lint
	@$(VENV)/python -m local.lint
	@$(VENV)/python -m local.scan

check: lint test sweep races ## all that must hold before a change goes in: lint, test, sweep, races

format: ## lay the code out
	$(BOOTSTRAP) dev
	@$(VENV)/ruff format
	@$(VENV)/ruff check --fix

lock: ## choose the newest versions of every library anew
	$(BOOTSTRAP) lock
