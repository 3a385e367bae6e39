#!/usr/bin/env bash
# Builds the page's WebAssembly modules into www/pkg.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/build.sh [PART ...]

Builds crates/wasm, crates/wasm/convert, crates/wasm/inspect and crates/wasm/learn for the browser and writes www/pkg. The parts, in the order in which a
visitor needs them, with the time that each takes on two idle cores when nothing is compiled yet:
  classify      signet_cpu and signet_cpu_relaxed (in browsers with relaxed SIMD) classify on the CPU: 1 minute
  threads       signet_cpu_threads does with several threads, on pages that are cross-origin isolated: 1.5 minutes
  classify-gpu  signet_gpu classifies with WebGPU: half a minute
  inspect       signet_cpu_inspect looks inside the network, on the CPU: half a minute
  inspect-gpu   signet_gpu_inspect looks inside with WebGPU: half a minute
  convert       signet_cpu_convert reads and writes other programs' files: half a minute
  learn         signet_cpu_learn is fine-tuned on the CPU: 2 minutes
  learn-gpu     signet_gpu_learn is fine-tuned with WebGPU: 4 minutes
  cpu, gpu      those for the CPU, or for WebGPU
  all           all of them (the default)
Of each module a .js and a _bg.wasm.

Then lists the files of www with their hashes for the service worker, in www/pkg/precache.js. After a
change of the page alone, `node scripts/precache.js` is enough before www is copied to a host.

Installs the wasm32 target where it is missing, and rust-src for threads.
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
  local start=$SECONDS
  note "signet_$1"
  cargo build --release --target wasm32-unknown-unknown -p "$2" --features "$3"
  make_module "signet_$1" "target/wasm32-unknown-unknown/release/${2//-/_}.wasm" "$start"
}

# The most memory that the module with threads may be given, and nearly what it must be given. www/recognizer/memory.js chooses.
THREADS_MOST_BYTES=$((2 << 30))
THREADS_LEAST_BYTES=$((32 << 20))

# Shared memory needs a standard library that is compiled for it, which stable Rust does only when it is told that it is
# none. In a target folder of its own: its flags would have everything else compiled again.
build_threads() {
  local start=$SECONDS folder=target/threads
  note "signet_cpu_threads"
  local flags=(
    -Ctarget-feature=+atomics,+bulk-memory,+mutable-globals,+simd128,+relaxed-simd
    --cfg 'getrandom_backend="wasm_js"'
    # Without these the memory is not shared, and nothing says so (rust-lang/rust issue 147225).
    -Clink-arg=--shared-memory -Clink-arg=--import-memory
    "-Clink-arg=--initial-memory=$THREADS_LEAST_BYTES" "-Clink-arg=--max-memory=$THREADS_MOST_BYTES"
    -Clink-arg=--export=__wasm_init_tls -Clink-arg=--export=__tls_size -Clink-arg=--export=__tls_align -Clink-arg=--export=__tls_base
  )
  # The unit separator is between flags that may have spaces.
  CARGO_ENCODED_RUSTFLAGS="$(IFS=$'\x1f' && printf '%s' "${flags[*]}")" RUSTC_BOOTSTRAP=1 \
    cargo build -Z build-std=std,panic_abort --target-dir "$folder" --release --target wasm32-unknown-unknown \
    -p signet-wasm --features relaxed,threads
  make_module signet_cpu_threads "$folder/wasm32-unknown-unknown/release/signet_wasm.wasm" "$start"
}

make_module() { # NAME MODULE.wasm START
  local name="$1"
  # Made aside and moved in whole: a page that is open while this runs never loads half a module.
  mkdir -p www/pkg
  local aside
  aside="$(mktemp -d "www/pkg/.$name.XXXXXX")"
  # shellcheck disable=SC2064  # the folder's name of now, not of later
  trap "rm -rf '$aside'" EXIT
  bindgen "$2" "$name" "$aside"
  if [[ "$name" == *_threads ]] && ! grep -q 'shared: *true' "$aside/$name.js"; then
    fail "$name: its memory is not shared. The linker's flags in scripts/build.sh no longer have that effect."
  fi
  local file
  for file in "${name}_bg.wasm" "${name}_bg.wasm.d.ts" "$name.d.ts" "$name.js"; do
    mv -f "$aside/$file" "www/pkg/$file"
  done
  rm -rf "$aside"
  trap - EXIT
  note "www/pkg/${name}_bg.wasm: $(size_of "www/pkg/${name}_bg.wasm"); took $(minutes_since "$3")"
}

build_part() {
  case "$1" in
    classify)
      say "Building what classifies on the CPU (1 minute the first time)"
      build_module cpu_relaxed signet-wasm relaxed
      build_module cpu signet-wasm ""
      ;;
    threads)
      say "Building what classifies with several threads (1.5 minutes the first time)"
      need_rust_component rust-src
      build_threads
      ;;
    classify-gpu)
      say "Building what classifies with WebGPU (half a minute the first time)"
      build_module gpu signet-wasm gpu
      ;;
    inspect)
      say "Building what looks inside the network (half a minute the first time)"
      build_module cpu_inspect signet-wasm-inspect ""
      ;;
    inspect-gpu)
      say "Building what looks inside the network with WebGPU (half a minute the first time)"
      build_module gpu_inspect signet-wasm-inspect gpu
      ;;
    convert)
      say "Building what reads and writes other programs' files (half a minute the first time)"
      build_module cpu_convert signet-wasm-convert ""
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
take_part() {
  case "$1" in
    all) parts+=(classify threads classify-gpu inspect inspect-gpu convert learn learn-gpu) ;;
    cpu) parts+=(classify threads inspect convert learn) ;;
    gpu) parts+=(classify-gpu inspect-gpu learn-gpu) ;;
    classify | threads | classify-gpu | inspect | inspect-gpu | convert | learn | learn-gpu) parts+=("$1") ;;
    *) return 1 ;;
  esac
}
take_arguments take_part "${@:-all}"

need_node
need_rust
need_rust_target wasm32-unknown-unknown
for part in "${parts[@]}"; do build_part "$part"; done
# Goes along where the page hands its modules on: in the zip of a page of one's own.
cat LICENSE-MIT LICENSE-APACHE THIRD-PARTY.md >www/pkg/LICENSES.txt
# What the service worker stores: the files as they are now. A change of any file of www needs a new list.
if [[ -f www/pkg/signet_cpu_relaxed.js && -f www/pkg/signet_cpu.js ]]; then node scripts/precache.js www; fi
