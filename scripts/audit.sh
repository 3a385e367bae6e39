#!/usr/bin/env bash
# Checks what the project is made of: known holes, licences, sources, and the notices about them.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CARGO_DENY_VERSION=0.20.2

usage() {
  cat <<'TEXT'
Usage: scripts/audit.sh

Checks, with cargo-deny (deny.toml says what is allowed) and npm:
  advisories   no crate with a known hole, RustSec's database (the one that cargo audit reads)
  crates       licences, bans, and that each crate comes from crates.io
  npm          no npm package with a known hole; they only check and serve, none is part of the page
  notices      THIRD-PARTY.md is what scripts/notices.js makes of Cargo.lock

Installs cargo-deny where it is missing.
Exit status: 0 all clean; 1 something was found; 3 nothing was found, but a check could not be made, because
its database could not be fetched. The last lines say which.
TEXT
}

take_arguments false "$@"

summary=()
found=0
unchecked=0
result() { # NAME VERDICT
  summary+=("$(printf '%-20s %s' "$1" "$2")")
}

need_rust
need_npm_packages
if [[ "$(cargo deny --version 2>/dev/null)" != "cargo-deny $CARGO_DENY_VERSION" ]]; then
  say "Installing cargo-deny $CARGO_DENY_VERSION (about 5 minutes on two cores, once)"
  cargo install --locked --quiet cargo-deny --version "$CARGO_DENY_VERSION"
fi
output="$(mktemp)"
trap 'rm -f "$output"' EXIT

# run NAME PATTERN COMMAND...: what its output matches of PATTERN tells "could not be asked" from "found something".
run() {
  local name="$1" unreachable="$2"
  shift 2
  say "$name"
  if "$@" >"$output" 2>&1; then
    tail -n 3 "$output"
    result "$name" clean
  elif grep -qE "$unreachable" "$output"; then
    grep -E "$unreachable" "$output" | head -n 3
    result "$name" "NOT CHECKED: its database could not be fetched from here"
    unchecked=1
  else
    cat "$output"
    result "$name" "FOUND SOMETHING, see above"
    found=1
  fi
}

run advisories 'failed to fetch advisory database' \
  cargo deny --locked --all-features check advisories
run crates '^$a' \
  cargo deny --locked --all-features check bans licenses sources
npm_unreachable='audit endpoint returned an error|ENOTFOUND|ECONNREFUSED|EAI_AGAIN'
run npm "$npm_unreachable" npm audit --no-fund
# Those of tests with packages of their own.
for lock in tests/*/package-lock.json; do
  folder="$(dirname "$lock")"
  run "npm, $folder" "$npm_unreachable" npm audit --no-fund --package-lock-only --prefix "$folder"
done
run notices '^$a' \
  node scripts/notices.js --check

say "Audit"
printf '   %s\n' "${summary[@]}"
if ((found)); then exit 1; fi
if ((unchecked)); then exit 3; fi
