"""The command `lajur`: every noun under one roof, and what its ending means.

Exit codes: 0 done or nothing to do · 2 changes waiting · 3 refused · 4 failed and returned to the state before · 5 needs a
person · 64 wrong usage · 70 a bug of ours · 130 interrupted: devices are as before, what a play
did stays. Does no work itself.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NoReturn

import typer

from network.cli import (
    audit,
    bench,
    boost,
    chat,
    demo,
    device,
    drift,
    infra,
    init,
    inventory,
    lab,
    lease,
    link_watch,
    plan,
    play,
    readiness,
    recover,
    release,
    serve,
    shift,
    status,
    systems,
    token,
    topology,
    what_if,
    window_requests,
)
from network.cli.grammar import Noun, Verb, misused, spoken
from network.cli.language import chosen, given
from network.cli.output import INTERRUPTED
from network.cli.session import Form, Session
from network.errors import LajurError, OutputLost
from network.messages import Language
from network.places import join_lab

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

NAME: Final = "lajur"
_ONCE_MORE: Final = 0.01
"""Seconds until an interruption that was lost is sent again."""


_BEGIN = "cli.panel.begin"
_LOOK, _ASK, _CHANGE = "cli.panel.look", "cli.panel.ask", "cli.panel.change"
_SERVE, _PRACTICE = "cli.panel.serve", "cli.panel.practice"
_LOOKS: Final = (
    *("inventory", "plan", "status", "drift", "topology", "window", "what-if", "lease", "readiness", "systems", "audit"),
)
_CHANGES: Final = ("boost", "apply", "link", "shift", "recover", "infra", "play", "release")
_ORDER: Final = (*_LOOKS, "init", "device", *_CHANGES, "serve", "token", "chat", "lab", "demo", "bench")
"""As the help page lists them: first what only looks."""


def build_app(language: Language) -> Noun:
    """The whole command, its help in `language`."""
    root = typer.Typer(cls=Noun, help="cli.help.lajur", epilog="cli.help.lajur_epilog", add_completion=True)
    for name, part, panel in (
        ("inventory", inventory.app, _LOOK),
        ("window", window_requests.app, _LOOK),
        ("what-if", what_if.app, _LOOK),
        ("lease", lease.app, _LOOK),
        ("systems", systems.app, _LOOK),
        ("audit", audit.app, _LOOK),
        ("device", device.app, _BEGIN),
        ("boost", boost.app, _ASK),
        ("link", link_watch.app, _CHANGE),
        ("shift", shift.app, _CHANGE),
        ("infra", infra.app, _CHANGE),
        ("release", release.app, _CHANGE),
        ("token", token.app, _SERVE),
        ("chat", chat.app, _SERVE),
        ("lab", lab.app, _PRACTICE),
    ):
        root.add_typer(part, name=name, rich_help_panel=panel)
    for name, verb, panel in (
        ("plan", plan.plan, _LOOK),
        ("status", status.status, _LOOK),
        ("topology", topology.topology, _LOOK),
        ("drift", drift.drift, _LOOK),
        ("readiness", readiness.readiness, _LOOK),
        ("init", init.init, _BEGIN),
        ("apply", plan.apply, _CHANGE),
        ("recover", recover.recover, _CHANGE),
        ("play", play.play, _CHANGE),
        ("serve", serve.serve, _SERVE),
        ("demo", demo.demo, _PRACTICE),
        ("bench", bench.bench, _PRACTICE),
    ):
        root.command(name, cls=Verb, help=f"cli.help.{name}", rich_help_panel=panel)(verb)
    command = spoken(root, language)
    command.commands = {name: command.commands[name] for name in _ORDER}
    return command


def run(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Carry out one line; the exit code. Raises only SystemExit, when a shell asks for completions."""
    session = Session(language=chosen(words, environment), environment=environment)
    if given(words, "--output")[-1:] == [Form.JSON]:
        session.flags.output = Form.JSON  # so that what the parser complains about is told in this form too
    try:
        return _carry_out(words, session)
    except KeyboardInterrupt:  # before the parser's own watch for it, or after
        return session.out.interrupted()
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is told, with an exit code of its own
        return session.out.bug(error)


def _carry_out(words: Sequence[str], session: Session) -> int:
    try:
        code = build_app(session.language).main(list(words), prog_name=NAME, standalone_mode=False, obj=session)
    except OutputLost as error:
        # A reader that has seen enough (`| head`) is no failure.
        return 0 if isinstance(error.__cause__, BrokenPipeError) else session.out.failed(error)
    except LajurError as error:
        return session.out.failed(error)
    except typer.TyperException as error:
        return session.out.failed(misused(error))
    return session.out.interrupted() if code == INTERRUPTED else int(code or 0)


def _again(unraisable: UnraisableHookArgs) -> None:
    """An interruption that comes while Python tidies up (a weak reference, a finalizer, a lock of an import) would be printed
    there and be lost: it is sent once more."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        threading.Timer(_ONCE_MORE, os.kill, (os.getpid(), signal.SIGINT)).start()
    else:
        sys.__unraisablehook__(unraisable)


def main() -> NoReturn:
    """What `network.cli.start` hands over to. A request to end, and the loss of the terminal, are interruptions: the state before
    is put back first."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if sys.stdout is None:  # the shell closed it (`>&-`): what would be printed is thrown away
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    try:
        sys.unraisablehook = _again
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        for each in (signal.SIGINT, signal.SIGHUP):  # nohup, and a shell's background, ignore them on purpose
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, signal.default_int_handler)
        join_lab(sys.argv[1:])
        code = run(sys.argv[1:], os.environ)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done and told; only the interpreter's own end is left
    except KeyboardInterrupt:
        code = INTERRUPTED
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # told already; the interpreter would complain a second time
    raise SystemExit(code)
