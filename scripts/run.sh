#!/usr/bin/env bash
# Serves with demo data: fills a directory that is not there yet, starts the practice world beside the server, then prints
# where to go and who may sign in. The directory takes its name only when it is filled: what was cut short is gone on with,
# and a directory that is there, perhaps with somebody's own shop, is served as it is.
set -euo pipefail
munshi=$1 data=${2%/} listen=$3 scanners=
opsim=$(dirname "$munshi")/opsim practice_port=${PRACTICE_PORT:-7400} mail_port=${PRACTICE_MAIL_PORT:-7425}
if [ ! -e "$data" ]; then
  echo "Filling $data with a demo shop (half a minute, once) ..."
  made=$("$munshi" --data "$data.filling" seed)
  scanners=$(grep -E '^(sign on at a scanner|enrol a scanner)' <<<"$made" || true)
  touch "$data.filling/demo"
  mv "$data.filling" "$data"
fi
# Only the demo shop is connected to the practice world, never somebody's own.
practice= world=
if [ -e "$data/demo" ] && [ -x "$opsim" ]; then
  export MUNSHI_CONNECTIONS__PUBLIC_URL="http://$listen"
  hook=$("$munshi" --data "$data" practice --public "http://$listen" \
    --url "http://127.0.0.1:$practice_port" --mail-port "$mail_port")
  "$opsim" --listen "127.0.0.1:$practice_port" --smtp "127.0.0.1:$mail_port" --state "$data/practice" \
    --twilio-webhook "$hook" >/dev/null &
  world=$!
  practice="Practice:    http://127.0.0.1:$practice_port   (WhatsApp, SMS and mail of the demo customers)"
fi
cat <<TEXT

Munshi:      http://$listen
Scanner:     http://$listen/scan
API docs:    http://$listen/docs
${practice:+$practice
}Sign in as:  admin@demo.munshi.pk  sales@demo.munshi.pk  finance@demo.munshi.pk
             service@demo.munshi.pk  warehouse@demo.munshi.pk  viewer@demo.munshi.pk
Password:    munshi-demo
${scanners:+Scanners:
$scanners
}Stop with:   Ctrl-C

TEXT
"$munshi" --data "$data" serve --listen "$listen" &
server=$!
trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM
trap '[ -z "$world" ] || kill "$world" 2>/dev/null || true' EXIT
status=0
wait "$server" || status=$?
# A signal ends the wait, not the server, which still ends in order.
if kill -0 "$server" 2>/dev/null; then
  status=0
  wait "$server" || status=$?
fi
exit "$status"
