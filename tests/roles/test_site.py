"""The whole of `site.yml` on servers that have it."""

from __future__ import annotations

import pytest

from tests.roles.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]


def test_playing_everything_again_changes_nothing(site: Site) -> None:
    again = site.play("site")
    assert not again.failed
    assert again.changed == set()


def test_looking_at_what_stands_finds_nothing_to_change(site: Site) -> None:
    assert site.play("site", "--check").changed == set()
