"""What a lab of servers needs of the machine itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from network.lab.machines import make_room


@pytest.mark.parametrize(("before", "after"), [("128", "1024"), ("4096", "4096"), ("?", "?")])
def test_a_low_limit_of_watchers_is_raised_and_a_higher_one_kept(tmp_path: Path, before: str, after: str) -> None:
    limit = tmp_path / "max_user_instances"
    limit.write_text(f"{before}\n")
    make_room(limit)
    assert limit.read_text().strip() == after


def test_where_it_may_not_be_changed_the_lab_goes_on(tmp_path: Path) -> None:
    make_room(tmp_path / "none")
