# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What is not in a database: report pages, HL7 messages, images, mails, and what people keep in their folders."""
import csv
import io
import random
import zipfile

WORDS = ("ward", "patient", "stable", "review", "morning", "discharge", "blood", "sample", "repeat", "family", "informed", "dose", "chart", "theatre", "stock", "order", "roster", "meeting", "night", "nurse")


def report(path, number, order, who, day, rolls):
    from reportlab.pdfgen import canvas
    path.parent.mkdir(parents=True, exist_ok=True)
    page = canvas.Canvas(str(path), invariant=1)
    page.setTitle(f"Report {number}")
    lines = [f"Drill Hospital, Laboratory     Report R{number:06}     Order {order}", f"{who[0]}   {who[1].encode('ascii', 'replace').decode()}   {who[3]}   {who[4]}", f"issued {day}"]
    lines += [f"{name}: {rolls.uniform(1, 200):.1f}" for name in ("Haemoglobin", "Leucocytes", "Platelets", "Sodium", "Potassium", "Creatinine")]
    for place, text in enumerate(lines):
        page.drawString(60, 780 - 18 * place, text)
    page.save()


def result_message(number, who, day, rolls):
    at = day.strftime("%Y%m%d") + "0600"
    return (f"MSH|^~\\&|AN1|LAB|LIS|DRILL|{at}||ORU^R01^ORU_R01|{number}|P|2.5.1||||||UNICODE UTF-8\rPID|1||{who[0]}^^^DRILL||{who[1].replace(' ', '^').replace('|', ' ')}||{who[4].replace('-', '')}|{who[3]}\r"
            f"OBR|1|{number}||CHEM^Chemistry\rOBX|1|NM|K^Potassium||{rolls.uniform(2.5, 6.5):.1f}|mmol/l|3.5-5.1|N|||F\rOBX|2|NM|NA^Sodium||{rolls.uniform(120, 150):.0f}|mmol/l|135-145|N|||F\r").encode()


def picture(side, rolls):
    """Sixteen bits a point, smooth as a body is, with grain: rows are pieces of one longer row, so that it is quick."""
    import array
    long_row = array.array("H")
    level = 800.0
    for place in range(4 * side):
        level += rolls.uniform(-14, 14) + (1000 - level) * 0.01
        long_row.append(max(0, min(4095, int(level))))
    out = bytearray()
    shift = 0
    for _ in range(side):
        shift = max(0, min(3 * side, shift + rolls.randrange(-2, 4)))
        out += long_row[shift:shift + side].tobytes()
    return bytes(out)


def image(number, who, day, side, rolls):
    """A CT slice as DICOM, as bytes."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    meta.MediaStorageSOPInstanceUID = f"2.25.{10**12 + number}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = "2.25.20221123"
    one = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    one.is_little_endian, one.is_implicit_VR = True, False
    one.SOPClassUID, one.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    one.SpecificCharacterSet = "ISO_IR 192"
    one.PatientID, one.PatientName, one.PatientBirthDate, one.PatientSex = who[0], who[1].replace(" ", "^"), who[4].replace("-", ""), who[3]
    one.StudyInstanceUID, one.SeriesInstanceUID = f"2.25.{2 * 10**12 + number // 10}", f"2.25.{3 * 10**12 + number // 10}"
    one.StudyDate, one.StudyTime, one.Modality, one.InstanceNumber = day.strftime("%Y%m%d"), "050000", "CT", str(number % 10 + 1)
    one.Rows = one.Columns = side
    one.SamplesPerPixel, one.PhotometricInterpretation, one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 1, "MONOCHROME2", 16, 12, 11, 0
    one.PixelData = picture(side, rolls)
    out = io.BytesIO()
    one.save_as(out, write_like_original=False)
    return out.getvalue()


def text_of(rolls, size):
    out, length = [], 0
    while length < size:
        word = WORDS[int(rolls.random() * len(WORDS))]
        out.append(word)
        length += len(word) + 1
    return " ".join(out)


def one_file(number, rolls, size):
    """(extension, bytes) of something that people keep."""
    kind = number % 4
    if kind == 0:
        return "txt", ("\n".join(text_of(rolls, 70) for _ in range(max(1, size // 72))) + "\n").encode()
    if kind == 1:
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(("day", "ward", "item", "count", "note"))
        for row in range(max(4, size // 60)):
            rows.writerow((f"2022-11-{1 + row % 28:02}", f"W{1 + row % 12:02}", WORDS[row % len(WORDS)], rolls.randrange(1000), text_of(rolls, 20)))
        return "csv", out.getvalue().encode()
    if kind == 2:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in range(3):
                archive.writestr(zipfile.ZipInfo(f"roster-{part}.txt", (2022, 11, 1, 8, 0, 0)), "\n".join(text_of(rolls, 70) for _ in range(max(1, size // 72))))
        return "zip", out.getvalue()
    return "html", ("<!DOCTYPE html><html><body>" + "".join(f"<p>{text_of(rolls, 200)}</p>" for _ in range(max(1, size // 210))) + "</body></html>\n").encode()


def home_files(root, users, count, kib, seed):
    rolls = random.Random(f"home|{seed}")
    for number in range(count):
        extension, content = one_file(number, rolls, int(kib * 1024 * (0.2 + rolls.random())))
        folder = root / users[number % len(users)] / ("documents", "work", "old")[number % 3]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{WORDS[number % len(WORDS)]}-{number:04}.{extension}").write_bytes(content)


def mail(number, sender, day, rolls):
    return (f"From: <{sender}>\nTo: <desk@hospital.example>\nSubject: {text_of(rolls, 20)}\nDate: {day.strftime('%a, %d %b %Y')} 05:{number % 60:02}:00 +0530\n"
            f"Message-ID: <{number}@hospital.example>\nContent-Type: text/plain; charset=utf-8\n\n" + "\n".join(text_of(rolls, 60) for _ in range(12)) + "\n").encode()
