# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Files by the tools people use: pictures, sound, video, disks, archives, compressed streams, keys, programs."""

from corpus_folder import by_tool

import office_files
import packed_files
import pictures
import record_files


def picture(rng):
    return pictures.encoded(pictures.scene(rng, rng.randrange(160, 640), rng.randrange(120, 480), "RGB"), "PNG")


def converted(extension, *options):
    """By ImageMagick."""
    return lambda rng: by_tool(
        ["convert", "in.png", *options, "made." + extension], "made." + extension, (("in.png", picture(rng)),)
    )


def by_picture_tool(tool, extension, *options):
    return lambda rng: by_tool(
        [tool, *options, "in.png", "-o", "made." + extension], "made." + extension, (("in.png", picture(rng)),)
    )


def sound(extension, *options):
    """A few seconds of invented tones by ffmpeg."""

    def make(rng):
        source = "sine=frequency=%d:duration=%d" % (rng.randrange(200, 2000), rng.randrange(1, 5))
        return by_tool(
            [
                "ffmpeg",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                source,
                "-af",
                "tremolo=5,aecho",
                *options,
                "made." + extension,
            ],
            "made." + extension,
        )

    return make


def video(extension, *options):
    def make(rng):
        source = "testsrc2=size=%dx%d:rate=10:duration=%d" % (
            rng.randrange(8, 20) * 16,
            rng.randrange(6, 15) * 16,
            rng.randrange(1, 4),
        )
        return by_tool(
            [
                "ffmpeg",
                "-v",
                "error",
                "-f",
                "lavfi",
                "-i",
                source,
                "-pix_fmt",
                "yuv420p",
                *options,
                "made." + extension,
            ],
            "made." + extension,
        )

    return make


def text(rng):
    return (
        rng.choice((record_files.csv, record_files.sql_dump, record_files.log_text, record_files.clinical_xml))(rng) * 2
    )


def streamed(*arguments):
    """A compressor that reads standard input and writes standard output."""
    return lambda rng: packed_files.run(list(arguments), rng.choice((text, packed_files.tar))(rng))


def archived(output, *arguments):
    def make(rng):
        inputs = [
            ("%d-%s" % (number, name.split("/")[-1]), content)
            for number, (name, content) in enumerate(packed_files.members(rng))
        ]
        return by_tool(["sh", "-c", " ".join(arguments)], output, inputs)

    return make


def file_system(*arguments, size_mib=8):
    return lambda rng: by_tool(
        ["sh", "-c", "truncate -s %dM made && %s made" % (size_mib, " ".join(arguments))], "made"
    )


def disk(kind, *options):
    def make(rng):
        raw = packed_files.disk("raw")(rng)
        return by_tool(
            ["qemu-img", "convert", "-f", "raw", "-O", kind, *options, "in.img", "made"], "made", (("in.img", raw),)
        )

    return make


def partitioned(label):
    def make(rng):
        return by_tool(
            [
                "sh",
                "-c",
                "truncate -s 16M made && printf 'label: %s\\n,6M\\n,\\n' | sfdisk -q made && dd if=in.img of=made bs=1M seek=1 count=6 conv=notrunc status=none"
                % label,
            ],
            "made",
            (("in.img", packed_files.disk("raw")(rng)),),
        )

    return make


def printed(rng):
    """PostScript and PDF by way of troff, as mail systems print."""
    body = ".TH REGISTER 7\n.SH NOTES\n" + "".join(
        ".PP\n%s\n" % line for line in record_files.note_text(rng).decode("ascii", "replace").split("\n") if line
    )
    return by_tool(["sh", "-c", "groff -man -Tps in.man > made.ps"], "made.ps", (("in.man", body.encode()),))


def pdf_by_ghostscript(rng):
    return by_tool(
        ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=pdfwrite", "-sOutputFile=made.pdf", "in.ps"],
        "made.pdf",
        (("in.ps", printed(rng)),),
    )


def pdf_by_qpdf(*options):
    return lambda rng: by_tool(
        ["qpdf", *options, "in.pdf", "made.pdf"], "made.pdf", (("in.pdf", office_files.pdf(rng)),)
    )


