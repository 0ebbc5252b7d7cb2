"""FRR's daemons asked over their own sockets, as vtysh asks them, by a few lines of Perl: to start vtysh takes a router ten times
as long. For looks, and for lines of which it is known what they mean and to whom. Where there is no Perl (Debian's base has it),
or something is not as expected, vtysh does it. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

ASK: Final = r"""
alarm 20;
sub ask { my ($to, $line) = @_; my $said = ""; syswrite $to, "$line\0";
  until (length $said > 3 && substr($said, -4, 3) eq "\0\0\0") { sysread $to, $said, 65536, length $said or exit 1 }
  my $code = ord substr $said, -1; (substr($said, 0, -4), $code) }
sub show { my ($said, $code) = ask @_; exit 1 if $code; $said }
my ($lines, @shows) = @ARGV;
for (glob "/var/run/frr/*.vty") {
  m{/([a-z0-9]+)\.vty$} or exit 1;
  my $name = $1; socket my $to, 1, 1, 0 or exit 1; connect $to, pack "S a108", 1, $_ or next;
  $at{$name} = $to; show $to, "enable" }
my @names = sort { ($b eq "zebra") - ($a eq "zebra") || $a cmp $b } keys %at or exit 1;
if ($lines) {
  show $at{$_}, "configure terminal" for @names;
  for (split /\n/, $lines) { $number++; my ($whose, $line) = split / /, $_, 2;
    for my $name ($whose eq "all" ? @names : $whose) { $at{$name} or exit 1; my ($said, $code) = ask $at{$name}, $line;
      next if !$code || $code == 2 && $whose eq "all" && $name ne "zebra";
      exit 1 if $code > 1 && $code < 5;
      print "$said\nline $number: refused\n"; exit 2 } }
  show $at{$_}, "end" for @names }
for (@shows) { my ($whose, $line) = split / /, $_, 2;
  if ($whose eq "each") { for (@names) { my $said = show $at{$_}, $line; $said =~ / saved to / or exit 1; $out .= $said }; next }
  $at{$whose} or exit 1; $out .= "frr# $line\n" . show $at{$whose}, $line }
$out ||= " @names\nBuilding configuration...\n" . join "end\n", map { show $at{$_}, "show running-config" } @names;
print $out;
"""
"""Arguments: lines (each after the name of its daemon or `all`), and commands that show (likewise). It prints what the commands
show, each below itself; without any, the daemons in a line and then what each runs, zebra's first. What `each` of them is told
is to save something, and it must say that it did. Status 2: a line is refused, and it is said which and why; any other but 0,
as when a daemon has no such line (the codes 2 to 4 of FRR's `lib/command.h`): ask vtysh."""

_SHOWS: Final = {"show interface vrf all json": "zebra", "show ip ospf neighbor json": "ospfd"}
_ENTERS: Final = re.compile(r"(interface [A-Za-z0-9][A-Za-z0-9_.@:+-]{0,31}|exit)")
_LINES: Final = (
    (re.compile(r"description [!-~](?:[ -~]{0,198}[!-~])?|no description"), "all", 0),
    (re.compile(r"bandwidth (\d{1,6})|no bandwidth(?: (\d{1,6}))?"), "zebra", 100_000),
    (re.compile(r"ip ospf cost (\d{1,5})|no ip ospf cost(?: (\d{1,5}))?"), "ospfd", 65_535),
    (re.compile(r"(?:no )?ip ospf (?:hello|dead|retransmit)-interval (\d{1,5})"), "ospfd", 65_535),
    (re.compile(r"(?:no )?ip ospf passive"), "ospfd", 0),
)
"""Lines of an interface that FRR 8 and newer take as they are, whose daemon keeps them, and the largest number in them."""


def addressed(text: str) -> str | None:
    """Lines of configuration, each after the name of whom it is told; None when one of them is not known here."""
    found = []
    for line in map(str.strip, text.splitlines()):
        whose = "all" if _ENTERS.fullmatch(line) else _daemon_of(line)
        if whose is None:
            return None
        found.append(f"{whose} {line}")
    return "\n".join(found)


def shows(commands: Sequence[str]) -> Sequence[str]:
    """Commands that show, each after the name of whom it is told; none when one of them is not known here."""
    known: Mapping[str, str] = _SHOWS
    return [f"{known[each]} {each}" for each in commands] if all(each in known for each in commands) else []


def _daemon_of(line: str) -> str | None:
    for pattern, daemon, largest in _LINES:
        if (found := pattern.fullmatch(line)) is not None:
            numbers = [int(each) for each in found.groups() if each is not None]
            return daemon if all(1 <= each <= largest for each in numbers) else None
    return None
