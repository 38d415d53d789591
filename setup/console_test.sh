#!/usr/bin/env bash
# Tests the console and the public pages: form and types, logic, and, where there is Chromium, the journeys in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fast=${1:-}

if [ ! -d frontend/node_modules/.bin ]; then
    echo "the console's parts are not installed (there is no npm): its tests are left out"
    exit 0
fi
cd frontend
unless_passed() { cargo xtask unless-passed "$1" --of frontend -- "${@:2}"; }
unless_passed form npx biome check --error-on-warnings
for app in console public; do
    unless_passed "types-$app" npm run --silent check --workspace "@hutong/$app"
    unless_passed "logic-$app" npm run --silent test --workspace "@hutong/$app"
done
[ -z "$fast" ] || exit 0

# As e2e/browser.ts chooses it.
for browser in "${CHROMIUM:-chromium-headless-shell}" "${CHROMIUM:-chromium}" none; do
    ! command -v "$browser" >/dev/null 2>&1 || break
done
if [ "$browser" = none ]; then
    echo "there is no Chromium here (or CHROMIUM names none): the journeys are left out"
    exit 0
fi
# The program as the tests build it: built by itself, half of the workspace would be compiled a second time.
(cd .. && cargo test --workspace --locked --quiet --no-run)
cargo xtask unless-passed journeys --of frontend --of setup/journeys.sh --of "${HUTONG_PROGRAM:-target/debug/hutong}" \
    --with "$("$browser" --version)" -- ../setup/journeys.sh
