"""The help page of a noun or a verb, as plain text in the reader's language.

Written by hand rather than by the parser's own printer, whose headings are English only and whose tables take longer to
import than the page takes to read. Prints nothing.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from network.cli.language import Say

_NAMES: Final = 26
_NARROWEST, _WIDEST = 60, 110

Row = tuple[str, str]


def page(command: TyperCommand | TyperGroup, ctx: Any, say: Say, *, styled: bool) -> str:
    """Usage, what it is, its arguments, verbs and flags by panel, and the epilog. `styled`: headings in bold."""
    bold = partial(typer.style, bold=True) if styled else str
    blocks = [f"{bold(say('cli.help.usage'))} {_usage(command, ctx, say)}", _prose(command.help or "")]
    for title, rows in _panels(command, ctx):
        blocks.append(f"{bold(say(title) + ':')}\n" + "\n".join(_row(name, text) for name, text in rows))
    blocks.append(_prose(command.epilog or ""))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _usage(command: TyperCommand | TyperGroup, ctx: Any, say: Say) -> str:
    words = [ctx.command_path]
    if isinstance(command, TyperGroup):
        words.append(say("cli.help.verb_place"))
    words += [_argument(param) for param in command.params if isinstance(param, TyperArgument)]
    words.append(say("cli.help.flags_place"))
    return " ".join(words)


def _panels(command: TyperCommand | TyperGroup, ctx: Any) -> Iterator[tuple[str, list[Row]]]:
    panels: dict[str, list[Row]] = {}
    for param in command.get_params(ctx):
        if isinstance(param, TyperArgument):
            panels.setdefault("cli.panel.arguments", []).append((_argument(param), param.help or ""))
    if isinstance(command, TyperGroup):
        for name in command.list_commands(ctx):
            verb = command.commands[name]
            panel = getattr(verb, "rich_help_panel", None) or "cli.panel.verbs"
            panels.setdefault(panel, []).append((name, (verb.help or "").partition("\n\n")[0]))
    for param in command.get_params(ctx):
        if isinstance(param, TyperOption) and not param.hidden:
            panels.setdefault(param.rich_help_panel or "cli.panel.flags", []).append((_option(param), param.help or ""))
    yield from panels.items()


def _argument(param: TyperArgument) -> str:
    name = param.metavar or param.name.upper()
    name += "..." if param.nargs != 1 else ""
    return name if param.required else f"[{name}]"


def _option(param: TyperOption) -> str:
    short = [name for name in param.opts if not name.startswith("--")]
    long = [name for name in param.opts if name.startswith("--")]
    names = ", ".join((*short, *long)) if short else "    " + ", ".join(long)
    return names if param.is_flag or param.count else f"{names} {param.metavar or ''}".rstrip()


def _row(name: str, text: str) -> str:
    lines = textwrap.wrap(text, _width() - _NAMES - 2) or [""]
    if len(name) > _NAMES - 2:
        lines.insert(0, "")
    head, *rest = lines
    first = f"  {name.ljust(_NAMES - 2)}  {head}".rstrip()
    return "\n".join((first, *(" " * (_NAMES + 2) + line for line in rest)))


def _prose(text: str) -> str:
    """Paragraphs, wrapped; one that begins with blanks is an example and stays as it is."""
    return "\n\n".join(_wrapped(text.split("\n\n"))) if text else ""


def _wrapped(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield paragraph if paragraph.startswith(" ") else textwrap.fill(paragraph, _width())


def _width() -> int:
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((100, 24)).columns))
