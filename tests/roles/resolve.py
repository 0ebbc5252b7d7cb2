"""Asks a DNS server one question over UDP and tells its answer: the name of the code, then the addresses.

`python resolve.py SERVER NAME [TYPE [SOURCE]]`, inside a lab's namespace.
"""

from __future__ import annotations

import socket
import struct
import sys
from secrets import randbelow

_CODES = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN", 5: "REFUSED"}
_TYPES = {"A": 1, "PTR": 12, "AAAA": 28}


def question(number: int, name: str, kind: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


def answer(data: bytes, asked: int) -> str:
    _, flags, _, answers, _, _ = struct.unpack(">HHHHHH", data[:12])
    found, at = [], asked
    for _ in range(answers):
        # Names in answers point back to the question.
        kind, _, _, length = struct.unpack(">HHIH", data[at + 2 : at + 12])
        if kind == 1:
            found.append(socket.inet_ntoa(data[at + 12 : at + 12 + length]))
        at += 12 + length
    return " ".join([_CODES.get(flags & 15, str(flags & 15)), *sorted(found)])


def main(server: str, name: str, kind: str = "A", source: str = "0.0.0.0") -> str:
    sent = question(randbelow(65536), name, _TYPES[kind])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((source, 0))
        asking.settimeout(3 if source != "0.0.0.0" else 20)
        asking.connect((server, 53))
        asking.send(sent)
        try:
            return answer(asking.recv(4096), len(sent))
        except TimeoutError:
            return "SILENT"


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]))
