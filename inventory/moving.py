"""A stage's opening to another day: `opens` is the new one, the old one stays under `moved` with the reason.

Everything else in stages.yaml stays byte for byte; and what would be written was first found whole, with all the other files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Final

from inventory import edits
from inventory.findings import Finding, finding_at, nearest
from inventory.load import Judgement, TruthInvalid, judge, read_folder
from inventory.server_model import Stage
from inventory.writing import replace_file

_FILE: Final = "stages.yaml"
_LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMove:
    """What moving would do. `before` and `after` are the whole of stages.yaml; `findings` has no errors."""

    stage: str
    was: date
    opens: date
    reason: str
    before: bytes
    after: bytes
    findings: tuple[Finding, ...]


def move_stage(folder: FilePath | str, stage: str, opens: date, reason: str, *, today: date | None = None) -> StageMove:
    """The stage of this key opens on another day, earlier or later; writes nothing.

    Raises TruthInvalid with every finding: of the folder as it is, of the words, or of the regency as it would be.
    """
    files, unread = read_folder(FilePath(folder))
    now = judge(files, unread, today=today)
    if now.regency is None:
        raise TruthInvalid(now.findings)
    reason = " ".join(reason.split())
    here = next((i for i, each in enumerate(now.regency.stages) if each.key == stage), None)
    if here is None:
        known = [each.key for each in now.regency.stages]
        raise TruthInvalid((finding_at("move.no_stage", _FILE, stage=stage, **nearest(stage, known)),))
    held = now.regency.stages[here]
    _reasonable(now, here, held, opens, reason)
    text = _moved(now, here, held, opens, reason)
    raw = files[_FILE]
    after = raw[: len(raw) - len(now.sources[_FILE.removesuffix(".yaml")].text.encode())] + text.encode()
    then = judge({**files, _FILE: after}, unread, today=today)
    if then.regency is None:
        raise TruthInvalid(then.findings)
    told = then.regency.stages[here]
    if (told.opens, [(each.was, each.reason) for each in told.moved[-1:]]) != (opens, [(held.opens, reason)]):
        raise TruthInvalid((_by_hand(now, here, held, "opens"),))
    return StageMove(
        stage=stage, was=held.opens, opens=opens, reason=reason, before=raw, after=after, findings=then.findings
    )  # fmt: skip


def apply_move(folder: FilePath | str, move: StageMove) -> None:
    """Write stages.yaml in one step. Raises TruthInvalid, nothing written."""
    replace_file(FilePath(folder), _FILE, move.before, move.after, moved="move.changed", unwritable="move.unwritable")


def _reasonable(now: Judgement, here: int, held: Stage, opens: date, reason: str) -> None:
    line = now.sources["stages"].line(("stages", here, "opens"))
    if opens == held.opens:
        raise TruthInvalid((finding_at("move.same_day", _FILE, line, stage=held.key, opens=opens),))
    if not reason or len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise TruthInvalid((finding_at("move.reason", _FILE, line, stage=held.key, most=_LONGEST_REASON),))


def _moved(now: Judgement, here: int, held: Stage, opens: date, reason: str) -> str:
    source = now.sources["stages"]
    item = edits.items(source, "stages")[here]
    was = {"was": held.opens.isoformat(), "reason": reason}
    try:
        made = (
            edits.set_value(source, item, "opens", opens.isoformat()),
            edits.append_value(source, item, "moved", was),
        )
    except edits.NeedsHand as error:
        raise TruthInvalid((_by_hand(now, here, held, error.field),)) from error
    return edits.apply_edits(source.text, made)


def _by_hand(now: Judgement, here: int, held: Stage, field: str) -> Finding:
    line = now.sources["stages"].line(("stages", here, field))
    return finding_at("move.by_hand", _FILE, line, stage=held.key, field=field)
