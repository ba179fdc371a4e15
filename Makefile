# Munshi's commands. `make run` and `make test` do all the set-up themselves.
SHELL := /bin/bash
export CARGO_TARGET_DIR ?= $(HOME)/.cache/munshi-target
export CARGO_INCREMENTAL ?= 0

DATA ?= data
LISTEN ?= 127.0.0.1:8080
MUNSHI := $(CARGO_TARGET_DIR)/debug/munshi
# What `make release` builds.
PROGRAMS := $(CARGO_TARGET_DIR)/programs

.PHONY: help prerequisites prerequisites-test web web-if-node build run test test-web looks test-big scenarios test-server fmt lint doc deny release image bench crash-test clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

prerequisites: # Install or name what a bare machine lacks
	@bash scripts/prerequisites.sh

prerequisites-test: # And what only tests use
	@bash scripts/prerequisites.sh test

build: prerequisites ## Build the server (the first time builds the database too, some minutes)
	cargo build --workspace --bins

web: ## Build the consoles into web/dist (takes Node.js)
	@bash scripts/web.sh

web-if-node: # The same, or a word that they are not built
	@bash scripts/web.sh if-there

run: build web-if-node ## Serve with the embedded database and demo data on 127.0.0.1:8080
	@bash scripts/run.sh "$(MUNSHI)" "$(DATA)" "$(LISTEN)"

test: prerequisites-test fmt lint ## Formatting, lints, documentation and every test
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
	@if command -v cargo-deny >/dev/null; then cargo deny --offline check licenses bans sources; else echo "cargo-deny is not installed; skipping licence checks"; fi
	cargo test --workspace
	cargo test -p munshi-protocols --features schema --test schema
	@bash scripts/web-test.sh first-load walk scan.spec selling.spec office server

looks: prerequisites-test build web-if-node ## Take pictures of every page of the consoles, to look at
	@bash scripts/looks.sh

test-big: release ## Measure the consoles on a shop with 100,000 orders (fills it once)
	@MUNSHI_BIN="$(PROGRAMS)/munshi" bash scripts/web-big.sh

test-web: build ## All tests of the consoles in a browser, cuts and kills and pictures too (a quarter of an hour)
	@bash scripts/web-test.sh

scenarios: prerequisites-test ## Every scenario of the sockets, by name, seed and time, in under a minute
	@bash scripts/scenarios.sh

test-server: prerequisites ## Build a database server; with MUNSHI_TEST_SURREAL_BIN set to it, `make test` tests ws:// too
	CARGO_TARGET_DIR=$(CARGO_TARGET_DIR)-s cargo build --manifest-path store/test-server/Cargo.toml

fmt: # Formatting as rustfmt.toml says
	cargo fmt --all --check

lint: # Lints, warnings are errors
	cargo clippy --workspace --all-targets -- -D warnings

doc: ## Build the code's documentation
	cargo doc --workspace --no-deps

deny: ## Check licences, bans and sources of dependencies
	cargo deny check licenses bans sources

release: prerequisites web-if-node ## Build optimised by what it does under load, with the consoles (an hour at first; PLAIN=1: less)
	bash scripts/release.sh "$(PROGRAMS)"

image: ## Build the container image
	docker build -t munshi .

bench: release ## Measure throughput, latency, restart and memory
	"$(PROGRAMS)/munshi-loadtest" --munshi-bin "$(PROGRAMS)/munshi" bench
	@echo "== reservations on one hot SKU, callers in the same process"
	"$(PROGRAMS)/reserve_bench" 10 256

crash-test: build ## Kill the server again and again under load and audit every answer
	$(CARGO_TARGET_DIR)/debug/munshi-loadtest --munshi-bin $(MUNSHI) crash --kills 200

clean: ## Remove the demo data (not the build)
	rm -rf "$(DATA)" "$(DATA).filling"
