#!/usr/bin/env bash
# Throws inputs at everything that reads what anybody may have written, for as long as there is time.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/fuzz.sh [--seconds N] [TARGET ...]

Goes on with what the tests do for seconds only, from fresh seeds, and stops at the first input that panics, hangs,
takes memory without bounds, or is refused without a code and a sentence. What fails is printed with its seed; a file
that fails is kept in tests/fixtures/corpus/TARGET, smaller than it was found where that is possible, and is a case of
the tests from then on: give it a name that says what it is, and commit it with what puts it right.

  --seconds N   for each test of each target (60)

Targets, all of them without one:
  core          all of core's:
    pictures weights tfjs checkpoints            files
    preprocessing settings labels                properties
  interop       all of other programs' files:
    hdf5 samples                                 the course's data sets; archives and projects of Teachable Machine
    keras onnx                                   models
    links                                        heads in addresses
  page          the page's JavaScript: project files, manifests, messages, labels, settings, what a browser has stored
TEXT
}

seconds=60
targets=()
while (($# > 0)); do
  case "$1" in
    -h | --help)
      usage
      exit 0
      ;;
    --seconds)
      seconds="${2:-}"
      [[ "$seconds" =~ ^[0-9]+$ ]] || fail "--seconds wants a number."
      shift
      ;;
    core | pictures | weights | tfjs | checkpoints | preprocessing | settings | labels | interop | hdf5 | samples | keras | onnx | links | page) targets+=("$1") ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done
if ((${#targets[@]} == 0)); then targets=(core interop page); fi

# Another seed each time, and room for one more with each run.
seed=$((RANDOM * 32768 + RANDOM))
export SIGNET_FUZZ_SECONDS="$seconds" SIGNET_FUZZ_SEED="$((seed * 1000))" SIGNET_FUZZ_KEEP="$root/tests/fixtures/corpus"

fuzz_page() {
  need_npm_packages
  local end=$((SECONDS + seconds)) next=$seed
  while ((SECONDS < end)); do
    note "seed $next"
    FUZZ_SEED="$next" FUZZ_RUNS=3000 node --test --test-reporter=dot tests/unit/fuzz-*.test.js ||
      fail "the page's tests fail from the seed $next: FUZZ_SEED=$next FUZZ_RUNS=3000 node --test tests/unit/fuzz-*.test.js"
    next=$((next + 1))
  done
}

# One build for all of a target's tests.
fuzz_interop() {
  need_rust
  cargo test --release -p signet-interop "$@"
}

for target in "${targets[@]}"; do
  say "$target, from the seed $seed"
  case "$target" in
    page) fuzz_page ;;
    interop) fuzz_interop --lib --test keras --test onnx --test link -- tests:: fuzzing:: damaged_links any_text ;;
    hdf5) fuzz_interop --lib -- data_set::tests ;;
    samples) fuzz_interop --lib -- samples::tests ;;
    keras) fuzz_interop --test keras -- fuzzing ;;
    onnx) fuzz_interop --test onnx -- fuzzing ;;
    links) fuzz_interop --test link -- damaged_links any_text ;;
    core)
      need_rust
      cargo test --release --test fuzz
      ;;
    *)
      need_rust
      cargo test --release --test fuzz -- "$target::"
      ;;
  esac
done
say "Nothing was found."
