#!/usr/bin/env bash
# Builds the officers' console and the public pages into frontend/dist, where a release embeds it; does nothing where nothing has changed.
#
# Without npm the program is built all the same, without the console, and says so when it starts; an npm that cannot
# install is an error, since nobody would miss the console and its tests until too late.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../frontend"

say() { printf 'set-up: %s\n' "$*" >&2; }

if ! command -v npm >/dev/null 2>&1; then
    say "no npm: the console is left out; install Node 20 or later and run this again"
    exit 0
fi

if [ ! -f node_modules/.installed ] || ! cmp -s package-lock.json node_modules/.installed; then
    say "installing the console's parts with npm"
    npm ci --no-progress --loglevel error --ignore-scripts >&2 || {
        say "npm could not install them; put right what it says above, or take npm off the PATH to do without the console"
        exit 2
    }
    cp package-lock.json node_modules/.installed
fi

built=dist/public/index.html
if [ ! -f dist/console/index.html ] || [ ! -f "$built" ] || [ -n "$(find apps packages package.json -newer "$built" -type f -not -path '*/node_modules/*' -print -quit)" ]; then
    say "building the console and the public pages"
    npm run --silent build >&2
fi
