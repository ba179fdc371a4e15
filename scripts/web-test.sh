#!/usr/bin/env bash
# Tests of the consoles: generated types, units, the build and its size, then end to end in Chromium against the server
# that was built before ($MUNSHI_BIN): the files that are named, or all. Without Node.js or Chromium it says what was not
# tested.
set -euo pipefail
cd "$(dirname "$0")/../web"
export MUNSHI_BIN=${MUNSHI_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/munshi-target}/debug/munshi}
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "The consoles are NOT tested: Node.js is missing." >&2
  exit 0
fi
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund
fi
npm run check
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$chromium" ]; then
  echo "The consoles are NOT tested end to end: Chromium is missing." >&2
  exit 0
fi
CHROMIUM=$chromium npx playwright test "$@"
