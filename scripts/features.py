#!/usr/bin/env python3
"""Writes docs/FEATURES.md from the names of the tests: a test that proves a feature starts with its id."""
import collections, pathlib, re

ROOT = pathlib.Path(__file__).resolve().parent.parent
TITLES = {
    "ORD-01": "unique order numbers, configurable format", "ORD-04": "times in UTC", "ORD-14": "bulk orders by file",
    "ORD-24": "tags", "ORD-29": "life cycle end to end", "LIN-01": "SKU, id, barcode", "LIN-05": "tax and totals",
    "VAL-02": "credit limit", "VAL-04": "address completeness", "VAL-06": "customer status", "VAL-09": "approval thresholds",
    "VAL-20": "errors with code, field and fix", "APR-01": "configurable threshold", "APR-05": "any, all, quorum",
    "APR-10": "one decision a step", "APR-18": "escalation", "APR-19": "reminders", "APR-21": "delegation, no self-approval",
    "MOD-03": "address change", "CAN-02": "categorised reasons", "BKO-05": "backorder priority", "INV-01": "no oversell",
    "INV-06": "count while selling", "INV-07": "low stock", "WMS-02": "pick by scan", "WMS-03": "task claim and lease",
    "CUS-01": "one customer by phone and e-mail", "SEC-01": "deny by default", "SEC-02": "role x route", "SEC-03": "sign-in and sessions",
    "SEC-04": "transport headers", "SEC-06": "masking by role", "AUD-01": "hash-chained audit", "API-01": "REST and OpenAPI",
    "API-04": "throttling", "API-07": "validation and codes", "OPS-04": "metrics", "OPS-07": "crash and recovery",
    "OPS-08": "invariant checker", "OPS-10": "one command", "OPS-20": "shedding under load",
}
GROUPS = "ord lin dlv val apr mod can bko inv wms cus cat api sec aud ops sm prop p n".split()
found = collections.defaultdict(list)
for path in sorted(ROOT.rglob("*.rs")):
    where = path.relative_to(ROOT)
    if where.parts[0] in ("target", "web"):
        continue
    for name in re.findall(r"fn ([a-z0-9_]+)\(", path.read_text()):
        start = re.match(r"((?:(?:%s)_\d\d_|to_\d\d_|\d\d_)+)" % "|".join(GROUPS), name + "_")
        if not start:
            continue
        group = None
        for word in start.group(1).strip("_").split("_"):
            if word in GROUPS:
                group = word
            elif word.isdigit() and group:
                key = f"{group.upper()}-{word}" if group not in ("p", "n") else f"{group.upper()}{word}"
                found[key].append((where, name))
lines = [
    "# Features", "",
    "Feature ids with the tests that prove what is there of them (`scripts/features.py` writes this page from the names",
    "of the tests). A feature counts as *done* only when its whole acceptance line is shown; none is claimed here yet:",
    "every row is **partial**, and ids that are not listed are **missing**. SM are the state machines, PROP the ten",
    "properties, P and N the pains and differences of the product's requirements.", "",
    "| id | what | lives in | test |", "|---|---|---|---|",
]
for key in sorted(found):
    homes = sorted({str(where) for where, _ in found[key]})
    tests = sorted({name for _, name in found[key]})
    lines.append(f"| {key} | {TITLES.get(key, '')} | {', '.join(f'`{h}`' for h in homes)} | {', '.join(f'`{t}`' for t in tests)} |")
(ROOT / "docs/FEATURES.md").write_text("\n".join(lines) + "\n")
print(f"{len(found)} ids")
