#!/usr/bin/env bash
# Tests the console: form and types, logic, and, where there is Chromium, journeys in it against the demo city.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fast=${1:-}

if [ ! -d frontend/node_modules/.bin ]; then
    echo "the console's parts are not installed (there is no npm): its tests are left out"
    exit 0
fi
cd frontend
npx biome check --error-on-warnings
npm run --silent check --workspace @hutong/console
npm run --silent test --workspace @hutong/console
[ -z "$fast" ] || exit 0

if ! command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1; then
    echo "there is no Chromium here (or CHROMIUM names none): the journeys are left out"
    exit 0
fi
(cd .. && cargo build --quiet --locked --package hutong)
npm run --silent journeys --workspace @hutong/console
