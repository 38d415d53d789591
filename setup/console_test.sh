#!/usr/bin/env bash
# Tests the console and the public pages: form and types, logic, and, where there is Chromium, journeys in it against the demo city.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fast=${1:-}

if [ ! -d frontend/node_modules/.bin ]; then
    echo "the console's parts are not installed (there is no npm): its tests are left out"
    exit 0
fi
cd frontend
npx biome check --error-on-warnings
for app in console public; do
    npm run --silent check --workspace "@hutong/$app"
    npm run --silent test --workspace "@hutong/$app"
done
[ -z "$fast" ] || exit 0

have() { command -v "$1" >/dev/null 2>&1; }
# As e2e/browser.ts chooses it.
if ! have "${CHROMIUM:-chromium-headless-shell}" && ! have "${CHROMIUM:-chromium}"; then
    echo "there is no Chromium here (or CHROMIUM names none): the journeys are left out"
    exit 0
fi
# The program as the tests build it: built by itself, half of the workspace would be compiled a second time.
(cd .. && cargo test --workspace --locked --quiet --no-run)

# One city is founded for both, each of which serves a copy.
room=$(mktemp -d)
public=
trap '[ -z "$public" ] || kill "$public" 2>/dev/null || true; rm -rf "$room"' EXIT
# As root the database runs as an account of its own, which must be able to pass through to its data.
chmod 711 "$room"
export HUTONG_FOUNDED=$room/data
"${HUTONG_PROGRAM:-../target/debug/hutong}" demo --no-serve --data "$HUTONG_FOUNDED" >/dev/null

# Side by side, since the console's alone leave a quarter of two cores idle; what the shorter ones say comes when both are over.
npm run --silent journeys --workspace @hutong/public >"$room/public" 2>&1 &
public=$!
failed=
npm run --silent journeys --workspace @hutong/console || failed=yes
wait "$public" || failed=yes
public=
cat "$room/public"
[ -z "$failed" ]
