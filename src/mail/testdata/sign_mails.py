#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Signs and seals mails with dkimpy, breaks some of them, and writes down what dkimpy itself says of each.

sign_mails.py FOLDER: the keys in FOLDER/zone, one file a mail, and FOLDER/cases with lines "FILE dkim|arc pass|fail".
The judge is another program than the one under test, so both must agree on every case.
"""
import base64
import itertools
import pathlib
import subprocess
import sys

import dkim

OUT = pathlib.Path(sys.argv[1])
ZONE = {}
CASES = []
HEADER = (b"From: Ann <ann@s.example>\r\nTo: desk@hospital.example\r\nSubject:  two  blanks\r\n\tand a fold \r\n"
          b"Date: Wed, 23 Nov 2022 07:07:00 +0000\r\nMessage-ID: <1@s.example>\r\n")
BODIES = {
    "plain": b"one\r\ntwo  words\t here \r\n\r\nend\r\n",
    "empty": b"",
    "blank": b"\r\n \r\n\r\n",
    "tail": b"text\r\n\r\n\r\n \t\r\n",
    "open": b"no line end",
    "high": b"caf\xc3\xa9 \xff\r\n.\r\n",
    "long": b"x" * 200000 + b"\r\n" + b"line\r\n" * 3000,
}


def openssl(*arguments, stdin=None):
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True).stdout


def make_rsa(selector, bits):
    pem = openssl("genrsa", "-traditional", str(bits))
    der = openssl("rsa", "-pubout", "-outform", "DER", stdin=pem)
    ZONE[f"{selector}._domainkey.s.example"] = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    return pem


def make_ed25519(selector):
    pem = openssl("genpkey", "-algorithm", "ed25519")
    seed = openssl("pkey", "-outform", "DER", stdin=pem)[-32:]
    public = openssl("pkey", "-pubout", "-outform", "DER", stdin=pem)[-32:]
    ZONE[f"{selector}._domainkey.s.example"] = b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public)
    return base64.b64encode(seed)


def ask(name, timeout=5):
    return ZONE.get(name.decode().rstrip(".") if isinstance(name, bytes) else name.rstrip("."))


def judge(kind, message):
    try:
        if kind == "dkim":
            return dkim.verify(message, dnsfunc=ask)
        return dkim.arc_verify(message, dnsfunc=ask)[0] == dkim.CV_Pass
    except dkim.DKIMException:
        return False


def write(name, kind, message):
    CASES.append(f"{name} {kind} {'pass' if judge(kind, message) else 'fail'}")
    (OUT / name).write_bytes(message)


def breakages(message):
    """Changes that a signature must notice, and some that it must not."""
    head, body = message.split(b"\r\n\r\n", 1)
    yield "asis", message
    yield "lf", message.replace(b"\r\n", b"\n")
    yield "subject", message.replace(b"two  blanks", b"two blanks")
    yield "case", message.replace(b"Subject:", b"SUBJECT:")
    yield "refold", message.replace(b"\r\n\tand a fold", b" and a fold")
    yield "from2", message.replace(b"From: Ann", b"From: Eve <e@e.example>\r\nFrom: Ann")
    yield "behind", head + b"\r\n\r\n" + body + b"added\r\n"
    yield "lines", head + b"\r\n\r\n" + body + b"\r\n\r\n"
    yield "wsp", head + b"\r\n\r\n" + body.replace(b"two  words", b"two words")
    yield "flip", head + b"\r\n\r\n" + (bytes([body[0] ^ 1]) + body[1:] if body else b"x")
    yield "other", b"X-Later: relay\r\n" + message
    yield "cut", message[:-3]


def make_dkim():
    keys = {b"rsa-sha256": ("rsa2048", make_rsa("rsa2048", 2048)), b"ed25519-sha256": ("ed", make_ed25519("ed"))}
    forms = list(itertools.product((b"simple", b"relaxed"), repeat=2))
    for (algorithm, (selector, key)), form, (body, text), length in itertools.product(keys.items(), forms, BODIES.items(), (False, True)):
        message = HEADER + b"\r\n" + text
        signature = dkim.sign(message, selector.encode(), b"s.example", key, canonicalize=form, signature_algorithm=algorithm, length=length)
        for change, changed in breakages(signature + message):
            if body not in ("plain", "tail") and change not in ("asis", "lf", "lines", "behind"):
                continue
            # Blanks on a last line without an end: RFC 6376 does not say; dkimpy keeps them, we drop them.
            if body == "tail" and change == "cut":
                continue
            write(f"{selector}-{form[0].decode()}-{form[1].decode()}-{body}-{'l' if length else 'n'}-{change}", "dkim", changed)
    message = HEADER + b"\r\n" + BODIES["plain"]
    twice = [b"From", b"From", b"Subject", b"Subject", b"To"]
    over = dkim.sign(message, b"ed", b"s.example", keys[b"ed25519-sha256"][1], signature_algorithm=b"ed25519-sha256", include_headers=twice)
    for change, changed in breakages(over + message):
        write(f"oversigned-{change}", "dkim", changed)
    short = make_rsa("rsa1024", 1024)
    write("rsa1024", "dkim", dkim.sign(message, b"rsa1024", b"s.example", short) + message)


def make_arc():
    key = make_rsa("seal", 2048)
    results = b"Authentication-Results: mx.s.example; spf=pass smtp.mailfrom=a@s.example; dkim=none; arc=%s\r\n"
    message = HEADER + b"\r\n" + BODIES["plain"]
    for instance in range(1, 6):
        stated = results % (b"none" if instance == 1 else b"pass")
        lines = dkim.arc_sign(stated + message, b"seal", b"s.example", key, b"mx.s.example", signature_algorithm=b"rsa-sha256")
        message = b"".join(lines) + message
        for change, changed in breakages(message):
            write(f"arc{instance}-{change}", "arc", changed)
        write(f"arc{instance}-cv", "arc", message.replace(b"cv=pass", b"cv=none", 1))
        write(f"arc{instance}-stated", "arc", message.replace(b"spf=pass", b"spf=fail", 1))
        if instance > 1:
            # A gap: all of one instance but its seal.
            fields = message.split(b"ARC-Seal:")
            write(f"arc{instance}-gap", "arc", fields[0] + b"X-Was-Seal:" + b"ARC-Seal:".join(fields[1:]))


make_dkim()
make_arc()
(OUT / "zone").write_bytes(b"".join(n.encode() + b' 300 IN TXT "' + v + b'"\n' for n, v in sorted(ZONE.items())))
(OUT / "cases").write_text("\n".join(CASES) + "\n")
