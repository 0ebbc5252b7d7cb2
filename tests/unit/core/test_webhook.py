"""Signatures that the standard's library verifies, secrets that are derived, and a schedule that ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from network.core.webhook import AGAIN, Outcome, again, headers, outcome, secret, shown

NOW = datetime(2026, 8, 18, 8, 0, tzinfo=UTC)


@given(st.binary(min_size=32, max_size=100), st.text(min_size=1, max_size=40), st.text(max_size=200))
def test_a_signature_is_the_librarys_own(master: bytes, subscription: str, body: str) -> None:
    own = secret(master, subscription)
    made = headers(own, "dlv-1", NOW, body.encode())
    assert made["webhook-signature"] == Webhook(shown(own)).sign("dlv-1", NOW, body)
    assert (made["webhook-id"], made["webhook-timestamp"]) == ("dlv-1", str(int(NOW.timestamp())))


def test_a_secret_is_hkdf_and_another_for_every_subscription() -> None:
    expected = HKDF(hashes.SHA256(), 32, b"lajur webhook secrets", b"sub-1").derive(b"k" * 32)
    assert secret(b"k" * 32, "sub-1") == expected
    assert len({secret(b"k" * 32, "sub-1"), secret(b"k" * 32, "sub-2"), secret(b"l" * 32, "sub-1")}) == 3
    with pytest.raises(ValueError, match="32 bytes"):
        secret(b"k" * 31, "sub-1")


def test_the_schedule_is_the_standards_and_then_it_is_given_up() -> None:
    waits = [again(attempts, NOW) for attempts in range(len(AGAIN) + 2)]
    assert waits[:3] == [NOW + timedelta(seconds=5), NOW + timedelta(minutes=5), NOW + timedelta(minutes=30)]
    assert waits[8:] == [NOW + timedelta(hours=24), None, None]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, Outcome.DELIVERED),
        (299, Outcome.DELIVERED),
        (301, Outcome.FAILED),
        (307, Outcome.FAILED),
        (400, Outcome.FAILED),
        (410, Outcome.GONE),
        (429, Outcome.DOWN),
        (500, Outcome.FAILED),
        (503, Outcome.DOWN),
        (None, Outcome.DOWN),
    ],
)
def test_what_an_answer_means(status: int | None, said: Outcome) -> None:
    assert outcome(status) is said
