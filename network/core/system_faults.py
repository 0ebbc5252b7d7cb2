"""Where the fault lies when systems do not answer: the system, the office's own way, an uplink, a certificate. Pure.

A system that answers nobody is down, and no bandwidth helps it; one that answers others and not this office has a fault on
the office's own way. What could not be asked is unknown and never counts as a failure of the system.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from inventory.regency import Regency
from network.core.coverage import path
from network.core.reason import Reason
from network.core.systems import AT_LEAST, THERE, Board, Extent, Remark, System, Why, Word


def judge(regency: Regency, board: Board) -> tuple[Remark, ...]:
    """Where the faults lie, the widest first. What explains several is told once."""
    dead = tuple(_dead_uplinks(board))
    told = {each.key for each in board.systems if each.uplink in {uplink for uplink, _ in dead}}
    remarks = [
        _remark("uplink", "uplink", uplink=uplink or "–", systems=_list(each.key for each in there)) for uplink, there in dead
    ]
    remarks += _unreached(regency, board)
    cut_off = [office for office in board.offices if _is_cut_off(board, office)]
    remarks += [_remark("office", "office", office=office, links=_links(regency, office)) for office in cut_off]
    for system in board.systems:
        if system.key not in told:
            remarks += _of_system(board, system, frozenset(cut_off))
    remarks += _slow(board)
    without = [office for office in board.offices if _has_no_source(board, office)]
    if without:
        remarks.append(_remark("no_source", "no_source", grave=False, offices=_list(without), count=len(without)))
    return tuple(remarks)


def _dead_uplinks(board: Board) -> Iterator[tuple[str | None, tuple[System, ...]]]:
    """Uplinks by which nothing at all answers, with at least two systems to say so: not two owners fail in one minute."""
    for uplink in dict.fromkeys(each.uplink for each in board.systems):
        there = tuple(each for each in board.systems if each.uplink == uplink)
        words = [word for each in there for word in board.column(each.key).values()]
        nowhere = all(board.extent(each.key) is Extent.NOWHERE for each in there)
        if len(there) >= AT_LEAST and words and nowhere and all(word is Word.SILENT for word in words):
            yield uplink, there


def _unreached(regency: Regency, board: Board) -> Iterator[Remark]:
    """Offices whose router does not answer, by the link that would explain most of them: a hub's where no office of it does."""
    asked = {office: regency.office(office) for office in board.offices}
    reached_hubs = {each.hub for key, each in asked.items() if key not in board.unreached}
    found: dict[str, list[str]] = {}
    for key in board.unreached:
        links = path(regency, asked[key])
        alone = [link.key for link in links if link.key != links[0].key or asked[key].hub not in reached_hubs]
        found.setdefault(", ".join(dict.fromkeys(alone)), []).append(key)
    for named, offices in found.items():
        cause = board.unreached[offices[0]]
        yield _remark("unreached", "unreached", offices=_list(offices), count=len(offices), links=named, cause=cause)


def _is_cut_off(board: Board, office: str) -> bool:
    """Nothing answers here, and each of it answers somewhere else."""
    if office in board.unreached or len(board.offices) < AT_LEAST:
        return False
    words = {each.key: board.cell(office, each.key).word for each in board.systems}
    if len(words) < AT_LEAST or any(word is not Word.SILENT for word in words.values()):
        return False
    return any(word in THERE for key in words for other, word in board.column(key).items() if other != office)


