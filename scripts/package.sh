#!/usr/bin/env bash
# Makes what others take: the library as an npm package, and the page as a folder for any host.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/package.sh [PART ...]

Writes dist, half a minute when the modules are built:
  library   dist/signet-VERSION.tgz, an npm package with types: the library, the element <hand-sign>, the adapter and the
            modules that classify; without a model. `npm install ./dist/signet-VERSION.tgz` takes it. It is published nowhere.
  site      dist/site.zip, the page with its model and all modules: unpack it into a folder of any static host.
Without an argument both. What is missing of the modules is built first (scripts/build.sh: minutes).
TEXT
}

parts=()
take_part() {
  case "$1" in
    library | site) parts+=("$1") ;;
    *) return 1 ;;
  esac
}
take_arguments take_part "$@"
if ((${#parts[@]} == 0)); then parts=(library site); fi

# need_module MODULE PART: builds what is not there.
need_module() {
  if [[ -f "www/pkg/signet_$1_bg.wasm" && -f "www/pkg/signet_$1.d.ts" ]]; then return 0; fi
  scripts/build.sh "$2"
}

need_modules() {
  local pair
  for pair in "$@"; do need_module "${pair%:*}" "${pair#*:}"; done
}

size_in_mb() { awk -v bytes="$(wc -c <"$1")" 'BEGIN { printf "%.2f MB", bytes / 1e6 }'; }

make_library() {
  local start=$SECONDS aside=target/package file
  say "Packing the library (20 seconds)"
  need_npm_packages
  need_modules cpu:classify cpu_threads:threads gpu:classify-gpu cpu_inspect:inspect cpu_learn:learn cpu_convert:convert
  rm -rf "$aside"
  mkdir -p "$aside" dist
  # Types of the entries and of what they import. The browser's come second: they know no Node.js, whose timers are other ones.
  npx --no-install tsc --project tsconfig.package-node.json --outDir "$aside"
  npx --no-install tsc --project tsconfig.package.json --outDir "$aside"
  node scripts/package.js "$aside"
  file="$(cd "$aside" && npm pack --silent --pack-destination "$root/dist")"
  note "dist/$file: $(size_in_mb "dist/$file"); took $(minutes_since "$start")"
}

make_site() {
  local start=$SECONDS aside=target/site
  say "Packing the page (10 seconds)"
  need_node
  need_modules cpu:classify cpu_relaxed:classify cpu_threads:threads gpu:classify-gpu cpu_inspect:inspect gpu_inspect:inspect-gpu cpu_convert:convert cpu_learn:learn gpu_learn:learn-gpu
  rm -rf "$aside"
  mkdir -p "$aside" dist
  # The list is of the files as they lie there.
  node scripts/precache.js www
  cp -R www/. "$aside"
  cp LICENSE-MIT LICENSE-APACHE THIRD-PARTY.md "$aside"
  find "$aside" \( -name '*.d.ts' -o -name '.*' -type f -o -name 'screenshot*.png' -o -name 'mistakes*.png' \) -delete
  (cd "$aside" && find . -type f | sed 's|^\./||') | node scripts/zip.js dist/site.zip "$aside"
  rm -rf "$aside"
  note "dist/site.zip: $(size_in_mb dist/site.zip); took $(minutes_since "$start")"
}

for part in "${parts[@]}"; do "make_$part"; done
