#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Writes a small folder of data sets about addresses, with made-up names: make_address_data.py FOLDER"""
import hashlib
import ipaddress
import json
import pathlib
import struct
import sys


def control(kind, size):
    return bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])


def value(item):
    if isinstance(item, dict):
        return control(7, len(item)) + b"".join(value(key) + value(inner) for key, inner in item.items())
    if isinstance(item, list):
        return control(11, len(item)) + b"".join(value(inner) for inner in item)
    if isinstance(item, str):
        return control(2, len(item)) + item.encode()
    kind, number = item
    digits = number.to_bytes(8, "big").lstrip(b"\0")
    return control(kind, len(digits)) + digits


def mmdb(blocks):
    """MaxMind DB file format 2.0 with records of 24 bits, IPv4 below ::/96; blocks do not overlap."""
    nodes, data, at = [[None, None]], b"", {}
    for block, country in blocks:
        if country not in at:
            at[country] = len(data)
            data += value({"country_code": country})
        net = ipaddress.ip_network(block)
        bits = "0" * 96 + format(int(net.network_address), "032b")[:net.prefixlen]
        node = 0
        for bit in bits[:-1]:
            if nodes[node][int(bit)] is None:
                nodes.append([None, None])
                nodes[node][int(bit)] = len(nodes) - 1
            node = nodes[node][int(bit)]
        nodes[node][int(bits[-1])] = ("data", at[country])
    number = len(nodes)
    tree = b""
    for node in nodes:
        for record in node:
            where = number if record is None else number + 16 + record[1] if isinstance(record, tuple) else record
            tree += struct.pack(">I", where)[1:]
    about = {"node_count": (6, number), "record_size": (5, 24), "ip_version": (5, 6), "database_type": "made", "languages": [],
             "binary_format_major_version": (5, 2), "binary_format_minor_version": (5, 0), "build_epoch": (9, 1668902400)}
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + value(about)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    blocks = [("1.2.3.0/24", "HK"), ("5.6.7.0/24", "CN")]
    networks = "1.2.3.0,1.2.3.255,64500,\"Example Cloud (HK), Limited\"\n5.6.7.0,5.6.7.255,64501,Example Henan Province Network\n"
    sets = [("country.registered", "mmdb", mmdb(blocks)), ("country.announced", "mmdb", mmdb(blocks)),
            ("country.estimated", "mmdb", mmdb([("1.2.3.0/24", "US"), ("5.6.7.0/24", "CN")])),
            ("networks", "csv", networks.encode()), ("list.hosting", "blocks", b"1.2.0.0/16\n")]
    manifest = []
    for kind, form, content in sets:
        (folder / kind).write_bytes(content)
        manifest.append({"kind": kind, "format": form, "name": "made-" + kind, "version": "1", "licence": "CC0-1.0", "attribution": "",
                         "date": "2022-11-20", "files": [{"path": kind, "sha256": hashlib.sha256(content).hexdigest()}]})
    (folder / "manifest.json").write_text(json.dumps({"made": "2022-11-24T00:00:00Z", "sets": manifest}))


main()
