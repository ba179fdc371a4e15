#!/usr/bin/env bash
# Names what is missing, with the line that installs it; installs it itself where it may.
set -euo pipefail
missing=()
command -v cc >/dev/null || missing+=(build-essential)
if ! command -v cargo >/dev/null; then
  echo "Rust is missing. Install it with rustup (https://rustup.rs), then run this again." >&2
  exit 1
fi
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"
  else
    echo "Missing: ${missing[*]}. Install with: sudo apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
fi
