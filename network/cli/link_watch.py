"""`lajur link watch` and `lajur link coverage`: how the links are now, and what happens to them. Look only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import link
from network.cli import watch_view as view
from network.cli.grammar import Verb
from network.cli.session import Session, Via, session
from network.cli.words import clean
from network.errors import Refused

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.services.link_watch import LinkPicture, LinkPost, LinkWatch, News

app = link.app
"""The noun of links: what watches them stands beside what changes them."""

ONCE: TypeAlias = Annotated[bool, typer.Option("--once", help="cli.flag.link_once")]
EVERY: TypeAlias = Annotated[float, typer.Option("--every", min=5, max=3600, metavar="SECONDS", help="cli.flag.link_every")]

_REDRAW: Final = 1.0
"""Seconds after which a display in place is drawn again though nothing happened: ages grow."""
_NEWS: Final = 10


@app.command("watch", cls=Verb, help="cli.help.link_watch")
def watch(ctx: typer.Context, once: ONCE = False, every: EVERY = 30.0) -> int:
    from network.services.link_watch import LinkWatch, Pace

    own = session(ctx)
    with post(own) if once else live(own) as found:
        watching = LinkWatch(found, Pace(every=every))
        picture = first(own, found, watching)
        if once:
            document = view.picture(own, picture)
            own.out.show(document, lambda: view.draw(own, document))
            return 0
        in_place = sys.stdout.isatty() and not own.out.as_json
        frames = _in_place(own, watching, picture) if in_place else _line_by_line(own, watching, picture)
        try:
            own.out.watch(frames)
        except KeyboardInterrupt:
            return 0  # how one leaves a display that never ends
    return 0


@app.command("coverage", cls=Verb, help="cli.help.link_coverage")
def coverage(ctx: typer.Context) -> int:
    from network.services.link_watch import LinkWatch

    own = session(ctx)
    with post(own) as found:
        document = view.coverage(own, first(own, found, LinkWatch(found)))
    own.out.show(document, lambda: view.draw_coverage(own, document))
    return 0


@contextmanager
def post(own: Session) -> Iterator[LinkPost]:
    """From where links are polled. Raises Refused for devices in memory, which have no meter."""
    from network.watching import link_post
    from network.wiring import reached

    way, lab, own.regency = reached(own.regency, own.flags.via.value, own.settings.lab)
    own.via = _polled(own, way)
    with link_post(own.regency, lab) as found:
        yield found


@contextmanager
def live(own: Session) -> Iterator[LinkPost]:
    """From where links are watched, with traps and looks."""
    from network.link_wiring import link_ground
    from network.watching import live_post

    with link_ground(own.settings, own.regency, via=own.flags.via.value, lab_id=own.settings.lab) as ground:
        own.regency, own.via = ground.regency, _polled(own, ground.via)
        with live_post(own.settings, ground, trouble=lambda refused: _trouble(own, refused)) as found:
            yield found


def _polled(own: Session, way: str) -> str:
    own.out.note(f"cli.via.{way}", level=1)
    if way == Via.MEMORY:
        raise Refused("cli.refused.links_memory")
    return way


def first(own: Session, found: LinkPost, watching: LinkWatch) -> LinkPicture:
    """One poll, waited for."""
    with own.out.progress() as tell:
        tell(own.out.say("cli.links.polling", count=len(found.meter.devices)))
        return watching.once()


def _trouble(own: Session, refused: Refused) -> None:
    own.out.plain(f"{clean(own.out.text_of(refused))}\n", to_stderr=True)


_Frame = tuple[object, "Callable[[], RenderableType]"]


def _line_by_line(own: Session, watching: LinkWatch, picture: LinkPicture) -> Iterator[_Frame]:
    """The picture, and then a line, or a document, for everything that happens."""
    document = view.picture(own, picture)
    yield document, partial(view.draw, own, document)
    while True:
        for news in watching.step():
            told = view.news(own, watching.moment(news.at), news)
            yield told, partial(view.draw_news, told)


def _in_place(own: Session, watching: LinkWatch, picture: LinkPicture) -> Iterator[_Frame]:
    """The picture with what happened last, again and again."""
    last: list[view.LinkNews] = []
    drawn = watching.now()
    while True:
        document = view.picture(own, picture, last)
        yield document, partial(view.draw, own, document)
        heard: tuple[News, ...] = ()
        while not heard and watching.now() - drawn < _REDRAW:
            heard = watching.step()
        last = [*last, *(view.news(own, watching.moment(news.at), news) for news in heard)][-_NEWS:]
        picture, drawn = watching.picture(), watching.now()
