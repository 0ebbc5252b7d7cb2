"""A release of a workload, or the way back, as `lajur release` carries it out, for a play. Knows nothing of Ansible."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from network.cli import release_view
from network.cli.session import Session
from network.core.releases.artefact import fit_words
from network.errors import UsageError
from network.playing.asking import Asked, Outcome, Tell, answered, failure
from network.release_wiring import artefact_of, release_ground
from network.services import release_back, releases
from network.services.release_parts import Outcome as Report
from network.services.release_parts import ReleaseEvent, ReleaseParts

DEPLOY: Final = ("workload", "file", "version", "sha256", "signature", "force", "contract", "reason")
ROLLBACK: Final = ("workload", "to", "force", "reason")


def deploy(asked: Asked, given: Mapping[str, Any], tell: Tell) -> Outcome:
    """`given`: what `lajur release deploy` takes, by the names of DEPLOY."""
    return answered(asked, tell, lambda own: _with_parts(own, given, lambda parts: _deploy(own, parts, asked, given)))


def rollback(asked: Asked, given: Mapping[str, Any], tell: Tell) -> Outcome:
    """`given`: what `lajur release rollback` takes, by the names of ROLLBACK. Looking, it says what would go where."""
    return answered(asked, tell, lambda own: _with_parts(own, given, lambda parts: _rollback(own, parts, asked, given)))


def _with_parts(own: Session, given: Mapping[str, Any], work: Any) -> Outcome:
    workload = str(given.get("workload") or "")
    if not workload:
        known = ", ".join(each.key for each in own.regency.workloads if each.release is not None)
        raise UsageError("playing.release_workload", known=known or "–")
    with (
        own.ground(reach=False) as found,
        release_ground(
            own.settings,
            own.regency,
            found.ledger,
            clock=found.hands.clock,
            via=own.flags.via.value,
            lab_id=own.settings.lab,
            environment=own.environment,
        ) as ground,
    ):
        outcome: Outcome = work(ground.parts(workload))
        return outcome


def _deploy(own: Session, parts: ReleaseParts, asked: Asked, given: Mapping[str, Any]) -> Outcome:
    version, sha256 = _text(given, "version") or None, _text(given, "sha256") or None
    fit_words(version, sha256)
    artefact = artefact_of(
        _file(given.get("file")),
        parts.workload,
        version=version,
        sha256=sha256,
        signature=Path(_text(given, "signature")).expanduser() if _text(given, "signature") else None,
    )
    order = releases.Order(
        artefact=artefact, force=_yes(given, "force"), contract=_yes(given, "contract"), reason=_text(given, "reason")
    )
    if not asked.check:
        return _told(own, releases.deploy(order, parts, _teller(own)))
    found = releases.prospect(order, parts, _teller(own))
    document = release_view.plan(own, parts.workload.key, found)
    shown = own.out.as_text(release_view.draw_plan(own, document))
    text = own.out.say("playing.nothing" if found.nothing else "playing.waits")
    return Outcome(changed=not found.nothing, text=text, plan="" if found.nothing else shown)


def _rollback(own: Session, parts: ReleaseParts, asked: Asked, given: Mapping[str, Any]) -> Outcome:
    to = _text(given, "to") or None
    if not asked.check:
        force, reason = _yes(given, "force"), _text(given, "reason")
        return _told(own, release_back.rollback(parts, to, reason=reason, force=force, heard=_teller(own)))
    found = release_back.prospect(parts, to, force=_yes(given, "force"), heard=_teller(own))
    document = release_view.back(own, parts.workload.key, found)
    shown = own.out.as_text(release_view.draw_back(own, document))
    text = own.out.say("playing.nothing" if found.nothing else "playing.waits")
    return Outcome(changed=not found.nothing, text=text, plan="" if found.nothing else shown)


def _told(own: Session, report: Report) -> Outcome:
    if report.error is not None:
        return failure(own.out, report.error)
    document = release_view.run(own, report)
    shown = own.out.as_text(release_view.draw_run(own, document))
    changed = report.result != "nothing"
    return Outcome(changed=changed, text=shown if changed else own.out.say("playing.nothing"), plan=shown if changed else "")


def _teller(own: Session) -> Any:
    def heard(event: ReleaseEvent) -> None:
        with own.out.progress() as tell:
            tell(own.out.say(event.code, **event.fields))

    return heard


def _file(value: object) -> Path:
    if not value:
        raise UsageError("playing.release_file")
    return Path(str(value)).expanduser()


def _text(given: Mapping[str, Any], name: str) -> str:
    return str(given.get(name) or "").strip()


def _yes(given: Mapping[str, Any], name: str) -> bool:
    """As Ansible's own words for it are read."""
    return str(given.get(name) or "").strip().lower() in ("true", "yes", "1", "on")
