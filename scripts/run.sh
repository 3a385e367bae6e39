#!/usr/bin/env bash
# Builds what is missing and serves the page on this machine.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/run.sh [--no-gpu]

Installs what is missing, builds the CPU module, serves the page on localhost and prints its
address; then builds the WebGPU module while the page is already in use. Ctrl-C stops everything.

  --no-gpu   leave the WebGPU module out
  PORT=N     serve at this port (8000, and the next free one where it is taken)

A fresh machine with rustup and Node.js takes about 10 minutes on two cores until the page is
there and about 15 more for WebGPU. Later runs take seconds.
TEXT
}

with_gpu=true
for argument in "$@"; do
  case "$argument" in
    --no-gpu) with_gpu=false ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done

jobs_to_stop=()
stop_jobs() {
  trap - EXIT INT TERM
  local job
  for job in "${jobs_to_stop[@]}"; do kill -TERM -- "-$job" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap stop_jobs EXIT
trap 'printf "\nStopped.\n"; exit 130' INT
trap 'exit 143' TERM

need_npm_packages
need_wasm_tools
scripts/build.sh cpu

# Job control gives each background job a process group of its own, so that stopping one stops
# whatever it started (cargo and its compilers).
set -m

say "Serving the page (Ctrl-C stops it)"
node scripts/serve.js www &
server=$!
jobs_to_stop+=("$server")
sleep 1
kill -0 "$server" 2>/dev/null || fail "The server did not start."

if $with_gpu; then
  log=target/run-gpu.log
  say "Building the WebGPU module behind it (about 15 minutes the first time; the page works without)"
  note "its output: $log"
  start=$SECONDS
  # Gentle, because the page is computing on the same cores.
  nice -n 10 scripts/build.sh gpu >"$log" 2>&1 &
  builder=$!
  jobs_to_stop+=("$builder")
  if wait "$builder"; then
    say "The WebGPU module is ready after $(minutes_since "$start"): reload the page to use it, and once more if it says that a newer version is there."
  else
    say "The WebGPU module could not be built; the page goes on with the CPU. The end of $log:"
    tail -n 20 "$log"
  fi
fi

wait "$server" || fail "The server stopped."
