#!/usr/bin/env bash
# Serves with demo data: fills a directory that is not there yet, then prints where to go and who may sign in.
# The directory takes its name only when it is filled: what was cut short is gone on with, and a directory that is
# there, perhaps with somebody's own shop, is served as it is.
set -euo pipefail
munshi=$1 data=${2%/} listen=$3 scanners=
if [ ! -e "$data" ]; then
  echo "Filling $data with a demo shop (half a minute, once) ..."
  made=$("$munshi" --data "$data.filling" seed)
  scanners=$(grep -E '^(sign on at a scanner|enrol a scanner)' <<<"$made" || true)
  mv "$data.filling" "$data"
fi
cat <<TEXT

Munshi:      http://$listen
API docs:    http://$listen/docs
Sign in as:  admin@demo.munshi.pk  sales@demo.munshi.pk  finance@demo.munshi.pk
             service@demo.munshi.pk  warehouse@demo.munshi.pk  viewer@demo.munshi.pk
Password:    munshi-demo
${scanners:+Scanners:
$scanners
}Stop with:   Ctrl-C

TEXT
exec "$munshi" --data "$data" serve --listen "$listen"
