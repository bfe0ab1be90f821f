# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Ransom notes of our own wording in several languages and file formats, and texts that only sound like them.

Every address is invented: mail under example.org, example.net or example.com, onion names, Tox and Session IDs and
wallets with right checksums around noise, so that nobody owns them.
"""

import base64
import glob
import hashlib
import html
import io
import os
import random
import re
import sys

from corpus_folder import SOURCE, CorpusFolder, by_tool
from not_notes import MORE_NOT_NOTES
from note_letters import HELD_OUT, TUNED
from note_wording import NOT_NOTES, WORDING


def onion(rng):
    key = rng.randbytes(32)
    check = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + check + b"\x03").decode().lower() + ".onion"


def tox(rng):
    body = rng.randbytes(36)
    check = bytearray(2)
    for index, byte in enumerate(body):
        check[index % 2] ^= byte
    return (body + bytes(check)).hex().upper()


def bitcoin(rng):
    """Version 0 witness program in Bech32 (BIP 173)."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

    def polymod(values):
        generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        check = 1
        for value in values:
            top = check >> 25
            check = (check & 0x1FFFFFF) << 5 ^ value
            for index in range(5):
                check ^= generator[index] if top >> index & 1 else 0
        return check

    number = int.from_bytes(rng.randbytes(20), "big")
    data = [0] + [number >> 5 * (31 - index) & 31 for index in range(32)]
    prefix = [3, 3, 0, 2, 3]  # "bc" expanded
    check = polymod(prefix + data + [0] * 6) ^ 1
    return "bc1" + "".join(letters[value] for value in data + [check >> 5 * (5 - index) & 31 for index in range(6)])


def mail(rng):
    name = rng.choice(("fox", "heron", "restore", "unlock", "support", "blue", "stone")) + str(
        rng.randrange(100, 99999)
    )
    return "%s@%s.example.%s" % (
        name,
        rng.choice(("mailbox", "post", "secure", "safe-mail")),
        rng.choice(("org", "net", "com")),
    )


def contacts(rng):
    """Shares as in published collections: an onion name in most notes, mail in a third, Tox in a sixth."""
    lines = []
    if rng.random() < 0.8:
        lines.append("http://%s/" % onion(rng))
    if rng.random() < 0.4 or not lines:
        lines += [mail(rng), mail(rng)]
    if rng.random() < 0.17:
        lines.append("TOX ID: " + tox(rng))
    if rng.random() < 0.1:
        lines.append("Session: 05" + rng.randbytes(32).hex())
    if rng.random() < 0.25:
        lines.append("BTC: " + bitcoin(rng))
    return lines


def paragraphs(rng, words):
    out = [rng.choice(words["hello"]), rng.choice(words["happened"])]
    middle = [
        rng.choice(words["demand"]),
        rng.choice(words["threat"]),
        rng.choice(words["warning"]),
        rng.choice(words["proof"]),
    ]
    rng.shuffle(middle)
    out += middle[: rng.randrange(3, 5)]
    out.append(rng.choice(words["contact"]))
    out += contacts(rng)
    if rng.random() < 0.7:
        out.append("%s: %s" % (words["id"], rng.randbytes(rng.choice((8, 16, 32))).hex().upper()))
    return out


def as_text(rng, parts):
    line = rng.choice(("\n", "\r\n"))
    frame = rng.choice(("", "", "-" * 60, "=" * 40, "*" * 50, "~~~ !!! ~~~"))
    return (line + line).join([frame] * bool(frame) + parts + [frame] * bool(frame)) + line


def as_html(rng, parts):
    body = "\n".join("<p>%s</p>" % html.escape(part) for part in parts)
    style = rng.choice(("", "<style>body{background:#111;color:#eee;font-family:monospace}</style>"))
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>README</title>%s</head><body><h1>%s</h1>%s</body></html>\n'
        % (style, html.escape(parts[0]), body)
    )


def as_hta(rng, parts):
    return (
        '<html><head><meta charset="utf-8"><title>Info</title><HTA:APPLICATION ID="app" BORDER="thin" SINGLEINSTANCE="yes"/></head>\n'
        "<body>%s</body></html>\n" % "\n".join("<div>%s</div>" % html.escape(part) for part in parts)
    )


