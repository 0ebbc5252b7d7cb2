"""What the builder says, read: an event, an error, a result. Pure.

It came from machines and from another program, so nothing is taken as it stands: a code that is not in the vocabulary, a field
that is missing, a text without end are put right here, before anybody keeps or shows them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any, Final

from network.core.building import BuildEvent, DataTree, Difference
from network.errors import BuildError, LajurError, NeedsPerson, Refused

LONGEST_TEXT: Final = 2000
"""Characters of one text of the builder that are kept; what is longer ends in an ellipsis."""

_LONGEST_OUTPUT: Final = 1024 * 1024

UNHEARD: Final = "infra.unheard"
"""In the place of a code that the vocabulary does not know."""

KINDS: Final = frozenset(
    (
        *("service_stopped", "service_disabled", "service_added", "package_removed", "package_changed", "package_added"),
        *("port_opened", "port_closed", "disk_missing", "disk_changed", "memory_changed", "cpus_changed", "key_added"),
        *("key_removed", "keys_unread"),
        *("user_added", "user_removed", "host_key", "lease_expired", "unreachable", "record_missing"),
        *("truth_changed", "rented_changed", "rented_gone", "rented_orphan", "rented_begun", "rented_leaving"),
        *("power_changed", "boot_changed", "media_changed", "node_changed", "controller_unreachable", "short_of_contract"),
        *("login_enabled", "login_disabled", "file_added", "file_changed", "file_removed", "file_loose", "password_set"),
        *("password_changed", "password_removed", "password_empty", "member_added", "member_removed"),
    )
)
"""Kinds of difference that there are words for."""

REASONS: Final = frozenset(
    (
        *("hardware", "contract", "changed_by_hand", "not_ours_to_remove", "no_unit", "vital", "released", "name_refused"),
        *("host_key", "no_effect", "not_plain", "host_key_trusted", "file", "rights", "password", "member", "login"),
        *("tool_missing", "other_machine", "contract_short", "unreachable", "controller", "left_truth", "orphan", "cloud"),
        *("leaving", "rented_over"),
    )
)
"""Why a difference is for a person: those that there are words for."""

LEFT: Final = "infra.unknown_server"
"""What is found of one that could not be looked at because it left the truth before it was given back."""

OUTPUTS: Final = (
    *("server", "address", "port", "role", "names", "lease", "hostKey", "serial", "facts", "acceptance", "baseline", "drift"),
    "adopted",
)
"""What the state says of one server that was taken over. Nothing else is kept or shown of it."""

_ABSENT: Final = "–"

EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "infra.stage": "stage",
        "infra.resource": "server kind operation status seconds",
        "infra.accepted": "server report files",
        "infra.short": "server report files lines",
        "infra.now_short": "server report files lines",
        "infra.difference": "server kind name wanted found mend reason",
        "infra.accepted_difference": "server kind name wanted found mend reason",
        "infra.not_compared": "server",
        "infra.repaired": "server kind name",
        "infra.unrepaired": "server kind name wanted found mend reason",
        "infra.rebased": "server",
        "infra.released": "server proof files",
        "infra.gone": "server",
        "infra.wiping_data": "server files bytes",
        "infra.outputs": "outputs",
        "infra.lock_removed": "holder pid since",
        "infra.nothing_half_done": "",
        "infra.quotas": "cloud quotas",
        "infra.no_quotas": "cloud code why",
        "infra.cleared": "",
    }
)
"""What it tells while it works, and the fields of each."""

ERRORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "infra.abroad": "server number country",
        "infra.adopted_elsewhere": "server regency other",
        "infra.bmc_certificate": "server address pinned offered",
        "infra.bmc_elsewhere": "server address where",
        "infra.bmc_lacks": "server address doing what",
        "infra.bmc_login_refused": "server address user",
        "infra.bmc_no_effect": "server address doing seconds",
        "infra.bmc_not_understood": "server address doing reason",
        "infra.bmc_refused": "server address doing reason",
        "infra.bmc_unreachable": "server address reason",
        "infra.bmc_which_system": "server address wanted systems",
        "infra.cloud_away": "cloud what reason request",
        "infra.cloud_failed": "cloud what reason request",
        "infra.cloud_field": "cloud what reason request",
        "infra.cloud_forbidden": "cloud what reason request",
        "infra.cloud_foreign": "cloud what reason request",
        "infra.cloud_image_other": "cloud what reason request",
        "infra.cloud_in_use": "cloud what reason request",
        "infra.cloud_lacks": "cloud what reason request",
        "infra.cloud_login": "cloud what reason request",
        "infra.cloud_missing": "cloud what reason request",
        "infra.cloud_no_room": "cloud what reason request",
        "infra.cloud_other": "cloud what reason request",
        "infra.cloud_quota": "cloud what reason request",
        "infra.cloud_records": "cloud what reason request",
        "infra.cloud_timeout": "cloud what reason request",
        "infra.cloud_twice": "cloud what reason request",
        "infra.cloud_unknown": "cloud what reason request",
        "infra.cloud_unoffered": "cloud what reason request",
        "infra.command_failed": "server status reason",
        "infra.cut": "server address reason",
        "infra.engine_absent": "version",
        "infra.engine_died": "cause",
        "infra.engine_died_looking": "cause",
        "infra.host_key_changed": "server address pinned offered",
        "infra.host_key_unknown": "server address file",
        "infra.host_keys_unreadable": "server address file reason",
        "infra.interrupted": "",
        "infra.key_unreadable": "server user reason",
        "infra.ironic_busy": "server address node state holder doing",
        "infra.ironic_maintenance": "server address node state doing reason",
        "infra.ironic_no_node": "server address node",
        "infra.ironic_state": "server address node state wanted",
        "infra.lease_ahead": "server number start end",
        "infra.lease_ended": "server number start end",
        "infra.login_refused": "server address user",
        "infra.no_ssh": "server address",
        "infra.not_adopted": "server adopted",
        "infra.only_copy": "server bytes",
        "infra.output_lacking": "server section",
        "infra.output_too_long": "server section most",
        "infra.output_unreadable": "server section line",
        "infra.paper_unwritten": "server folder reason",
        "infra.passphrase_missing": "",
        "infra.passphrase_wrong": "",
        "infra.policy": "servers policy server text refusals",
        "infra.left_behind": "servers",
        "infra.not_replaced": "server changes",
        "infra.protected": "servers",
        "infra.public_ssh": "server network",
        "infra.record_unreadable": "server section reason",
        "infra.rented_abroad": "server cloud country residency",
        "infra.rented_ahead": "server cloud number start",
        "infra.rented_ended": "server cloud number end",
        "infra.rented_no_budget": "server cloud stage",
        "infra.rented_no_end": "server cloud",
        "infra.rented_outlives": "server cloud until number end",
        "infra.rented_over": "server cloud until",
        "infra.rented_over_budget": "server cloud stage month cost budget excess",
        "infra.rented_public_port": "server cloud network protocol ports",
        "infra.rented_public_ssh": "server cloud network protocol ports",
        "infra.rented_unpinned": "server cloud image",
        "infra.request": "places",
        "infra.section_failed": "server section status",
        "infra.several_failed": "servers failures",
        "infra.state_cut": "file backup cause",
        "infra.state_full": "cause",
        "infra.baseline_begun": "servers",
        "infra.state_gone": "cause",
        "infra.baseline_left": "servers",
        "infra.no_record": "server path",
        "infra.other_machine": "server what was found",
        "infra.return_begun": "server",
        "infra.returns_begun": "servers",
        "infra.state_lost": "file cause",
        "infra.state_locked": "holder pid since",
        "infra.state_locked_dead": "holder pid since",
        "infra.state_locked_elsewhere": "holder pid since lock",
        "infra.state_half": "place",
        "infra.state_lock_half": "lock",
        "infra.state_readonly": "cause",
        "infra.state_unreachable": "cause",
        "infra.still_let_in": "server",
        "infra.timed_out": "server address seconds",
        "infra.too_much_output": "server address most",
        "infra.truth": "file line finding",
        "infra.unknown_server": "server",
        "infra.unreachable": "server address reason",
        "infra.wipe_broke_off": "server",
        "infra.wipe_incomplete": "server remains count",
    }
)
"""What it fails with, and the fields of each."""

RENTED_REFUSALS: Final = tuple(code for code in ERRORS if code.startswith("infra.rented_"))
"""What the rules say no to of rented servers."""

MAY_STAND: Final = (
    *("infra.cloud_away", "infra.cloud_failed", "infra.cloud_records", "infra.cloud_timeout"),
    *("infra.cloud_other", "infra.cloud_twice"),
)
"""Of the errors at something that was begun in a cloud, those after which it may be there."""

NOT_LET_IN: Final = ("infra.cloud_login", "infra.cloud_unknown")
"""Of those errors, those that are the same for everything in a cloud."""

VOCABULARY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {code: tuple(fields.split()) for code, fields in {**ERRORS, **EVENTS}.items()}
)
"""Every code that it may say, and its fields; one that is missing becomes a dash, one too many is left out."""


def event_of(code: object, said: object) -> BuildEvent:
    """What was said, put into the vocabulary."""
    if not isinstance(code, str) or code not in VOCABULARY:
        return unheard(code if isinstance(code, str) else type(code).__name__)
    given = said if isinstance(said, Mapping) else {}
    most = _LONGEST_OUTPUT if code == "infra.outputs" else LONGEST_TEXT
    known = {name: bounded(given[name], most) if name in given else _ABSENT for name in VOCABULARY[code]}
    return BuildEvent(code=code, fields=known)


def unheard(said: str) -> BuildEvent:
    return BuildEvent(code=UNHEARD, fields={"word": bounded(said, 100)})


def error_of(last: Mapping[str, Any]) -> LajurError:
    """The builder's own error, of the class that its exit code stands for. When several servers failed, or several rules said no,
    `reasons` has them one by one."""
    kinds: Mapping[object, type[LajurError]] = {3: Refused, 4: BuildError, 5: NeedsPerson}
    event = event_of(last.get("code"), last.get("fields"))
    own = dict(event.fields)
    match event.code:
        case "infra.short" | "infra.now_short":
            own["lines"] = promised_found(own["lines"])
        case "infra.several_failed":
            failures = sorted(_failures(own.pop("failures")), key=lambda each: str(each.fields.get("server")))
            own["reasons"] = tuple(failures)
        case "infra.policy":
            own["reasons"] = tuple(_refusals(own.pop("refusals"), own))
    kind = BuildError if event.code == UNHEARD else kinds.get(last.get("exit"), LajurError)
    return kind(event.code, **own)


def _failures(listed: object) -> Iterable[LajurError]:
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping):
            said = each.get("fields")
            own = {**(said if isinstance(said, Mapping) else {}), "server": each.get("server")}
            yield error_of({"code": each.get("code"), "fields": own, "exit": 4})


def _refusals(listed: object, first: Mapping[str, Any]) -> Iterable[LajurError]:
    rest = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    for each in rest or [first]:
        if each.get("code") in ERRORS:
            yield error_of({"code": each["code"], "fields": each.get("fields"), "exit": 3})
            continue
        named = {name: str(bounded(each.get(name, _ABSENT))) for name in ("policy", "server", "text")}
        yield Refused("infra.refused_by", **named)


def bounded(value: Any, most: int = LONGEST_TEXT) -> Any:
    """The same in JSON's types, with every text in it shortened to `most` characters; a number that is none becomes 0."""
    if isinstance(value, str):
        return value if len(value) <= most else f"{value[: most - 1]}…"
    if isinstance(value, Mapping):
        return {str(bounded(str(key), most)): bounded(each, most) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [bounded(each, most) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return 0.0
    return value if value is None or isinstance(value, (bool, int, float)) else bounded(str(value), most)


def ending_of(event: BuildEvent) -> str:
    """How a server was let go of: `wiped` of credentials with a proof, `lost` with nothing done to it, `unentered` (nobody of us
    ever logged in), or `unproved`."""
    proof = event.fields.get("proof")
    told = proof if isinstance(proof, Mapping) else {}
    if told.get("lost"):
        return "lost"
    if not told.get("whole"):
        return "unproved"
    return "wiped" if told.get("entered", True) else "unentered"


def difference(event: BuildEvent) -> Difference:
    """Of an event that tells one; what it does not say of it is empty."""
    told = {each.name: event.text(each.name) if each.name in event.fields else "" for each in fields(Difference)}
    return Difference(**{**told, "reason": told["reason"].removeprefix(_ABSENT)})


def outputs_of(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By server, of a result or of an event that tells it: what the state says, and nothing that is not in `OUTPUTS`."""
    found = result.get("outputs")
    if not isinstance(found, Mapping):
        return {}
    return {
        str(server): {name: value[name] for name in OUTPUTS if name in value}
        for server, value in sorted(found.items())
        if isinstance(value, Mapping)
    }


def trees_of(result: Mapping[str, Any]) -> tuple[DataTree, ...]:
    """What a look at the contents of servers found; what is not a tree of a server is passed over."""
    found = result.get("contents")
    listed = [
        (str(server), each)
        for server, trees in sorted(found.items() if isinstance(found, Mapping) else ())
        for each in (trees if isinstance(trees, list) else ())
        if isinstance(each, Mapping)
    ]
    return tuple(
        DataTree(
            server=server,
            role=str(bounded(each.get("role"), 100)),
            path=str(bounded(each.get("path"), 500)),
            files=_count(each.get("files")),
            bytes=_count(each.get("bytes")),
        )
        for server, each in listed
    )


def unseen_of(result: Mapping[str, Any]) -> dict[str, LajurError]:
    """By server: why nobody could look at its contents."""
    found = result.get("unseen")
    listed = sorted(found.items()) if isinstance(found, Mapping) else ()
    return {str(server): error_of({**each, "exit": 4}) for server, each in listed if isinstance(each, Mapping)}


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def promised_found(lines: object) -> str | tuple[LajurError, ...]:
    """Lines of a report, each in the reader's words: what was promised, and what was found in its place."""
    if not isinstance(lines, (list, tuple)):
        return f"{lines};"
    said = [each for each in lines if isinstance(each, Mapping)]
    names = ("promised", "found")
    told = ({"contract_line": str(each.get("name", "?")), **{name: str(each.get(name, "?")) for name in names}} for each in said)
    return tuple(LajurError("infra.short_line", **each) for each in told) or f"{_ABSENT};"


def short_lines(report: object) -> tuple[Mapping[str, str], ...]:
    """Of an acceptance report: the lines that fall short, were waived or cannot be told."""
    lines = report.get("lines") if isinstance(report, Mapping) else None
    wanted = (
        [each for each in lines if isinstance(each, Mapping) and each.get("verdict") != "ok"] if isinstance(lines, list) else []
    )
    names = ("name", "promised", "found", "verdict", "reason", "note")
    return tuple({name: "" if each.get(name) is None else str(each[name]) for name in names} for each in wanted)
