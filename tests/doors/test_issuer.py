"""Tokens of an OIDC issuer, checked against a real one: signatures, times, keys that change, an issuer that is away."""

from __future__ import annotations

import base64
import hmac
import json
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import serialization

from network.core.access import Role
from network.errors import UsageError
from qos_api.desk import Issuer
from qos_api.oidc import Oidc, grants
from tests.doors.certificates import Authority
from tests.doors.conftest import Open, Opened
from tests.doors.desk import HERE, MovedClock
from tests.doors.issuer import AUDIENCE, LocalIssuer, issuing, key, public
from tests.doors.test_problems import problem

THINGS: Final = f"/v1/regencies/{HERE}/things"


@pytest.fixture
def known(opened: Open, issuer: LocalIssuer) -> Opened:
    """A door that takes tokens of the issuer."""
    return opened(issuer=Issuer(url=issuer.url, audience=AUDIENCE))


def ask(api: Opened, token: str) -> int:
    return api.get(THINGS, token).status_code


def raw(header: dict[str, Any], claims: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    written = part(json.dumps(header).encode()) + b"." + part(json.dumps(claims).encode())
    return (written + b"." + part(sign(written))).decode()


def claims_of(issuer: LocalIssuer, api: Opened, **more: Any) -> dict[str, Any]:
    now = int(api.desk.clock.now().timestamp())
    return {"iss": issuer.url, "aud": AUDIENCE, "sub": "s", "iat": now, "exp": now + 300, "lajur": ["*:operator"], **more}


@pytest.mark.parametrize("kind", ["RS256", "ES256", "EdDSA"])
def test_a_token_that_is_signed_is_known(known: Opened, issuer: LocalIssuer, kind: str) -> None:
    issuer.keys = [public("RS256", "other"), public(kind, "first")]
    assert ask(known, issuer.token(known.desk.clock.now(), kind=kind)) == 200


@pytest.mark.parametrize("alg", ["RS512", "PS256"])
def test_a_key_that_names_no_algorithm_serves_each_of_its_kind(known: Opened, issuer: LocalIssuer, alg: str) -> None:
    assert ask(known, issuer.token(known.desk.clock.now(), alg=alg)) == 200


def test_a_key_that_names_its_algorithm_serves_no_other(known: Opened, issuer: LocalIssuer) -> None:
    issuer.keys = [public("RS256", "first", alg="RS256")]
    assert ask(known, issuer.token(known.desk.clock.now())) == 200
    assert ask(known, issuer.token(known.desk.clock.now(), alg="PS256")) == 401


def test_roles_are_those_of_the_claim(known: Opened, issuer: LocalIssuer) -> None:
    now = known.desk.clock.now()
    assert ask(known, issuer.token(now, roles=["bontang:operator"])) == 404
    assert ask(known, issuer.token(now, roles=["*:viewer"])) == 200
    answer = known.ask("POST", THINGS, issuer.token(now, roles=[f"{HERE}:viewer"]), json={})
    assert problem(answer, 403, "api.not_allowed")["fields"]["caller"] == "oidc:dinas-7"


@pytest.mark.parametrize("claim", ["operator", {"*": "operator"}, [["*:operator"]], [7, None], "*:operator", 1, []])
def test_a_claim_of_another_form_gives_nothing(claim: object) -> None:
    assert grants(claim) == {}


def test_what_has_no_meaning_in_a_claim_is_left_out() -> None:
    claim = ["manokwari:viewer", "manokwari:engineer", "*:approver", "x:king", ":operator", "../etc:operator", "operator"]
    both = frozenset({Role.VIEWER, Role.ENGINEER})
    assert grants(claim) == {"manokwari": both, "*": frozenset({Role.APPROVER})}
    assert len(grants([f"r{i}:viewer" for i in range(100_000)])) == 500


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "https://another.example"},
        {"aud": None},
        {"aud": []},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\nb"},
        {"sub": "x" * 201},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 1e300},
        {"exp": True},
        {"iat": None},
        {"iat": 1e11},
        {"nbf": 1e11},
        {"nbf": "never"},
    ],
)
def test_a_claim_that_is_not_as_it_must_be(known: Opened, issuer: LocalIssuer, claims: dict[str, Any]) -> None:
    now = known.desk.clock.now()
    token = raw(
        {"alg": "RS256", "kid": "first"},
        {name: value for name, value in claims_of(issuer, known, **claims).items() if value is not None},
        _rsa,
    )
    assert ask(known, raw({"alg": "RS256", "kid": "first"}, claims_of(issuer, known), _rsa)) == 200
    problem(known.get(THINGS, token), 401, "api.bad_token")
    assert now <= known.desk.clock.now()


