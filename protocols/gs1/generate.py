#!/usr/bin/env python3
"""Writes protocols/src/gs1/table.rs from the GS1 Barcode Syntax Dictionary.

    python3 protocols/gs1/generate.py path/to/gs1-syntax-dictionary.txt > protocols/src/gs1/table.rs

The dictionary is Apache-2.0 (see NOTICE beside this script); its notice is repeated in the table. The digest
printed into the table is FNV-1a (64 bit) over the normalised entries, one a line: `tests/gs1_table.rs` renders the
table in the dictionary's own syntax and compares, with the file itself when MUNSHI_GS1_DICTIONARY names it.
"""
import hashlib
import re
import sys

SETS = {"N": "Digits", "X": "Cset82", "Y": "Cset39", "Z": "Base64Url"}
TYPE = re.compile(r"^(\[?)([NXYZ])(\.\.)?(\d+)(\]?)((?:,[a-z0-9]+)*)$")


def fail(message):
    sys.exit(f"generate.py: {message}")


def camel(linter):
    known = {
        "csum": "CheckDigit", "csumalpha": "CheckPair", "gcppos1": "CompanyPrefix", "gcppos2": "CompanyPrefixAt2",
        "yymmd0": "DateDay00", "yymmdd": "Date", "yyyymmdd": "FullDate", "hhmi": "HourMinute", "hh": "Hour",
        "mi": "Minute", "ss": "Second", "iso3166": "Country", "iso3166999": "CountryOr999",
        "iso3166alpha2": "CountryAlpha2", "iso4217": "Currency", "iso5218": "Sex", "pcenc": "PercentEncoding",
        "yesno": "YesNo", "hyphen": "Hyphen", "latitude": "Latitude", "longitude": "Longitude",
        "importeridx": "ImporterIndex", "packagetype": "PackageType", "mediatype": "MediaType",
        "posinseqslash": "PositionInSequence", "nonzero": "NonZero", "zero": "Zero", "winding": "Winding",
        "pieceoftotal": "PieceOfTotal", "iban": "Iban", "nozeroprefix": "NoZeroPrefix",
        "hasnondigit": "HasNonDigit", "couponcode": "CouponCode", "couponposoffer": "CouponPositiveOffer",
    }
    return known.get(linter) or fail(f"linter {linter} is not implemented")


def component(text):
    match = TYPE.match(text) or fail(f"component {text}")
    optional, kind, variable, size, _, linters = match.groups()
    least = 1 if variable else int(size)
    names = ", ".join(f"L::{camel(name)}" for name in linters.split(",")[1:])
    return f"c(S::{SETS[kind]}, {least}, {size}, {str(bool(optional)).lower()}, &[{names}])"


def pattern(text):
    width = text.count("n")
    if width and not text.endswith("n" * width):
        fail(f"pattern {text}")
    low = int(text.replace("n", "0"))
    return f"p({low}, {low + 10 ** width - 1})"


def alternatives(text):
    groups = (", ".join(pattern(ai) for ai in group.split("+")) for group in text.split(","))
    return "&[" + ", ".join(f"&[{group}]" for group in groups) + "]"


