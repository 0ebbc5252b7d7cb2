"""How a difference is mended: the shell text that does it, or why a person is needed. Pure text; nothing is run here.

Names come from machines, so each one passes a strict list of letters before it comes near a shell, and is quoted there all the
same. A script ends with 0 when the difference is mended, with `ASK` when the machine turns out to need a person: the last word
that it complains with is then the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from shlex import quote
from typing import Final, Literal, NamedTuple

from infra.facts import Difference, Key, Snapshot
from infra.wipe_places import BROUGHT, STATELESS

ASK: Final = 9
KEPT: Final = "/var/lib/lajur/removed-keys"

_UNIT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9:_.@-]{0,200}\.(service|socket|timer)")
_PACKAGE: Final = re.compile(r"[a-z0-9][a-z0-9+.-]{1,100}(:[a-z0-9]{2,20})?")
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+:~-]{0,120}")
_ACCOUNT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_FILE: Final = re.compile(r"(/[A-Za-z0-9_.@+-]{1,100}){1,20}")
_BLOB: Final = re.compile(r"AAAA[A-Za-z0-9+/]{12,4080}={0,2}")
_NEVER_STOPPED: Final = re.compile(
    r"(ssh|sshd|ssh@.*|sshd@.*|dropbear.*|dbus|dbus-broker|systemd-.*|user@.*|getty@.*|serial-getty@.*|tailscaled|zerotier-one"
    r"|networking|NetworkManager.*|ifup@.*|ifplugd.*|netplan-.*|dhcpcd.*|dhclient.*|connman.*|wpa_supplicant.*|hostapd.*|iwd"
    r"|openvpn.*|wg-quick@.*|strongswan.*|ipsec.*|xl2tpd|pptpd|ocserv|nebula.*|tinc.*|cloudflared.*|frr|bird.*|keepalived"
    r"|nftables|netfilter-persistent|iptables.*|ufw|firewalld|shorewall.*)\.(service|socket)"
)
_LETS_IN: Final = re.compile(
    r"sshd.*|dropbear.*|openvpn|charon.*|pluto|starter|tailscaled|zerotier-one|xl2tpd|ocserv.*|tincd|nebula|boringtun.*|wireguard-go"
    r"|dhclient|dhcpcd|NetworkManager|systemd-networkd"
)
"""Without these units, or one in which such a program listens, nobody can come back to the machine."""

_RELEASED: Final = re.compile(r"lajur-.*\.(service|socket)")
"""What people are served by comes and goes with its releases, never with the mending of a server."""

_ROLES: Final = (*(pattern for brought in BROUGHT.values() for pattern in brought.units), *STATELESS)
"""What roles of ours (`playbooks/roles`) bring. Whoever played them without accepting it must not lose it by mending."""

Reason = Literal[
    "",
    "hardware",
    "contract",
    "changed_by_hand",
    "not_ours_to_remove",
    "no_unit",
    "vital",
    "released",
    "name_refused",
    "host_key",
    "host_key_trusted",
    "not_plain",
    "file",
    "rights",
    "password",
    "member",
    "login",
    "tool_missing",
    "other_machine",
    "contract_short",
    "unreachable",
]
"""Why a person is needed: a word of the catalogue."""


@dataclass(frozen=True, slots=True)
class Mending:
    """`script` for `sh -s` as root, or `reason`; never both."""

    script: str | None = None
    reason: Reason = ""


class Case(NamedTuple):
    difference: Difference
    baseline: Snapshot
    live: Snapshot


def mending(difference: Difference, baseline: Snapshot, live: Snapshot) -> Mending:
    """`baseline` is how the machine was accepted, `live` how it stands now."""
    way = _WAYS.get(difference.kind)
    if way is None:
        return Mending(reason=_REASONS.get(difference.kind, "changed_by_hand"))
    return way(Case(difference, baseline, live))


_REASONS: Final[Mapping[str, Reason]] = {
    "disk_missing": "hardware",
    "disk_changed": "hardware",
    "memory_changed": "hardware",
    "cpus_changed": "hardware",
    "lease_expired": "contract",
    "service_added": "not_ours_to_remove",
    "package_added": "not_ours_to_remove",
    "user_added": "not_ours_to_remove",
    "host_key": "host_key_trusted",
    "keys_unread": "not_plain",
    "record_missing": "tool_missing",
    "file_added": "not_ours_to_remove",
    "file_changed": "file",
    "file_loose": "rights",
    "password_set": "password",
    "password_changed": "password",
    "password_empty": "password",
    "member_added": "member",
    "login_enabled": "login",
    "short_of_contract": "contract_short",
    "unreachable": "unreachable",
}


def _start(case: Case) -> Mending:
    return _started(case.difference.name)


def _started(unit: str) -> Mending:
    if not _UNIT.fullmatch(unit):
        return Mending(reason="name_refused")
    name = quote(unit)
    return Mending(f"systemctl reset-failed -- {name} 2>/dev/null\nexec systemctl start -- {name}\n")


def _enable(case: Case) -> Mending:
    if not _UNIT.fullmatch(case.difference.name):
        return Mending(reason="name_refused")
    how = {"enabled": "", "generated": "", "enabled-runtime": "--runtime "}.get(case.difference.wanted)
    if how is None:
        return Mending(reason="changed_by_hand")
    name = quote(case.difference.name)
    return Mending(f"systemctl -q unmask {how}-- {name}\nexec systemctl -q enable {how}-- {name}\n")


def _install(case: Case) -> Mending:
    """The version that was there, else whatever the repository has under that name. What it would start stays as it is: a
    service that ran before has its own line. Nothing else is removed for it, and configuration files stay."""
    if not _PACKAGE.fullmatch(case.difference.name) or not _VERSION.fullmatch(case.difference.wanted):
        return Mending(reason="name_refused")
    name, exact = quote(case.difference.name), quote(f"{case.difference.name}={case.difference.wanted}")
    return Mending(_INSTALL.replace("@NAME@", name).replace("@EXACT@", exact))


_INSTALL: Final = r"""
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none
there() { case $(dpkg-query -W -f '${db:Status-Status}' -- @NAME@ 2>/dev/null) in installed | triggers-*) ;; *) false ;; esac; }
there && exit 0
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
fi
get() {
    apt-get -q -y --no-install-recommends --no-remove --allow-downgrades -o DPkg::Lock::Timeout=60 \
        -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confmiss install -- "$1" </dev/null
}
get @EXACT@ && there && exit 0
apt-get -q -o DPkg::Lock::Timeout=60 update </dev/null
get @EXACT@ && there && exit 0
get @NAME@ && there
"""


def _take_key(case: Case) -> Mending:
    """Only the lines of this very key, out of the files of this account. What was taken is kept, for whoever asks for it."""
    lines = [key for key in case.live.keys if key.name == case.difference.name]
    if not lines or not all(map(_is_taken, lines)):
        return Mending(reason="name_refused")
    return Mending(_TAKE_KEY + "".join(f"take {quote(key.account)} {quote(key.file)} {quote(key.blob)}\n" for key in lines))


def _is_taken(key: Key) -> bool:
    named = _ACCOUNT.fullmatch(key.account) and _FILE.fullmatch(key.file) and _BLOB.fullmatch(key.blob)
    return named is not None and not {"..", "."} & set(key.file.split("/"))


_EDIT: Final = r"""
umask 077
plain() { [ -f "$1" ] && [ ! -L "$1" ] && [ "$(readlink -f -- "$1")" = "$1" ]; }
plain "$1" || exit 9
lines=$(awk -v b="$2" '{
    l = $0
    sub(/\r$/, "", l)
    gsub(/\\"/, "", l)
    gsub(/"[^"]*"/, "", l)
    split(l, word)
    if (word[1] !~ /^#/ && (word[2] == b || (word[3] == b && word[2] !~ /^AAAA/))) print NR
}' "$1") || exit
[ -n "$lines" ] || exit 0
sed -n -e "$(printf '%sp;' $lines)" -- "$1" || exit
new=$(mktemp -- "$1.XXXXXXXX") || exit
trap 'rm -f -- "$new"' EXIT
sed -e "$(printf '%sd;' $lines)" -- "$1" >"$new" && chmod --reference="$1" -- "$new" && plain "$1" || exit
if chown --reference="$1" -- "$new" 2>/dev/null; then mv -T -- "$new" "$1"; else [ -O "$1" ] && cat -- "$new" >"$1"; fi
"""
"""Prints the lines of the key $2 in the file $1, and takes them out of it. A key is the second word of its line, the third behind
options; in a comment, and in what stands in quotes, it lets nobody in. `sed` keeps every byte of the other lines. Who may not
give the new file its group writes into the old one."""

_TAKE_KEY: Final = r"""
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 077
cd / || exit
edit=@EDIT@
# Whether only root can change where this path leads.
held() {
    p=$1
    while :; do
        p=${p%/*}
        case $(stat -c '%u %a' -- "${p:-/}" 2>/dev/null) in '0 '*[0145][0145]) ;; *) return 1 ;; esac
        [ -n "$p" ] || return 0
    done
}
# Where somebody else can, that account does it itself, so that root opens nothing that was put in its way. Nothing of root's is
# open to it but the file for what was taken; it is ended by root and bounded, and its login shell is not asked.
edited() {
    if held "$2"; then
        sh -c "$edit" edit "$2" "$3"
    elif [ "$(id -u -- "$1" 2>/dev/null || echo 0)" != 0 ]; then
        (ulimit -f 2048 && exec timeout -s KILL 20 setpriv --reuid="$1" --regid="$(id -g -- "$1")" --init-groups --no-new-privs \
            -- env -i LC_ALL=C PATH="$PATH" sh -c "$edit" edit "$2" "$3")
    else
        false
    fi
}
take() {
    mkdir -p @KEPT@ && chmod 700 @KEPT@ && kept=$(mktemp @KEPT@/XXXXXXXX) && printf '# from %s\n' "$2" >"$kept" || exit
    edited "$@" </dev/null >>"$kept" 2>/dev/null && return
    rm -f -- "$kept"
    echo not_plain >&2
    exit 9
}
""".replace("@KEPT@", KEPT).replace("@EDIT@", quote(_EDIT))


def _close_port(case: Case) -> Mending:
    """Stops the unit that opened it, if that unit was not running when the machine was accepted."""
    port = next((one for one in case.live.ports if one.name == case.difference.name), None)
    if port is None or not port.unit:
        return Mending(reason="no_unit")
    if not _UNIT.fullmatch(port.unit):
        return Mending(reason="name_refused")
    listening = {one.process for one in case.live.ports if one.unit == port.unit}
    if _NEVER_STOPPED.fullmatch(port.unit) or any(map(_LETS_IN.fullmatch, listening)):
        return Mending(reason="vital")
    if _RELEASED.fullmatch(port.unit):
        return Mending(reason="released")
    if any(fnmatchcase(port.unit, pattern) for pattern in _ROLES):
        return Mending(reason="changed_by_hand")
    known = case.baseline.services.get(port.unit)
    if known is not None and known.active != "stopped":
        return Mending(reason="changed_by_hand")
    name = quote(port.unit)
    return Mending(f"systemctl stop -- {name} || exit\nsystemctl -q disable -- {name} 2>/dev/null || :\n")


def _open_port(case: Case) -> Mending:
    """It comes back with the service that held it; one that runs without it was told to."""
    port = next((one for one in case.baseline.ports if one.name == case.difference.name), None)
    if port is None or not port.unit:
        return Mending(reason="no_unit")
    was, now = case.baseline.services.get(port.unit), case.live.services.get(port.unit)
    if was is None or was.active != "running" or (now is not None and now.active == "running"):
        return Mending(reason="changed_by_hand")
    return _started(port.unit)


_Way = Callable[[Case], Mending]
_WAYS: Final[Mapping[str, _Way]] = {
    "service_stopped": _start,
    "service_disabled": _enable,
    "package_removed": _install,
    "key_added": _take_key,
    "port_opened": _close_port,
    "port_closed": _open_port,
}
