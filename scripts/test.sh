#!/usr/bin/env bash
# Runs every check and test of the project.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

all_steps=(fmt unit build types native interop wasm clippy e2e)
# Run at the lowest priority beside e2e, which waits for its browsers half of the time: steps that compile and drive no browser.
beside_e2e=(clippy)
# Those that a step of all_steps contains.
parts=(engine)

usage() {
  cat <<TEXT
Usage: scripts/test.sh [STEP ...]

Installs what the tests need and runs the steps, all of them without an argument:
  fmt      cargo fmt --check
  unit     the page's own JavaScript, in Node.js; no circles of imports, in Rust and in JavaScript
  build    all modules into www/pkg (scripts/build.sh all)
  types    tsc over www and tests, which import the types of the built modules
  native   cargo test: the network against its reference, preprocessing, weights, the CLI
  interop  other programs read what is exported: onnxruntime and onnx.checker of Python, onnxruntime-web, and, where the
           step is named, tract, Keras and TFLite, which take minutes to install;
           the packed library in Vite, webpack, Node.js and TypeScript
  wasm     the boundary's tests in a worker of headless Chromium, CPU and WebGPU, and the engine's there
  clippy   no warning, native and wasm32
  e2e      the page in headless Chromium and Firefox, driven as a person would
and, when named, one of native's parts:
  engine   the engine's tests alone: a minute after a change of the engine

After a change in www/, \`scripts/test.sh types unit\` takes seconds.
From a clean clone on two cores all takes about an hour, a third of it compiling; again, about 45 minutes.
clippy runs beside e2e, at the lowest priority. A failing step does not stop the others. The last line counts over all runners
("N passed, N failed, N skipped"), and the exit status says whether anything failed.
Each step's whole output is kept in target/test-logs.
TEXT
}

# No step asks for anything: one that reads gets an end, and not what else may be open there.
exec </dev/null

logs="$root/target/test-logs"
shown_lines=2500
export CARGO_TERM_COLOR=never NO_COLOR=1

step_fmt() {
  need_rust
  need_rust_component rustfmt
  cargo fmt --all --check
}

step_clippy() {
  need_rust
  need_rust_component clippy
  need_rust_target wasm32-unknown-unknown
  cargo clippy --release --all-targets -- -D warnings
  # Once without burn, and once with all of it: another set of features is another check of every crate.
  local in_wasm=(cargo clippy --release --target wasm32-unknown-unknown)
  "${in_wasm[@]}" -p signet-wasm -p signet-wasm-inspect -p signet-wasm-convert --features signet-wasm/relaxed,signet-wasm/threads -- -D warnings
  "${in_wasm[@]}" -p signet-wasm -p signet-wasm-inspect -p signet-wasm-learn -p signet-bench-burn --features signet-wasm-inspect/gpu,signet-wasm-learn/cpu,signet-wasm-learn/gpu -- -D warnings
}

step_native() {
  need_rust
  need_imagenet
  cargo test --release --no-fail-fast
}

step_build() { scripts/build.sh all; }

step_engine() {
  need_rust
  cargo test --release --no-fail-fast -p signet-engine
}

# Other programs' readers are installed where the tests look for them, below target; those that can't be are skipped by name.
step_interop() {
  need_rust
  need_npm_packages
  # The step `native` has built the command and the example, with the features of all crates together.
  [[ -x target/release/signet && -x target/release/examples/taught ]] || cargo test --release --no-run
  if [[ "$is_named" == yes ]]; then
    need_tensorflow
    cargo build --release --locked --manifest-path tests/interop/tract/Cargo.toml --target-dir target/interop/tract ||
      note "tract could not be built: its tests are skipped"
  else
    note "tract and TensorFlow take minutes to install: their tests are skipped, unless scripts/test.sh interop has done it"
  fi
  need_readers
  need_modules
  need_browsers
  need_bundlers
  node --test --test-reporter=spec --test-concurrency=1 tests/interop/*.test.js tests/library/*.test.js
}

# Vite and webpack, which the packed library is tried in.
need_bundlers() {
  local folder=tests/library
  if [[ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]]; then return 0; fi
  say "Installing the pinned bundlers that the library is tried in (75 MB)"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
}

need_readers() {
  need_python_packages python requirements.txt "onnxruntime and onnx for Python (about half a minute)"
}

# Keras reads with TensorFlow, and onnx2tf, which doesn't say what it needs, writes TFLite with it.
need_tensorflow() {
  need_python_packages tensorflow tensorflow.txt "TensorFlow, Keras and onnx2tf for Python (half a gigabyte, some minutes)" onnx2tf==1.28.2 tf_keras==2.19.0
}

# need_python_packages NAME LIST WHAT [PACKAGE ...]: an environment of its own, of a list in tests/interop and of packages
# without what they say that they need. Where it can't be made, the tests that ask for it are skipped.
need_python_packages() {
  local python="target/interop/$1" list="tests/interop/$2" pip
  pip=("$python/bin/pip" install --quiet --disable-pip-version-check)
  if [[ -f "$python/installed" ]] && cmp -s "$list" "$python/installed"; then return 0; fi
  say "Installing $3"
  if python3 -m venv "$python" && "${pip[@]}" --requirement "$list" && { (($# == 3)) || "${pip[@]}" --no-deps "${@:4}"; }; then
    cp "$list" "$python/installed"
  else
    note "they could not be installed: the tests that need them are skipped"
  fi
}

step_wasm() {
  need_rust
  need_rust_target wasm32-unknown-unknown
  need_browsers
  need_cargo_tool wasm-pack "$WASM_PACK_VERSION" wasm-pack
  say "Building wasm-bindgen's programs, which wasm-pack runs the tests with (a minute the first time)"
  cargo build --release -p signet-bindgen --features test
  # Links, because rustc takes any crate that is named wasm_bindgen for an old one.
  local programs="$root/target/wasm-programs"
  mkdir -p "$programs"
  ln -sf "$root/target/release/bindgen-cli" "$programs/wasm-bindgen"
  ln -sf "$root/target/release/bindgen-test-runner" "$programs/wasm-bindgen-test-runner"
  # On the software adapter of WebGPU a test takes longer than the runner's 20 seconds.
  export PATH="$programs:$PATH" WASM_BINDGEN_TEST_TIMEOUT=600
  # Options after the folder go to cargo as they are; a `--` before them would hand them to the tests.
  local in_chromium=(wasm-pack test --mode no-install --headless --chrome --chromedriver "$(command -v chromedriver)" --release)
  # The modules that train export all that the others do, and their tests run the cases of crates/wasm, too.
  "${in_chromium[@]}" crates/wasm/learn --features cpu
  "${in_chromium[@]}" crates/wasm/learn --features gpu
  "${in_chromium[@]}" crates/wasm/inspect
  "${in_chromium[@]}" crates/wasm/inspect --features gpu
  "${in_chromium[@]}" crates/wasm/convert
  "${in_chromium[@]}" crates/engine --features webgpu --test webgpu
}

step_types() {
  [[ -f www/pkg/signet_cpu.d.ts && -f www/pkg/signet_cpu_threads.d.ts && -f www/pkg/signet_cpu_inspect.d.ts && -f www/pkg/signet_cpu_convert.d.ts && -f www/pkg/signet_cpu_learn.d.ts ]] || fail "The modules' types are not there: run scripts/build.sh cpu first."
  need_npm_packages
  npx --no-install tsc --noEmit
}

step_unit() {
  need_npm_packages
  node --test --test-reporter=spec --test-concurrency=2 tests/unit/*.test.js
}

step_e2e() {
  need_npm_packages
  need_browsers
  need_modules
  # The native predictions that the page's are compared with. The step `native` has built the
  # program; `cargo build` alone would choose other features of the dependencies and compile them
  # again.
  [[ -x target/release/signet ]] || cargo test --release --no-run
  # Two files at a time, on two cores: one waits while the other computes.
  node --test --test-reporter=spec --test-concurrency=2 tests/e2e/*.test.js
}

need_browsers() {
  need_apt chromium chromium
  need_apt chromedriver chromium-driver
  # Where Debian's is not to be had, FIREFOX names another one.
  [[ -n "${FIREFOX:-}" ]] || need_apt firefox-esr firefox-esr
}

need_modules() {
  local device
  for device in cpu cpu_relaxed cpu_threads gpu; do
    [[ -f "www/pkg/signet_$device.js" ]] || fail "www/pkg/signet_$device.js is not there: run scripts/build.sh first."
  done
}

# count STEP STATUS: "passed failed skipped" of one step, from what its runner printed.
count() {
  local step="$1" status="$2" log="$logs/$1.log" counts
  case "$step" in
    native | engine | wasm)
      counts=$(awk '/^test result: / {
          for (i = 2; i <= NF; i++) {
            if ($i ~ /^passed/) passed += $(i - 1)
            if ($i ~ /^failed/) failed += $(i - 1)
            if ($i ~ /^ignored/) skipped += $(i - 1)
          }
        } END { print passed + 0, failed + 0, skipped + 0 }' "$log")
      ;;
    unit | e2e | interop)
      counts=$(awk '$2 == "pass" { passed = $3 } $2 == "fail" { failed = $3 } $2 == "cancelled" { cancelled = $3 }
        $2 == "skipped" { skipped = $3 } $2 == "todo" { todo = $3 }
        END { print passed + 0, failed + cancelled + 0, skipped + todo + 0 }' <(grep '^ℹ ' "$log" || true))
      ;;
    *) if ((status == 0)); then counts="1 0 0"; else counts="0 1 0"; fi ;;
  esac
  local passed failed skipped
  read -r passed failed skipped <<<"$counts"
  if ((passed + failed == 0 && status == 0)); then
    echo "error: the step $step ran no test at all." >&2
    failed=1
  fi
  # A runner that fails without a failing test (it did not compile, say) failed all the same.
  if ((status != 0 && failed == 0)); then failed=1; fi
  echo "$passed $failed $skipped"
}

run_step() {
  local step="$1" start=$SECONDS log="$logs/$1.log" status
  say "$step"
  # Not inside an `if`: bash would switch off `set -e` in the step.
  set +e
  (
    set -e
    "step_$step"
  ) 2>&1 | tee "$log" | awk -v max="$shown_lines" -v rest="${log#"$root"/}" \
    'NR <= max { print; fflush() } NR == max + 1 { print "   (more in " rest ")" }'
  status=${PIPESTATUS[0]}
  set -e
  if ((status != 0)) && (($(wc -l <"$log") > shown_lines)); then tail -n 200 "$log"; fi
  sum_up "$step" "$status" "$start"
}

# The steps given, one after the other, each with its output in its log and its status and times beside.
run_beside() {
  renice -n 19 -p "$BASHPID" >/dev/null
  local step start
  for step in "$@"; do
    start=$SECONDS
    set +e
    (
      set -e
      "step_$step"
    ) >"$logs/$step.log" 2>&1
    echo "$? $start $SECONDS" >"$logs/$step.status"
  done
}

# Shows a step that ran beside another one.
show_beside() {
  local step="$1" status start end
  read -r status start end <"$logs/$step.status"
  say "$step (beside e2e)"
  tail -n "$([[ "$status" == 0 ]] && echo 20 || echo 500)" "$logs/$step.log"
  sum_up "$step" "$status" "$start" "$end"
}

# sum_up STEP STATUS START [END]: counts a step in.
sum_up() {
  local step="$1" status="$2" start="$3" end="${4:-$SECONDS}" passed failed skipped
  read -r passed failed skipped < <(count "$step" "$status")
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  total_skipped=$((total_skipped + skipped))
  local verdict=ok
  if ((failed > 0)); then verdict=FAILED; fi
  summary+=("$(printf '%-7s %-6s %5d passed %3d failed %3d skipped   %s' \
    "$step" "$verdict" "$passed" "$failed" "$skipped" "$(minutes_since "$((SECONDS - end + start))")")")
  note "${summary[-1]}"
}

steps=()
take_step() {
  [[ " ${all_steps[*]} ${parts[*]} " == *" $1 "* ]] && steps+=("$1")
}
take_arguments take_step "$@"
is_named=yes
if ((${#steps[@]} == 0)); then steps=("${all_steps[@]}") is_named=no; fi
# In the order of all_steps, whatever theirs is: some need what others have built, and clippy runs beside a later one.
named=" ${steps[*]} " steps=()
for step in "${all_steps[@]}" "${parts[@]}"; do
  if [[ "$named" == *" $step "* ]]; then steps+=("$step"); fi
done

mkdir -p "$logs"
total_passed=0 total_failed=0 total_skipped=0
summary=()
# Steps that run beside e2e, where it runs, too.
beside=()
for step in "${steps[@]}"; do
  if [[ " ${beside_e2e[*]} " == *" $step "* && " ${steps[*]} " == *" e2e "* ]]; then
    beside+=("$step")
  elif [[ "$step" == e2e && ${#beside[@]} -gt 0 ]]; then
    need_browsers # once: two that install at a time are in each other's way
    note "beside it, at the lowest priority: ${beside[*]}"
    run_beside "${beside[@]}" &
    run_step e2e
    wait
    for each in "${beside[@]}"; do show_beside "$each"; done
  else
    run_step "$step"
  fi
done

say "All steps, in $(minutes_since 0)"
printf '   %s\n' "${summary[@]}"
echo
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
((total_failed == 0 && total_passed > 0))
