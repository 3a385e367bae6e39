#!/usr/bin/env bash
# Uses the page for as long as nobody has patience for, and checks that it stays as it was.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/soak.sh [--frames N] [--trainings N]

In headless Chromium on the CPU: webcam frames classified one after another, with a film of hands and an empty
room as the camera, a row for every 500 of them; then one training after another on 60 samples, four in five of the
head and the rest of the last stage, a row for each. Of each row the page's memory and how long things took.

  --frames N     20000 unless told otherwise: about 12 minutes where the page keeps up with the camera
  --trainings N  30: about 10 minutes

Says at the end of each table whether it stayed flat. Compared are the medians of the last quarter of the rows and
of the second (the first warms up): memory may grow by 5 %, and the latency of a window's fastest tenth of frames,
which other work on the machine moves least, by 15 %.
Exit status: 0 all flat; 1 something was not, or failed.

Needs www/pkg (scripts/build.sh).
TEXT
}

case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  "" | --frames | --frames=* | --trainings | --trainings=*) ;;
  *)
    usage >&2
    exit 2
    ;;
esac

need_npm_packages
need_apt chromium chromium
[[ -f www/pkg/signet_cpu_learn.js ]] || fail "www/pkg/signet_cpu_learn.js is not there: run scripts/build.sh cpu first."
exec node tests/bench/soak.js "$@"
