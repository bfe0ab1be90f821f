# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Records and text: HL7 version 2, CSV, JSON, clinical documents in XML, SQL dumps, SQLite, mail, logs. Bytes out."""

import bz2
import email.message
import email.utils
import gzip
import json
import lzma
import os
import sqlite3
import tempfile
from xml.sax.saxutils import escape

from invented import DEVANAGARI, WARDS, address, moment, paragraph, patient_id, person, result, sentence


def hl7(rng):
    """An ORU^R01 batch as a laboratory system keeps it; segments end with CR."""
    out = []
    for _ in range(rng.randrange(4, 60)):
        when = moment(rng).strftime("%Y%m%d%H%M%S")
        number = rng.randrange(10**8)
        out.append("MSH|^~\\&|LAB|EXAMPLE|EHOSP|EXAMPLE|%s||ORU^R01|%d|P|2.5" % (when, number))
        out.append(
            "PID|1||%s^^^EX||%s||%d0101|%s"
            % (patient_id(rng), person(rng).replace(" ", "^"), rng.randrange(1930, 2022), rng.choice("MF"))
        )
        out.append("OBR|1|%d||24331-1^Panel^LN|||%s" % (number, when))
        for index in range(rng.randrange(1, 9)):
            code, name, unit, value, low, high = result(rng)
            out.append("OBX|%d|NM|%s^%s^LN||%s|%s|%s-%s|N|||F" % (index + 1, code, name, value, unit, low, high))
    return ("\r".join(out) + "\r").encode()


def csv(rng):
    rows = ["patient_id,name,ward,admitted,test,value,unit"]
    for _ in range(rng.randrange(60, 900)):
        _, name, unit, value, _, _ = result(rng)
        rows.append(
            "%s,%s,%s,%s,%s,%s,%s"
            % (patient_id(rng), person(rng), rng.choice(WARDS), moment(rng).isoformat(), name, value, unit)
        )
    return ("\r\n".join(rows) + "\r\n").encode()


def patient(rng):
    return {
        "id": patient_id(rng),
        "name": person(rng),
        "ward": rng.choice(WARDS),
        "admitted": moment(rng).isoformat(),
        "note": sentence(rng),
        "results": [dict(zip(("code", "name", "unit", "value"), result(rng))) for _ in range(rng.randrange(1, 6))],
    }


def json_records(rng):
    return json.dumps(
        [patient(rng) for _ in range(rng.randrange(10, 120))], indent=rng.choice((None, 1, 2)), ensure_ascii=False
    ).encode()


def json_lines(rng):
    return "".join(json.dumps(patient(rng)) + "\n" for _ in range(rng.randrange(20, 200))).encode()


