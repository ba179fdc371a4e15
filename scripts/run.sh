#!/usr/bin/env bash
# Serves with demo data: seeds an empty directory first, then prints where to go and who may sign in.
set -euo pipefail
munshi=$1 data=$2 listen=$3
if [ ! -e "$data" ]; then
  echo "Filling $data with a demo shop (half a minute, once) ..."
  MUNSHI_LOG__FILTER=warn "$munshi" --data "$data" seed
fi
cat <<TEXT

Munshi:      http://$listen
API docs:    http://$listen/docs
Sign in as:  admin@demo.munshi.pk  sales@demo.munshi.pk  finance@demo.munshi.pk
             service@demo.munshi.pk  warehouse@demo.munshi.pk  viewer@demo.munshi.pk
Password:    munshi-demo

TEXT
exec "$munshi" --data "$data" serve --listen "$listen"
