#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Made-up patients in every form that `exposure` reads: make_patients.py FOLDER PERSONS. Beside the files it prints all
identifiers it used, one a line: none of them may appear anywhere afterwards."""
import json
import pathlib
import random
import sqlite3
import struct
import sys

D = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6], [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
     [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1], [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
     [8, 7, 6, 5, 9, 3, 2, 1, 0, 4], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
P = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
for _ in range(6):
    P.append([P[1][i] for i in P[-1]])


def with_check_digit(digits):
    check = 0
    for i, c in enumerate(reversed(digits)):
        check = D[check][P[(i + 1) % 8][int(c)]]
    return digits + str([0, 4, 3, 2, 1, 5, 6, 7, 8, 9][check])


FIRST = "Asha Ravi Sunita Imran Mary Gurpreet Lakshmi Arjun Fatima Joseph".split()
LAST = "Devi Kumar Sharma Khan Singh Nair Das Patel Bibi Thomas".split()


class Person:
    def __init__(self, i, rng):
        self.number = i + 1
        self.uhid = f"UH-{20220000 + i}"
        self.aadhaar = with_check_digit(str(rng.randint(2, 9)) + "".join(rng.choices("0123456789", k=10)))
        self.abha = "91-" + "-".join("".join(rng.choices("0123456789", k=4)) for _ in range(3))
        self.pan = "".join(rng.choices("ABCDEFGH", k=3)) + "P" + rng.choice("KLMN") + f"{rng.randint(1000, 9999)}" + rng.choice("XYZ")
        self.phone = str(rng.randint(6, 9)) + "".join(rng.choices("0123456789", k=9))
        self.name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        self.birth = f"{rng.randint(1935, 2020)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        self.mail = f"{self.name.split()[0].lower()}{i}@mail.example.in"


def element(group, number, kind, value):
    value = value.encode() + b" " * (len(value) % 2)
    return struct.pack("<HH", group, number) + kind + struct.pack("<H", len(value)) + value


def write_all(folder, people):
    (folder / "his.sql").write_text(
        "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE public.patients (\n    id integer NOT NULL,\n    uhid text,\n"
        "    aadhaar text,\n    patient_name character varying(80),\n    dob date,\n    mobile text\n);\n\n"
        "COPY public.patients (id, uhid, aadhaar, patient_name, dob, mobile) FROM stdin;\n"
        + "".join(f"{p.number}\t{p.uhid}\t{p.aadhaar}\t{p.name}\t{p.birth}\t{p.phone}\n" for p in people)
        + "\\.\n\nCOPY public.drugs (id, name) FROM stdin;\n1\tParacetamol\n2\tAmoxicillin\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n\n")
    (folder / "lab.sql").write_text(
        "-- MariaDB dump 10.19  Distrib 10.11\n-- Host: localhost    Database: lab\n\nCREATE TABLE `orders` (\n  `id` int(11) NOT NULL,\n"
        "  `uhid` varchar(20) DEFAULT NULL,\n  `note` text,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n\nINSERT INTO `orders` VALUES "
        + ",".join(f"({i},'{p.uhid}','it\\'s {i}; (fine)')" for i, p in enumerate(people)) + ";\n"
        "-- Dump completed on 2022-11-22 23:00:01\n")
    (folder / "opd.csv").write_text("UHID,Patient Name,DOB,Mobile No\r\n" + "".join(
        f'{p.uhid},"{p.name}",{p.birth[8:]}/{p.birth[5:7]}/{p.birth[:4]},+91{p.phone}\r\n' for p in people))
    (folder / "insurance.tsv").write_text("pan\tabha_number\temail\n" + "".join(f"{p.pan}\t{p.abha}\t{p.mail}\n" for p in people[:50]))
    (folder / "adt.hl7").write_text("".join(
        f"MSH|^~\\&|HIS|H|LIS|L|20221123||ADT^A01|{i}|P|2.5\rPID|1||{p.uhid}^^^H^MR~{p.aadhaar}^^^UIDAI^AADHAAR||"
        f"{p.name.split()[1]}^{p.name.split()[0]}||{p.birth.replace('-', '')}|F|||||{p.phone}\r" for i, p in enumerate(people)))
    (folder / "bundle.json").write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": {
        "resourceType": "Patient", "identifier": [{"system": "urn:hospital:uhid", "value": p.uhid}],
        "name": [{"given": [p.name.split()[0]], "family": p.name.split()[1]}], "birthDate": p.birth}} for p in people]}))
    (folder / "script.sql").write_text("USE [his2]\nGO\n" + "".join(
        f"INSERT [dbo].[Patients] ([UHID], [Name], [DOB]) VALUES (N'{p.uhid}', N'{p.name}', CAST(N'{p.birth}' AS Date))\nGO\n"
        for p in people), encoding="utf-16")
    image = b"\0" * 128 + b"DICM" + element(2, 0x10, b"UI", "1.2.840.10008.1.2.1\0") + element(8, 0x60, b"CS", "CT")
    image += element(0x10, 0x10, b"PN", "^".join(reversed(people[0].name.split()))) + element(0x10, 0x20, b"LO", people[0].uhid)
    (folder / "image.dcm").write_bytes(image + element(0x10, 0x30, b"DA", people[0].birth.replace("-", "")) + element(0x18, 0x50, b"DS", "1"))
    base = sqlite3.connect(folder / "kiosk.sqlite")
    base.execute("CREATE TABLE visits (uhid TEXT, phone TEXT)")
    base.executemany("INSERT INTO visits VALUES (?, ?)", [(p.uhid, p.phone) for p in people])
    base.commit()
    base.close()


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(20221123)
    people = [Person(i, rng) for i in range(int(sys.argv[2]))]
    write_all(folder, people)
    for p in people:
        print(p.uhid, p.aadhaar, p.abha, p.pan, p.phone, p.mail, p.name, p.birth, sep="\n")


main()
