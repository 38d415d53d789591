#!/usr/bin/env bash
# Asks the running server what openapi.json allows and much that it forbids, as officers of several roles: no answer may
# be a fault of the program's, and none may be undeclared. Wants Python 3; schemathesis is installed below target.
#
# EXAMPLES is the number of requests tried for each operation and role; SEED repeats a run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
examples=${EXAMPLES:-30}
seed=${SEED:-7040}
folder=target/contract
schemathesis=$folder/venv/bin/schemathesis

install() {
    "$schemathesis" --version >/dev/null 2>&1 && return
    python3 -m venv "$folder/venv" 2>/dev/null ||
        { echo "contract: no Python 3 with venv: apt-get install python3-venv" >&2; exit 2; }
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'schemathesis>=4,<5'
}

# The same server for every role, so that one finds what another left.
if [ -z "${HUTONG_URL:-}" ]; then
    install
    exec cargo xtask testserver cargo run --quiet --locked --package api --example served_office -- "$0"
fi

# The last id of a list, as this cookie sees it.
known() {
    python3 - "$HUTONG_URL$1" "$2" <<'PYTHON'
import json, sys, urllib.request
request = urllib.request.Request(sys.argv[1], headers={"Cookie": sys.argv[2]})
print(json.load(urllib.request.urlopen(request))["items"][-1]["id"])
PYTHON
}

run() {
    local name=$1 cookie=$2
    shift 2
    echo "== $name"
    "$schemathesis" --config-file setup/contract.toml run openapi.json --url "$HUTONG_URL" --no-color \
        --header "Cookie: $cookie" --header "Origin: $HUTONG_URL" --generation-with-security-parameters false \
        --warnings off --max-examples "$examples" --seed "$seed" --generation-database none \
        --report ndjson --report-ndjson-path "$folder/$name.ndjson" "$@" ||
        failed="${failed:-} $name"
    [ "$name" = signing ] || known /api/organisation/devices "$cookie" >/dev/null ||
        failed="${failed:-} $name (signed out on the way)"
}

export HUTONG_KNOWN_CHILD HUTONG_KNOWN_OFFICER HUTONG_KNOWN_APPOINTMENT
HUTONG_KNOWN_CHILD=$(known "/api/registry/children" "$HUTONG_COOKIE_COUNTY_OFFICER")
HUTONG_KNOWN_OFFICER=$(known "/api/organisation/officers" "$HUTONG_COOKIE_ADMIN")
HUTONG_KNOWN_APPOINTMENT=$(known "/api/organisation/appointments" "$HUTONG_COOKIE_ADMIN")
rm -f "$folder"/*.ndjson

# A session that ends leaves nothing to ask, so what ends one is tried last and by somebody else; whether the others'
# still stand is asked after each run.
ends='^/api/organisation/(session$|.*devices/)'
stays=(--exclude-path-regex "$ends")
run county_officer "$HUTONG_COOKIE_COUNTY_OFFICER" "${stays[@]}"
run admin "$HUTONG_COOKIE_ADMIN" "${stays[@]}"
run auditor "$HUTONG_COOKIE_AUDITOR" "${stays[@]}"
run county_approver "$HUTONG_COOKIE_COUNTY_APPROVER" "${stays[@]}"
run signing "$HUTONG_COOKIE_CITY_OFFICER" --include-path-regex "$ends"

python3 - "$folder" <<'PYTHON'
import collections, pathlib, re, sys
statuses = collections.Counter()
for file in pathlib.Path(sys.argv[1]).glob("*.ndjson"):
    statuses.update(re.findall(r'"status_code": ?(\d{3})\b', file.read_text()))
print(f"{sum(statuses.values())} answers:", *(f"{n} × {code}" for code, n in sorted(statuses.items())))
sys.exit(any(code.startswith("5") for code in statuses))
PYTHON
[ -z "${failed:-}" ] || { echo "contract: failed as$failed" >&2; exit 1; }
