"""The three blocks of addresses that `lajur init` asks for: what each must have room for is known before it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from inventory.start_table import Table
from network.cli.interview import Interview, Question
from network.errors import UsageError

_LARGEST: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """`usual`, `of_lab`: what is proposed, and in a lab, whose addresses are its own. `longest`: the longest prefix that is taken
    whatever is needed. `unit`: the prefix length of one piece; `lost` pieces of a block are nobody's."""

    code: str
    usual: IPv4Network
    of_lab: IPv4Network
    longest: int
    unit: int
    lost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """`count` pieces are to be made; `given` stand in the table already, and are not given away again."""

    count: int
    offices: int = 0
    given: tuple[IPv4Network, ...] = ()


_ASKED: Final = (
    _Asked(
        code="init.ask.management",
        usual=IPv4Network("10.10.0.0/23"),
        of_lab=IPv4Network("100.65.0.0/23"),
        longest=29,
        unit=32,
        lost=2,
    ),
    _Asked(
        code="init.ask.links",
        usual=IPv4Network("10.11.0.0/23"),
        of_lab=IPv4Network("100.68.0.0/23"),
        longest=30,
        unit=31,
    ),
    _Asked(
        code="init.ask.lans",
        usual=IPv4Network("10.20.0.0/16"),
        of_lab=IPv4Network("100.72.0.0/16"),
        longest=24,
        unit=24,
    ),
)


def ask_blocks(table: Table | None, uplinks: int, *, practice: bool) -> Interview[list[IPv4Network]]:
    """Management, links, LANs: apart from each other, and with room for every office of the table."""
    found: list[IPv4Network] = []
    for asked, need in zip(_ASKED, _needs(table, uplinks), strict=True):
        proposed = _enough(asked, need, asked.of_lab if practice else asked.usual)
        fits = proposed is not None and not any(proposed.overlaps(other) for other in found)
        default = str(proposed) if fits else None
        found.append((yield Question(code=asked.code, read=_reader(asked, need, tuple(found)), default=default)))
    return found


def _needs(table: Table | None, uplinks: int) -> tuple[_Need, _Need, _Need]:
    if table is None:
        return _Need(count=0), _Need(count=0), _Need(count=0)
    offices, hubs = table.offices, len(table.hubs)
    addresses = tuple(IPv4Network(each.router.address) for each in offices if each.router.address is not None)
    lans = tuple(each.lan for each in offices if each.lan is not None)
    count = len(offices)
    return (
        _Need(count=2 + hubs + count - len(addresses), offices=count, given=addresses),
        _Need(count=uplinks + hubs + count, offices=count),
        _Need(count=count - len(lans), offices=count, given=lans),
    )


def _has_room(asked: _Asked, need: _Need, block: IPv4Network) -> bool:
    taken = sum(_pieces(asked, each) for each in need.given if each.overlaps(block))
    return _pieces(asked, block) - asked.lost - taken >= need.count


def _pieces(asked: _Asked, network: IPv4Network) -> int:
    """How many pieces the network has, or touches."""
    return 1 << max(0, asked.unit - network.prefixlen)


def _enough(asked: _Asked, need: _Need, block: IPv4Network) -> IPv4Network | None:
    """The block, or as much around it as is needed."""
    wider = (block.supernet(new_prefix=length) for length in range(block.prefixlen, _LARGEST - 1, -1))
    return next((each for each in wider if _has_room(asked, need, each)), None)


def _reader(asked: _Asked, need: _Need, others: Sequence[IPv4Network]) -> Callable[[str], IPv4Network]:
    def read(text: str) -> IPv4Network:
        try:
            block = IPv4Network(text)
        except ValueError as error:
            raise UsageError("init.wrong.prefix", value=text[:100]) from error
        if not _LARGEST <= block.prefixlen <= asked.longest:
            raise UsageError("init.wrong.size", value=text, longest=asked.longest)
        for other in others:
            if block.overlaps(other):
                raise UsageError("init.wrong.overlap", value=text, other=str(other))
        if not _has_room(asked, need, block):
            enough = _enough(asked, need, block) or "-"
            raise UsageError("init.wrong.room", value=text, offices=need.offices, enough=str(enough))
        return block

    return read