def dicom_by_dcmtk(tool, *options):
    """From the uncompressed ones of the maker; dcmtk refuses the others."""
    return lambda rng: by_tool([tool, *options, "in.dcm", "made.dcm"], "made.dcm", (("in.dcm", pictures.dicom(rng)),))


def sqlite_with_wal(rng):
    rows = "".join("INSERT INTO t VALUES (%d, '%s');" % (number, record_files.sentence(rng)) for number in range(400))
    script = (
        "PRAGMA journal_mode=WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT); %s\n.system cp made.db-wal kept\n"
        % rows
    )
    return by_tool(["sqlite3", "made.db"], "kept", (), script.encode())


def java_archive(rng):
    methods = "".join(
        'static String m%d() { return "%s"; }\n' % (number, record_files.sentence(rng)) for number in range(60)
    )
    return by_tool(
        ["sh", "-c", "javac Drill.java && jar cf made.jar Drill.class Drill.java"],
        "made.jar",
        (("Drill.java", ("class Drill {\n%s}\n" % methods).encode()),),
    )


def catalogue(rng):
    entries = "".join('msgid "m%d"\nmsgstr "%s"\n\n' % (number, record_files.sentence(rng)) for number in range(200))
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return by_tool(["msgfmt", "in.po", "-o", "made.mo"], "made.mo", (("in.po", (head + entries).encode()),))


def certificates(rng):
    count = rng.randrange(4, 9)
    return by_tool(
        [
            "sh",
            "-c",
            "for i in $(seq %d); do openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=$i.example.org -keyout k >> made 2>/dev/null; cat k >> made; "
            "openssl req -x509 -key k -days 9 -subj /CN=$i.example.org >> made; done" % count,
        ],
        "made",
    )


