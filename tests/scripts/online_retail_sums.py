#!/usr/bin/env python3
"""Sums of an "Online Retail" invoice list, read independently of Munshi.

Prints JSON: rows, invoices, lines, units and money taken over as sales, what credit notes could be matched
(latest earlier sale of the same customer, code and price first), and rows rejected by code.
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


def main(path):
    rejected = Counter()
    rows = lines = units = money = 0
    invoices = set()
    stock = defaultdict(list)  # (customer, code, price) -> units left of each sale, oldest first
    notes, note_units, note_money = set(), 0, 0
    with open(path, newline="", encoding="utf-8-sig", errors="replace") as file:
        for row in csv.DictReader(file):
            rows += 1
            quantity, price = int(row["Quantity"]), pence(row["UnitPrice"])
            customer = row["CustomerID"].split(".")[0]
            key = (customer, row["StockCode"].strip().upper(), price)
            if row["InvoiceNo"].upper().startswith("C"):
                if not customer or sum(stock[key]) < -quantity:
                    rejected["no_matching_invoice"] += 1
                    continue
                wanted = -quantity
                while wanted:
                    taken = min(wanted, stock[key][-1])
                    wanted -= taken
                    stock[key][-1] -= taken
                    if not stock[key][-1]:
                        stock[key].pop()
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
                    stock[key].append(quantity)
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
    main(sys.argv[1])
