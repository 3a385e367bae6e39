#!/usr/bin/env bash
# Builds the page's WebAssembly modules into www/pkg.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/build.sh [PART ...]

Builds crates/wasm, crates/wasm/inspect and crates/wasm/learn for the browser and writes www/pkg. The parts, in the order in which a
visitor needs them, with the time that each takes on two idle cores when nothing is compiled yet:
  classify      signet_cpu and signet_cpu_relaxed (in browsers with relaxed SIMD) classify on the CPU: 1 minute
  classify-gpu  signet_gpu classifies with WebGPU: half a minute
  inspect       signet_cpu_inspect looks inside the network, on the CPU: half a minute
  learn         signet_cpu_learn is fine-tuned on the CPU: 2 minutes
  learn-gpu     signet_gpu_learn is fine-tuned with WebGPU: 4 minutes
  cpu, gpu      those for the CPU, or for WebGPU
  all           all of them (the default)
Of each module a .js and a _bg.wasm.

Then lists the files of www with their hashes for the service worker, in www/pkg/precache.js. After a
change of the page alone, `node scripts/precache.js` is enough before www is copied to a host.

Installs the wasm32 target where it is missing.
TEXT
}

size_of() { # FILE: "3.9 MB", and what a server that compresses would send
  local bytes compressed=""
  bytes=$(wc -c <"$1")
  if have brotli; then
    compressed=$(brotli --quality=5 --stdout "$1" | wc -c | awk '{ printf ", %.2f MB with brotli", $1 / 1e6 }')
  fi
  awk -v bytes="$bytes" -v compressed="$compressed" 'BEGIN { printf "%.2f MB%s", bytes / 1e6, compressed }'
}

build_module() { # NAME CRATE FEATURES
  local name="signet_$1" crate="$2" start=$SECONDS
  note "$name"
  cargo build --release --target wasm32-unknown-unknown -p "$crate" --features "$3"

  # Made aside and moved in whole: a page that is open while this runs never loads half a module.
  mkdir -p www/pkg
  local aside
  aside="$(mktemp -d "www/pkg/.$name.XXXXXX")"
  # shellcheck disable=SC2064  # the folder's name of now, not of later
  trap "rm -rf '$aside'" EXIT
  bindgen "target/wasm32-unknown-unknown/release/${crate//-/_}.wasm" "$name" "$aside"
  local file
  for file in "${name}_bg.wasm" "${name}_bg.wasm.d.ts" "$name.d.ts" "$name.js"; do
    mv -f "$aside/$file" "www/pkg/$file"
  done
  rm -rf "$aside"
  trap - EXIT
  note "www/pkg/${name}_bg.wasm: $(size_of "www/pkg/${name}_bg.wasm"); took $(minutes_since "$start")"
}

build_part() {
  case "$1" in
    classify)
      say "Building what classifies on the CPU (1 minute the first time)"
      build_module cpu_relaxed signet-wasm relaxed
      build_module cpu signet-wasm ""
      ;;
    classify-gpu)
      say "Building what classifies with WebGPU (half a minute the first time)"
      build_module gpu signet-wasm gpu
      ;;
    inspect)
      say "Building what looks inside the network (half a minute the first time)"
      build_module cpu_inspect signet-wasm-inspect ""
      ;;
    learn)
      say "Building what is fine-tuned on the CPU (2 minutes the first time)"
      build_module cpu_learn signet-wasm-learn cpu
      ;;
    learn-gpu)
      say "Building what is fine-tuned with WebGPU (4 minutes the first time)"
      build_module gpu_learn signet-wasm-learn gpu
      ;;
  esac
}

parts=()
for argument in "${@:-all}"; do
  case "$argument" in
    all) parts+=(classify classify-gpu inspect learn learn-gpu) ;;
    cpu) parts+=(classify inspect learn) ;;
    gpu) parts+=(classify-gpu learn-gpu) ;;
    classify | classify-gpu | inspect | learn | learn-gpu) parts+=("$argument") ;;
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

need_node
need_rust
need_rust_target wasm32-unknown-unknown
for part in "${parts[@]}"; do build_part "$part"; done
# What the service worker stores: the files as they are now. A change of any file of www needs a new list.
if [[ -f www/pkg/signet_cpu_relaxed.js && -f www/pkg/signet_cpu.js ]]; then node scripts/precache.js www; fi
