"""What is not as it was when the machine was accepted. Pure: two snapshots in, differences out.

Nothing that moves by itself is compared, so a machine that nobody touches has no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from infra.contract import size_text
from infra.entrances import entrances
from infra.facts import Difference, Disk, Key, Port, Service, Snapshot
from infra.listening import EPHEMERAL
from infra.repair import mending
from infra.units import ENABLED

WOBBLE: Final = 50
"""One part in so many of the memory may come and go: another kernel keeps another part for itself. A module that is pulled is
more: machines have at most 32."""

_GONE: Final = "absent"


def compare(baseline: Snapshot, live: Snapshot) -> tuple[Difference, ...]:
    """In an order in which they can be mended: packages before the services that they bring."""
    lost = sorted(set(live.lacking) - set(baseline.lacking) - _unlooked(baseline))
    skipped = {*baseline.lacking, *live.lacking}
    found = [Difference(kind="record_missing", name=name, wanted="readable", found=_GONE) for name in lost]
    found += _hardware(baseline, live)
    if "packages" not in skipped:
        found += _packages(baseline.packages, live.packages)
    if "services" not in skipped:
        found += _services(baseline.services, live.services)
    if "ports" not in skipped:
        found += _ports(baseline.ports, live.ports)
    found += _keys(baseline.keys, live.keys)
    found += _unread(baseline.unread, live.unread)
    found += _users(baseline, live)
    found += entrances(baseline, live)
    found += _host_keys(baseline.host_keys, live.host_keys)
    return tuple(_with_mending(one, baseline, live) for one in found)


def _unlooked(baseline: Snapshot) -> set[str]:
    """Sections that nobody looked at yet when it was taken: they cannot be lost since."""
    told = {"files": baseline.doors, "passwords": baseline.passwords, "groups": baseline.members}
    return {name for name, seen in told.items() if seen is None}


def _with_mending(one: Difference, baseline: Snapshot, live: Snapshot) -> Difference:
    """Whether commands can mend it, and if not, why."""
    way = mending(one, baseline, live)
    return one.model_copy(update={"mend": "repair"} if way.script is not None else {"reason": way.reason})


def _hardware(baseline: Snapshot, live: Snapshot) -> Iterator[Difference]:
    if live.cpus != baseline.cpus:
        yield Difference(kind="cpus_changed", name="cpus", wanted=str(baseline.cpus), found=str(live.cpus))
    if abs(live.memory - baseline.memory) * WOBBLE > baseline.memory:
        yield Difference(kind="memory_changed", name="memory", wanted=_memory(baseline), found=_memory(live))
    yield from _disks(baseline.disks, live.disks)


def _memory(snapshot: Snapshot) -> str:
    return size_text(snapshot.memory, 1024)


def _disks(baseline: tuple[Disk, ...], live: tuple[Disk, ...]) -> Iterator[Difference]:
    """A disk is known by its serial, else by size and model: its name may be another after a restart."""
    left = Counter((disk.serial, disk.size, disk.model) for disk in live)
    for disk in baseline:
        same = (disk.serial, disk.size, disk.model)
        if left[same]:
            left[same] -= 1
            continue
        now = next((one for one in live if disk.serial and one.serial == disk.serial), None) or next(
            (one for one in live if one.name == disk.name), None
        )
        if now is None:
            yield Difference(kind="disk_missing", name=disk.name, wanted=_shown(disk), found=_GONE)
        else:
            yield Difference(kind="disk_changed", name=disk.name, wanted=_shown(disk), found=_shown(now))


def _shown(disk: Disk) -> str:
    return " ".join(part for part in (size_text(disk.size, 1000), disk.model[:80], disk.serial[:80]) if part)


def _packages(baseline: dict[str, str], live: dict[str, str]) -> Iterator[Difference]:
    for name in sorted(baseline.keys() | live.keys()):
        wanted, found = baseline.get(name), live.get(name)
        if wanted is None:
            yield Difference(kind="package_added", name=name, wanted=_GONE, found=found or "")
        elif found is None:
            yield Difference(kind="package_removed", name=name, wanted=wanted, found=_GONE)
        elif found != wanted:
            yield Difference(kind="package_changed", name=name, wanted=wanted, found=found)


def _services(baseline: dict[str, Service], live: dict[str, Service]) -> Iterator[Difference]:
    """A unit that is gone from `live` is neither loaded nor wanted by anything. What only ran this time (`-runtime`) or comes
    from an old script is loaded as long as it is wanted, so its absence says no more than that it stopped."""
    for name, was in sorted(baseline.items()):
        now = live.get(name, Service(enabled="", active="stopped"))
        lasting = name in live or was.enabled == "enabled"
        if was.enabled in ENABLED and now.enabled not in ENABLED and lasting:
            yield Difference(kind="service_disabled", name=name, wanted=was.enabled, found=now.enabled or _GONE)
        if was.active == "running" and now.active == "stopped":
            yield Difference(kind="service_stopped", name=name, wanted="running", found="stopped" if name in live else _GONE)
    yield from _added(baseline, live)


def _added(baseline: dict[str, Service], live: dict[str, Service]) -> Iterator[Difference]:
    """What starts by itself and did not. Of a template that did, any name may come (`getty@tty2`): systemd calls them all so."""
    templates = {_template(name) for name, was in baseline.items() if was.enabled in ENABLED} - {""}
    for name, now in sorted(live.items()):
        was = baseline.get(name)
        if now.enabled in ENABLED and (was is None or was.enabled not in ENABLED) and _template(name) not in templates:
            yield Difference(kind="service_added", name=name, wanted=was.enabled if was else _GONE, found=now.enabled)


def _template(name: str) -> str:
    """Empty of a unit that is none's instance."""
    before, at, _ = name.partition("@")
    return before if at else ""


