#!/usr/bin/env bash
# The consoles on a shop with many past orders: fills one (once, in $MUNSHI_BIG) and measures in Chromium how fast boards
# open and scroll and how soon a new order appears. Release builds on a quiet machine give figures that mean something.
set -euo pipefail
cd "$(dirname "$0")/.."
orders=${ORDERS:-100000}
export MUNSHI_LONG=1 MUNSHI_BIG=${MUNSHI_BIG:-${TMPDIR:-/tmp}/munshi-big-$orders}
export MUNSHI_BIN=${MUNSHI_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/munshi-target}/programs/munshi}
if [ ! -e "$MUNSHI_BIG" ]; then
  filling=$MUNSHI_BIG.filling
  rm -rf "$filling" && mkdir -p "$filling"
  awk -v n="$orders" 'BEGIN {
    print "number,placed_at,sku,quantity,unit_price,currency,title,customer,customer_name,phone,city,country"
    for (i = 0; i < n; i++) {
      day = int(i * 336 / n)
      at = sprintf("2025-%02d-%02dT%02d:%02d:00Z", int(day / 28) + 1, day % 28 + 1, i % 24, i % 60)
      for (l = 0; l < 2; l++) { s = (i + l) % 500; b = i % 1000
        printf "P-%d,%s,OLD-%04d,%d,%d.00,PKR,Old item %d,B-%d,Buyer %d,0301%07d,Karachi,PK\n", i, at, s, l + 1, 100 + s, s, b, b, b } }
  }' >"$filling.csv"
  "$MUNSHI_BIN" --data "$filling" seed >/dev/null
  "$MUNSHI_BIN" --data "$filling" import orders "$filling.csv" --layout native >/dev/null
  rm "$filling.csv"
  mv "$filling" "$MUNSHI_BIG"
fi
cd web
npx playwright test big "$@"
