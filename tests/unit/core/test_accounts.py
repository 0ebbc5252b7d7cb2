"""First passwords: the same for the same account, another for any other, and fit to be read out."""

from __future__ import annotations

import re

from network.core.accounts import first_password


def test_the_operator_can_tell_it_again() -> None:
    assert first_password("master", "satgas-001", "obrolan.example") == first_password("master", "satgas-001", "obrolan.example")


def test_another_account_domain_or_secret_has_another() -> None:
    told = {
        first_password(master, account, domain)
        for master in ("a", "b")
        for account in ("satgas-001", "satgas-002")
        for domain in ("x.example", "y.example")
    }
    assert len(told) == 8


def test_it_can_be_read_out() -> None:
    assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){4}", first_password("master", "satgas-001", "obrolan.example"))
