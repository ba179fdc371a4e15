#!/usr/bin/env bash
# Builds the server and the load harness optimised by what they do under load (profile-guided), into the directory $1: once
# so that they count what they do, then orders and scans for a minute, then once more by those counts. Takes
# `llvm-profdata` of the compiler's LLVM. What it gives: docs/BENCHMARKS.md.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$1
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/munshi-target}/trained" CARGO_INCREMENTAL=0
counts=$CARGO_TARGET_DIR/counts

host=$(rustc -vV | sed -n 's/^host: //p')
llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
profdata=
for tool in "$(rustc --print sysroot)/lib/rustlib/$host/bin/llvm-profdata" "llvm-profdata-$llvm" llvm-profdata; do
  # Another version may not know the format.
  if "$tool" --version 2>/dev/null | grep -q "LLVM version $llvm\."; then profdata=$tool; break; fi
done
if [ -z "$profdata" ]; then
  echo "llvm-profdata of LLVM $llvm is missing. Install it with: rustup component add llvm-tools" \
    "(or the system's package llvm-$llvm)" >&2
  exit 1
fi

# With a target of its own, so that build scripts count nothing.
build() { RUSTFLAGS=$1 cargo build --release --target "$host" --workspace "${@:2}"; }
programs=$CARGO_TARGET_DIR/$host/release

rm -rf "$counts" && mkdir -p "$counts"
build "-Cprofile-generate=$counts" --bins
export LLVM_PROFILE_FILE="$counts/%m-%p.profraw"
# So small that tables are written and merged within the training.
export MUNSHI_DATA__MEMTABLE_BYTES=$((2 << 20))
harness=("$programs/munshi-loadtest" --munshi-bin "$programs/munshi")
"${harness[@]}" orders --rate 500 --seconds 20
"${harness[@]}" sockets --only G7 --devices 50 --scans 300 --seconds 10
"$profdata" merge -o "$counts/merged.profdata" "$counts"/*.profraw
rm -f "$counts"/*.profraw

# What ran often stands together in the program, where the linker can do that.
case $host in *linux*) together=-Clink-arg=-Wl,-z,keep-text-section-prefix ;; *) together= ;; esac
build "-Cprofile-use=$counts/merged.profdata $together" --bins --example reserve_bench
mkdir -p "$out"
cp "$programs"/{munshi,munshi-loadtest,opsim,examples/reserve_bench} "$out"
echo "built by its own counts: $out/munshi"