def _of_system(board: Board, system: System, cut_off: frozenset[str]) -> Iterator[Remark]:
    heard = board.column(system.key)
    for word in (Word.CERTIFICATE, Word.PAGE):
        offices = [office for office, said in heard.items() if said is word]
        if offices:
            why = _whys(board, system.key, offices)
            code = word.value if len(offices) == len(heard) else f"{word.value}_some"
            yield _remark(
                code, word.value, system=system.key, owner=system.owner, offices=_list(offices), count=len(offices), why=why
            )
    silent = [office for office, word in heard.items() if word is Word.SILENT]
    if silent and len(silent) == len(heard):
        code = "down" if len(silent) >= AT_LEAST else "silent_alone"
        why = _whys(board, system.key, silent)
        yield _remark(code, code, system=system.key, owner=system.owner, count=len(silent), offices=_list(silent), why=why)
    elif here := [office for office in silent if office not in cut_off]:
        why = _whys(board, system.key, here)
        yield _remark(
            "silent_some", "silent_some", system=system.key, owner=system.owner, offices=_list(here), count=len(here), why=why
        )
    unclear = [office for office, word in heard.items() if word is Word.UNCLEAR]
    if unclear:
        yield _remark(
            "unclear", "unclear", grave=False, system=system.key, owner=system.owner, offices=_list(unclear), count=len(unclear)
        )
    unasked = [office for office in board.offices if office not in board.unreached and _could_not(board, office, system)]
    if unasked:
        yield _remark(
            "unasked", "unasked", grave=False, system=system.key, owner=system.owner, offices=_list(unasked), count=len(unasked)
        )


def _could_not(board: Board, office: str, system: System) -> bool:
    """Its router was there, and had no way to ask."""
    cell = board.cell(office, system.key)
    return cell.answer is not None and cell.word is Word.UNASKED


def _slow(board: Board) -> Iterator[Remark]:
    """Slow from everywhere is the system's; slow from one office, with all that it asks, is the office's own way: full."""
    slow = {each.key: [key for key, word in board.column(each.key).items() if word is Word.SLOW] for each in board.systems}
    full = [office for office in board.offices if _is_slow_here(board, office)]
    if full:
        yield _remark("full", "full", grave=False, offices=_list(full), count=len(full))
    for system in board.systems:
        heard, late = board.column(system.key), [office for office in slow[system.key] if office not in full]
        if late:
            whole = len(late) == len(heard) >= AT_LEAST
            code = "slow" if whole else "slow_some"
            yield _remark(code, code, grave=False, system=system.key, owner=system.owner, offices=_list(late), count=len(late))


def _is_slow_here(board: Board, office: str) -> bool:
    words = [board.cell(office, each.key).word for each in board.systems if office not in board.unreached]
    if sum(word is Word.SLOW for word in words) < AT_LEAST or any(word is Word.ANSWERS for word in words):
        return False
    others = [word for each in board.systems for other, word in board.column(each.key).items() if other != office]
    return any(word is Word.ANSWERS for word in others)


def _has_no_source(board: Board, office: str) -> bool:
    answers = [board.cell(office, each.key).answer for each in board.systems]
    return office not in board.unreached and any(each is not None and not each.source for each in answers)


def _whys(board: Board, system: str, offices: Sequence[str]) -> tuple[Reason, ...]:
    """Every way in which it failed there, once."""
    found = [board.cell(office, system).answer for office in offices]
    fields = {(each.why, each.status) for each in found if each is not None and each.why is not Why.NONE}
    return tuple(
        Reason(code=f"systems.why.{why.value}", fields={"status": status or "–"})
        for why, status in sorted(fields, key=lambda each: (each[0].value, each[1] or 0))
    )


def _links(regency: Regency, office: str) -> str:
    return _list(link.key for link in path(regency, regency.office(office)))


_SHOWN: Final = 6
"""Offices that are named one by one; the table has them all."""


def _list(names: Iterable[str]) -> str:
    found = list(names)
    more = len(found) - _SHOWN
    return ", ".join(found if more <= 1 else [*found[:_SHOWN], f"… (+{more})"])


def _remark(what: str, then: str, *, grave: bool = True, **fields: object) -> Remark:
    return Remark(
        what=Reason(code=f"systems.{what}", fields=fields),
        next=Reason(code=f"systems.next.{then}", fields=fields),
        grave=grave,
    )
