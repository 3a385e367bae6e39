#!/usr/bin/env bash
# Measures, and prints tables. Nothing here passes or fails but by an error.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/bench.sh speed [--rounds N] [--peers ort,ort-int8,tfjs] [--webgpu [--no-cpu]]
       scripts/bench.sh teach [SCOPE ...]
       scripts/bench.sh person [SOURCE ...]
       scripts/bench.sh webcam [FRAMES]

speed   Signet's module beside onnxruntime-web and TensorFlow.js, in turn in one headless Chromium: the same
        weights, the same squares, the peers in float32 and onnxruntime in int8, too; first a check that all answer alike. Of Signet's two
        modules for the CPU it is the one that the page would choose there. Inference of
        1 and 8 squares on the CPU with one thread, and with two on an isolated page, after 40 warm-up runs, the first answer after loading, the
        size of each module, a training step of the whole network beside one of burn's own layers, the page
        from the navigation to its first prediction with a cold and a warm cache; natively what there is
        (PYTHON=... for one with onnxruntime). Medians and ranges, and all of it in target/bench/speed.json. 3 to 4 minutes, and the
        first time some more to compress the modules.
        --rounds N    turns of each engine (15: 120 runs of 1 square, 30 of 8)
        --peers LIST  only these: ort, ort-int8 (wants Python with onnxruntime and onnx:
                      scripts/test.sh interop installs them), tfjs
        --webgpu      the WebGPU modules, too, on the software adapter: a run or three of seconds each,
                      and 5 to 15 minutes more
        --no-cpu      nothing but that

teach   fine-tuning on the page, in headless Chromium on the CPU: 60 samples of 6 classes, each scope
        (head, stage, all) with the page's defaults: time, memory of the page, loss, accuracy. About
        3 minutes. The samples are photos of ../shared/data/signs/train where that folder is there,
        and painted hands elsewhere. scripts/soak.sh has many trainings in a row.

person  what teaching brings a person (whom the last training of the shipped weights has seen, too): ten photos of
        each class of ../shared/data/hands are uploaded to the page and its head is taught with the page's
        defaults; other photos of the source are read before and after by target/release/signet (built by
        scripts/test.sh native). About 2 minutes.

webcam  whether the page keeps up with a camera of 30 frames a second on the CPU, with a hand before it and
        without, the whole browser on one core and on all: frames classified a second, frames that
        were not, latency, memory of the page. About 3 minutes; FRAMES of each row are 1000.

Needs www/pkg (scripts/build.sh). Leave the machine alone while it runs.
TEXT
}

# The training that Signet's is compared with, into target/bench/burn.
build_burns() {
  need_rust
  need_rust_target wasm32-unknown-unknown
  # With signet_cpu_learn, so that it gets the very build of burn that this one has.
  cargo build --release --target wasm32-unknown-unknown -p signet-bench-burn -p signet-wasm-learn --features signet-wasm-learn/cpu
  bindgen target/wasm32-unknown-unknown/release/signet_bench_burn.wasm signet_bench_burn target/bench/burn
}

case "${1:-}" in
  speed | teach | person | webcam)
    what="$1"
    if [[ "$what" == webcam ]]; then what=webcam-rate; fi
    shift
    need_npm_packages
    need_apt chromium chromium
    [[ -f www/pkg/signet_cpu_relaxed.js ]] || fail "www/pkg/signet_cpu_relaxed.js is not there: run scripts/build.sh cpu first."
    if [[ "$what" == speed ]]; then
      # Writes the peers' ONNX file.
      [[ -x target/release/signet ]] || fail "target/release/signet is not there: run scripts/test.sh native first."
      if [[ " $* " != *" --no-cpu "* ]]; then build_burns; fi
    fi
    exec node "tests/bench/$what.js" "$@"
    ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
