# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Files that their owners encrypted, by every tool this machine has. The passwords are no secret: nothing is inside."""

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


def jose(algorithm, cipher, form):
    """A JWE (RFC 7516) in one of its forms."""

    def make(name, content):
        import json

        from jwcrypto import jwe, jwk

        if algorithm.startswith("RSA"):
            key = jwk.JWK.generate(kty="RSA", size=2048)
        elif algorithm.startswith("ECDH"):
            key = jwk.JWK.generate(kty="EC", crv="P-256")
        else:
            key = jwk.JWK.generate(kty="oct", size=256)
        token = jwe.JWE(content, json.dumps({"alg": algorithm, "enc": cipher}))
        token.add_recipient(key)
        if form == "general":
            members = json.loads(token.serialize())
            recipient = {name: members.pop(name) for name in ("header", "encrypted_key") if name in members}
            return json.dumps(dict(members, recipients=[recipient]), indent=2).encode()
        return token.serialize(compact=form == "compact").encode()

    return make


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
        image = b"\0" * (3 << 20)
        small = ["--luks2-metadata-size", "16k", "--luks2-keyslots-size", "512k"] if version == "luks2" else []
        return by_tool(
            [
                "cryptsetup",
                "-q",
                "luksFormat",
                "--type",
                version,
                *small,
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


def git_crypt(name, content):
    script = (
        "git init -q . && git-crypt init >/dev/null 2>&1 && echo '* filter=git-crypt' > .git/info/attributes && "
        "git add '%s' && git cat-file blob ':%s' > made" % (name, name)
    )
    return by_tool(["sh", "-c", script], "made", ((name, content),))


def rclone(name, content):
    script = (
        "mkdir in out && mv '%s' in && rclone copy --config /dev/null --crypt-remote out "
        '--crypt-password "$(rclone obscure %s)" in :crypt: && mv out/* made' % (name, PASSWORD)
    )
    return by_tool(["sh", "-c", script], "made", ((name, content),))


def java_store(kind):
    def make(name, _):
        return by_tool(
            ["keytool", "-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=desk.example.org", "-storetype", kind]
            + ["-keystore", "made", "-storepass", PASSWORD, "-keypass", PASSWORD],
            "made",
        )

    return make


def sqlcipher(name, content):
    rows = "".join("INSERT INTO ward VALUES(%d, '%s');" % (row, content[row * 40 :][:20].hex()) for row in range(200))
    script = "PRAGMA key='%s'; CREATE TABLE ward(a, b); BEGIN; %s COMMIT;" % (PASSWORD, rows)
    return by_tool(["sh", "-c", "sqlcipher made < script"], "made", (("script", script.encode()),))


def ssh_key(kind):
    def make(name, _):
        return by_tool(["ssh-keygen", "-q", "-t", kind, "-N", PASSWORD, "-C", name, "-f", "made"], "made")

    return make


def fill_gocryptfs(folder, rng):
    """Its files are told by their names too, so these are kept."""
    with tempfile.TemporaryDirectory() as home:
        kept, shown, secret = (os.path.join(home, name) for name in ("kept", "shown", "secret"))
        os.mkdir(kept)
        os.mkdir(shown)
        with open(secret, "w", encoding="ascii") as file:
            file.write(PASSWORD)
        run(["gocryptfs", "-q", "-init", "-scryptn", "10", "-passfile", secret, kept])
        run(["gocryptfs", "-q", "-passfile", secret, kept, shown])
        try:
            for number in range(25):
                name, plain = PLAIN[number % len(PLAIN)]
                with open(os.path.join(shown, "%02d-%s" % (number, name)), "wb") as file:
                    file.write(plain(rng))
        finally:
            run(["umount", shown])
        for name in os.listdir(kept):
            if name.startswith("gocryptfs."):
                continue
            with open(os.path.join(kept, name), "rb") as file:
                folder.write("gocryptfs/" + name, file.read())


def fill_office(folder):
    count = 21
    with tempfile.TemporaryDirectory() as home:
        script = os.path.join(os.path.dirname(os.path.realpath(__file__)), "seal_office.py")
        run([sys.executable, script, str(count), PASSWORD], cwd=home, environment=dict(os.environ, HOME=home))
        for extension in ("docx", "doc", "odt"):
            for number in range(count):
                name = "made-%02d.%s" % (number, extension)
                with open(os.path.join(home, name), "rb") as file:
                    folder.write("office-%s/%s" % (extension, name), file.read())


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
        ("pdf", 7, sealed_pdf("128", "--use-aes=y")),
        ("pdf", 7, sealed_pdf("40")),
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
        ("jwe", 7, jose("dir", "A256GCM", "compact")),
        ("jwe", 7, jose("RSA-OAEP-256", "A128CBC-HS256", "compact")),
        ("jwe", 7, jose("A256KW", "A256GCM", "flattened")),
        ("json", 7, jose("ECDH-ES+A128KW", "A256GCM", "general")),
        ("txt", 7, git_crypt),
        ("bin", 7, rclone),
        ("jks", 7, java_store("JKS")),
        ("jceks", 7, java_store("JCEKS")),
        ("sqlcipher", 7, sqlcipher),
        ("key", 7, ssh_key("ed25519")),
        ("age", 10, age([])),
        ("age", 6, age(["-a"])),
        ("key", 7, key_file("pem")),
        ("p12", 7, key_file("pkcs12")),
        ("kdbx", 7, keepass),
        ("txt", 7, vim("blowfish2")),
        ("txt", 7, vim("zip")),
        ("luks", 7, luks("luks1")),
        ("luks", 7, luks("luks2")),
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
    folder.attempt("gocryptfs", lambda: fill_gocryptfs(folder, rng))
    folder.attempt("office", lambda: fill_office(folder))
    folder.finish(corpus="protected")


main(sys.argv[1])
