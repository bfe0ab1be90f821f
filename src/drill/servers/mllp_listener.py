# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""mllp_listener.py ADDRESS PORT FOLDER: takes HL7 version 2 messages by MLLP, keeps each as a file, acknowledges it.
This is the drill's laboratory interface; a copy of it runs on s4."""
import os
import socketserver
import sys

FRAME_MAX = 1 << 20


class Link(socketserver.StreamRequestHandler):
    def handle(self):
        rest = b""
        while True:
            part = self.request.recv(65536)
            if not part or len(rest) > FRAME_MAX:
                return
            rest += part
            while b"\x1c\r" in rest:
                frame, rest = rest.split(b"\x1c\r", 1)
                self.keep(frame.lstrip(b"\x0b"))

    def keep(self, message):
        number = message.split(b"\r", 1)[0].split(b"|")[9].decode("ascii", "replace")
        name = "".join(letter for letter in number if letter.isalnum() or letter == "-")[:40] or "none"
        half = os.path.join(self.server.folder, f".{name}.part")
        with open(half, "wb") as out:
            out.write(message)
        os.rename(half, os.path.join(self.server.folder, f"{name}.hl7"))
        self.request.sendall(b"\x0bMSH|^~\\&|LIS|DRILL|||||ACK|1|P|2.5.1\rMSA|AA|" + number.encode() + b"\r\x1c\r")


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True


if __name__ == "__main__":
    with Listener((sys.argv[1], int(sys.argv[2])), Link) as listener:
        listener.folder = sys.argv[3]
        listener.serve_forever()
