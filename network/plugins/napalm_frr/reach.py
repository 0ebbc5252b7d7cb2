"""NAPALM's ping and traceroute, by the device's own programs. Pure."""

from __future__ import annotations

import re
from typing import Any, Final

from napalm.base.exceptions import CommandErrorException

from napalm_frr.shell import Answer, inside
from napalm_frr.words import shown, word

_NAME: Final = re.compile(r"(?:::)?[A-Za-z0-9][A-Za-z0-9_.:%-]{0,252}")
_REPLY: Final = re.compile(r"bytes from (?:\S+ \()?([0-9a-fA-F.:%]+?)\)?: .*time=([\d.]+) ms")
_SUMMARY: Final = re.compile(r"(\d+) packets transmitted, (\d+) received")
_TIMES: Final = re.compile(r"(?:rtt|round-trip) min/avg/max/(?:mdev|stddev) = ([\d.]+)/([\d.]+)/([\d.]+)/([\d.]+)")
_HOP: Final = re.compile(r"\s*(\d+)\s+(.*)$")
_MOST_HOPS: Final = 30
_PROBES: Final = 3

# Where there is no traceroute: pings that die on the way, and how long the whole command took.
_BY_PING: Final = r"""
hop=0
while [ "$hop" -lt {hops} ]; do
  hop=$((hop + 1)) line=" $hop" reached=
  for probe in 1 2 3; do
    began=$(date +%s%N)
    said=$(ping -n -c 1 -W {timeout} -t "$hop" {source} {destination} 2>/dev/null)
    took=$((($(date +%s%N) - began) / 1000))
    from=$(printf '%s\n' "$said" | sed -n -e 's/^From \([0-9a-fA-F.:]*[0-9a-fA-F]\).*/\1/p' \
      -e 's/^[0-9]* bytes from \([0-9a-fA-F.:]*[0-9a-fA-F]\):.*/\1/p' | head -n 1)
    case $said in *' bytes from '*) reached=yes ;; esac
    if [ -n "$from" ]; then line="$line  $from  $((took / 1000)).$(printf %03d $((took % 1000))) ms"; else line="$line  *"; fi
  done
  echo "$line"
  [ -z "$reached" ] || break
done"""


def ping_command(
    destination: str, *, source: str, ttl: int, timeout: int, size: int, count: int, vrf: str, source_interface: str
) -> str:
    """Five a second. Raises CommandErrorException for what is no host or no number."""
    words = ["ping", "-n", "-i", "0.2", "-c", _number(count), "-W", _number(timeout), "-s", _number(size), "-t", _number(ttl)]
    for each in filter(None, (source, source_interface)):
        words += ["-I", _host(each)]
    return inside(vrf, " ".join([*words, _host(destination)]))


def ping(said: Answer, *, count: int) -> dict[str, Any]:
    """Times in milliseconds; `packet_loss` is how many were lost."""
    summary = _SUMMARY.search(said.text)
    if summary is None:
        return {"error": shown(said.text) or f"ping ended with {said.status}"}
    times = _TIMES.search(said.text)
    low, mean, high, spread = (float(each) for each in times.groups()) if times else (0.0, 0.0, 0.0, 0.0)
    sent, received = int(summary[1]), int(summary[2])
    return {
        "success": {
            "probes_sent": sent or count,
            "packet_loss": (sent or count) - received,
            "rtt_min": low,
            "rtt_max": high,
            "rtt_avg": mean,
            "rtt_stddev": spread,
            "results": [{"ip_address": address, "rtt": float(rtt)} for address, rtt in _REPLY.findall(said.text)],
        }
    }


def traceroute_command(destination: str, *, source: str, ttl: int, timeout: int, vrf: str) -> str:
    """`ttl` is how far it goes, `timeout` seconds for each probe. Raises CommandErrorException."""
    hops = _number(min(ttl, _MOST_HOPS))
    own = f"-s {_host(source)}" if source else ""
    real = inside(vrf, f"traceroute -n -q {_PROBES} -m {hops} -w {_number(timeout)} {own} {_host(destination)}")
    source_words = f"-I {_host(source)}" if source else ""
    pings = _BY_PING.format(hops=hops, timeout=_number(min(timeout, 1)), source=source_words, destination=_host(destination))
    return f"if command -v traceroute >/dev/null; then {real}; else {inside(vrf, f'sh -c {word(pings)}')}; fi"


def traceroute(said: Answer) -> dict[str, Any]:
    """Times in milliseconds. A probe without an answer has address `*`. Names are not looked up."""
    hops: dict[int, dict[str, Any]] = {}
    for line in said.text.splitlines():
        if (found := _HOP.match(line)) is not None:
            hops[int(found[1])] = {"probes": dict(enumerate(_probes(found[2].split()), 1))}
    if not hops:
        return {"error": shown(said.text) or f"traceroute ended with {said.status}"}
    return {"success": hops}


def _probes(words: list[str]) -> list[dict[str, Any]]:
    """Of `10.0.0.1 0.1 ms 0.2 ms *`: an address stands once for the probes after it."""
    probes: list[dict[str, Any]] = []
    address = "*"
    for at, each in enumerate(words):
        if each == "*":
            probes.append({"rtt": 0.0, "ip_address": "*", "host_name": "*"})
        elif words[at + 1 : at + 2] == ["ms"]:
            probes.append({"rtt": float(each), "ip_address": address, "host_name": address})
        elif each != "ms" and not each.startswith("!"):
            address = each
    return probes


def _host(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise CommandErrorException(f"no host and no interface: {shown(name)!r}")
    return name


def _number(value: int) -> str:
    return str(int(value))
