"""Changes to a list of the truth that leave every other byte of its file alone. Text in, text out; opens nothing.

An edit is a span of the text and what stands there instead; spans come from the nodes of `inventory.source`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from inventory.source import Source, Unreadable, child, parse

# Text to us, but a truth value to readers of YAML 1.1, of which there are many.
_WORDS_OF_OLD_YAML: Final = ("y", "yes", "on", "n", "no", "off")
_SAFE_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ,._/()+&'-]*[A-Za-z0-9.)])?")


class NeedsHand(Exception):
    """`field` of the item is written in a way that cannot be changed without touching something else."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Edit:
    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits; where removals meet or overlap, what either takes away is gone."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        parts += [text[done : edit.start], edit.text]
        done = max(done, edit.end)
    return "".join([*parts, text[done:]])


def items(source: Source, kind: str) -> list[MappingNode]:
    """The nodes of the list under the file's one key."""
    found = child(source.root, kind)
    if found is None:
        return []
    return list(found[1].value)


def set_value(source: Source, item: MappingNode, field: str, value: Any) -> Edit:
    """Write `value` (text, a list of texts, a list of mappings) in the place of the field's. Raises NeedsHand."""
    found = child(item, field)
    if found is None:
        return _new_field(source, item, field, value)
    key, node = found
    start, end = node.start_mark.index, _end(node)
    # An alias stands where its anchor does; editing it there would change other items too.
    if node.anchor is not None or not key.end_mark.index <= start or end > _end(item):
        raise NeedsHand(field)
    if isinstance(node, ScalarNode):
        if not isinstance(value, str) or node.style in ("|", ">") or start == end:
            raise NeedsHand(field)
        return Edit(start, end, _scalar(value, flow=item.flow_style is True, style=node.style))
    if not isinstance(node, SequenceNode) or isinstance(value, str) or "#" in source.text[start:end] or _anchored(node):
        raise NeedsHand(field)
    if node.flow_style or not value:
        return Edit(start, end, _flow(value))
    dash = source.text[: node.value[0].start_mark.index].rindex("-")
    margin = source.newline + " " * _column(source.text, dash)
    return Edit(dash, end, margin.join(f"- {_flow(each)}" for each in value))


def append_value(source: Source, item: MappingNode, field: str, value: Mapping[str, Any]) -> Edit:
    """One more mapping at the end of the field's list, which is begun when it is not there. Raises NeedsHand."""
    found = child(item, field)
    if found is None:
        return _new_field(source, item, field, [value])
    key, node = found
    start, end = node.start_mark.index, _end(node)
    if node.anchor is not None or not key.end_mark.index <= start or end > _end(item) or not isinstance(node, SequenceNode):
        raise NeedsHand(field)
    if not node.value:
        return Edit(start, end, _flow([value]))
    last = node.value[-1]
    if last.anchor is not None or not start <= last.start_mark.index < end or _has_block_text(last):
        raise NeedsHand(field)
    if node.flow_style:
        return Edit(_end(last), _end(last), f", {_flow(value)}")
    lead = " " * _column(source.text, _dash(source, last))
    end = _line_end(source.text, _end(last))
    text = f"{lead}- {_flow(value)}"
    if source.text[:end].endswith("\n"):
        return Edit(end, end, text + source.newline)
    return Edit(end, end, source.newline + text)


def remove_item(source: Source, kind: str, position: int) -> Edit:
    """Take the lines of an item away, and the blank lines after it (before it, when it is the last). Raises NeedsHand."""
    nodes = items(source, kind)
    node = nodes[position]
    start = _line_start(source.text, _dash(source, node))
    end = _line_end(source.text, _end(node))
    if position + 1 < len(nodes):
        return Edit(start, end + len(_blank_lines(source.text[end:])), "")
    while start and not source.text[_line_start(source.text, start - 1) : start].strip():
        start = _line_start(source.text, start - 1)
    return Edit(start, end, "")


