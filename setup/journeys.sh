#!/usr/bin/env bash
# Walks the journeys through the console and the public pages, in Chromium, against the demo city.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../frontend"

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