def as_rtf(_, parts):
    def escaped(text):
        return "".join(
            letter
            if ord(letter) < 128 and letter not in "\\{}"
            else "\\" + letter
            if ord(letter) < 128
            else "\\u%d?" % ((ord(letter) + 0x8000) % 0x10000 - 0x8000)
            for letter in text
        )

    return (
        "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Courier New;}}\\f0\\fs22\n"
        + "\n".join(escaped(part) + "\\par" for part in parts)
        + "\n}"
    )


def as_pdf(parts):
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=1)
    page.setFont("Courier", 9)
    height = 800
    for part in parts:
        for start in range(0, len(part), 90):
            page.drawString(40, height, part[start : start + 90])
            height -= 14
        height -= 8
    page.save()
    return out.getvalue()


def as_escaped_html(_, parts):
    """Every letter beyond ASCII and every "@" as a number; addresses only where links lead."""

    def escaped(text):
        return "".join(
            "&#%d;" % ord(letter) if ord(letter) > 126 or letter == "@" else html.escape(letter) for letter in text
        )

    def line(part):
        found = re.search(r"[\w.]+@[\w.-]+", part)
        if not found:
            return "<p>%s</p>" % escaped(part)
        before, after = part[: found.start()], part[found.end() :]
        return '<p>%s<a href="mailto:%s"><b>h</b>ere</a>%s</p>' % (
            escaped(before),
            escaped(found.group()),
            escaped(after),
        )

    return (
        "<html><head><title>!</title><style>p{color:#f00;margin:0}</style><script>var a=1;</script></head><body>\n%s</body></html>\n"
        % "\n".join(line(part) for part in parts)
    )


def as_rtf_of_page(parts, page):
    """RTF as editors write it on a system with this code page."""

    def escaped(text):
        out = ""
        for letter in text:
            if ord(letter) < 128:
                out += "\\" + letter if letter in "\\{}" else letter
            else:
                out += "".join("\\'%02x" % byte for byte in letter.encode("cp%d" % page))
        return out

    return (
        "{\\rtf1\\ansi\\ansicpg%d\\deff0\\nouicompat{\\fonttbl{\\f0\\fnil\\fcharset0 Calibri;}}\n{\\*\\generator Editor 10;}\\viewkind4\\uc1 \n\\pard\\f0\\fs22 "
        % page
        + "".join(escaped(part) + "\\par\n" for part in parts)
        + "}\n"
    ).encode("ascii")


def page_of(text):
    """The Windows code page that holds `text`, when it needs one."""
    if text.isascii():
        return None
    for page in (1252, 1250, 1251, 1254):
        try:
            text.encode("cp%d" % page)
            return page
        except UnicodeEncodeError:
            continue
    return None


def pdf_by(program):
    """A page as other programs print it: packed, with fonts of their own and glyphs instead of letters."""

    def make(rng, parts):
        page = ("page.html", as_html(rng, parts).encode())
        if program == "wkhtmltopdf":
            return by_tool(["sh", "-c", "QT_QPA_PLATFORM=offscreen wkhtmltopdf -q page.html made.pdf"], "made.pdf", (page,))
        if program == "chromium":
            command = "chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf=made.pdf page.html"
            return by_tool(["sh", "-c", command], "made.pdf", (page,))
        text = ("page.txt", ("\ufeff" + "\n\n".join(parts)).encode())
        command = "soffice -env:UserInstallation=file://$PWD/profile --headless --convert-to pdf page.txt"
        return by_tool(["sh", "-c", command], "page.pdf", (text,))

    return make


def fill_in(rng, text):
    makers = {
        "onion": lambda: "http://%s/" % onion(rng),
        "mail": lambda: mail(rng),
        "tox": lambda: tox(rng),
        "session": lambda: "05" + rng.randbytes(32).hex(),
        "telegram": lambda: rng.choice(("@", "https://t.me/")) + rng.choice(("heron", "stonefox", "restorer")) + str(rng.randrange(100, 9999)),
        "btc": lambda: bitcoin(rng),
        "id": lambda: rng.randbytes(rng.choice((6, 8, 16))).hex().upper(),
    }
    return re.sub(r"\{(onion|mail|tox|session|telegram|btc|id)\}", lambda found: makers[found.group(1)](), text)


