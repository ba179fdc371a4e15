#!/usr/bin/env python3
"""Writes docs/FEATURES.md from the names of the tests: a test that proves a feature starts with its id.

A feature *works* only when somebody compared its whole acceptance line with its tests and listed it in WORKS; every
other id that has a test is *partial*, and PARTIAL says what is missing where that was looked at. `--check` fails when
the page is stale or an id in WORKS has no test."""
import collections, pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TITLES = {
    "ORD-01": "unique order numbers, configurable format", "ORD-02": "customer snapshot", "ORD-04": "times in UTC",
    "ORD-14": "bulk orders by file", "ORD-24": "tags", "ORD-27": "one timeline", "STO-08": "tracking page",
    "SEC-14": "presence on live records", "ORD-29": "life cycle end to end", "LIN-01": "SKU, id, barcode",
    "LIN-05": "tax and totals", "LIN-06": "backorder flag and cap", "LIN-08": "warehouse per line",
    "VAL-02": "credit limit", "VAL-04": "address completeness", "VAL-06": "customer status", "VAL-09": "approval thresholds",
    "VAL-17": "ship complete", "VAL-20": "errors with code, field and fix", "APR-01": "configurable threshold",
    "APR-03": "approve from a message", "APR-05": "any, all, quorum", "APR-08": "rule edits affect new requests", "APR-10": "bulk approval",
    "APR-18": "escalation", "APR-19": "reminders", "APR-21": "delegation, no self-approval",
    "APR-24": "decision bound to the content", "APR-26": "draft as the initial state", "MOD-01": "edits with availability",
    "MOD-03": "address change", "CAN-01": "cancellation by unit", "CAN-02": "categorised reasons",
    "CAN-07": "cancellation axis", "BKO-02": "backorders by rule", "BKO-05": "backorder priority",
    "BKO-07": "partial shipment", "BKO-08": "pending and fulfilled units", "INV-01": "no oversell",
    "INV-06": "count while selling", "INV-07": "low stock", "INV-11": "stock ledger", "INV-13": "warehouse systems", "WMS-01": "receiving, storage, put-away", "WMS-02": "pick by scan",
    "WMS-03": "task claim and lease", "WMS-04": "shipping labels", "WMS-05": "packing slips and pick lists", "RET-05": "return to origin", "CUS-01": "one customer by phone and e-mail",
    "CUS-05": "blocking accounts", "SEC-01": "deny by default", "SEC-02": "role x route", "SEC-03": "sign-in and sessions",
    "NOT-01": "messages by event", "NOT-03": "delivery that survives faults", "NOT-04": "chat rooms of Slack and Teams", "NOT-08": "error alerts", "CAN-09": "cancellation by the customer", "N06": "decisions from messages", "N07": "replies that do what they say", "NOT-05": "templates, languages, quiet hours", "CUS-08": "threads and consent", "N08": "confirmation of cash on delivery", "SEC-04": "transport headers", "SEC-06": "masking by role", "AUD-01": "hash-chained audit", "API-01": "REST and OpenAPI",
    "API-03": "outbound webhooks", "API-04": "throttling", "API-07": "validation and codes", "OPS-04": "metrics", "OPS-07": "crash and recovery",
    "OPS-08": "invariant checker", "OPS-10": "one command", "OPS-20": "shedding under load",
    "SM-01": "line quantities", "SM-02": "order lifecycle", "SM-03": "hold", "SM-04": "cancellation request",
    "SM-06": "stock hold", "SM-07": "fulfillment", "SM-10": "returned unit", "SM-14": "customer account and credit hold",
    "SM-17": "approval request", "SM-18": "approval step", "P02": "no orphan orders", "P03": "demand summed per SKU",
    "P13": "counts keep what was sold since", "P24": "no duplicates under retry", "N03": "hash-chained audit",
    "N10": "return to origin as a case", "N19": "credit that cannot be raced",
}
# Compared with the acceptance line: what the tests show is all of it. A remark says how a line was read.
WORKS = {
    "CAN-01": "money that was paid is given back with refunds (SM-13), which are not there yet",
    "ORD-01": "10,200 orders over HTTP, 64 at a time, two restarts",
    "ORD-02": "", "LIN-05": "random carts", "LIN-06": "",
    "LIN-08": "the new warehouse holds the line before the old one frees it; no list shows anything in between",
    "VAL-02": "", "VAL-06": "every channel places through the same door", "VAL-17": "",
    "APR-01": "", "APR-08": "", "APR-24": "", "APR-26": "", "MOD-01": "", "CAN-07": "", "BKO-07": "", "BKO-08": "",
    "INV-06": "", "INV-11": "", "CUS-01": "", "CUS-05": "", "P03": "random carts; there are no bundles yet", "P13": "", "N19": "",
    "SM-03": "every row", "SM-06": "every row and no other", "SM-07": "every row and no other; buildings have no bins yet",
    "SM-14": "every row and no other", "PROP-02": "", "PROP-09": "",
}
# What is missing, where it was looked at.
PARTIAL = {
    "ORD-04": "rendering in other zones", "ORD-14": "10,000 rows at once", "ORD-24": "tagging 1,000 orders at once",
    "ORD-29": "quotation, remittance and customer returns", "LIN-01": "an id of a variant beside its SKU",
    "VAL-04": "served cities, landmark", "VAL-09": "roles and customers as conditions", "VAL-20": "texts in Urdu",
    "APR-05": "settings that make plans of several steps",
    "APR-10": "many votes in one action", "APR-18": "a restart between the timer and its effect",
    "APR-19": "quiet hours", "APR-21": "a route to delegate", "MOD-03": "re-rating of shipping",
    "CAN-02": "the report", "BKO-02": "rules per customer", "BKO-05": "a race over HTTP", "INV-01": "the race with kills in the suite (`make crash-test` runs it)",
    "INV-07": "live push", "WMS-02": "bins, scan of the packed parcel", "WMS-03": "live queue",
    "WMS-01": "goods by hand-held device over a socket", "WMS-04": "the layouts of couriers", "WMS-05": "a list per zone, batch print",
    "INV-13": "an adapter for another system with a conformance test; EPCIS 2.0 is written out, and nothing is read in",
    "RET-05": "the return case (SM-09) and the deadline after which a claim opens",
    "N10": "claim after a deadline, dispute about a wrong SKU", "N03": "the state of anything but orders at any instant over HTTP",
    "ORD-27": "messages and calls", "STO-08": "past purchases and addresses", "SEC-14": "claims and locks on records",
    "SEC-01": "scopes by row and field, live sockets", "SEC-02": "custom roles", "SEC-03": "second factor, one-time codes",
    "SEC-04": "TLS of its own", "SEC-06": "exports", "AUD-01": "before and after of each write",
    "API-01": "answers checked against their schemas", "API-07": "texts in Urdu", "OPS-04": "traces",
    "OPS-08": "what orders and warehouses believe of each other, in a running server", "OPS-10": "online upgrade",
    "SM-01": "LineDeliveryReversed (comes with overturned deliveries, SM-08)",
    "SM-02": "OrderDeliveryReversed (SM-08) and changes once units are on the floor (SM-05)",
    "SM-04": "units under way, which take carrier advice (SM-08)",
    "SM-10": "expected units, refurbishing and vendor returns",
    "SM-17": "subjects other than an order edition",
    "SM-18": "skipped and automatic steps", "PROP-04": "money ledger", "PROP-10": "push",
    "NOT-01": "push", "NOT-04": "buttons that act in the room itself",
    "NOT-05": "texts edited by the shop", "NOT-08": "paging outside of mail, WhatsApp and chat rooms",
    "APR-03": "a live entry in the console within a second, measured", "API-03": "replay by an event's id instead of its position",
    "PROP-01": "machines that are not there yet", "PROP-03": "checkout holds", "PROP-05": "ERP messages, change sets after approval",
    "PROP-06": "timers of machines that are not there yet", "PROP-07": "", "PROP-08": "",
}
GROUPS = "sto ord lin dlv val apr mod can bko inv wms cus cat ret api sec aud not ops sm prop p n".split()


