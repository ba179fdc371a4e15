#!/usr/bin/env bash
# Names what is missing, with the line that installs it; installs it itself where it may. With `test`, also the
# programs that only tests use: they read printed barcodes back, and are the browser of the consoles' tests and its
# letters. Without them those tests are skipped and say so.
set -euo pipefail
missing=()
command -v cc >/dev/null || missing+=(build-essential)
tools=()
if [ "${1:-}" = test ]; then
  command -v pdftoppm >/dev/null && command -v pdftotext >/dev/null || tools+=(poppler-utils)
  command -v zbarimg >/dev/null || tools+=(zbar-tools)
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    tools+=(chromium)
  # Without letters for Urdu its pages are boxes, which fit anywhere.
  fc-list :lang=ur 2>/dev/null | grep -q . || tools+=(fonts-noto-core)
fi
if ! command -v cargo >/dev/null; then
  echo "Rust is missing. Install it with rustup (https://rustup.rs), then run this again." >&2
  exit 1
fi
if [ "$((${#missing[@]} + ${#tools[@]}))" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" "${tools[@]}"
  elif [ "${#missing[@]}" -gt 0 ]; then
    echo "Missing: ${missing[*]}. Install with: sudo apt-get install -y ${missing[*]} ${tools[*]}" >&2
    exit 1
  else
    echo "Some tests are skipped. Install with: sudo apt-get install -y ${tools[*]}" >&2
  fi
fi