def entry(line):
    body, _, title = line.partition("#")
    words = body.split()
    ais, words = words[0], words[1:]
    flags = ""
    if words and not TYPE.match(words[0]):
        flags, words = words[0], words[1:]
    if set(flags) - set("*?"):
        fail(f"flags {flags}")
    parts = [word for word in words if TYPE.match(word)]
    attributes = words[len(parts):]
    first, _, last = ais.partition("-")
    last = last or first
    ex = [a[3:] for a in attributes if a.startswith("ex=")]
    req = [a[4:] for a in attributes if a.startswith("req=")]
    key = [a for a in attributes if a == "dlpkey" or a.startswith("dlpkey=")]
    if len(ex) + len(req) + len(key) != len(attributes) or len(key) > 1 or len(ex) > 1:
        fail(f"attributes {attributes}")
    if not key:
        dl = "None"
    elif key[0] == "dlpkey":
        dl = "Some(&[])"
    else:
        sequences = key[0][7:].split("|")
        dl = "Some(&[" + ", ".join("&[" + ", ".join(str(int(q)) for q in s.split(",")) + "]" for s in sequences) + "])"
    mutex = "&[" + (", ".join(pattern(ai) for ai in ex[0].split(",")) if ex else "") + "]"
    requires = "&[" + ", ".join(alternatives(r) for r in req) + "]"
    row = (
        f"    e({int(first)}, {int(last)}, {len(first)}, {str('*' in flags).lower()}, {str('?' in flags).lower()},\n"
        f"        &[{', '.join(component(p) for p in parts)}],\n"
        f"        {mutex}, {requires}, {dl}, {quote(title.strip())}),\n"
    )
    canonical = " ".join([ais, flags or "-", *parts, *(f"ex={x}" for x in ex), *(f"req={r}" for r in req), *key,
                          "#", title.strip()])
    return int(first), int(last), len(first), int(first[:2] if len(first) > 2 else first), row, canonical


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def fnv(data):
    digest = 0xCBF29CE484222325
    for byte in data:
        digest = ((digest ^ byte) * 0x100000001B3) % 2 ** 64
    return digest


def main():
    raw = open(sys.argv[1], "rb").read()
    lines = [line for line in raw.decode("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    entries = sorted((entry(line) for line in lines), key=lambda e: (f"{e[0]:0{e[2]}}"))
    prefixes = {}
    for index, (_, last, digits, prefix, _, _) in enumerate(entries):
        # A run of two-digit AIs (91-99) has a prefix for each.
        for two in range(prefix, last + 1 if digits == 2 else prefix + 1):
            first, count, known = prefixes.get(two, (index, 0, digits))
            if known != digits or first + count != index:
                fail(f"prefix {two:02} has AIs of several lengths")
            prefixes[two] = (first, count + 1, digits)
    digest = fnv("".join(e[5] + "\n" for e in entries).encode())
    notice = [line[2:] for line in raw.decode("utf-8").splitlines() if line.startswith("# Copyright")]
    out = sys.stdout
    out.write("//! Every application identifier of the GS1 Barcode Syntax Dictionary, as data.\n//!\n")
    out.write("//! Written by `protocols/gs1/generate.py`; edit that script, not this file. The entries are derived\n")
    out.write("//! from the dictionary, which is licensed under the Apache License, Version 2.0; its notice:\n//!\n")
    for line in notice:
        out.write(f"//! {line.replace('https://', '<https://').rstrip('/') + '/>' if 'https' in line else line}\n//!\n")
    out.write("//! <http://www.apache.org/licenses/LICENSE-2.0>. Changes: turned into Rust constants.\n\n")
    out.write("use super::ai::{AiEntry, Charset as S, Linter as L, Prefix};\n")
    out.write("use super::ai::{component as c, entry as e, pattern as p, prefix as x};\n\n")
    out.write(f"/// SHA-256 of the dictionary this table was made from.\npub const DICTIONARY_SHA256: &str = "
              f"\"{hashlib.sha256(raw).hexdigest()}\";\n\n")
    out.write(f"/// FNV-1a over the normalised entries.\npub const TABLE_DIGEST: u64 = {digest:#018x};\n\n")
    out.write("/// The entries, in the order of their text.\n")
    out.write(f"pub static ENTRIES: [AiEntry; {len(entries)}] = [\n")
    out.writelines(e[4] for e in entries)
    out.write("];\n\n/// By the first two digits: how long the AI is and which entries begin so.\n")
    out.write("pub(super) static PREFIXES: [Prefix; 100] = [\n")
    for prefix in range(100):
        first, count, digits = prefixes.get(prefix, (0, 0, 0))
        out.write(f"    x({digits}, {first}, {count}),\n")
    out.write("];\n")


if __name__ == "__main__":
    main()
