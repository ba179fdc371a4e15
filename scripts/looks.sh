#!/usr/bin/env bash
# Pictures of every page, dialog and state of the consoles at phone, tablet and desktop width, in both languages and
# themes, and sheets of them to look at, into $MUNSHI_SHOTS (a new directory without it). $MUNSHI_SCENES narrows them by
# a pattern of their names, $MUNSHI_LOOKS to some of `en-light ur-dark ur-light en-dark`. What a machine sees of them
# (cut, covered, too wide, not translated, serious for axe) fails; faults.txt beside them lists it with what is only noted.
set -euo pipefail
cd "$(dirname "$0")/../web"
export MUNSHI_LONG=1 MUNSHI_SHOTS=${MUNSHI_SHOTS:-$(mktemp -d -t munshi-looks-XXXXXX)}
export MUNSHI_BIN=${MUNSHI_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/munshi-target}/debug/munshi}
echo "Pictures go to $MUNSHI_SHOTS"
failed=0
npx playwright test e2e/looks.spec e2e/scan-looks e2e/sheets "$@" || failed=$?
echo "Look at $MUNSHI_SHOTS/sheet-*.png; sheets.txt tells what is on which."
exit $failed
