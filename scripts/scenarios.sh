#!/usr/bin/env bash
# Every scenario of the sockets as one suite: name, seed and time of each, and whether all of them were done in a
# minute. MUNSHI_SCENARIO_SEED replays a run; without it the seed is drawn.
set -euo pipefail
export MUNSHI_SCENARIO_SEED=${MUNSHI_SCENARIO_SEED:-$((RANDOM * 32768 + RANDOM))}
# They wait more than they work, so more of them run at a time than there are cores.
least=50 most=60
cargo test --workspace --test it --no-run
said=$(mktemp)
trap 'rm -f "$said"' EXIT
began=$(date +%s%N)
cargo test --workspace --test it --quiet -- live:: --nocapture --test-threads=8 >"$said" 2>&1 || { cat "$said"; exit 1; }
took=$((($(date +%s%N) - began) / 1000000))
grep -o 'scenario live_.*' "$said" | sort
count=$(grep -o 'scenario live_[a-z0-9_]*' "$said" | sort -u | wc -l)
echo "$count scenarios, seed $MUNSHI_SCENARIO_SEED, $took ms; nothing left over"
[ "$count" -ge "$least" ] || { echo "there have to be $least" >&2; exit 1; }
[ "$took" -le $((most * 1000)) ] || { echo "they have to be done in $most s" >&2; exit 1; }