def append_items(source: Source, kind: str, values: list[Mapping[str, Any]]) -> Edit:
    """New items after the last one, indented and spaced as it is. Raises NeedsHand."""
    nodes = items(source, kind)
    last = nodes[-1]
    dash = _column(source.text, _dash(source, last))
    column = last.start_mark.column
    end = _line_end(source.text, _end(last))
    spaced = len(nodes) > 1 and bool(_blank_lines(source.text[_line_end(source.text, _end(nodes[-2])) :]))
    lines: list[str] = []
    for value in values:
        lines += [""] if spaced else []
        fields = [line for field, each in value.items() for line in _field_lines(field, each)]
        lines.append(" " * dash + "-" + " " * (column - dash - 1) + fields[0])
        lines += [" " * column + line for line in fields[1:]]
    text = source.newline.join([*lines, ""])
    return Edit(end, end, text if source.text[:end].endswith("\n") else source.newline + text)


def _field_lines(field: str, value: Any) -> list[str]:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [f"{field}:", *(f"  - {_flow(each)}" for each in value)]
    return [f"{field}: {_scalar(value) if isinstance(value, str) else _flow(value)}"]


def _new_field(source: Source, item: MappingNode, field: str, value: Any) -> Edit:
    last = item.value[-1][1]
    if _end(last) < item.start_mark.index or (_end(item) != _end(last) and not item.flow_style):
        raise NeedsHand(field)
    if item.flow_style:
        end = _end(last)
        return Edit(end, end, f", {field}: {_flow(value)}")
    end = _line_end(source.text, _end(last))
    margin = " " * item.start_mark.column
    text = "".join(margin + line + source.newline for line in _field_lines(field, value))
    return Edit(end, end, text if source.text[:end].endswith("\n") else source.newline + text.removesuffix(source.newline))


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _scalar(value, flow=True)


def _scalar(text: str, *, flow: bool = False, style: str | None = None) -> str:
    """The text as YAML, plain where that reads back as the same text, else quoted; quotes stay as they were."""
    if style is None and _is_plain(text, flow=flow):
        return text
    if style == '"':
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'"


def _is_plain(text: str, *, flow: bool) -> bool:
    if not _SAFE_PLAIN.fullmatch(text) or (flow and "," in text) or text.lower() in _WORDS_OF_OLD_YAML:
        return False
    try:
        return bool(parse("", f"v: {text}".encode()).data == {"v": text})
    except Unreadable:
        return False


def _anchored(node: Node) -> bool:
    if node.anchor is not None:
        return True
    if isinstance(node, ScalarNode):
        return False
    inner = [each for pair in node.value for each in pair] if isinstance(node, MappingNode) else node.value
    return any(_anchored(each) for each in inner)


def _has_block_text(node: Node) -> bool:
    """Whether it has text of several lines (`|`, `>`), whose end takes in the line after it."""
    if isinstance(node, ScalarNode):
        return node.style in ("|", ">")
    inner = [each for pair in node.value for each in pair] if isinstance(node, MappingNode) else node.value
    return any(_has_block_text(each) for each in inner)


def _end(node: Node) -> int:
    """Where the node's own text ends: a block's mark also takes in the comments that follow it."""
    if not isinstance(node, (MappingNode, SequenceNode)) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return max(_end(last[0]), _end(last[1])) if isinstance(node, MappingNode) else _end(last)


def _dash(source: Source, item: Node) -> int:
    """Where the item's `-` stands; NeedsHand when the list is not written with dashes, or the item has an anchor."""
    line = source.text[_line_start(source.text, item.start_mark.index) : item.start_mark.index]
    if not re.fullmatch(r" *- *", line):
        raise NeedsHand("-")
    return int(item.start_mark.index) - len(line) + line.index("-")


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """After the line break that ends the line of `index`; the end of the text when there is none."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _blank_lines(text: str) -> str:
    found = re.match(r"(?:[ \t]*\r?\n)*", text)
    return found.group() if found else ""


def _column(text: str, index: int) -> int:
    return index - _line_start(text, index)
