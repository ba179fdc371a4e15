#!/usr/bin/env bash
# The README's walk-through: one order from draft to delivered, one to rejected. Needs a server made by `make run`,
# curl and jq. Every step prints what came back; a step that goes wrong ends the script.
set -euo pipefail
api=${1:-http://127.0.0.1:8080}/api/v1
run=$(date +%s%N)

sign_in() { curl -fsS "$api/auth/sign-in" -H 'content-type: application/json' \
  -d "{\"email\":\"$1@demo.munshi.pk\",\"password\":\"munshi-demo\"}" | jq -r .access_token; }
sales=$(sign_in sales) manager=$(sign_in admin) floor=$(sign_in warehouse) finance=$(sign_in finance)
call() { # token method path [body]
  curl -sS -X "$2" "$api$3" -H "authorization: Bearer $1" -H 'content-type: application/json' \
    -H "idempotency-key: walk-$(date +%s%N)" ${4:+-d "$4"}
}
expect() { # what is, what should be, step
  if [ "$1" != "$2" ]; then echo "$3: got '$1', wanted '$2'" >&2; exit 1; fi
  echo "$3: $1"
}

warehouse=$(call "$manager" GET /settings | jq -r '(.settings // .).sourcing[0]')
sku=$(call "$floor" GET "/warehouses/$warehouse/stock?limit=200" | jq -r '[.items[] | select(.available > 20)][0].sku')
before=$(call "$floor" GET "/warehouses/$warehouse/stock/$sku" | jq -c '{reserved, allocated}')
echo "warehouse $warehouse, item $sku, before: $before"

customer=$(call "$sales" POST /customers "{\"name\":\"Walk Through\",\"type\":\"wholesale\",\"emails\":[\"walk-$run@example.pk\"]}" | jq -r .id)
call "$finance" PUT "/customers/$customer/credit" '{"limit":{"amount":"10000000.00","currency":"PKR"},"days":30}' >/dev/null
order_body() { # quantity unit-price
  cat <<JSON
{"customer_id":"$customer","payment_method":"terms","currency":"PKR",
 "shipping_address":{"line1":"Shop 4, Tariq Road","city":"Karachi","country":"PK"},
 "lines":[{"sku":"$sku","quantity":$1,"unit_price":"$2","warehouse":"$warehouse"}]}
JSON
}

echo "== one order from draft to delivered"
draft=$(call "$sales" POST /orders "$(order_body 2 90000.00)")
order=$(jq -r .id <<<"$draft")
expect "$(jq -r .status <<<"$draft")" draft "written"
placed=$(call "$sales" POST "/orders/$order/submit" '{}')
expect "$(jq -r .status <<<"$placed")" pending_approval "credit held, stock reserved, waits for approval"
decide() { # order decision
  call "$manager" GET "/approvals?limit=200" | jq -c --arg order "$1" '[.items[] | select(.order == $order)][0]' >/tmp/munshi-step.$$
  queue=$(jq -r .queue /tmp/munshi-step.$$) step=$(jq -r .step /tmp/munshi-step.$$) hash=$(jq -r .hash /tmp/munshi-step.$$)
  rm -f /tmp/munshi-step.$$
  call "$manager" POST "/approvals/$queue/$step/$2" "{\"rationale\":\"looked at it\",\"hash\":\"$hash\"}" >/dev/null
}
status() { call "$sales" GET "/orders/$1" | jq -r .status; }
until_status() { # order status
  for _ in $(seq 1 100); do [ "$(status "$1")" = "$2" ] && break; sleep 0.05; done
  expect "$(status "$1")" "$2" "$3"
}
decide "$order" approve
until_status "$order" processing "approved, allocated, on the floor"
parcel="/warehouses/$warehouse/parcels/$order/1"
call "$floor" POST "$parcel/claim" '{}' >/dev/null
call "$floor" POST "$parcel/confirm" "{\"sku\":\"$sku\",\"quantity\":2}" >/dev/null
call "$floor" POST "$parcel/pack" '{"weight_grams":900}' >/dev/null
call "$floor" POST "$parcel/book" "{\"carrier\":\"PostEx\",\"tracking\":\"PX-$run\"}" >/dev/null
call "$floor" POST "$parcel/hand-over" '{}' >/dev/null
until_status "$order" shipped "picked, packed, booked, handed over"
call "$manager" POST "/orders/$order/deliver" '{}' >/dev/null
until_status "$order" delivered "delivered"
call "$sales" GET "/orders/$order/events?limit=50" | jq -r '.items[] | "   \(.at) \(.command)"'

echo "== a second one to rejected"
second=$(call "$sales" POST /orders "$(order_body 3 90000.00 | jq -c '. + {submit: true}')" | jq -r .id)
expect "$(status "$second")" pending_approval "placed"
decide "$second" reject
until_status "$second" rejected "rejected"
for _ in $(seq 1 100); do
  after=$(call "$floor" GET "/warehouses/$warehouse/stock/$sku" | jq -c '{reserved, allocated}')
  [ "$after" = "$before" ] && break; sleep 0.05
done
expect "$after" "$before" "stock promised, as before"
owed() { call "$finance" GET "/customers/$customer/credit" | jq -r '.exposure.amount'; }
for _ in $(seq 1 100); do [ "$(owed)" = 180000.00 ] && break; sleep 0.05; done
expect "$(owed)" 180000.00 "credit: only the delivered order is owed"
