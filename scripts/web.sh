#!/usr/bin/env bash
# Builds the consoles into web/dist. With `if-there`, a machine without Node.js gets a clear word instead of an error:
# the server works without them. What is built already and newer than its sources is not built again.
set -euo pipefail
cd "$(dirname "$0")/.."
least=20.19
skip() {
  echo "$1" >&2
  if [ "${mode}" = if-there ]; then
    if [ -f web/dist/index.html ]; then
      echo "The console that was built before is served." >&2
    else
      echo "The console is NOT built: the server answers its API, and / says so. Install Node.js $least or newer, then: make web" >&2
    fi
    exit 0
  fi
  exit 1
}
mode=${1:-}
[ -f web/package.json ] || skip "There are no sources of the console here (web/package.json)."
command -v node >/dev/null && command -v npm >/dev/null || skip "Node.js is missing."
version=$(node -p process.versions.node)
IFS=. read -r major minor _ <<<"$version"
[ "$major" -gt "${least%.*}" ] || { [ "$major" -eq "${least%.*}" ] && [ "$minor" -ge "${least#*.}" ]; } ||
  skip "Node.js $version is too old for the console."
if [ "$mode" = if-there ] && [ -f web/dist/index.html ] &&
  [ -z "$(find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -newer web/dist/index.html -print -quit)" ]; then
  exit 0
fi
cd web
# The lock file decides; it is installed anew only when it changed.
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund || { cd ..; skip "The console's packages cannot be installed."; }
fi
npm run build || { cd ..; [ "$mode" = if-there ] && skip "The console cannot be built."; exit 1; }
