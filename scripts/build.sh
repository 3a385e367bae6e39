#!/usr/bin/env bash
# Builds the page's WebAssembly modules into www/pkg.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/build.sh [cpu|gpu|all]

Builds crates/wasm for the browser and writes www/pkg:
  cpu   signet_cpu and signet_cpu_relaxed, which classify on the CPU, the latter in browsers with
        relaxed SIMD, and signet_cpu_learn, which learns there (about 6 minutes the first time, on
        two cores)
  gpu   signet_gpu and signet_gpu_learn, which do so with WebGPU (about 15 minutes the first time)
  all   all five, in that order (the default)
Of each a .js and a _bg.wasm.

Then lists the files of www with their hashes for the service worker, in www/pkg/precache.js. After a
change of the page alone, `node scripts/precache.js` is enough before www is copied to a host.

Installs the wasm32 target and the wasm-bindgen CLI where they are missing.
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

build_module() { # NAME FEATURES
  local name="signet_$1" start=$SECONDS
  say "Building $name"
  cargo build --release --target wasm32-unknown-unknown -p signet-wasm \
    --no-default-features --features "$2"

  # Made aside and moved in whole: a page that is open while this runs never loads half a module.
  mkdir -p www/pkg
  local aside
  aside="$(mktemp -d "www/pkg/.$name.XXXXXX")"
  # shellcheck disable=SC2064  # the folder's name of now, not of later
  trap "rm -rf '$aside'" EXIT
  wasm-bindgen --target web --remove-name-section --out-name "$name" --out-dir "$aside" \
    "target/wasm32-unknown-unknown/release/signet_wasm.wasm"
  local file
  for file in "${name}_bg.wasm" "${name}_bg.wasm.d.ts" "$name.d.ts" "$name.js"; do
    mv -f "$aside/$file" "www/pkg/$file"
  done
  rm -rf "$aside"
  trap - EXIT
  note "www/pkg/${name}_bg.wasm: $(size_of "www/pkg/${name}_bg.wasm"); took $(minutes_since "$start")"
}

case "${1:-all}" in
  cpu | gpu) devices=("$1") ;;
  all) devices=(cpu gpu) ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

need_node
need_wasm_tools
for device in "${devices[@]}"; do
  case "$device" in
    # These and signet_gpu share all but the last crate, signet_cpu_relaxed all but the last three.
    cpu)
      build_module cpu cpu
      build_module cpu_relaxed cpu,relaxed
      build_module cpu_learn cpu,train
      ;;
    gpu) build_module gpu cpu,gpu && build_module gpu_learn gpu-train ;;
  esac
done
# What the service worker stores: the files as they are now. A change of any file of www needs a new list.
if [[ -f www/pkg/signet_cpu_relaxed.js ]]; then node scripts/precache.js www; fi
