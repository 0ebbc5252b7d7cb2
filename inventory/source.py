"""YAML text into plain values and back to its lines. Reads bytes that it is given; never opens a file.

Built on ruamel.yaml's nodes, because a node knows where it begins and ends: that gives every finding its line, and lets the
CSV import change one cell and leave every other byte alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from inventory.findings import Finding, Path, finding_at

_DEEPEST: Final = 32
_MOST_NODES: Final = 500_000
_TAGS: Final = "tag:yaml.org,2002:"

# Words of the parser's problem, and the code of what the writer should do about it. First match wins.
_SYNTAX: Final = (
    ("'\\t'", "yaml.tab"),
    ("undefined alias", "yaml.alias_unknown"),
    ("another document", "yaml.documents"),
    ("mapping values are not allowed", "yaml.colon"),
    ("could not find expected ':'", "yaml.no_colon"),
    ("unexpected end of stream", "yaml.unclosed"),
    ("unclosed", "yaml.unclosed"),
    ("expected ',' or", "yaml.unclosed"),
    ("expected <block end>", "yaml.indent"),
    ("'<document start>'", "yaml.indent"),
    ("entries are not allowed here", "yaml.indent"),
    ("keys are not allowed here", "yaml.indent"),
    ("cannot start any token", "yaml.sign"),
    ("expected the node content", "yaml.sign"),
    ("block collection", "yaml.indent"),
    ("undefined tag handle", "yaml.tag"),
)


class Unreadable(Exception):
    """The text is no YAML that the truth may be written in. `findings` say why, with lines."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file as it was read: its text (without byte-order mark), its nodes, its plain value."""

    name: str
    text: str
    root: Node
    data: Any

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def line(self, path: Path) -> int:
        """The line of the key or list item at `path`; of the nearest one above it when it is not there."""
        node, line = self.root, _line(self.root)
        for part in path:
            step = child(node, part)
            if step is None:
                break
            mark, node = step
            line = _line(mark)
        return line


def child(node: Node, part: str | int) -> tuple[Node, Node] | None:
    """The node that marks `part` inside `node` (its key, or the item itself) and the node of its value."""
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), None)
    if isinstance(part, int) and not isinstance(node, ScalarNode) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def decode(name: str, raw: bytes) -> str:
    """UTF-8 without its byte-order mark. Raises Unreadable with the line of the first byte that is not."""
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable((finding_at("file.encoding", name, line, byte=f"0x{raw[error.start]:02x}"),)) from error


@lru_cache(maxsize=64)
def parse(name: str, raw: bytes) -> Source:
    """Raises Unreadable with all that can be told at once: one syntax error, or every wrong key, tag and anchor.

    Remembered by content, because reading is most of what a tick of the controller costs when nothing has changed.
    """
    text = decode(name, raw)
    root = _compose(name, text)
    if root is None:
        raise Unreadable((finding_at("file.empty", name, 1),))
    walk = _Walk(name)
    try:
        data = walk.value(root)
    except _TooMany as error:
        raise Unreadable((finding_at("yaml.too_large", name, 1, most=_MOST_NODES),)) from error
    if walk.findings:
        raise Unreadable(tuple(dict.fromkeys(walk.findings)))
    return Source(name=name, text=text, root=root, data=data)


def _compose(name: str, text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = _DEEPEST
    yaml.composer.warn_double_anchors = False
    try:
        node: Node | None = yaml.compose(text)
    except MaxDepthExceededError as error:
        raise Unreadable((finding_at("yaml.too_deep", name, error.problem_mark.line + 1, most=_DEEPEST),)) from error
    except MarkedYAMLError as error:
        raise Unreadable((_syntax(name, error),)) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable((finding_at("yaml.character", name, line, character=f"U+{error.character:04X}"),)) from error
    except (YAMLError, ValueError, AssertionError, LookupError, AttributeError, TypeError) as error:
        # The parser meets some broken directives and tags with bare assertions and look-ups instead of its own errors.
        raise Unreadable((finding_at("yaml.syntax", name, 1, problem=type(error).__name__),)) from error
    return node


def _syntax(name: str, error: MarkedYAMLError) -> Finding:
    problem = str(error.problem or error.context or "")
    mark = error.problem_mark or error.context_mark
    code = next((code for words, code in _SYNTAX if words in problem), "yaml.syntax")
    if code in ("yaml.unclosed", "yaml.no_colon") and error.context_mark is not None:
        mark = error.context_mark
    return finding_at(code, name, mark.line + 1 if mark else 1, problem=problem)


class _TooMany(Exception):
    pass


@dataclass(slots=True)
class _Walk:
    """Plain values out of nodes: text, numbers, truth values, lists and mappings with text keys; nothing else."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    _count: int = 0
    _open: set[int] = field(default_factory=set)
    _anchors: dict[str, Node] = field(default_factory=dict)

    def value(self, node: Node) -> Any:
        self._count += 1
        if self._count > _MOST_NODES:
            raise _TooMany
        if id(node) in self._open:
            self._say("yaml.alias_recursive", node, anchor=node.anchor)
            return None
        self._anchor(node)
        self._open.add(id(node))
        try:
            return self._plain(node)
        finally:
            self._open.discard(id(node))

    def _plain(self, node: Node) -> Any:
        kind = str(node.tag).removeprefix(_TAGS)
        if isinstance(node, ScalarNode):
            if kind in _SCALARS:
                return _SCALARS[kind](node.value)
        elif isinstance(node, MappingNode):
            if kind == "map":
                return self._mapping(node)
        elif kind == "seq":
            return [self.value(item) for item in node.value]
        self._say("yaml.tag", node, problem=str(node.tag).replace(_TAGS, "!!"))
        return None

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first: dict[str, Node] = {}
        for key, value in node.value:
            if key.value == "<<":
                self._say("yaml.merge", key)
            elif not isinstance(key, ScalarNode) or not str(key.tag).endswith((":str", ":value")):
                self._say("yaml.key", key, key=key.value if isinstance(key, ScalarNode) else "[…]")
            elif key.value in values:
                self._say("yaml.duplicate_key", key, key=key.value, first=_line(first[key.value]))
            else:
                self._anchor(key)
                first[key.value] = key
                values[key.value] = self.value(value)
        return values

    def _anchor(self, node: Node) -> None:
        if node.anchor is None:
            return
        before = self._anchors.setdefault(node.anchor, node)
        if before is not node:
            self._say("yaml.anchor_twice", node, anchor=node.anchor, first=_line(before))

    def _say(self, code: str, node: Node, **fields: object) -> None:
        self.findings.append(finding_at(code, self.name, _line(node), **fields))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _integer(text: str) -> int | str:
    plain = text.replace("_", "")
    try:
        return int(plain, 0 if plain.lstrip("+-")[:2].lower() in ("0x", "0o", "0b") else 10)
    except ValueError:
        return text


def _number(text: str) -> float | str:
    try:
        return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text


# A date stays text here: the model reads it, and its error can then show what was written.
_SCALARS: Final[dict[str, Any]] = {
    "str": str,
    "value": str,
    "timestamp": str,
    "int": _integer,
    "float": _number,
    "bool": lambda text: text.lower() in ("true", "yes", "on", "y"),
    "null": lambda text: None,
}
