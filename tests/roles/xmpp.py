"""As much of an XMPP client as it takes to log in: TLS from the first byte, SCRAM-SHA-256, one resource.

`python xmpp.py HOST DOMAIN ACCOUNT [ROOM]` inside a lab's namespace, with the password on standard input; tells what it came to
in one word.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
import ssl
import sys
from base64 import b64decode, b64encode
from secrets import token_hex


class Stream:
    def __init__(self, host: str, domain: str) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection((host, 5223), timeout=20)
        self.wire = context.wrap_socket(raw, server_hostname=domain)
        self.domain = domain
        self.begin()

    def begin(self) -> str:
        self.say(
            f"<?xml version='1.0'?><stream:stream to='{self.domain}' xmlns='jabber:client' version='1.0' "
            "xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        return self.until("</stream:features>")

    def say(self, text: str) -> None:
        self.wire.sendall(text.encode())

    def until(self, *ends: str) -> str:
        heard = ""
        while not any(end in heard for end in ends):
            data = self.wire.recv(65536)
            if not data:
                raise ConnectionError(heard)
            heard += data.decode()
        return heard


def log_in(stream: Stream, account: str, password: str) -> bool:
    first = f"n={account},r={token_hex(12)}"
    start = b64encode(f"n,,{first}".encode()).decode()
    stream.say(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>{start}</auth>")
    heard = stream.until("</challenge>", "</failure>")
    found = re.search(r"<challenge[^>]*>([^<]+)<", heard)
    if not found:
        return False
    challenge = b64decode(found[1]).decode()
    fields = dict(part.split("=", 1) for part in challenge.split(","))
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), b64decode(fields["s"]), int(fields["i"]))
    client = hmac.digest(salted, b"Client Key", "sha256")
    last = f"c=biws,r={fields['r']}"
    signature = hmac.digest(hashlib.sha256(client).digest(), f"{first},{challenge},{last}".encode(), "sha256")
    proof = b64encode(bytes(a ^ b for a, b in zip(client, signature, strict=True))).decode()
    answer = b64encode(f"{last},p={proof}".encode()).decode()
    stream.say(f"<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{answer}</response>")
    return "<success" in stream.until("</success>", "</failure>")


def enter(stream: Stream, account: str, room: str) -> str:
    stream.begin()
    stream.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>t</resource></bind></iq>")
    stream.until("</iq>")
    stream.say(f"<presence to='{room}/{account}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    heard = stream.until("</presence>")
    found = re.search(r"type='error'.*?<(forbidden|registration-required|item-not-found|[a-z-]+) xmlns='urn:ietf", heard)
    return found[1] if found else "entered"


def main(host: str, domain: str, account: str, room: str = "") -> str:
    stream = Stream(host, domain)
    if not log_in(stream, account, sys.stdin.read()):
        return "refused"
    return enter(stream, account, room) if room else "in"


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]))
