"""A regency's folder into one value, or into every finding at once. The only reader of the truth; never reads outside it.

Three steps, each of which tells all that it can: read (bytes of the known files), shape (each file by itself), rules (how the
files agree; only when all shapes hold).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import IPv4Network
from pathlib import Path as FilePath
from typing import Any, Final

from inventory import rules
from inventory.cloud_model import CloudsFile
from inventory.findings import Finding, finding_at, has_errors, nearest, warning_at
from inventory.regency import FILES, OPTIONAL, LinksFile, Regency
from inventory.server_model import ServersFile
from inventory.shapes import network_of, shape
from inventory.source import Source, Unreadable, decode, parse
from inventory.values import Truth

SHIPPED: Final = FilePath(__file__).parent / "regencies"
"""The regencies that come with the toolkit, one folder each; all are illustrative."""

LARGEST_FILE: Final = 4 * 1024 * 1024
_LIST_FILES: Final = ("uplinks", "hubs", "links", "devices", "offices", "applications", "windows", *sorted(OPTIONAL))


class TruthInvalid(Exception):
    """The files do not hold together. `findings` has all that is wrong, warnings included."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{each.file}:{each.line}: {each.code}" for each in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What reading gave. `regency` is None exactly when a finding is an error."""

    regency: Regency | None
    findings: tuple[Finding, ...]
    sources: Mapping[str, Source]

    def beside(self, more: Iterable[Finding]) -> tuple[Finding, ...]:
        """All findings and `more`, which say where by path: who may look further than the truth adds what it saw."""
        return _in_order([*self.findings, *(_placed(each, self.sources) for each in more)])


def load_regency(folder: FilePath | str, *, today: date | None = None) -> Regency:
    """The regency of this folder. Raises TruthInvalid when anything is wrong. Contract dates count only with `today`."""
    judged = judge_folder(FilePath(folder), today=today)
    if judged.regency is None:
        raise TruthInvalid(judged.findings)
    return judged.regency


def check(folder: FilePath | str, *, today: date | None = None) -> tuple[Finding, ...]:
    """Every finding about this folder: errors, warnings, notes; in the order of the files. Never raises."""
    return judge_folder(FilePath(folder), today=today).findings


def judge_folder(folder: FilePath, *, today: date | None = None) -> Judgement:
    judged = judge(*read_folder(folder), today=today)
    regency = judged.regency
    if regency is None or regency.head.key == folder.resolve().name:
        return judged
    place = "regency.yaml", judged.sources["regency"].line(("key",))
    unlike = warning_at("folder.key", *place, folder=folder.resolve().name, key=regency.head.key)
    return replace(judged, findings=_in_order([*judged.findings, unlike]))


def read_folder(folder: FilePath) -> tuple[dict[str, bytes], list[Finding]]:
    """The bytes of the files that belong to a regency, by relative name, and what stood in the way."""
    files: dict[str, bytes] = {}
    if not folder.is_dir():
        known = [each.name for each in SHIPPED.iterdir() if each.is_dir()]
        return files, [finding_at("folder.missing", "", folder=folder, **nearest(folder.name, known))]
    findings: list[Finding] = []
    for name in _names(folder, findings):
        content = _read(folder, name)
        if isinstance(content, bytes):
            files[name] = content
        else:
            findings.append(content)
    return files, findings


def judge(files: Mapping[str, bytes], findings: list[Finding], *, today: date | None = None) -> Judgement:
    """Shape and rules of these bytes; `findings` are those that reading them gave already."""
    found = list(findings)
    sources: dict[str, Source] = {}
    shapes: dict[str, Truth] = {}
    for stem, model in FILES.items():
        judged = _shape(f"{stem}.yaml", model, files, found)
        if judged is not None:
            sources[stem], shapes[stem] = judged
    prefixes = {name: _prefixes(name, raw, found) for name, raw in files.items() if name.startswith("prefixes/")}
    regency = None
    if shapes.keys() >= FILES.keys() - OPTIONAL and not has_errors(found):
        regency = _join(shapes, prefixes, found)
        found += [_placed(each, sources) for each in rules.check(regency, today=today)]
    return Judgement(regency=None if has_errors(found) else regency, findings=_in_order(found), sources=sources)


def _names(folder: FilePath, findings: list[Finding]) -> list[str]:
    """The files to read. Says what lies there unread; files that begin with a dot belong to editors."""
    wanted = [f"{stem}.yaml" for stem in FILES]
    there = _listed(folder, "", findings)
    for name in there:
        if name not in wanted and name not in ("prefixes", "README.md"):
            say = finding_at if name.endswith((".yaml", ".yml")) else warning_at
            findings.append(say("file.unknown", name, **nearest(name, wanted)))
    findings += [
        finding_at("file.missing", f"{stem}.yaml") for stem in FILES if stem not in OPTIONAL and f"{stem}.yaml" not in there
    ]
    lists = folder / "prefixes"
    if lists.is_symlink():
        findings.append(finding_at("file.outside", "prefixes"))
    elif lists.is_dir():
        there += [f"prefixes/{name}" for name in _listed(lists, "prefixes", findings) if name.endswith(".txt")]
    return [name for name in there if name in wanted or name.startswith("prefixes/")]


def _listed(folder: FilePath, name: str, findings: list[Finding]) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
    except OSError as error:
        findings.append(finding_at("file.unreadable", name, reason=errno.errorcode.get(error.errno or 0, "?")))
        return []


def _read(folder: FilePath, name: str) -> bytes | Finding:
    """One regular file, at most LARGEST_FILE. A link is refused, so that nothing outside the folder is read."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return finding_at("file.outside", name)
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR):
            return finding_at("file.outside", name)
        return finding_at("file.unreadable", name, reason=errno.errorcode.get(error.errno or 0, "?"))
    if len(content) > LARGEST_FILE:
        return finding_at("file.too_large", name, most=LARGEST_FILE // 1024)
    return content


def _shape(name: str, model: type[Truth], files: Mapping[str, bytes], found: list[Finding]) -> tuple[Source, Truth] | None:
    if name not in files:
        return None
    try:
        source = parse(name, files[name])
    except Unreadable as error:
        found += error.findings
        return None
    judged = shape(model, source)
    if isinstance(judged, Truth):
        return source, judged
    found += judged
    return None


def _prefixes(name: str, raw: bytes, found: list[Finding]) -> tuple[IPv4Network, ...]:
    """A prefix a line; text after # is a comment."""
    try:
        text = decode(name, raw)
    except Unreadable as error:
        found += error.findings
        return ()
    networks: dict[IPv4Network, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        written = line.partition("#")[0].strip()
        if not written:
            continue
        network = network_of(written)
        if network is None:
            found.append(finding_at("shape.prefix", name, number, field=name, value=written))
            continue
        if str(network) != written and str(network) != f"{written}/32":
            found.append(finding_at("shape.prefix_host", name, number, field=name, value=written, network=network))
            continue
        first = networks.setdefault(network, number)
        if first != number:
            found.append(finding_at("prefixes.twice", name, number, prefix=network, first=first))
    if not networks:
        found.append(finding_at("prefixes.nothing", name, 1))
    return tuple(networks)


def _join(shapes: Mapping[str, Truth], prefixes: Mapping[str, tuple[IPv4Network, ...]], found: list[Finding]) -> Regency:
    parts: dict[str, Any] = {stem: getattr(shapes[stem], stem) for stem in _LIST_FILES if stem in shapes}
    named = {uplink.key: uplink.destinations for uplink in parts["uplinks"] if uplink.destinations}
    found += [warning_at("prefixes.unused", name) for name in prefixes if name not in named.values()]
    lists = {key: prefixes[name] for key, name in named.items() if name in prefixes}
    links = shapes["links"]
    assert isinstance(links, LinksFile)
    parts |= {"head": shapes["regency"], "policy": shapes["policy"], "calendar": shapes["calendar"], "ospf": links.ospf}
    servers = shapes.get("servers")
    if isinstance(servers, ServersFile) and servers.segment is not None:
        parts["segment"] = servers.segment.network
    clouds = shapes.get("clouds")
    if isinstance(clouds, CloudsFile):
        parts |= {"cloud_servers": clouds.cloud_servers, "capacity": clouds.capacity}
    return Regency(prefixes=lists, **parts)


def _placed(each: Finding, sources: Mapping[str, Source]) -> Finding:
    """The finding of a rule with its file and line."""
    stem = str(each.path[0])
    source = sources[stem]
    inside_list = stem in _LIST_FILES and not isinstance(next(iter(each.path[1:]), 0), str)
    path = each.path if inside_list else each.path[1:]
    return replace(each, file=source.name, line=source.line(path))


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    order = {f"{stem}.yaml": position for position, stem in enumerate(FILES)}
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda each: (order.get(each.file, len(order)), each.file, each.line, each.code)))