def _rsa(written: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    own = key("RS256")
    assert isinstance(own, rsa.RSAPrivateKey)
    return own.sign(written, padding.PKCS1v15(), hashes.SHA256())


def test_times_have_a_little_leeway(known: Opened, issuer: LocalIssuer) -> None:
    now = known.desk.clock.now()
    ended = issuer.token(now, exp=int((now - timedelta(seconds=20)).timestamp()))
    long_ended = issuer.token(now, exp=int((now - timedelta(seconds=40)).timestamp()))
    early = issuer.token(now, nbf=int((now + timedelta(seconds=20)).timestamp()))
    too_early = issuer.token(now, nbf=int((now + timedelta(seconds=60)).timestamp()))
    assert [ask(known, each) for each in (ended, early, too_early)] == [200, 200, 401]
    problem(known.get(THINGS, long_ended), 401, "api.token_expired")


def test_a_key_of_somebody_else_signs_nothing(known: Opened, issuer: LocalIssuer) -> None:
    problem(known.get(THINGS, issuer.token(known.desk.clock.now(), kind="foreign")), 401, "api.bad_token")


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_no_signature_is_no_signature(known: Opened, issuer: LocalIssuer, alg: str) -> None:
    for sign in (lambda _: b"", _rsa):
        token = raw({"alg": alg, "kid": "first"}, claims_of(issuer, known), sign)
        problem(known.get(THINGS, token), 401, "api.bad_token")


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_the_public_key_is_no_shared_secret(known: Opened, issuer: LocalIssuer, alg: str) -> None:
    own = key("RS256").public_key()
    for form in (serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1):
        pem = own.public_bytes(serialization.Encoding.PEM, form)
        sign = partial(hmac.digest, pem, digest=alg.replace("HS", "sha"))
        token = raw({"alg": alg, "kid": "first"}, claims_of(issuer, known), sign)
        problem(known.get(THINGS, token), 401, "api.bad_token")


def test_a_key_in_the_token_is_no_key(known: Opened, issuer: LocalIssuer) -> None:
    foreign = public("foreign", "first")
    token = issuer.token(known.desk.clock.now(), kind="foreign")
    header = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    assert header["kid"] == "first"
    for more in (
        {"jwk": foreign},
        {"jku": "https://elsewhere.example/keys"},
        {"x5u": "https://elsewhere.example"},
        {"crit": ["exp"]},
    ):
        written = raw({**header, **more}, claims_of(issuer, known), _rsa if "crit" in more else lambda _: b"x")
        problem(known.get(THINGS, written), 401, "api.bad_token")


@pytest.mark.parametrize(
    ("published", "kind"),
    [
        ([public("weak", "first")], "weak"),
        ([public("RS256", "first", use="enc")], "RS256"),
        ([{"kty": "oct", "kid": "first", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}], "RS256"),
        ([public("ES256", "first")], "RS256"),
        ([{"kty": "RSA", "kid": "first"}], "RS256"),
        ([{"kty": "RSA", "kid": "first", "n": "!!", "e": 7}], "RS256"),
        (["first", None, 7, {"kid": ["first"]}], "RS256"),
    ],
)
@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits:Warning")
def test_a_key_that_is_none_of_ours_signs_nothing(known: Opened, issuer: LocalIssuer, published: list[Any], kind: str) -> None:
    issuer.keys = published
    problem(known.get(THINGS, issuer.token(known.desk.clock.now(), kind=kind)), 401, "api.bad_token")


@pytest.mark.parametrize(
    "header", [{"alg": "RS256"}, {"alg": "RS256", "kid": 7}, {"alg": ["RS256"], "kid": "first"}, {"kid": "first"}, {}]
)
def test_a_head_that_is_not_as_it_must_be(known: Opened, issuer: LocalIssuer, header: dict[str, Any]) -> None:
    problem(known.get(THINGS, raw(header, claims_of(issuer, known), _rsa)), 401, "api.bad_token")


@pytest.mark.parametrize("token", ["a.b.c", "...", "e30.e30.e30", "x" * 9000, "eyJhbGciOiJub25lIn0.W10.", "e" * 8000 + ".."])
def test_what_is_no_token_is_refused(known: Opened, token: str) -> None:
    problem(known.get(THINGS, token), 401, "api.bad_token")


def test_a_large_token_is_not_looked_at(known: Opened, issuer: LocalIssuer) -> None:
    token = issuer.token(known.desk.clock.now(), padding="x" * 8192)
    problem(known.get(THINGS, token), 401, "api.bad_token")
    assert issuer.asked == []


def test_keys_are_kept_and_new_ones_are_fetched_at_most_once_a_minute(known: Opened, issuer: LocalIssuer) -> None:
    clock = known.desk.clock
    assert [ask(known, issuer.token(clock.now())) for _ in range(5)] == [200] * 5
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]
    issuer.keys = [public("ES256", "second")]
    assert [ask(known, issuer.token(clock.now(), kind="ES256", kid="second")) for _ in range(5)] == [401] * 5
    assert len(issuer.asked) == 2
    clock.advance(61)
    assert ask(known, issuer.token(clock.now(), kind="ES256", kid="second")) == 200
    assert ask(known, issuer.token(clock.now())) == 401, "the key is published no more"
    assert [ask(known, issuer.token(clock.now(), kid=f"made-up-{i}")) for i in range(20)] == [401] * 20
    assert len(issuer.asked) == 4


