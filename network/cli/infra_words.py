"""What builders and machines say in codes, in the reader's words: kinds, operations, contract lines, states, sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from network.cli.words import decimal

if TYPE_CHECKING:
    from network.cli.session import Session
    from network.messages import Language

_OPERATIONS: Final = ("create", "update", "record", "delete", "replace", "same", "refresh", "read")
_RENTED: Final = ("address", "attachment", "group", "key", "machine", "network", "router", "volume")
_RENTING: Final = ("create", "update", "replace", "delete")
_LINES: Final = ("cpus", "memory", "network", "model", "os", "serial", "machine_id", "power", "boot", "media", "node")
_DISK: Final = re.compile(r"disk-([0-9]{1,4})")
_STATES: Final = {
    "absent": "absent",
    "alias": "enabled",
    "closed": "closed",
    "disabled": "disabled",
    "empty": "empty",
    "enabled": "enabled",
    "enabled-runtime": "enabled",
    "generated": "enabled",
    "indirect": "disabled",
    "linked": "enabled",
    "linked-runtime": "enabled",
    "login": "login",
    "masked": "masked",
    "masked-runtime": "masked",
    "no login": "no_login",
    "none": "none",
    "not a plain file": "not_plain",
    "off": "off",
    "on": "on",
    "open": "open",
    "present": "present",
    "readable": "readable",
    "running": "running",
    "static": "disabled",
    "stopped": "stopped",
}
"""What stands in the place of a value, and the word that says it."""
_SECTIONS: Final = ("files", "groups", "host_keys", "keys", "packages", "passwords", "ports", "services", "users")
_SILENCES: Final = (
    *("bmc_certificate", "bmc_login_refused", "bmc_unreachable", "cut", "host_key_unknown", "login_refused", "no_ssh"),
    *("timed_out", "unknown_server", "unreachable", "cloud_away", "cloud_login", "cloud_unknown"),
)
"""Why a machine could not be looked at: those that there are short words for."""
_SILENT_CODE: Final = re.compile(r"infra\.([a-z_]{1,40})")
_MEASURE: Final = re.compile(r"(?<![0-9.,])[0-9]{1,9}\.[0-9]{1,3}(?= (?:[kKMGTP]?i?B|[kMG]?bit/s)\b)")
_DIGEST: Final = re.compile(r"\bsha256:([0-9a-f]{12})[0-9a-f]{52}\b")


def kind_text(own: Session, kind: str) -> str:
    """The kind in the reader's words; one that we do not know as it stands."""
    from network.core.build_words import KINDS

    return own.out.say(f"infra.kind.{kind}") if kind in KINDS else kind


def operation_text(own: Session, operation: str) -> str:
    return own.out.say(f"infra.operation.{operation}") if operation in _OPERATIONS else operation or "–"


def server_operation_text(own: Session, server: str, operation: str) -> str:
    """Of a server, or of the ground in a cloud on which rented ones stand: what is not leased is not taken over but rented."""
    rented = operation == "create" and all(each.key != server for each in own.regency.servers)
    return own.out.say("infra.renting.create") if rented else operation_text(own, operation)


def renting_text(own: Session, server: str, kind: str, operation: str) -> tuple[str, str]:
    """What something is called, with its kind where it is rented, and what is done with it."""
    if kind not in _RENTED:
        return server, operation_text(own, operation)
    told = own.out.say(f"infra.renting.{operation}") if operation in _RENTING else operation_text(own, operation)
    return f"{server} ({own.out.say(f'infra.rented.{kind}')})", told


def line_text(own: Session, name: str) -> str:
    """A line of a contract, or a thing of the hardware."""
    disk = _DISK.fullmatch(name)
    if disk is not None:
        return own.out.say("infra.line.disk", number=disk[1])
    return own.out.say(f"infra.line.{name}") if name in _LINES else name


def name_text(own: Session, kind: str, name: str) -> str:
    """What a difference is about, where that is a word of ours."""
    if kind in ("short_of_contract", "memory_changed", "cpus_changed", "power_changed", "boot_changed", "media_changed"):
        return line_text(own, name)
    if kind == "record_missing":
        return own.out.say(f"infra.section.{name}") if name in _SECTIONS else line_text(own, name)
    return name


def value_text(own: Session, value: str) -> str:
    """What is wanted or found: words of ours in the reader's language, digests short, sizes as the language writes numbers."""
    if value in _STATES:
        return own.out.say(f"infra.word.{_STATES[value]}")
    code = _SILENT_CODE.fullmatch(value)
    if code is not None:
        return own.out.say(f"infra.silence.{code[1]}" if code[1] in _SILENCES else "infra.silence.strange")
    return measures(_DIGEST.sub(r"sha256:\1…", value), own.language)


def measures(text: str, language: Language) -> str:
    return _MEASURE.sub(lambda found: decimal(found[0], language), text)
