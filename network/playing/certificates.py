"""Certificates by which servers of a regency know each other: of an authority of its own that lies beside its secrets.

An authority for each regency and each lab, made when it is first asked for, that no browser knows and nobody else can speak for.
Knows nothing of Ansible.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from network.clock import SystemClock
from network.playing.secrets import kept

_AUTHORITY: Final = "authority"
_AUTHORITY_LIFE: Final = timedelta(days=3650)
_LIFE: Final = timedelta(days=730)
_SPARE: Final = timedelta(days=60)
"""So long before its end a certificate is replaced by the next play."""
_SKEW: Final = timedelta(days=1)
"""Valid from before it is made: clocks differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """In PEM. `authority` is the certificate that vouches for it, `key` its own secret."""

    authority: str
    certificate: str
    key: str = field(repr=False)


def certificate(
    name: str, addresses: Sequence[str], environment: Mapping[str, str], now: datetime | None = None, *, keep: bool = True
) -> Certificate:
    """Of the server `name`, at these addresses or names. A new one where there is none yet, or it is not of this authority, not
    for these addresses, or close to its end; nothing new is kept unless `keep`. Raises network.playing.secrets.Unknown."""
    at = now or SystemClock().now()

    def lasts(text: str) -> bool:
        return _lasts(_parts(text)[1], at)

    ca_key, ca = _parts(kept(_AUTHORITY, environment, lambda: _authority(at), lasts, keep=keep))

    def good(text: str) -> bool:
        own = _parts(text)[1]
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return _lasts(own, at) and names == _names(name, addresses) and _vouches(ca, own)

    text = kept(f"certificates/{name}", environment, lambda: _issued(name, addresses, (ca_key, ca), at), good, keep=keep)
    key, own = _parts(text)
    return Certificate(authority=_pem(ca), certificate=_pem(own), key=_key_pem(key))


def _authority(at: datetime) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lajur")])
    builder = _builder(subject, subject, key.public_key(), at, _AUTHORITY_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return _key_pem(key) + _pem(builder.sign(key, hashes.SHA256()))


def _issued(name: str, addresses: Sequence[str], by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate], at: datetime) -> str:
    ca_key, ca = by
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    life = min(_LIFE, ca.not_valid_after_utc - at)
    builder = _builder(subject, ca.subject, key.public_key(), at, life)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_names(name, addresses), critical=False)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    builder = builder.add_extension(usage, critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    return _key_pem(key) + _pem(builder.sign(ca_key, hashes.SHA256()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    start = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return start.serial_number(x509.random_serial_number()).not_valid_before(at - _SKEW).not_valid_after(at + life)


def _names(name: str, addresses: Sequence[str]) -> x509.SubjectAlternativeName:
    """An address also as a name: pgBackRest compares what it was told with names alone."""
    found: list[x509.GeneralName] = [x509.DNSName(each) for each in (name, *addresses)]
    for each in addresses:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(each)))
        except ValueError:
            continue
    return x509.SubjectAlternativeName(found)


def _lasts(found: x509.Certificate, at: datetime) -> bool:
    return found.not_valid_after_utc - _SPARE > at


def _vouches(ca: x509.Certificate, own: x509.Certificate) -> bool:
    try:
        own.verify_directly_issued_by(ca)
    except Exception:  # noqa: BLE001 - the library has one error for each way in which it does not
        return False
    return True


def _parts(text: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Raises ValueError or TypeError for what is no key and certificate."""
    key = load_pem_private_key(text.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(type(key).__name__)
    return key, x509.load_pem_x509_certificate(text.encode())


def _pem(found: x509.Certificate) -> str:
    return found.public_bytes(Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
