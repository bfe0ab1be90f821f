# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Documents people write: Word, Excel, OpenDocument, RTF, PDF. Bytes out, the same for the same seed."""

import datetime
import io
import re
import zipfile

from invented import DEVANAGARI, WARDS, moment, paragraph, patient_id, person, result, sentence

FIXED = (2022, 11, 22, 21, 0, 0)


def with_fixed_times(packed):
    """The libraries stamp the hour of making into the packed members; a drill must come out the same again."""
    source = zipfile.ZipFile(io.BytesIO(packed))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename.endswith(("core.xml", "meta.xml")):
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", b"2022-11-22T21:00:00", content)
            fixed = zipfile.ZipInfo(member.filename, FIXED)
            fixed.compress_type = member.compress_type
            fixed.external_attr = member.external_attr
            target.writestr(fixed, content)
    return out.getvalue()


def docx(rng):
    import docx as word
    from pictures import jpeg_picture

    document = word.Document()
    document.add_heading("Discharge summary " + patient_id(rng), 1)
    for _ in range(rng.randrange(3, 14)):
        document.add_paragraph(paragraph(rng))
    table = document.add_table(rows=1, cols=4)
    for _ in range(rng.randrange(3, 12)):
        _, name, unit, value, _, _ = result(rng)
        for cell, text in zip(table.add_row().cells, (name, value, unit, moment(rng).date())):
            cell.text = str(text)
    if rng.random() < 0.3:
        document.add_picture(io.BytesIO(jpeg_picture(rng, 320, 240)))
    out = io.BytesIO()
    document.save(out)
    return with_fixed_times(out.getvalue())


def xlsx(rng):
    import openpyxl

    book = openpyxl.Workbook()
    for title in rng.sample(WARDS, rng.randrange(1, 4)):
        sheet = book.create_sheet(title)
        for _ in range(rng.randrange(20, 160)):
            sheet.append([patient_id(rng), person(rng), moment(rng), result(rng)[3], sentence(rng)])
    out = io.BytesIO()
    book.save(out)
    return with_fixed_times(out.getvalue())


def xls(rng):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Register")
    for row in range(rng.randrange(30, 300)):
        for column, value in enumerate((patient_id(rng), person(rng), result(rng)[3], sentence(rng))):
            sheet.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def odt(rng):
    from odf.opendocument import OpenDocumentText
    from odf.text import H, P

    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text="Ward round " + rng.choice(WARDS)))
    for _ in range(rng.randrange(4, 30)):
        document.text.addElement(P(text=paragraph(rng, rng.choice((DEVANAGARI, None)) or WARDS)))
    out = io.BytesIO()
    document.write(out)
    return with_fixed_times(out.getvalue())


def ods(rng):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="Duty")
    for _ in range(rng.randrange(15, 60)):
        row = TableRow()
        for text in (person(rng), rng.choice(WARDS), moment(rng).isoformat()):
            cell = TableCell()
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return with_fixed_times(out.getvalue())


def rtf(rng):
    body = "".join("\\par %s\n" % paragraph(rng) for _ in range(rng.randrange(6, 40)))
    return ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0\\fs22 %s\n%s}\n" % (person(rng), body)).encode()


def pdf(rng):
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas
    from pictures import jpeg_picture

    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=1, pageCompression=rng.choice((0, 1, 1)))
    page.setTitle("Laboratory report")
    for _ in range(rng.randrange(1, 6)):
        page.setFont("Helvetica-Bold", 14)
        page.drawString(60, 800, "Laboratory report %s  %s" % (patient_id(rng), person(rng)))
        page.setFont("Times-Roman", 10)
        for line in range(rng.randrange(10, 45)):
            _, name, unit, value, low, high = result(rng)
            page.drawString(
                60,
                770 - line * 14,
                "%-18s %8s %-8s (%s - %s)   %s" % (name, value, unit, low, high, sentence(rng)[:50]),
            )
        if rng.random() < 0.3:
            page.drawImage(ImageReader(io.BytesIO(jpeg_picture(rng, 256, 256))), 60, 30, 120, 120)
        page.showPage()
    page.save()
    return out.getvalue()


def calendar(rng):
    out = ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//drill//EN\r\n"]
    for _ in range(rng.randrange(20, 90)):
        start = moment(rng)
        end = start + datetime.timedelta(minutes=20)
        out.append(
            "BEGIN:VEVENT\r\nUID:%d@desk.example.org\r\nDTSTART:%s\r\nDTEND:%s\r\nSUMMARY:%s\r\nEND:VEVENT\r\n"
            % (rng.randrange(10**12), start.strftime("%Y%m%dT%H%M%S"), end.strftime("%Y%m%dT%H%M%S"), person(rng))
        )
    return ("".join(out) + "END:VCALENDAR\r\n").encode()
