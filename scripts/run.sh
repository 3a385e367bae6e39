#!/usr/bin/env bash
# Builds what is missing and serves the page on this machine.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/run.sh [--no-gpu]

Installs what is missing, builds what classifies on the CPU, serves the page on localhost and prints its address;
then builds the other modules while the page is already in use. Ctrl-C stops everything.

  --no-gpu   leave the WebGPU modules out
  PORT=N     serve at this port (8000, and the next free one where it is taken)

A fresh machine with rustup and Node.js takes about 2 minutes on two cores until the page is there, and about 8 more
for the other modules, in the order of scripts/build.sh. Later runs take seconds.
TEXT
}

parts=(threads classify-gpu inspect inspect-gpu convert learn learn-gpu)
take_option() {
  case "$1" in
    --no-gpu) parts=(threads inspect convert learn) ;;
    *) return 1 ;;
  esac
}
take_arguments take_option "$@"

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

need_server_packages
scripts/build.sh classify

# Job control gives each background job a process group of its own, so that stopping one stops
# whatever it started (cargo and its compilers).
set -m

say "Serving the page (Ctrl-C stops it)"
node scripts/serve.js www &
server=$!
jobs_to_stop+=("$server")
sleep 1
kill -0 "$server" 2>/dev/null || fail "The server did not start."

mkdir -p target
for part in "${parts[@]}"; do
  log="target/run-$part.log"
  # Gentle, because the page is computing on the same cores. What cargo says goes to the log.
  nice -n 10 scripts/build.sh "$part" 2>"$log" &
  builder=$!
  jobs_to_stop+=("$builder")
  if wait "$builder"; then
    note "Reload the page to use it, and once more if the page says that a newer version is there."
  else
    note "It could not be built; the page goes on without it. The end of $log:"
    tail -n 20 "$log"
  fi
done

wait "$server" || fail "The server stopped."
