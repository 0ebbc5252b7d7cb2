"""Tokens of an OIDC issuer: is it signed by a key that the issuer publishes now, for us, and still in time?

Only asymmetric algorithms of a list; the key's own kind must be the algorithm's. Keys are fetched over https (http on loopback
only), kept for ten minutes, and asked for again at most once a minute when a token names one that is not there. While the
issuer is away, keys that were fetched within the last hour still hold.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

import jwt

from network.core.access import EVERYWHERE, Caller, Role
from network.core.ports import Clock
from network.errors import UsageError
from qos_api.desk import Issuer
from qos_api.problems import DoorError

LARGEST_TOKEN: Final = 8192
LEEWAY: Final = 30
"""Seconds by which two machines' clocks may differ."""

FRESH: Final = 600.0
AGAIN: Final = 60.0
STALE: Final = 3600.0
AFTER_FAILURE: Final = 10.0
"""Seconds for which an issuer that did not answer is not asked again."""

_LARGEST: Final = 512 * 1024
_WAIT: Final = 3.0
_SMALLEST_RSA: Final = 2048
_KINDS: Final = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_MOST_GRANTS: Final = 500
_ROLES: Final = frozenset(role.value for role in Role)


class _Away(Exception):
    """The issuer did not give what it should."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """An issuer answers where it says it does."""
        return


@dataclass(frozen=True, slots=True)
class _Keys:
    fetched: float
    by_id: Mapping[str, Mapping[str, Any]]


class Oidc:
    """One issuer. Safe from any thread; at most one of them asks the issuer at a time."""

    def __init__(self, issuer: Issuer, clock: Clock) -> None:
        """Raises UsageError for an issuer that may not be asked at all."""
        if not _may_be_asked(issuer.url):
            raise UsageError("server.issuer", issuer=issuer.url[:200])
        self._issuer = issuer
        self._clock = clock
        self._lock = Lock()
        self._keys: _Keys | None = None
        self._tried = float("-inf")
        self._failed = float("-inf")
        context = ssl.create_default_context(cafile=str(issuer.ca) if issuer.ca else None)
        self._opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context), _NoRedirect())

    def caller(self, token: str) -> Caller:
        """Who bears it. Raises DoorError: 401 when it does not hold, 503 when that cannot be found out now."""
        claims = self._verified(token)
        now = self._clock.now().timestamp()
        if now >= claims["exp"] + LEEWAY:
            raise refused("api.token_expired")
        if now < max(claims["iat"], claims.get("nbf", 0)) - LEEWAY:
            raise refused()
        return Caller(name=f"oidc:{claims['sub']}", grants=grants(claims.get(self._issuer.claim)))

    def _verified(self, token: str) -> Mapping[str, Any]:
        """The claims, signed by the issuer and shaped as they must be; their times are not judged here."""
        if len(token) > LARGEST_TOKEN:
            raise refused()
        try:
            header = jwt.get_unverified_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in self._issuer.algorithms or not isinstance(kid, str):
                raise refused()
            key = self._key(kid, algorithm)
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._issuer.audience,
                issuer=self._issuer.url,
                options={
                    "require": ["exp", "iat", "iss", "aud", "sub"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise refused() from error
        if not _is_shaped(claims):
            raise refused()
        return claims

    def _key(self, kid: str, algorithm: str) -> jwt.PyJWK:
        found = self._published(kid)
        if found is None or found.get("kty") != _KINDS[algorithm[:2]] or found.get("alg", algorithm) != algorithm:
            raise refused()
        key = jwt.PyJWK(dict(found), algorithm=algorithm)
        size = getattr(key.key, "key_size", _SMALLEST_RSA)
        if found["kty"] == "RSA" and size < _SMALLEST_RSA:
            raise refused()
        return key

    def _published(self, kid: str) -> Mapping[str, Any] | None:
        """The key of that id, fetched anew when ours are old or do not have it."""
        known = self._known(kid, FRESH)
        if known is not None:
            return known
        stale = self._known(kid, STALE)
        if not self._lock.acquire(blocking=stale is None):
            return stale  # somebody is asking already
        try:
            now = self._clock.monotonic()
            if self._known(kid, FRESH) is None and now - self._failed >= AFTER_FAILURE and self._is_due(now):
                self._fetch(now)
            known = self._known(kid, STALE)
            if known is None and (self._keys is None or self._failed >= self._tried):
                raise DoorError("api.issuer_away", status=503, headers={"Retry-After": str(int(AFTER_FAILURE))})
            return known
        finally:
            self._lock.release()

    def _is_due(self, now: float) -> bool:
        return self._keys is None or now - self._keys.fetched >= FRESH or now - self._tried >= AGAIN

    def _known(self, kid: str, age: float) -> Mapping[str, Any] | None:
        keys = self._keys
        if keys is None or self._clock.monotonic() - keys.fetched >= age:
            return None
        return keys.by_id.get(kid)

    def _fetch(self, now: float) -> None:
        self._tried = now
        try:
            by_id = self._asked()
        except _Away:
            self._failed = now
        else:
            self._keys = _Keys(now, by_id)

    def _asked(self) -> Mapping[str, Mapping[str, Any]]:
        """The keys for signatures that the issuer publishes, by id."""
        found = self._get(self._issuer.url.rstrip("/") + "/.well-known/openid-configuration")
        address = found.get("jwks_uri")
        if found.get("issuer") != self._issuer.url or not isinstance(address, str) or not _may_be_asked(address):
            raise _Away
        published = self._get(address).get("keys")
        if not isinstance(published, list):
            raise _Away
        usable = (key for key in published if isinstance(key, dict) and key.get("use", "sig") == "sig")
        return {key["kid"]: key for key in usable if isinstance(key.get("kid"), str)}

    def _get(self, address: str) -> Mapping[str, Any]:
        """A JSON object, whole within the time and size that one may have."""
        end = self._clock.monotonic() + _WAIT
        read = b""
        try:
            with self._opener.open(Request(address, headers={"Accept": "application/json"}), timeout=_WAIT) as answer:  # noqa: S310 - only what `_may_be_asked` lets through
                while part := answer.read1(65536):
                    read += part
                    if len(read) > _LARGEST or self._clock.monotonic() > end:
                        raise _Away
            found = json.loads(read)
        except (OSError, HTTPError, ValueError, RecursionError) as error:
            raise _Away from error
        if not isinstance(found, dict):
            raise _Away
        return found


def refused(code: str = "api.bad_token") -> DoorError:
    headers = {"WWW-Authenticate": 'Bearer realm="lajur", error="invalid_token"'}
    return DoorError(code, status=401, headers=headers)


def grants(claim: object) -> Mapping[str, frozenset[Role]]:
    """`<regency>:<role>` or `*:<role>`, as many as there are; what has another form gives nothing."""
    found: dict[str, frozenset[Role]] = {}
    for each in claim[:_MOST_GRANTS] if isinstance(claim, list) else ():
        regency, _, role = each.partition(":") if isinstance(each, str) else ("", "", "")
        if role in _ROLES and regency and (regency == EVERYWHERE or regency.replace("-", "").isalnum()):
            found[regency] = found.get(regency, frozenset()) | {Role(role)}
    return found


def _is_shaped(claims: Mapping[str, Any]) -> bool:
    subject = claims["sub"]
    times = [claims[name] for name in ("exp", "iat", "nbf") if name in claims]
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) and abs(each) < 1e12 for each in times)
    return numbers and isinstance(subject, str) and 0 < len(subject) <= 200 and subject.isprintable()


def _may_be_asked(address: str) -> bool:
    """https, or http to this machine itself."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in ("127.0.0.1", "::1", "localhost"))
