"""The grammar of the command: nouns, verbs, the flags that all of them take, and wrong usage told in the reader's words.

Commands are declared with message codes where a help text belongs; `speak` puts the reader's language in their place, so
that help is truly bilingual and a command stays one plain function. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Annotated, Any, Final, TypeAlias

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from network.cli import completion
from network.cli.help import page
from network.cli.language import Say, speaker
from network.cli.session import Form, Tongue, Via, session
from network.core.near import perhaps, suggested
from network.errors import UsageError
from network.messages import Language

AT: TypeAlias = Annotated[str | None, typer.Option("--at", metavar="TIME", help="cli.flag.at")]
DRY_RUN: TypeAlias = Annotated[bool, typer.Option("--dry-run", help="cli.flag.dry_run")]
YES: TypeAlias = Annotated[bool, typer.Option("--yes", help="cli.flag.yes")]
"""Flags that more than one verb takes, each with one meaning."""

_COMMON: Final = "cli.panel.common"
_PARSERS_OWN: Final = {
    "install_completion": "cli.flag.install_completion",
    "show_completion": "cli.flag.show_completion",
}
"""Flags that the parser declares itself, with English help."""


class Verb(TyperCommand):
    """One thing to do."""

    allow_extra_args = True  # so that they come to us, to be refused in the reader's language

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UsageError("cli.usage.extra", words=" ".join(rest), command=ctx.command_path)
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        out = session(ctx).out
        formatter.write(page(self, ctx, out.say, styled=out.is_styled))


class Noun(TyperGroup):
    """What things are done with. Alone on the line it shows its help; only the bare command does so without complaint."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            bare = ctx.parent is None
            session(ctx).out.plain(f"{ctx.get_help()}\n", to_stderr=not bare)
            raise typer.Exit(0 if bare else UsageError.exit_code)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        word = args[0]
        if word not in self.commands and not word.startswith("-") and not ctx.resilient_parsing:
            known = perhaps(word, self.commands)
            raise UsageError("cli.usage.no_command", word=word, command=ctx.command_path, nearest=known)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        out = session(ctx).out
        formatter.write(page(self, ctx, out.say, styled=out.is_styled))


def noun(code: str) -> typer.Typer:
    """An empty noun; `code` is the message of its help."""
    return typer.Typer(cls=Noun, help=code, add_completion=False)


def spoken(root: typer.Typer, language: Language) -> Noun:
    """The parser of `root` with every help text in `language` and the common flags on every noun and verb."""
    command = typer.main.get_command(root)
    assert isinstance(command, Noun)
    say = speaker(language)
    common = _flags_of(_common)
    command.params = [*command.params, *_flags_of(_root)]
    _translate(common, say)
    _speak(command, say, common)
    return command


def _speak(command: TyperCommand | TyperGroup, say: Say, common: Sequence[Any]) -> None:
    command.help = say(command.help) if command.help else None
    command.epilog = say(command.epilog) if command.epilog else None
    _translate(command.params, say)
    command.params = [*command.params, *common]
    own = command.get_help_option(typer.Context(command))
    if own is not None:
        own.help = say("cli.flag.help")
        own.rich_help_panel = _COMMON
    if isinstance(command, TyperGroup):
        for verb in command.commands.values():
            assert isinstance(verb, (TyperCommand, TyperGroup))
            _speak(verb, say, common)


def _translate(params: Sequence[Any], say: Say) -> None:
    for param in params:
        param.help = say(_PARSERS_OWN.get(param.name, param.help))


def misused(error: typer.TyperException) -> UsageError:
    """Wrong usage as the parser found it, as one of ours. The parser's classes are told apart by name: it keeps them private."""
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx else "lajur"
    option = getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoSuchOption":
            near = suggested(getattr(error, "possibilities", None) or ())
            return UsageError("cli.usage.no_option", option=option, nearest=near, command=command)
        case "MissingParameter":
            return UsageError("cli.usage.missing", name=_name_of(error), command=command)
        case "BadParameter":
            return UsageError("cli.usage.bad_value", name=_name_of(error), fits=_fits(error), command=command)
        case "BadOptionUsage" if "requires" in error.message:
            return UsageError("cli.usage.needs_value", option=option, command=command)
        case "BadOptionUsage":
            return UsageError("cli.usage.no_value", option=option, command=command)
        case _:
            return UsageError("cli.usage.no_verb", command=command)


def _name_of(error: typer.TyperException) -> str:
    param = getattr(error, "param", None)
    if isinstance(param, TyperArgument):
        return param.metavar or param.name.upper()
    return next((name for name in getattr(param, "opts", ()) if name.startswith("--")), "-")


def _fits(error: typer.TyperException) -> str:
    param = getattr(error, "param", None)
    if not isinstance(param, (TyperArgument, TyperOption)):
        return "-"
    if param.min is not None or param.max is not None:
        return f"{param.min}…{param.max}"
    return (param.metavar or "-").replace("|", ", ")


def _keep(ctx: typer.Context, param: typer.CallbackParam, value: Any) -> Any:
    """Write a common flag into the session; one that was not given leaves what stands there."""
    if value is not None and value != 0:
        setattr(session(ctx).flags, param.name, value)
    return value


def _flag(*names: str, **more: Any) -> Any:
    return typer.Option(*names, callback=_keep, expose_value=False, rich_help_panel=_COMMON, **more)


def _common(
    regency: Annotated[
        str | None,
        _flag("--regency", metavar="KEY", help="cli.flag.regency", autocompletion=completion.regencies),
    ] = None,
    output: Annotated[Form | None, _flag("--output", metavar="table|json", help="cli.flag.output")] = None,
    via: Annotated[Via | None, _flag("--via", metavar="auto|lab|memory|direct", help="cli.flag.via")] = None,
    language: Annotated[Tongue | None, _flag("--lang", metavar="id|en", help="cli.flag.lang")] = None,
    verbose: Annotated[int, _flag("--verbose", "-v", count=True, help="cli.flag.verbose")] = 0,
) -> None:
    """The flags that every command takes, declared as any other flag is. Never called."""


def _tell_version(ctx: typer.Context, _: typer.CallbackParam, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        session(ctx).out.plain(f"{ctx.command_path} {version('lajur')}\n")
        raise typer.Exit


def _root(
    asked: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, expose_value=False, help="cli.flag.version")
    ] = False,
) -> None:
    """What the bare command alone takes. Never called."""


def _flags_of(declared: Callable[..., None]) -> Sequence[Any]:
    holder = typer.Typer(add_completion=False)
    holder.command(cls=TyperCommand)(declared)
    return typer.main.get_command(holder).params