def clinical_xml(rng):
    """The shape of a CDA document (HL7 Clinical Document Architecture, release 2), shortened."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3">\n<title>Discharge summary</title>\n',
        '<recordTarget><patientRole><id extension="%s"/><patient><name>%s</name></patient></patientRole></recordTarget>\n'
        % (patient_id(rng), escape(person(rng))),
    ]
    for _ in range(rng.randrange(8, 50)):
        parts.append(
            "<component><section><title>%s</title><text>%s %s</text></section></component>\n"
            % (rng.choice(WARDS), escape(paragraph(rng)), escape(sentence(rng, DEVANAGARI)))
        )
    parts.append("</ClinicalDocument>\n")
    return "".join(parts).encode()


def sql_dump(rng):
    out = [
        "-- dump of an invented register\nBEGIN;\nCREATE TABLE visit (id text, name text, ward text, at timestamp, note text);\n"
    ]
    for _ in range(rng.randrange(80, 900)):
        out.append(
            "INSERT INTO visit VALUES ('%s','%s','%s','%s','%s');\n"
            % (patient_id(rng), person(rng), rng.choice(WARDS), moment(rng).isoformat(), sentence(rng))
        )
    return ("".join(out) + "COMMIT;\n").encode()


def log_text(rng):
    lines = []
    when = moment(rng).timestamp()
    for _ in range(rng.randrange(80, 1200)):
        when += rng.randrange(1, 90)
        lines.append(
            "%d app[%d]: %s user=%s from=192.0.2.%d took=%dms"
            % (
                when,
                rng.randrange(300, 9999),
                rng.choice(("login", "open record", "print", "save result")),
                person(rng).split()[0].lower(),
                rng.randrange(1, 255),
                rng.randrange(2, 3000),
            )
        )
    return ("\n".join(lines) + "\n").encode()


def note_text(rng):
    words = rng.choice((None, None, DEVANAGARI))
    return (
        "\n\n".join(paragraph(rng, words) if words else paragraph(rng) for _ in range(rng.randrange(4, 40))).encode()
        + b"\n"
    )


def html(rng):
    rows = "".join(
        "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n" % (patient_id(rng), person(rng), escape(sentence(rng)))
        for _ in range(rng.randrange(40, 200))
    )
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>List</title></head><body><table>\n%s</table></body></html>\n'
        % rows
    ).encode()


def settings(rng):
    out = []
    for _ in range(rng.randrange(15, 60)):
        out.append(
            "[%s-%d]\nhost = %s.example.org\nport = %d\n# %s\n"
            % (
                rng.choice(WARDS).lower(),
                rng.randrange(99),
                rng.choice(("db1", "db2", "lab", "search")),
                rng.randrange(1024, 60000),
                sentence(rng),
            )
        )
    return "\n".join(out).encode()


def yaml(rng):
    return "".join(
        "- id: %s\n  name: %s\n  ward: %s\n  note: >-\n    %s\n"
        % (patient_id(rng), person(rng), rng.choice(WARDS), sentence(rng))
        for _ in range(rng.randrange(40, 200))
    ).encode()


def mail(rng):
    message = email.message.EmailMessage()
    message["From"] = address(rng)
    message["To"] = address(rng)
    message["Date"] = email.utils.format_datetime(moment(rng))
    message["Message-ID"] = "<%d@ward.example.org>" % rng.randrange(10**12)
    message["Subject"] = sentence(rng)[:60]
    message.set_content("\n\n".join(paragraph(rng) for _ in range(rng.randrange(3, 12))))
    if rng.random() < 0.4:
        message.add_attachment(csv(rng), maintype="text", subtype="csv", filename="results.csv")
    if message.is_multipart():
        message.set_boundary("part-%012d" % rng.randrange(10**12))
    return message.as_bytes()


def mailbox(rng):
    out = []
    for _ in range(rng.randrange(4, 20)):
        body = mail(rng).replace(b"\nFrom ", b"\n>From ")
        out.append(
            b"From %s %s\n" % (address(rng).encode(), moment(rng).strftime("%a %b %d %H:%M:%S %Y").encode())
            + body
            + b"\n\n"
        )
    return b"".join(out)


def sqlite(rng):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.db")
        database = sqlite3.connect(path)
        database.execute("PRAGMA page_size=%d" % rng.choice((1024, 4096, 4096, 8192)))
        database.execute("CREATE TABLE result (id INTEGER PRIMARY KEY, patient TEXT, name TEXT, value REAL, note TEXT)")
        database.execute("CREATE INDEX by_patient ON result (patient)")
        rows = [
            (patient_id(rng), result(rng)[1], result(rng)[3], sentence(rng)) for _ in range(rng.randrange(50, 1500))
        ]
        database.executemany("INSERT INTO result (patient, name, value, note) VALUES (?,?,?,?)", rows)
        if rng.random() < 0.4:
            database.execute("DELETE FROM result WHERE id % 3 = 0")
        database.commit()
        database.close()
        with open(path, "rb") as made:
            return made.read()


def gzipped(make):
    return lambda rng: gzip.compress(make(rng), rng.choice((1, 6, 9)), mtime=int(moment(rng).timestamp()))


def bzipped(make):
    return lambda rng: bz2.compress(make(rng))


def xzipped(make):
    return lambda rng: lzma.compress(make(rng), preset=3)
