# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures as scanners, cameras and modalities leave them. Bytes out, the same for the same seed."""

import io

from invented import moment, patient_id, person


def scene(rng, width, height, mode="L"):
    """Soft shapes with some grain: neither flat nor noise."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    coarse = Image.frombytes(
        "L", (width // 16 + 1, height // 16 + 1), rng.randbytes((width // 16 + 1) * (height // 16 + 1))
    )
    picture = coarse.resize((width, height), Image.BICUBIC).point(lambda value: value // 3 + 40)
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.randrange(4, 12)):
        x, y = rng.randrange(width), rng.randrange(height)
        draw.ellipse(
            (x, y, x + rng.randrange(10, width // 2), y + rng.randrange(10, height // 2)), fill=rng.randrange(256)
        )
    picture = picture.filter(ImageFilter.GaussianBlur(2))
    grain = Image.frombytes("L", (width, height), rng.randbytes(width * height)).point(lambda value: value // 32)
    picture = ImageChops.add(picture, grain)
    if mode == "RGB":
        other = picture.transpose(Image.FLIP_LEFT_RIGHT)
        picture = Image.merge("RGB", (picture, other, ImageChops.invert(picture)))
    return picture


def encoded(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg_picture(rng, width, height):
    return encoded(
        scene(rng, width, height, rng.choice(("L", "RGB"))),
        "JPEG",
        quality=rng.randrange(60, 95),
        progressive=rng.random() < 0.3,
    )


def jpeg(rng):
    return jpeg_picture(rng, rng.randrange(200, 900), rng.randrange(200, 700))


def png(rng):
    return encoded(scene(rng, rng.randrange(80, 500), rng.randrange(80, 400), rng.choice(("L", "RGB"))), "PNG")


def tiff(rng):
    compression = rng.choice((None, "tiff_lzw", "tiff_adobe_deflate", "packbits"))
    return encoded(scene(rng, rng.randrange(100, 500), rng.randrange(100, 400)), "TIFF", compression=compression)


def bmp(rng):
    return encoded(scene(rng, rng.randrange(80, 400), rng.randrange(80, 300), "RGB"), "BMP")


def gif(rng):
    return encoded(scene(rng, rng.randrange(80, 400), rng.randrange(80, 300)), "GIF")


def webp(rng):
    return encoded(
        scene(rng, rng.randrange(100, 500), rng.randrange(100, 400), "RGB"), "WEBP", quality=rng.randrange(50, 95)
    )


def dicom(rng):
    """A secondary capture image (DICOM PS3.3 A.8), raw pixels or one JPEG frame."""
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

    width, height = rng.randrange(64, 384), rng.randrange(64, 384)
    syntax = rng.choice((ExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit))
    uid = "1.2.826.0.1.3680043.8.498.%d" % rng.randrange(10**30)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = uid
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = "1.2.826.0.1.3680043.8.498.1"
    data = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    data.is_little_endian, data.is_implicit_VR = True, syntax == ImplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, uid
    data.StudyInstanceUID, data.SeriesInstanceUID = uid + ".1", uid + ".2"
    data.PatientName, data.PatientID = person(rng).replace(" ", "^"), patient_id(rng)
    data.StudyDate, data.Modality = moment(rng).strftime("%Y%m%d"), rng.choice(("CR", "CT", "US", "MR"))
    data.Rows, data.Columns, data.SamplesPerPixel = height, width, 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    picture = scene(rng, width, height)
    if syntax == JPEGBaseline8Bit:
        data.PixelData = encapsulate([encoded(picture, "JPEG", quality=90)])
        data["PixelData"].is_undefined_length = True
        data["PixelData"].VR = "OB"
    else:
        pixels = picture.tobytes()
        data.PixelData = pixels + b"\0" * (len(pixels) % 2)
        data["PixelData"].VR = "OW" if syntax == ImplicitVRLittleEndian else "OB"
    out = io.BytesIO()
    pydicom.dcmwrite(out, data, write_like_original=False)
    return out.getvalue()
