"""The checkout as the architecture tests see it: its text files and its modules. Never imports what it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MADE_BY_TOOLS = {"__pycache__", "dist", "build"}
_NOT_TEXT = {".png", ".svg", ".ico", ".gz", ".whl", ".woff2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One Python file: `place` is its path from the root of the checkout."""

    place: Path
    lines: int
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.place.parts[0]

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    @property
    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))

    @property
    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""


def read_texts() -> dict[Path, str]:
    """Every text file of the project by its path from the root. Undecodable bytes (a test's bad input) are replaced."""
    places = (place for place in _files(ROOT) if place.suffix not in _NOT_TEXT)
    return {place: (ROOT / place).read_text("utf-8", errors="replace") for place in places}


def read_modules(texts: dict[Path, str]) -> list[Module]:
    found = ((place, text) for place, text in texts.items() if place.suffix == ".py")
    return [Module(place=place, lines=len(text.splitlines()), tree=ast.parse(text, str(place))) for place, text in found]


def none_of(found: Iterable[object]) -> None:
    """Fails with every finding on a line of its own."""
    lines = [str(each) for each in found]
    assert not lines, "\n  " + "\n  ".join(lines)


def called(node: ast.Call) -> str:
    """The last name of what is called: `Refused` for `errors.Refused(…)`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def base_names(node: ast.ClassDef) -> set[str]:
    plain = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in plain}


def _files(folder: Path) -> Iterator[Path]:
    for each in sorted(folder.iterdir()):
        if each.is_symlink() or each.name in _MADE_BY_TOOLS or each.name.endswith(".egg-info"):
            continue
        if each.is_file():
            yield each.relative_to(ROOT)
        elif each.is_dir() and (not each.name.startswith(".") or each.name == ".ci"):
            yield from _files(each)
