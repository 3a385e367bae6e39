#!/usr/bin/env bash
# Measures, and prints tables. Nothing here passes or fails but by an error.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/bench.sh teach [SCOPE ...]

teach   fine-tuning on the page, in headless Chromium on the CPU: 60 samples of 6 classes, each scope
        (head, stage, all) with the page's defaults, then ten trainings of the head in a row: time,
        memory of the page, loss, accuracy. About 5 minutes. The samples are photos of
        ../shared/data/signs/train where that folder is there, and painted hands elsewhere.

Needs www/pkg (scripts/build.sh). Leave the machine alone while it runs.
TEXT
}

case "${1:-}" in
  teach)
    shift
    need_npm_packages
    need_apt chromium chromium
    [[ -f www/pkg/signet_cpu.js ]] || fail "www/pkg/signet_cpu.js is not there: run scripts/build.sh cpu first."
    exec node tests/bench/teach.js "$@"
    ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