TOOLS = (
    ("bmp", 15, converted("bmp")),
    ("bmp3", 5, converted("bmp3", "-colors", "16")),
    ("gif", 15, converted("gif")),
    ("jpg", 25, converted("jpg", "-quality", "80")),
    ("jpg-progressive", 10, converted("jpg", "-interlace", "JPEG")),
    ("png", 15, converted("png")),
    ("png8", 8, converted("png8")),
    ("tif", 12, converted("tif")),
    ("tif-lzw", 8, converted("tif", "-compress", "lzw")),
    ("tif-jpeg", 8, converted("tif", "-compress", "jpeg")),
    ("tif-fax", 6, converted("tif", "-monochrome", "-compress", "group4")),
    ("tif-zip", 8, converted("tif", "-compress", "zip")),
    ("webp", 12, converted("webp")),
    ("psd", 8, converted("psd")),
    ("ico", 8, converted("ico", "-resize", "128x128!")),
    ("ppm", 8, converted("ppm")),
    ("pgm", 5, converted("pgm", "-colorspace", "gray")),
    ("pcx", 5, converted("pcx")),
    ("tga", 5, converted("tga")),
    ("xcf", 2, converted("miff")),
    ("svg", 8, converted("svg", "-resize", "40x40")),
    ("ps", 8, printed),
    ("jp2", 10, converted("jp2")),
    ("dcm", 6, converted("dcm")),
    ("heic", 8, by_picture_tool("heif-enc", "heic")),
    ("webp-lossless", 6, by_picture_tool("cwebp", "webp", "-lossless", "-quiet")),
    ("wav", 8, sound("wav")),
    ("mp3", 10, sound("mp3")),
    ("flac", 10, sound("flac")),
    ("ogg", 8, sound("ogg")),
    ("opus", 6, sound("opus")),
    ("m4a", 6, sound("m4a")),
    ("aac", 5, sound("aac")),
    ("aiff", 4, sound("aiff")),
    ("mp4", 10, video("mp4")),
    ("mp4-fast", 5, video("mp4", "-movflags", "+faststart")),
    ("mov", 6, video("mov")),
    ("mkv", 8, video("mkv")),
    ("webm", 6, video("webm")),
    ("avi", 8, video("avi")),
    ("mpg", 5, video("mpg", "-r", "25")),
    ("ts", 5, video("ts")),
    ("flv", 4, video("flv")),
    ("gz", 15, streamed("gzip", "-nc")),
    ("gz-pigz", 5, streamed("gzip", "-nc1")),
    ("bz2", 12, streamed("bzip2", "-c")),
    ("xz", 12, streamed("xz", "-c")),
    ("xz-crc32", 5, streamed("xz", "-c", "--check=crc32")),
    ("lzma", 8, streamed("lzma", "-c")),
    ("lz", 8, streamed("lzip", "-c")),
    ("zst", 12, streamed("zstd", "-qc")),
    ("zst-check", 6, streamed("zstd", "-qc", "--check", "-19")),
    ("lz4", 12, streamed("lz4", "-c")),
    ("br", 12, streamed("brotli", "-c")),
    ("zip", 15, archived("made.zip", "zip", "-q", "made.zip", "*")),
    ("zip-stored", 6, archived("made.zip", "zip", "-q", "-0", "made.zip", "*")),
    ("7z", 10, archived("made.7z", "7z", "a", "-bd", "made.7z", "*", ">log")),
    ("7z-bzip2", 5, archived("made.7z", "7z", "a", "-bd", "-m0=bzip2", "made.7z", "*", ">log")),
    ("tar", 10, archived("made.tar", "tar", "cf", "made.tar", "--exclude=made.tar", "*")),
    ("tar-pax", 6, archived("made.tar", "tar", "--format=pax", "-cf", "made.tar", "--exclude=made.tar", "*")),
    ("cpio", 8, archived("made.cpio", "ls", "|", "cpio", "-o", "-H", "newc", "--quiet", ">made.cpio")),
    ("ar", 6, archived("made.a", "ar", "rc", "made.a", "*")),
    (
        "iso",
        5,
        archived(
            "made.iso",
            "xorriso",
            "-as",
            "mkisofs",
            "-quiet",
            "-J",
            "-R",
            "-o",
            "../made.iso",
            ".",
            "2>log;",
            "mv",
            "../made.iso",
            ".",
        ),
    ),
    (
        "squashfs",
        5,
        archived("made.sqfs", "mksquashfs", ".", "made.sqfs", "-quiet", "-no-progress", "-all-root", ">log"),
    ),
    ("ext4", 3, packed_files.disk("raw")),
    ("ext2", 2, file_system("mke2fs", "-q", "-F", "-t", "ext2")),
    ("fat", 3, file_system("mkfs.vfat")),
    ("ntfs", 2, file_system("mkfs.ntfs", "-q", "-F")),
    ("swap", 1, file_system("mkswap", "-q")),
    ("qcow2", 4, disk("qcow2")),
    ("qcow2-compressed", 2, disk("qcow2", "-c")),
    ("vdi", 4, disk("vdi")),
    ("vhd", 3, disk("vpc")),
    ("vhd-fixed", 2, disk("vpc", "-o", "subformat=fixed")),
    ("vhdx", 3, disk("vhdx")),
    ("vmdk", 4, disk("vmdk")),
    ("vmdk-stream", 2, disk("vmdk", "-o", "subformat=streamOptimized")),
    ("mbr", 3, partitioned("dos")),
    ("gpt", 3, partitioned("gpt")),
    ("pdf-gs", 20, pdf_by_ghostscript),
    ("pdf-objects", 15, pdf_by_qpdf("--object-streams=generate")),
    ("pdf-linear", 10, pdf_by_qpdf("--linearize")),
    ("pdf-qdf", 6, pdf_by_qpdf("--qdf")),
    ("dcm-jpeg", 6, dicom_by_dcmtk("dcmcjpeg")),
    ("dcm-rle", 6, dicom_by_dcmtk("dcmcrle")),
    ("dcm-implicit", 6, dicom_by_dcmtk("dcmconv", "+ti")),
    ("dcm-deflated", 4, dicom_by_dcmtk("dcmconv", "+td")),
    ("db-wal", 6, sqlite_with_wal),
    ("jar", 6, java_archive),
    ("mo", 6, catalogue),
    ("pem", 6, certificates),
)
