# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Writes restic stores as an attacker could who knows the password: whatever the trees say. With openssl and zstd as tools.

restic design.rst, "Repository Layout" and "Keys, Encryption and MAC": IV | AES-256-CTR | Poly1305-AES."""
import base64
import hashlib
import json
import os
import struct
import subprocess

PRIME = (1 << 130) - 5


def blocks_by_openssl(cipher, key, blocks):
    """AES of many blocks by one call."""
    done = subprocess.run(["openssl", "enc", f"-{cipher}", "-nopad", "-K", key.hex()], input=blocks, capture_output=True, check=True)
    return done.stdout


def poly1305(r, s, message):
    r = int.from_bytes(r, "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at:at + 16] + b"\1", "little")) * r % PRIME
    return ((total + int.from_bytes(s, "little")) & ((1 << 128) - 1)).to_bytes(16, "little")


def seal_all(key, texts):
    ivs = [os.urandom(16) for _ in texts]
    counters = bytearray()
    for iv, text in zip(ivs, texts):
        first = int.from_bytes(iv, "big")
        for number in range((len(text) + 15) // 16):
            counters += ((first + number) % (1 << 128)).to_bytes(16, "big")
    stream = blocks_by_openssl("aes-256-ecb", key["encrypt"], bytes(counters))
    pads = blocks_by_openssl("aes-128-ecb", key["k"], b"".join(ivs))
    sealed, at = [], 0
    for number, (iv, text) in enumerate(zip(ivs, texts)):
        length = len(text)
        secret = (int.from_bytes(text, "big") ^ int.from_bytes(stream[at:at + length], "big")).to_bytes(length, "big") if length else b""
        at += (length + 15) // 16 * 16
        sealed.append(iv + secret + poly1305(key["r"], pads[16 * number:16 * number + 16], secret))
    return sealed


class ResticWriter:
    def __init__(self, path, password="x", version=2, scrypt=(1024, 8, 1)):
        self.path = path
        self.key = {"k": b"k" * 16, "r": bytes(range(16)), "encrypt": b"e" * 32}
        for folder in ("keys", "data", "index", "snapshots", "locks"):
            (path / folder).mkdir(parents=True)
        salt = b"s" * 64
        derived = hashlib.scrypt(password.encode(), salt=salt, n=1024, r=8, p=1, dklen=64)
        opening = {"encrypt": derived[:32], "k": derived[32:48], "r": derived[48:]}
        master = json.dumps({"mac": {"k": base64.b64encode(self.key["k"]).decode(), "r": base64.b64encode(self.key["r"]).decode()},
                             "encrypt": base64.b64encode(self.key["encrypt"]).decode()}).encode()
        n, r, p = scrypt
        self.store("keys", json.dumps({"hostname": "h", "username": "u", "kdf": "scrypt", "N": n, "r": r, "p": p, "created": "2022-11-20T00:00:00Z",
                                       "data": base64.b64encode(seal_all(opening, [master])[0]).decode(), "salt": base64.b64encode(salt).decode()}).encode())
        (path / "config").write_bytes(seal_all(self.key, [json.dumps({"version": version, "id": "ab" * 32, "chunker_polynomial": "25b468838dcb75"}).encode()])[0])
        self.blobs = []  # (kind, id, stored, length before packing or None)
        self.known = set()
        self.more_packs = []  # for index entries that lie

    def store(self, folder, content):
        name = hashlib.sha256(content).hexdigest()
        place = self.path / folder / name[:2] if folder == "data" else self.path / folder
        place.mkdir(exist_ok=True)
        (place / name).write_bytes(content)
        return name

    def blob(self, kind, content, claimed_id=None, packed=None, claimed_length=None):
        """kind 0 data, 1 tree. `packed`: zstd bytes stored instead, with the length that is claimed of what they hold."""
        name = claimed_id or hashlib.sha256(content).hexdigest()
        if name not in self.known:
            self.known.add(name)
            self.blobs.append((kind, name, packed if packed is not None else content, claimed_length))
        return name

    def file(self, name, content=b"", **fields):
        ids = [self.blob(0, content)] if content else []
        return {"name": name, "type": "file", "mode": 0o644, "size": len(content), "content": ids, **fields}

    def folder(self, name, nodes, **fields):
        return {"name": name, "type": "dir", "mode": 0o755 | 1 << 31, "subtree": self.tree(nodes), **fields}

    def link(self, name, target):
        return {"name": name, "type": "symlink", "mode": 0o777 | 1 << 27, "linktarget": target}

    def tree(self, nodes):
        whole = [{"mtime": "2022-11-20T00:00:00Z", "atime": "2022-11-20T00:00:00Z", "ctime": "2022-11-20T00:00:00Z", "uid": 0, "gid": 0, **node} for node in nodes]
        return self.blob(1, json.dumps({"nodes": whole}).encode() + b"\n")

    def raw_tree(self, text):
        return self.blob(1, text)

    def snapshot(self, root, **fields):
        text = json.dumps({"time": "2022-11-20T02:00:00Z", "tree": root, "paths": ["/srv"], "hostname": "h", "username": "u", **fields}).encode()
        self.store("snapshots", seal_all(self.key, [text])[0])

    def finish(self):
        """Packs and an index; trees and data in packs of their own."""
        packs = list(self.more_packs)
        for kind in (0, 1):
            blobs = [blob for blob in self.blobs if blob[0] == kind]
            for begin in range(0, len(blobs), 50_000):
                packs.append(self.write_pack(blobs[begin:begin + 50_000]))
        self.store("index", seal_all(self.key, [json.dumps({"supersedes": [], "packs": packs}).encode()])[0])

    def write_pack(self, blobs):
        sealed = seal_all(self.key, [blob[2] for blob in blobs])
        header, entries, offset = b"", [], 0
        for (kind, name, _, length), stored in zip(blobs, sealed):
            header += struct.pack("<BI", kind + (2 if length is not None else 0), len(stored))
            entry = {"id": name, "type": "tree" if kind else "data", "offset": offset, "length": len(stored)}
            if length is not None:
                header += struct.pack("<I", length & 0xFFFFFFFF)
                entry["uncompressed_length"] = length
            header += bytes.fromhex(name)
            entries.append(entry)
            offset += len(stored)
        end = seal_all(self.key, [header])[0]
        return {"id": self.store("data", b"".join(sealed) + end + struct.pack("<I", len(end))), "blobs": entries}