def ids(name):
    """The ids a test's name begins with; `prop_01_to_09_` means all of them."""
    start = re.match(r"((?:(?:%s)_?\d\d_|to_\d\d_|\d\d_)+)" % "|".join(GROUPS), name + "_")
    group, last, upto = None, None, False
    for word in re.findall(r"[a-z]+|\d\d", start.group(1)) if start else []:
        if word in GROUPS:
            group, last = word, None
        elif word == "to":
            upto = True
        elif group:
            numbers = range(last + 1, int(word) + 1) if upto and last else [int(word)]
            for number in numbers:
                yield f"{group.upper()}{number:02}" if group in ("p", "n") else f"{group.upper()}-{number:02}"
            last, upto = int(word), False


def page():
    found = collections.defaultdict(list)
    for path in sorted(ROOT.rglob("*.rs")):
        where = path.relative_to(ROOT)
        if where.parts[0] in ("target", "web"):
            continue
        for name in re.findall(r"fn ([a-z0-9_]+)\(", path.read_text()):
            for key in ids(name):
                found[key].append((where, name))
    unproven = sorted(set(WORKS) - set(found))
    if unproven:
        sys.exit(f"listed as working, and no test has the name: {', '.join(unproven)}")
    lines = [
        "# Features", "",
        "Feature ids with the tests that prove what is there of them (`scripts/features.py` writes this page from the",
        "names of the tests and from its list of what was compared with the acceptance lines). **works**: the tests show",
        "the whole acceptance line. **partial**: they show a part; what is missing is named where it was looked at. Ids",
        "that are not listed are **missing**. SM are the state machines, PROP the ten properties, P and N the pains and",
        "differences of the product's requirements.", "",
        "| id | what | status | lives in | test |", "|---|---|---|---|---|",
    ]
    for key in sorted(found):
        homes = sorted({str(where) for where, _ in found[key]})
        tests = sorted({name for _, name in found[key]})
        if key in WORKS:
            status = "works" + (f": {WORKS[key]}" if WORKS[key] else "")
        else:
            status = "partial" + (f", without {PARTIAL[key]}" if PARTIAL.get(key, "") else "")
        cell = lambda all_: ", ".join(f"`{one}`" for one in all_)
        lines.append(f"| {key} | {TITLES.get(key, '')} | {status} | {cell(homes)} | {cell(tests)} |")
    return "\n".join(lines) + "\n", len(found)


text, count = page()
target = ROOT / "docs/FEATURES.md"
if "--check" in sys.argv:
    if target.read_text() != text:
        sys.exit("docs/FEATURES.md is stale: run scripts/features.py")
else:
    target.write_text(text)
print(f"{count} ids, {len(WORKS)} work")
