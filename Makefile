# Hutong: what people type. Every target does its own set-up and works from any folder.

ROOT := $(shell cd "$$(dirname -- "$(strip $(MAKEFILE_LIST))")" && pwd)
IN   := cd "$(ROOT)" &&

export SQLX_OFFLINE := true

.PHONY: help demo test check bench contract build prepare pictures timings console ready browser

help: ## List the targets
	@$(IN) sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

demo: ready console ## Build, and serve an invented city; ARGS="--port 8081 --seed 7" are handed on
	@$(IN) cargo run --release --locked --package hutong -- demo $(ARGS)

test: browser console ## Every test of what changed since it passed; ALL=1 make test: of everything
	@$(IN) setup/test.sh

check: ready console ## The fast ones: architecture, format, lints, unit tests
	@$(IN) setup/test.sh --fast

bench: ready ## Measure against raw limits: a table, and target/bench.json
	@$(IN) cargo run --release --locked --package hutong -- bench $(ARGS)

contract: ready ## Ask the running server what openapi.json allows and forbids; wants Python 3 and its registry
	@$(IN) setup/contract.sh

build: ready console ## The release binary with everything embedded: target/release/hutong
	@$(IN) cargo build --release --locked --package hutong

prepare: ready ## Regenerate .sqlx after a change of migrations or queries
	@$(IN) cargo xtask prepare

pictures: browser console ## A picture of every page into docs/screens
	@$(IN) cargo build --quiet --locked --package hutong && cd frontend && npm run --silent pictures --workspace @hutong/console && npm run --silent pictures --workspace @hutong/public

timings: browser console ## How long an officer waits at 200,000 children, in a browser slowed down four times
	@$(IN) setup/timings.sh

console: # The officers' console and the public pages, which a release embeds; see setup/console.sh
	@$(IN) setup/console.sh

ready: # What the machine lacks; see setup/ready.sh
	@$(IN) setup/ready.sh

browser: # The same, and a browser
	@$(IN) setup/ready.sh --browser