def test_keys_are_asked_for_again_after_ten_minutes(known: Opened, issuer: LocalIssuer) -> None:
    assert ask(known, issuer.token(known.desk.clock.now())) == 200
    issuer.keys = []
    known.desk.clock.advance(601)
    assert ask(known, issuer.token(known.desk.clock.now())) == 401


def test_an_issuer_that_is_away_stops_nobody_with_a_token_of_ours(known: Opened, issuer: LocalIssuer) -> None:
    issuer.away = True
    answer = known.get(THINGS, issuer.token(known.desk.clock.now()))
    problem(answer, 503, "api.issuer_away")
    assert int(answer.headers["retry-after"]) > 0
    assert ask(known, known.desk.token("viewer")) == 200
    asked = len(issuer.asked)
    assert [ask(known, issuer.token(known.desk.clock.now())) for _ in range(10)] == [503] * 10
    assert len(issuer.asked) == asked, "an issuer that is down is left in peace for a while"
    issuer.away = False
    known.desk.clock.advance(11)
    assert ask(known, issuer.token(known.desk.clock.now())) == 200


def test_keys_hold_for_an_hour_while_the_issuer_is_away(known: Opened, issuer: LocalIssuer) -> None:
    assert ask(known, issuer.token(known.desk.clock.now())) == 200
    issuer.away = True
    known.desk.clock.advance(3000)
    assert ask(known, issuer.token(known.desk.clock.now())) == 200
    known.desk.clock.advance(700)
    assert ask(known, issuer.token(known.desk.clock.now())) == 503


def test_an_issuer_that_hangs_holds_up_nobody_else(known: Opened, issuer: LocalIssuer) -> None:
    issuer.hold = Event()
    seen: list[int] = []
    waiting = [Thread(target=lambda: seen.append(ask(known, issuer.token(known.desk.clock.now())))) for _ in range(12)]
    for each in waiting:
        each.start()
    for _ in range(20):
        assert ask(known, known.desk.token("viewer")) == 200
    issuer.hold.set()
    for each in waiting:
        each.join()
    assert len(seen) == 12


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"jwks_uri": "http://198.18.0.1/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "ftp://127.0.0.1/keys"},
        {"jwks_uri": 7},
        {"jwks_uri": "https://user@127.0.0.1/keys"},
        {"jwks_uri": "http://[::1/keys"},
    ],
)
def test_a_discovery_that_does_not_fit_is_not_followed(known: Opened, issuer: LocalIssuer, discovery: dict[str, Any]) -> None:
    issuer.discovery = discovery
    problem(known.get(THINGS, issuer.token(known.desk.clock.now())), 503, "api.issuer_away")
    assert "/keys" not in issuer.asked


@pytest.mark.parametrize(
    "url",
    ["http://issuer.example", "ftp://127.0.0.1", "issuer.example", "", "https://", "http://127.0.0.1.example", "http://[::1"],
)
def test_an_issuer_is_asked_over_https_only(url: str) -> None:
    with pytest.raises(UsageError) as refusal:
        Oidc(Issuer(url=url, audience=AUDIENCE), MovedClock())
    assert refusal.value.code == "server.issuer"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure(authority: Authority) -> Iterator[LocalIssuer]:
    pair = authority.sign("issuer")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with issuing(context) as own:
        yield own


@pytest.mark.parametrize("is_trusted", [True, False])
def test_an_issuer_shows_a_certificate_that_is_trusted(
    opened: Open, secure: LocalIssuer, authority: Authority, is_trusted: bool
) -> None:
    ca = authority.certificate if is_trusted else None
    api = opened(issuer=Issuer(url=secure.url, audience=AUDIENCE, ca=ca))
    assert ask(api, secure.token(api.desk.clock.now())) == (200 if is_trusted else 503)


def test_without_an_issuer_its_tokens_are_nothing(api: Opened, issuer: LocalIssuer) -> None:
    problem(api.get(THINGS, issuer.token(api.desk.clock.now())), 401, "api.bad_token")
