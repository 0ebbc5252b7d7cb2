"""What a list lacks is removed only while it is little: messages go with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

HUNDRED = [f"staf-{number:03}" for number in range(100)]
ROOMS = [f"ruang-{number}" for number in range(10)]


class Prosody:
    """What is there, and what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, code: str, **_values: Any) -> Any:
        self.asked.append(code)
        room = {"title": "", "members": {}}
        rooms = {f"{name}@rooms.x": {**room, "ours": True} for name in ROOMS} | {"warga@rooms.x": {**room, "ours": False}}
        return {"accounts": HUNDRED, "rooms": rooms} if len(self.asked) == 1 else {}


class Task:
    """What the module asks of Ansible."""

    check_mode = False

    def __init__(self, accounts: int, rooms: int, most: int) -> None:
        kept = [{"name": name, "title": "", "members": []} for name in ROOMS[rooms:]]
        self.params = {
            "domain": "x", "rooms_domain": "rooms.x", "accounts": HUNDRED[accounts:], "rooms": kept, "passwords": {},
            "most_removed": most,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("accounts", "rooms", "most", "refused"),
    [
        (10, 2, 0, None),
        (11, 0, 10, "11 of the 100 accounts of x"),
        (11, 0, 11, None),
        (0, 3, 10, "3 of the 10 rooms of rooms.x"),
        (0, 3, 30, None),
        (0, 10, 10, "10 of the 10 rooms"),
    ],
)
def test_what_a_list_lacks(module: Loader, accounts: int, rooms: int, most: int, refused: str | None) -> None:
    chat, prosody = module("lajur_chat"), Prosody()
    made = chat.Chat(Task(accounts, rooms, most))
    if refused is None:
        made.carry(prosody)
        assert len([line for line in made.done if line.startswith("-")]) == accounts + rooms
        return
    with pytest.raises(chat.Refused, match=refused):
        made.carry(prosody)
    assert len(prosody.asked) == 1
