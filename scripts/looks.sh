#!/usr/bin/env bash
# Pictures of every page, dialog and state of the consoles at phone, tablet and desktop width, in both languages and
# themes, and sheets of them to look at, into $MUNSHI_SHOTS (a new directory without it). $MUNSHI_SCENES narrows them by
# a pattern of their names. It judges nothing; faults.txt beside them lists what a machine saw.
set -euo pipefail
cd "$(dirname "$0")/../web"
export MUNSHI_LONG=1 MUNSHI_SHOTS=${MUNSHI_SHOTS:-$(mktemp -d -t munshi-looks-XXXXXX)}
export MUNSHI_BIN=${MUNSHI_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/munshi-target}/debug/munshi}
echo "Pictures go to $MUNSHI_SHOTS"
npx playwright test looks scan-looks "$@" || echo "Some scenes were not reached; the others are there."
echo "Look at $MUNSHI_SHOTS/sheet-*.png; sheets.txt tells what is on which."