def _ports(baseline: tuple[Port, ...], live: tuple[Port, ...]) -> Iterator[Difference]:
    was = {port.name: port for port in baseline}
    now = {port.name: port for port in live}
    opened = [port for name, port in now.items() if name not in was]
    closed = [port for name, port in was.items() if name not in now]
    for port in list(opened):
        before = next((one for one in closed if _renumbered(one, port)), None)
        if before is not None:
            opened.remove(port)
            closed.remove(before)
    for port in opened:
        yield Difference(kind="port_opened", name=port.name, wanted="closed", found=_holder(port))
    for port in closed:
        yield Difference(kind="port_closed", name=port.name, wanted=_holder(port), found="closed")


def _renumbered(before: Port, after: Port) -> bool:
    """One port of one program, for which the kernel chose another number when it started again."""
    alike = (before.proto, before.reach, before.process) == (after.proto, after.reach, after.process)
    return alike and bool(after.process) and min(before.number, after.number) >= EPHEMERAL


def _holder(port: Port) -> str:
    return port.unit or port.process or "open"


def _keys(baseline: tuple[Key, ...], live: tuple[Key, ...]) -> Iterator[Difference]:
    was, now = _by_name(baseline), _by_name(live)
    for name in sorted(now.keys() - was.keys()):
        yield Difference(kind="key_added", name=name, wanted=_GONE, found=now[name].comment or now[name].type)
    for name in sorted(was.keys() - now.keys()):
        yield Difference(kind="key_removed", name=name, wanted=was[name].comment or was[name].type, found=_GONE)


def _unread(baseline: tuple[str, ...], live: tuple[str, ...]) -> Iterator[Difference]:
    """sshd may take keys from it when nobody looks. One that can be read again is compared by its keys."""
    for name in sorted(set(live) - set(baseline)):
        yield Difference(kind="keys_unread", name=name, wanted="readable", found="not a plain file")


def _by_name(keys: Iterable[Key]) -> dict[str, Key]:
    return {key.name: key for key in keys}


def _users(baseline: Snapshot, live: Snapshot) -> Iterator[Difference]:
    """An account that was there before, and can log in since, is no new one."""
    before, after = set(baseline.accounts or ()), set(live.accounts or ())
    for name in sorted(set(live.users) - set(baseline.users)):
        if name in before:
            yield Difference(kind="login_enabled", name=name, wanted="no login", found="login")
        else:
            yield Difference(kind="user_added", name=name, wanted=_GONE, found="present")
    for name in sorted(set(baseline.users) - set(live.users)):
        if name in after:
            yield Difference(kind="login_disabled", name=name, wanted="login", found="no login")
        else:
            yield Difference(kind="user_removed", name=name, wanted="present", found=_GONE)


def _host_keys(baseline: dict[str, str], live: dict[str, str]) -> Iterator[Difference]:
    for name in sorted(baseline.keys() | live.keys()):
        wanted, found = baseline.get(name, _GONE), live.get(name, _GONE)
        if wanted != found:
            yield Difference(kind="host_key", name=name, wanted=wanted, found=found)
