"""RouterOS 7's `/export`, as items with their properties. Text in, values out; what cannot be read is left out.

Takes it with or without `terse`: a menu's path on a line of its own or before each command, lines broken by a backslash, values
in quotes with RouterOS' escapes. After MikroTik's manual, chapters "Configuration Management" and "Scripting".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_BROKEN: Final = re.compile(r"\\\r?\n[ \t]*")
_WORD: Final = re.compile(r'\[[^\]]*\]|(?:[^\s"\[=]+=)?"(?:\\.|[^"\\])*"|\S+', re.DOTALL)
_VERBS: Final = ("add", "set", "remove")
_ESCAPE: Final = re.compile(r"\\([0-9A-F]{2}|.)", re.DOTALL)
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", "_": " ", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_YES: Final = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One command of an export: the menu's path with blanks, and its properties. A flag that stands alone is `yes`.

    `found` are the properties by which a `set` names its item, as `default-name` does for a port.
    """

    menu: str
    verb: str
    properties: Mapping[str, str] = field(repr=False)
    found: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        return self.properties.get(name, default)

    @property
    def name(self) -> str:
        """A port that nobody has renamed keeps the name that it came with."""
        return self.get("name") or self.found.get("name") or self.found.get("default-name") or self.found.get("", "")

    @property
    def off(self) -> bool:
        return self.get("disabled") == _YES


def read_export(text: str) -> tuple[Item, ...]:
    """Every command, in the order of the text."""
    return tuple(_items(text))


def quoted(value: str) -> str:
    """A value as it is typed: in quotes wherever a terminal could take a part of it for something else."""
    if re.fullmatch(r"[A-Za-z0-9_./:-]+", value):
        return value
    return '"' + re.sub(r'(["\\$])', r"\\\1", value) + '"'


def _items(text: str) -> Iterator[Item]:
    menu = ""
    for raw in _BROKEN.sub("", text).splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        words = [found[0] for found in _WORD.finditer(line)]
        verb = next((place for place, word in enumerate(words) if word in _VERBS), None)
        if line.startswith("/"):
            path = words if verb is None else words[:verb]
            menu = " ".join(" ".join(path).replace("/", " ").split())
        if verb is not None and menu and (line.startswith("/") or verb == 0):
            yield _item(menu, words[verb], words[verb + 1 :])


def _item(menu: str, verb: str, words: list[str]) -> Item:
    found: dict[str, str] = {}
    properties: dict[str, str] = {}
    for place, word in enumerate(words):
        if word.startswith("["):
            found |= dict(_pairs(_WORD.findall(word.strip("[] ").removeprefix("find").removeprefix(" where"))))
        elif "=" not in word and place == 0 and verb == "set":
            found[""] = _value(word)
        else:
            properties |= dict(_pairs([word]))
    return Item(menu=menu, verb=verb, properties=properties, found=found)


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, sign, value = word.partition("=")
        if not name.startswith("!"):
            yield name, _value(value) if sign else _YES


def _value(written: str) -> str:
    if len(written) < 2 or not (written.startswith('"') and written.endswith('"')):
        return written
    return _ESCAPE.sub(_unescaped, written[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    said = found[1]
    return chr(int(said, 16)) if len(said) == 2 else _PLAIN.get(said, said)
