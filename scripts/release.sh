#!/usr/bin/env bash
# Builds server, load harness and practice vendors, optimised, into the directory $1, by what they do under load
# (profile-guided): once so that they count what they do, then orders and scans for half a minute, then once more by those
# counts. Takes `llvm-profdata` of the compiler's LLVM and installs it where it may. With PLAIN=1, or if it cannot be had, they
# are built once, optimised together (profile `dist`). What each gives: docs/BENCHMARKS.md.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$1
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/munshi-target}" CARGO_INCREMENTAL=0
programs=(munshi munshi-loadtest opsim examples/reserve_bench)

# Nothing to do if this is what was built last. What is not committed, or lacks what it takes, is always built.
crates=(.cargo Cargo.toml Cargo.lock build.rs src domain protocols store actors connectors loadtest opsim seed scripts/release.sh)
stamp=
if changed=$(git status --porcelain -- "${crates[@]}" 2>/dev/null) && [ -z "$changed" ]; then
  stamp=$(
    {
      rustc -vV
      echo "${PLAIN:-}"
      git ls-files -s -- "${crates[@]}"
      [ ! -d web/dist ] || find web/dist -type f -exec sha256sum {} + | sort
    } | sha256sum
  )
fi
if [ -n "$stamp" ] && [ "$(cat "$out/built-from" 2>/dev/null)" = "$stamp" ]; then
  echo "built already: $out/munshi"
  exit
fi
finish() { # how the programs in directory $1 were built
  mkdir -p "$out"
  rm -f "$out/built-from"
  cp -f "${programs[@]/#/$1/}" "$out"
  if [ -n "$stamp" ]; then echo "$stamp" >"$out/built-from"; fi
  echo "built $2: $out/munshi"
}

host=$(rustc -vV | sed -n 's/^host: //p')
llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
find_profdata() {
  local tool
  for tool in "$(rustc --print sysroot)/lib/rustlib/$host/bin/llvm-profdata" "llvm-profdata-$llvm" llvm-profdata; do
    # Another version may not know the format.
    if "$tool" --version 2>/dev/null | grep -q "LLVM version $llvm\."; then profdata=$tool && return; fi
  done
  false
}
install_profdata() {
  if command -v rustup >/dev/null && rustup component add llvm-tools; then return; fi
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null &&
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "llvm-$llvm"
}
profdata=
if [ -z "${PLAIN:-}" ] && ! find_profdata; then
  if ! { install_profdata && find_profdata; }; then
    echo "llvm-profdata of LLVM $llvm is missing, so that the programs are built without training and are slower." \
      "Install it with: rustup component add llvm-tools (or the system's package llvm-$llvm)" >&2
    stamp=
  fi
fi
if [ -z "$profdata" ]; then
  cargo build --profile dist --workspace --bins --example reserve_bench
  finish "$CARGO_TARGET_DIR/dist" "without training"
  exit
fi

# In a directory and with a target of its own, so that neither other builds are done again nor build scripts count.
export CARGO_TARGET_DIR="$CARGO_TARGET_DIR/trained"
counts=$CARGO_TARGET_DIR/counts
build() { RUSTFLAGS=$1 cargo build --release --target "$host" --workspace --bins "${@:2}"; }
built=$CARGO_TARGET_DIR/$host/release

rm -rf "$counts" && mkdir -p "$counts"
build "-Cprofile-generate=$counts"
export LLVM_PROFILE_FILE="$counts/%m-%p.profraw"
# So small that tables are written and merged within the training.
export MUNSHI_DATA__MEMTABLE_BYTES=$((2 << 20))
harness=("$built/munshi-loadtest" --munshi-bin "$built/munshi")
"${harness[@]}" orders --rate 500 --seconds 20
"${harness[@]}" sockets --only G7 --devices 50 --scans 300 --seconds 10
"$profdata" merge -o "$counts/merged.profdata" "$counts"/*.profraw
rm -f "$counts"/*.profraw

# What ran often stands together in the program, where the linker can do that.
case $host in *linux*) together=-Clink-arg=-Wl,-z,keep-text-section-prefix ;; *) together= ;; esac
build "-Cprofile-use=$counts/merged.profdata $together" --example reserve_bench
finish "$built" "by its own counts"
