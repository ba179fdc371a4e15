#!/usr/bin/env python3
"""Sums of an "Online Retail" invoice list, read independently of Munshi.

Several files are read as if imported one after the other. Prints JSON over all of them: rows, invoices, lines, units
and money taken over as sales, what credit notes could be matched (latest earlier sale of the same customer, code and
price first, dated not after the note, also of a file before), and rows rejected by code.
Only the standard library; money is counted in pence.
"""
import csv
import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal


def pence(text):
    value = Decimal(text) * 100
    assert value == value.to_integral_value(), text
    return int(value)


def read(path):
    """Rows of a file with ISO dates, which sort as text."""
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
        yield from csv.DictReader(file)


def main(paths):
    rejected = Counter()
    rows = lines = units = money = 0
    invoices = set()
    stock = defaultdict(list)  # (customer, code, price) -> [date, units left] of each sale
    notes, note_units, note_money = set(), 0, 0
    for path in paths:
        for row in read(path):
            rows += 1
            quantity, price = int(row["Quantity"]), pence(row["UnitPrice"])
            customer = row["CustomerID"].split(".")[0]
            key = (customer, row["StockCode"].strip().upper(), price)
            if row["InvoiceNo"].upper().startswith("C"):
                earlier = sorted((sale for sale in stock[key] if sale[0] <= row["InvoiceDate"]), key=lambda s: s[0])
                if not customer or sum(sale[1] for sale in earlier) < -quantity:
                    rejected["no_matching_invoice"] += 1
                    continue
                wanted = -quantity
                for sale in reversed(earlier):
                    taken = min(wanted, sale[1])
                    wanted -= taken
                    sale[1] -= taken
                notes.add(row["InvoiceNo"])
                note_units -= quantity
                note_money -= quantity * price
            elif quantity <= 0:
                rejected["stock_adjustment"] += 1
            elif price <= 0:
                rejected["no_price"] += 1
            else:
                invoices.add(row["InvoiceNo"])
                lines += 1
                units += quantity
                money += quantity * price
                if customer:
                    stock[key].append([row["InvoiceDate"], quantity])
    pounds = lambda amount: f"{amount // 100}.{amount % 100:02}"
    print(json.dumps({
        "rows": rows,
        "invoices": len(invoices),
        "lines": lines,
        "units": units,
        "money": pounds(money),
        "currency": "GBP",
        "cancellations": {"notes": len(notes), "units": note_units, "money": pounds(note_money)},
        "rejected": dict(rejected),
    }))


if __name__ == "__main__":
    main(sys.argv[1:])
