"""Leased servers given back, as `lajur infra destroy` shows and does it, for a play."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from network.cli import infra_return
from network.cli.infra_progress import Progress
from network.cli.session import Session
from network.core.building import BuildEvent, Verb
from network.errors import NeedsPerson, UsageError
from network.infra_wiring import build_ground
from network.playing.asking import Asked, Outcome, Tell, answered, failure
from network.services.infra import Errand, carry_out, check

_LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What a play says of it: `servers` by a list or a text with commas; `release` as the command's flag, `without_backup` its
    reason."""

    servers: tuple[str, ...]
    release: bool = False
    without_backup: str = ""

    @classmethod
    def by(cls, servers: Any, release: Any, without_backup: Any) -> Return:
        """By the arguments of a task, whatever they are: on a command line all of them are texts."""
        named = servers if isinstance(servers, list) else str(servers or "").split(",")
        return cls(
            servers=tuple(dict.fromkeys(str(each).strip() for each in named if str(each).strip())),
            release=release is True or str(release).lower() in ("true", "yes", "1"),
            without_backup=str(without_backup or "").strip(),
        )


def returns(asked: Asked, given: Return, tell: Tell) -> Outcome:
    """Look, or wipe and give back. Refused without names: nobody gives back all by a slip."""
    return answered(asked, tell, lambda own: _returns(own, asked, given))


def _returns(own: Session, asked: Asked, given: Return) -> Outcome:
    if not given.servers:
        raise UsageError("playing.which_return")
    if len(given.without_backup) > _LONGEST or not given.without_backup.isprintable():
        raise UsageError("playing.return_text", name="lajur_without_backup", most=_LONGEST)
    errand = Errand(
        verb=Verb.DESTROY, servers=given.servers, release=given.release, without_backup=given.without_backup, reason="playbook"
    )
    settings, via = own.settings, own.flags.via.value
    with build_ground(settings, own.regency, via=via, lab_id=settings.lab, environment=own.environment) as ground:
        own.regency, own.via = ground.regency, ground.via
        check(errand, ground.hands)
        document = infra_return.looked_at(own, ground, errand)
        shown = own.out.as_text(infra_return.draw_giving_back(own, document))
        if asked.check:
            return Outcome(changed=True, text=own.out.say("playing.waits"), plan=shown)
        with own.out.progress(always=True) as line:
            progress = Progress(own, errand, ground)

            def listen(event: BuildEvent) -> None:
                if (said := progress.of(event)) is not None:
                    line(said)

            report = carry_out(errand, ground.hands, listen)
    if report.error is not None:
        return failure(own.out, report.error)
    if report.interrupted:
        return failure(own.out, NeedsPerson("infra.interrupted"))
    files = ", ".join(file for each in report.releases for file in each.files)
    servers = ", ".join(each.server for each in report.releases)
    return Outcome(changed=True, text=own.out.say("playing.given_back", servers=servers, files=files), plan=shown)
