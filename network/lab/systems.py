"""The process that plays the systems outside, in the namespace `inet` of a lab: `python -m network.lab.systems LAB`.

Every application of the plan answers where the truth says that it is asked, with a certificate of the lab's own authority.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
import tempfile
from datetime import datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from network.lab.layout import Played
from network.lab.outside import Manner
from network.lab.state import Folder, read_plan, write_whole

_ASKED_SECONDS: Final = 10.0
_LONGEST: Final = 16 * 1024

# A lab reads no calendar: its certificates hold in whatever year it is up, and one ran out before there was any.
_FROM, _TO, _ENDED = (datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in ("2000-01-01", "2199-12-31", "2000-01-02"))


class Authority:
    """Signs for the systems of one lab; its key never leaves the process."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Lajur lab {name}")])
        basic = x509.BasicConstraints(ca=True, path_length=0)
        self.certificate = self._built(self._name, self._key.public_key(), _TO).add_extension(basic, critical=True)
        self._signed = self.certificate.sign(self._key, SHA256())

    @property
    def pem(self) -> str:
        return self._signed.public_bytes(Encoding.PEM).decode()

    def context(self, addresses: list[str], *, good: bool) -> ssl.SSLContext:
        """What a server at these addresses shows: a certificate that holds, or one that has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(each)) for each in addresses])
        own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Lajur lab system")])
        built = self._built(own, key.public_key(), _TO if good else _ENDED).add_extension(names, critical=False)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # The library reads certificates from files alone; this one is gone before anybody asks.
        with tempfile.NamedTemporaryFile() as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.write(built.sign(self._key, SHA256()).public_bytes(Encoding.PEM))
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def _built(self, name: x509.Name, key: ec.EllipticCurvePublicKey, end: datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .issuer_name(self._name)
            .subject_name(name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(_FROM)
            .not_valid_after(end)
        )


class System:
    """One application as it is played now."""

    def __init__(self, played: Played, good: ssl.SSLContext, ended: ssl.SSLContext) -> None:
        self._played = played
        self._good = good
        self._ended = ended
        self._manner = Manner.UP
        self._server: asyncio.Server | None = None

    async def be(self, manner: Manner) -> None:
        """From now on. Connections that are there may end as they began."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._manner = manner
        if manner is not Manner.DOWN:
            veil = self._ended if manner is Manner.CERTIFICATE else self._good
            veiled = self._played.kind == "https" and manner is not Manner.HANG
            where = (self._played.address, self._played.port)
            self._server = await asyncio.start_server(self._serve, *where, ssl=veil if veiled else None, limit=_LONGEST)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_ASKED_SECONDS):
                if self._manner is Manner.HANG:
                    await asyncio.sleep(_ASKED_SECONDS)
                if self._played.kind != "tcp":
                    await reader.readuntil(b"\r\n\r\n")
                    if self._manner is Manner.SLOW:
                        await asyncio.sleep(self._played.slow / 1000 + 0.3)
                    writer.write(self._page())
                    await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # who hangs up, or asks nothing, is nobody to tell
        finally:
            writer.close()

    def _page(self) -> bytes:
        bad = self._manner is Manner.ERROR
        status = "503 Service Unavailable" if bad and self._played.expect is None else "200 OK"
        body = (
            "Sistem dalam pemeliharaan. Under maintenance.\n"
            if bad
            else f"Lab: {self._played.key}\n{self._played.expect or ''}\n"
        )
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
        return f"{head}Content-Length: {len(body.encode())}\r\n\r\n{body}".encode()


async def play(lab: str) -> None:
    folder = Folder(lab=lab)
    plan = read_plan(folder)
    assert plan is not None, "the supervisor starts nobody before there is a plan"
    authority = Authority(lab)
    addresses = [each.address for each in plan.systems]
    good, ended = (authority.context(addresses, good=which) for which in (True, False))
    systems = {each.key: System(each, good, ended) for each in plan.systems}
    for system in systems.values():
        await system.be(Manner.UP)

    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            key, _, manner = (await reader.readline()).decode().strip().partition(" ")
            await systems[key].be(Manner(manner))
            writer.write(b"done\n")
            await writer.drain()
        finally:
            writer.close()

    Path(folder.systems).unlink(missing_ok=True)
    server = await asyncio.start_unix_server(told, folder.systems)
    write_whole(folder.issuers, authority.pem)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(play(sys.argv[1]))
