PYTHON ?= python3

.PHONY: help run test gallery chaos bench lint format pins

help: ## what there is to say
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set everything up, then run the phone app, the admin and a worker with the Batken demo (PORT=8000)
	@PORT=$(PORT) exec $(PYTHON) -m deploy.local run

test: ## set everything up, then run all tests, the browser ones too (ONLY="tests/sync -k twice": a part)
	@ONLY="$(ONLY)" $(PYTHON) -m deploy.local test

gallery: ## a picture of every screen of the phone app in every language and size, on one page
	@$(PYTHON) -m deploy.local gallery

chaos: ## the phone's code against the real server through every fault (OPERATIONS=20000, MINUTES=, SEED=: one again; and KILLS=50 browsers)
	@OPERATIONS=$(OPERATIONS) MINUTES=$(MINUTES) SEED=$(SEED) SEEDS=$(SEEDS) WITHOUT="$(WITHOUT)" KILLS=$(KILLS) exec $(PYTHON) -m deploy.local chaos

bench: ## measure bytes, times and loads, and write them to docs/benchmarks.md (BENCH="pull route": a part)
	@BENCH="$(BENCH)" exec $(PYTHON) -m deploy.local bench

lint: ## style, types and the ladder of imports
	@$(PYTHON) -m deploy.local lint

format: ## put the code into the house's form
	@$(PYTHON) -m deploy.local format

pins: ## pin every Python dependency anew, with hashes
	@$(PYTHON) -m deploy.local pins

PORT ?= 8000
