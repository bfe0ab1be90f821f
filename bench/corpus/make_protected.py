# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Files that their owners encrypted, by every tool this machine has. The passwords are no secret: nothing is inside."""

import base64
import hashlib
import hmac
import os
import random
import sys
import tempfile

from corpus_folder import CorpusFolder, by_tool, run

import office_files
import record_files
from packed_files import PASSWORD

PLAIN = (
    ("register.csv", record_files.csv),
    ("notes.txt", record_files.note_text),
    ("letter.docx", office_files.docx),
    ("report.pdf", office_files.pdf),
    ("dump.sql", record_files.sql_dump),
)


def openssl(*arguments):
    return lambda name, content: by_tool(
        ["openssl", *arguments, "-in", name, "-out", "made"], "made", ((name, content),)
    )


def ansible_vault(name, content):
    """The vault format 1.1: PBKDF2, AES-256 in counter mode, HMAC-SHA-256, everything in hexadecimal lines."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    salt = hashlib.sha256(name.encode() + content[:64]).digest()
    keys = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, 10000, 80)
    padding = 16 - len(content) % 16
    encryptor = Cipher(algorithms.AES(keys[:32]), modes.CTR(keys[64:])).encryptor()
    sealed = encryptor.update(content + bytes((padding,)) * padding) + encryptor.finalize()
    check = hmac.new(keys[32:64], sealed, "sha256").hexdigest()
    body = (salt.hex() + "\n" + check + "\n" + sealed.hex()).encode().hex()
    return (
        "$ANSIBLE_VAULT;1.1;AES256\n" + "\n".join(body[at : at + 80] for at in range(0, len(body), 80)) + "\n"
    ).encode()


def jose(name, content):
    """A compact JWE (RFC 7516): direct key, A256GCM."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    def coded(part):
        return base64.urlsafe_b64encode(part).rstrip(b"=")

    key, nonce = hashlib.sha256(name.encode()).digest(), hashlib.sha256(content[:64]).digest()[:12]
    head = coded(b'{"alg":"dir","enc":"A256GCM"}')
    sealed = AESGCM(key).encrypt(nonce, content, head)
    return b".".join((head, b"", coded(nonce), coded(sealed[:-16]), coded(sealed[-16:])))


def age(armor):
    def make(name, content):
        key = run(["age-keygen"]).decode()
        recipient = [line.split()[-1] for line in key.splitlines() if line.startswith("# public key")][0]
        return by_tool(["age", *armor, "-r", recipient, "-o", "made", name], "made", ((name, content),))

    return make


def gpg_to_key(home, armor):
    def make(name, content):
        return run(
            [
                "gpg",
                "--homedir",
                home,
                "--batch",
                "--quiet",
                "--trust-model",
                "always",
                "--no-auto-key-locate",
                *armor,
                "-r",
                "drill@desk.example.org",
                "--encrypt",
                "-o",
                "-",
            ],
            content,
        )

    return make


def gpg_with_password(*options):
    def make(_, content):
        return by_tool(
            [
                "gpg",
                "--batch",
                "--quiet",
                "--no-autostart",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                PASSWORD,
                "--s2k-count",
                "65536",
                *options,
                "--symmetric",
                "-o",
                "made",
            ],
            "made",
            (),
            content,
        )

    return make


def archiver(*options):
    suffix = ".zip" if "-tzip" in options else ".7z"
    return lambda name, content: by_tool(
        ["7z", "a", "-bd", "-mmt1", "-p" + PASSWORD, *options, "made" + suffix, name],
        "made" + suffix,
        ((name, content),),
    )


def sealed_pdf(*bits):
    def make(name, content):
        if not content.startswith(b"%PDF"):
            content = office_files.pdf(random.Random(name))
        return by_tool(
            ["qpdf", "--allow-weak-crypto", "--encrypt", PASSWORD, "owner", *bits, "--", "plain.pdf", "made.pdf"],
            "made.pdf",
            (("plain.pdf", content),),
        )

    return make


def luks(version):
    def make(name, content):
        image = b"\0" * (20 << 20)
        return by_tool(
            [
                "cryptsetup",
                "-q",
                "luksFormat",
                "--type",
                version,
                "--pbkdf",
                "pbkdf2",
                "--pbkdf-force-iterations",
                "1000",
                "image",
                "key",
            ],
            "image",
            (("image", image), ("key", content[:64])),
        )

    return make


