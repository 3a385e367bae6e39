#!/usr/bin/env bash
# Builds the page's WebAssembly modules into www/pkg.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/build.sh [cpu|gpu|all]

Builds crates/wasm for the browser and writes www/pkg:
  cpu   signet_cpu.js and signet_cpu_bg.wasm (about 6 minutes the first time, on two cores)
  gpu   signet_gpu.js and signet_gpu_bg.wasm, with WebGPU (about 15 minutes the first time)
  all   both, the CPU one first (the default)

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

build_module() { # cpu|gpu
  local device="$1" start=$SECONDS
  local name="signet_$device"
  say "Building $name"
  cargo build --release --target wasm32-unknown-unknown -p signet-wasm \
    --no-default-features --features "$device"

  # Made aside and moved in whole: a page that is open while this runs never loads half a module.
  mkdir -p www/pkg
  local aside
  aside="$(mktemp -d "www/pkg/.$device.XXXXXX")"
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

need_wasm_tools
for device in "${devices[@]}"; do build_module "$device"; done
