#!/usr/bin/env bash
# How long an officer waits with 200 000 children: founds a city of that many once (below target or, as root,
# /var/lib/hutong), and asks a browser on a processor slowed down four times. Prints figures and the machine's load,
# and fails where a promise is not kept: on a machine that has nothing else to do, that is.
#
# CHILDREN is how many; HUTONG_PROGRAM the program that serves (without it the release, built anew: a debug build's
# figures mean nothing).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
children=${CHILDREN:-200000}
# As root the database runs as an account of its own, which must be able to pass through to its data.
folder=${TIMINGS_FOLDER:-$( [ "$(id -u)" -eq 0 ] && echo /var/lib/hutong/timings || echo "$PWD/target/timings")}
program=${HUTONG_PROGRAM:-}
if [ -z "$program" ]; then
    cargo build --release --quiet --locked --package hutong
    program=$PWD/target/release/hutong
fi

# What was founded and imported by a run that was interrupted stays, and the next goes on from there.
if [ ! -e "$folder/$children.begun" ]; then
    rm -rf "$folder"
    mkdir -p "$folder/ledgers"
    chmod 711 "$folder"
    touch "$folder/$children.begun"
fi
if [ ! -e "$folder/$children.ready" ]; then
    "$program" demo --no-serve --data "$folder/data" >/dev/null
    node frontend/apps/console/e2e/crowd.mjs "$folder/ledgers" "$children" |
        while read -r county file; do
            [ ! -e "$file.done" ] || continue
            # Some children of the crowd are older than their class allows, which the import tells of: exit code 1.
            "$program" import "$file" --place "$county" --as-of 2021-06-30 --data "$folder/data" >/dev/null || [ $? -eq 1 ]
            touch "$file.done"
        done
    touch "$folder/$children.ready"
fi
# The whole browser where it is there, as officers have it: the shell that the journeys prefer draws no window.
if [ -z "${CHROMIUM:-}" ] && command -v chromium >/dev/null 2>&1; then
    CHROMIUM=$(command -v chromium)
    export CHROMIUM
fi
cd frontend
TIMINGS=1 HUTONG_PROGRAM="$program" HUTONG_DATA="$folder/data" npm run --silent timings --workspace @hutong/console