def key_file(kind):
    """A private key or a key store, as servers keep them."""

    def make(name, _):
        subject = ["-subj", "/CN=" + os.path.splitext(name)[0] + ".example.org"]
        made = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-days",
            "9",
            *subject,
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-passout",
            "pass:" + PASSWORD,
        ]
        key = by_tool(made, "key.pem")
        if kind == "pem":
            return key
        return by_tool(
            [
                "sh",
                "-c",
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 9 -subj /CN=x.example.org -nodes -keyout k -out c && "
                "openssl pkcs12 -export -inkey k -in c -passout pass:%s -out made" % PASSWORD,
            ],
            "made",
        )

    return make


def vim(method):
    return lambda name, content: by_tool(
        ["vim", "-es", "-u", "NONE", "-n", name, "-c", "set cm=" + method, "-c", "set key=" + PASSWORD, "-c", "wq"],
        name,
        ((name, content),),
    )


def keepass(name, content):
    import pykeepass

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.kdbx")
        database = pykeepass.create_database(path, PASSWORD)
        database.add_entry(database.root_group, name, "user", hashlib.sha256(content).hexdigest())
        database.save()
        with open(path, "rb") as file:
            return file.read()


def makers(home):
    """Extension, thirds of a number of files, and how each is made."""
    run(
        [
            "gpg",
            "--homedir",
            home,
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
            "--quick-gen-key",
            "drill@desk.example.org",
            "default",
            "default",
            "never",
        ]
    )
    return (
        ("gpg", 12, gpg_with_password()),
        ("gpg", 6, gpg_with_password("--cipher-algo", "AES128", "--compress-algo", "none")),
        ("asc", 10, gpg_with_password("--armor")),
        ("gpg", 12, gpg_to_key(home, [])),
        ("asc", 8, gpg_to_key(home, ["--armor"])),
        ("7z", 10, archiver("-mhe=on")),
        ("7z", 10, archiver("-mhe=off")),
        ("zip", 10, archiver("-tzip", "-mem=AES256")),
        ("zip", 10, archiver("-tzip", "-mem=ZipCrypto")),
        (
            "zip",
            8,
            lambda name, content: by_tool(
                ["zip", "-q", "-P", PASSWORD, "made.zip", name], "made.zip", ((name, content),)
            ),
        ),
        ("pdf", 10, sealed_pdf("256")),
        ("pdf", 6, sealed_pdf("128", "--use-aes=y")),
        ("pdf", 4, sealed_pdf("40")),
        ("enc", 12, openssl("enc", "-aes-256-cbc", "-pbkdf2", "-iter", "1000", "-pass", "pass:" + PASSWORD)),
        ("enc", 6, openssl("enc", "-aes-256-cbc", "-a", "-pbkdf2", "-iter", "1000", "-pass", "pass:" + PASSWORD)),
        (
            "p7m",
            8,
            lambda name, content: by_tool(
                [
                    "sh",
                    "-c",
                    "openssl req -x509 -newkey rsa:2048 -days 9 -subj /CN=x.example.org -nodes -keyout k -out c && "
                    "openssl cms -encrypt -binary -aes256 -outform DER -in '%s' -out made c" % name,
                ],
                "made",
                ((name, content),),
            ),
        ),
        ("yml", 10, ansible_vault),
        ("jwe", 6, jose),
        ("age", 10, age([])),
        ("age", 6, age(["-a"])),
        ("key", 6, key_file("pem")),
        ("p12", 6, key_file("pkcs12")),
        ("kdbx", 6, keepass),
        ("txt", 4, vim("blowfish2")),
        ("txt", 3, vim("zip")),
        ("luks", 1, luks("luks1")),
        ("luks", 1, luks("luks2")),
    )


def fill(folder, rng, group, extension, count, make):
    for number in range(count):
        name, plain = PLAIN[number % len(PLAIN)]

        def write(name=name, plain=plain, number=number):
            folder.write(
                "%s/%s-%03d.%s" % (group, os.path.splitext(name)[0], number, extension), make(name, plain(rng))
            )

        folder.attempt(group, write)
        if group in folder.left_out:
            return


def main(path):
    folder = CorpusFolder(path)
    rng = random.Random("protected")
    with tempfile.TemporaryDirectory() as home:
        for group, (extension, rounds, make) in enumerate(makers(home)):
            fill(folder, rng, "%02d-%s" % (group, extension), extension, rounds * 3, make)
        run(["gpgconf", "--homedir", home, "--kill", "all"])
    folder.finish(corpus="protected")


main(sys.argv[1])