def write_letter(folder, rng, place, text):
    """One letter in every form that it can have."""
    filled = fill_in(rng, text)
    parts = [line for line in filled.split("\n") if line]
    folder.write(place + "-a.txt", filled.encode())
    folder.write(place + "-b.txt", filled.replace("\n", "\r\n").encode("utf-8-sig"))
    folder.write(place + "-c.txt", b"\xff\xfe" + filled.encode("utf-16-le"))
    folder.write(place + "-d.txt", b"\xfe\xff" + filled.encode("utf-16-be"))
    folder.write(place + "-e.html", as_html(rng, parts).encode())
    folder.write(place + "-f.html", as_escaped_html(rng, parts).encode("ascii"))
    folder.write(place + "-g.hta", as_hta(rng, parts).encode())
    folder.write(place + "-h.rtf", as_rtf(rng, parts).encode("ascii"))
    page = page_of(filled)
    if page:
        folder.write(place + "-i.txt", filled.encode("cp%d" % page))
        folder.write(place + "-j.rtf", as_rtf_of_page(parts, page))
    # Fonts for other scripts are rarely installed: a page in them would hold empty boxes, and no text.
    printable = all(ord(letter) < 0x530 or 0x2000 <= ord(letter) < 0x2070 for letter in filled)
    for letter, program in (("k", "wkhtmltopdf"), ("l", "chromium"), ("m", "soffice")) if printable else ():
        folder.attempt(
            "pdf by " + program,
            lambda program=program, letter=letter: folder.write(
                "%s-%s.pdf" % (place, letter), pdf_by(program)(rng, parts)
            ),
        )


def write_not_notes(folder, rng):
    for number, text in enumerate(NOT_NOTES + MORE_NOT_NOTES):
        text = fill_in(rng, text)
        folder.write("not-notes/%02d.txt" % number, text.encode())
        folder.write("not-notes/%02d.html" % number, as_html(rng, text.split("\n")).encode())
        folder.write("not-notes/%02d.rtf" % number, as_rtf(rng, text.split("\n")).encode("ascii"))
        if page_of(text):
            folder.write("not-notes/%02d-page.txt" % number, text.encode("cp%d" % page_of(text)))
    own = ["*.md", "docs/**/*.md", "bench/**/*.py", "src/drill/note_texts.cpp", "src/indicators/*.cpp"]
    paths = [path for pattern in own for path in glob.glob(os.path.join(SOURCE, pattern), recursive=True)]
    paths += glob.glob("/usr/share/common-licenses/*")
    for number, path in enumerate(sorted(paths)):
        with open(path, "rb") as file:
            folder.write("not-notes/own-%03d-%s" % (number, os.path.basename(path)), file.read())


NAMES = (
    "README",
    "HOW_TO_RESTORE_FILES",
    "RECOVER-FILES",
    "!!!READ_ME!!!",
    "info",
    "_readme",
    "DECRYPT_INSTRUCTIONS",
    "what_happened",
)


def main(path):
    folder = CorpusFolder(path)
    rng = random.Random("notes")
    for language, words in sorted(WORDING.items()):
        for number in range(40):
            parts = paragraphs(rng, words)
            name = "%s/%02d-%s" % (language, number, rng.choice(NAMES))
            kind = number % 10
            if kind < 5:
                folder.write(
                    "notes/%s.txt" % name, as_text(rng, parts).encode("utf-8-sig" if number % 7 == 0 else "utf-8")
                )
            elif kind == 5:
                folder.write("notes/%s.txt" % name, b"\xff\xfe" + as_text(rng, parts).encode("utf-16-le"))
            elif kind == 6:
                folder.write("notes/%s.html" % name, as_html(rng, parts).encode())
            elif kind == 7:
                folder.write("notes/%s.hta" % name, as_hta(rng, parts).encode())
            elif kind == 8:
                folder.write("notes/%s.rtf" % name, as_rtf(rng, parts).encode("ascii"))
            elif words["page"] == "latin-1":
                folder.attempt(
                    "pdf",
                    lambda parts=parts, name=name: folder.write(
                        "notes/%s.pdf" % name,
                        as_pdf([part.encode("latin-1", "replace").decode("latin-1") for part in parts]),
                    ),
                )
            else:
                folder.write("notes/%s.txt" % name, as_text(rng, parts).encode(words["page"], "replace"))
    for number, text in enumerate(TUNED):
        write_letter(folder, rng, "notes/letters/%02d-%s" % (number, rng.choice(NAMES)), text)
    for number, text in enumerate(HELD_OUT):
        write_letter(folder, rng, "held-out/%02d-%s" % (number, rng.choice(NAMES)), text)
    write_not_notes(folder, rng)
    folder.finish(corpus="notes")


main(sys.argv[1])
