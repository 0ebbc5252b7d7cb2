#!/usr/bin/python3
"""Accounts and rooms of a Prosody server as a list says, over its own administration socket: all of them in one task."""

from __future__ import annotations

import json
import re
import socket
import time
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.sax.saxutils import escape

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: lajur_chat
short_description: Accounts and rooms of Prosody, all in one task
description:
  - Speaks to a Prosody that runs over its administration socket, as C(prosodyctl shell) does, with many accounts in each command.
    One C(prosodyctl) for each account costs a start of Lua, and files written beside the server lose what it holds in memory.
  - Accounts that are not in the list are removed, with what they kept, and their sessions ended. The password of an account that
    exists is never touched.
  - Of rooms, those that this module made are removed when they are not in the list any more; those of people stay. Owners,
    administrators and whoever was shut out of a room stay what they are; only plain members follow the list.
options:
  domain:
    description: Whose accounts.
    type: str
    required: true
  accounts:
    description: All names that shall have an account, without the domain.
    type: list
    elements: str
    required: true
  passwords:
    description: The first password of each account that is to be made; without one it is not made, and told as C(lajur.missing).
    type: dict
    default: {}
  rooms_domain:
    description: The component that has the rooms.
    type: str
  rooms:
    description: Rooms for their members only; C(name), C(title), C(members) (names of accounts).
    type: list
    elements: dict
    default: []
  most_removed:
    description:
      - Percent of the accounts that are there, and of the rooms that were made here, that may be removed at once; more is
        refused, unless it is ten accounts or fewer, or two rooms or fewer.
    type: int
    default: 10
  socket:
    description: Where Prosody listens.
    type: path
    default: /var/lib/prosody/prosody.sock
  seconds:
    description: How long a Prosody that has just been started may take until it listens.
    type: int
    default: 20
"""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")
_BATCH = 25
"""Accounts in one command: Prosody serves nobody while it derives their keys (about 5 ms each)."""
_MEMBERS = 100
_ANSWER_SECONDS = 60
_FEW = 10
_FEW_ROOMS = 2
_SHOWN = 20

_LOOK = """
local um, json, found, rooms = require "core.usermanager", require "util.json", {}, {}
if not prosody.hosts[%(domain)s] then return json.encode({ absent = %(domain)s }) end
for user in um.users(%(domain)s) do found[#found + 1] = user end
local component = prosody.hosts[%(rooms)s]
if component and component.modules.muc then
  for room in component.modules.muc.all_rooms() do
    local members = {}
    for jid, affiliation in room:each_affiliation() do members[jid] = affiliation end
    rooms[room.jid] = { title = room:get_name() or "", ours = room._data.lajur == true, members = members }
  end
elseif %(rooms)s ~= "" then
  return json.encode({ absent = %(rooms)s })
end
return json.encode({ accounts = found, rooms = rooms })
"""
_CREATE = """
local um, json, failed = require "core.usermanager", require "util.json", {}
for user, password in pairs(%(passwords)s) do
  if not um.user_exists(user, %(domain)s) then
    local ok, err = um.create_user(user, password, %(domain)s)
    if not ok then failed[user] = tostring(err) end
  end
end
return json.encode(failed)
"""
_DELETE = """
local um, json, failed = require "core.usermanager", require "util.json", {}
for user in pairs(%(accounts)s) do
  local ok, err = um.delete_user(user, %(domain)s)
  if not ok and um.user_exists(user, %(domain)s) then failed[user] = tostring(err) end
end
return json.encode(failed)
"""
_ROOM = """
local json, muc = require "util.json", prosody.hosts[%(rooms)s].modules.muc
local room = muc.get_room_from_jid(%(room)s)
if not room then
  local err
  room, err = muc.create_room(%(room)s, { lajur = true, persistent = true, members_only = true })
  if not room then return json.encode({ [%(room)s] = tostring(err) }) end
end
room:set_name(%(title)s)
for jid, affiliation in pairs(%(members)s) do room:set_affiliation(true, jid, affiliation) end
room:save(true)
return json.encode({})
"""
_DESTROY = """
local json, muc = require "util.json", prosody.hosts[%(rooms)s].modules.muc
local room = muc.get_room_from_jid(%(room)s)
if room then room:destroy() end
return json.encode({})
"""


class Unanswered(Exception):
    """Prosody is not there, or said something else than was asked. The text never has what was sent."""


class Refused(Exception):
    """What was asked is there to be seen, and too much."""


class Shell:
    """The administration socket: a stream of XML, one command and one result after another."""

    def __init__(self, path: str, seconds: int) -> None:
        self._socket = _connected(path, time.monotonic() + seconds)
        self._parser: Any = XMLPullParser(["start", "end"])
        self._depth = 0
        opening = "<stream:stream xmlns='xmpp:prosody.im/admin' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
        self._socket.sendall(f"<?xml version='1.0'?>{opening}".encode())

    def ask(self, code: str, **values: Any) -> Any:
        """Run Lua inside the server; what it returns as JSON."""
        line = ">" + code % {name: lua(value) for name, value in values.items()}
        self._socket.sendall(f"<repl-input>{escape(line)}</repl-input>".encode())
        text, failed = self._result()
        _, colon, answer = text.partition(": ")
        if failed or not colon:
            raise Unanswered(f"Prosody could not do it: {text[:500]}")
        try:
            return json.loads(answer)
        except ValueError:
            raise Unanswered(f"Prosody answered something that was not asked: {text[:200]}") from None

    def _result(self) -> tuple[str, bool]:
        while True:
            for event, element in self._parser.read_events():
                self._depth += 1 if event == "start" else -1
                if event == "end" and self._depth == 1 and isinstance(element, Element) and element.tag.endswith("repl-result"):
                    return "".join(element.itertext()), element.get("type") == "error"
            try:
                data = self._socket.recv(65536)
                if not data:
                    raise Unanswered("Prosody ended the conversation. Its log says why: journalctl -u prosody")
                self._parser.feed(data)
            except (OSError, ParseError) as error:
                raise Unanswered(f"Prosody stopped answering ({error}). Its log says why: journalctl -u prosody") from None


def _connected(path: str, until: float) -> socket.socket:
    while True:
        made = socket.socket(socket.AF_UNIX)
        try:
            made.settimeout(_ANSWER_SECONDS)
            made.connect(path)
        except OSError as error:
            made.close()
            if time.monotonic() > until:
                raise Unanswered(f"{path}: Prosody does not listen ({error.strerror}). See: journalctl -u prosody") from None
            time.sleep(0.1)
        else:
            return made


def lua(value: Any) -> str:
    """A value as Lua writes it. All but letters and digits as numbers: no text can be anything but text."""
    if isinstance(value, dict):
        return "{" + ",".join(f"[{lua(key)}]={lua(each)}" for key, each in value.items()) + "}"
    if value is True:
        return "true"
    if value is None:
        return '""'
    plain = (chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\{byte:03d}" for byte in str(value).encode())
    return '"' + "".join(plain) + '"'


class Chat:
    """What is there, what shall be there, and the way between."""

    def __init__(self, module: AnsibleModule) -> None:
        self.module, wanted = module, module.params
        self.domain, self.rooms_domain = wanted["domain"], wanted["rooms_domain"] or ""
        self.wanted = sorted(set(wanted["accounts"]))
        self.rooms = {f"{each['name']}@{self.rooms_domain}": each for each in wanted["rooms"]}
        self.done: list[str] = []
        self.missing: list[str] = []

    def carry(self, shell: Shell) -> None:
        seen = shell.ask(_LOOK, domain=self.domain, rooms=self.rooms_domain)
        if "absent" in seen:
            raise Unanswered(f"Prosody does not serve {seen['absent']}. It was not restarted since its settings changed?")
        there = set(seen["accounts"] or ())
        rooms = seen["rooms"] or {}
        ours = {jid for jid, room in rooms.items() if room["ours"]}
        self.guard("accounts", self.domain, there, there - set(self.wanted), _FEW)
        self.guard("rooms", self.rooms_domain, ours, ours - self.rooms.keys(), _FEW_ROOMS)
        self.accounts(shell, there)
        self.all_rooms(shell, rooms)

    def guard(self, what: str, where: str, there: set[str], gone: set[str], few: int) -> None:
        most = self.module.params["most_removed"]
        if len(gone) > few and len(gone) * 100 > len(there) * most:
            raise Refused(
                f"The list lacks {len(gone)} of the {len(there)} {what} of {where}, more than {most} %. Nothing was done: "
                f"their messages would go with them. If that is meant, say so by most_removed (of the role: chat_most_removed)."
            )

    def accounts(self, shell: Shell, there: set[str]) -> None:
        new = [name for name in self.wanted if name not in there]
        passwords = self.module.params["passwords"]
        make = {name: str(passwords[name]) for name in new if name in passwords}
        self.missing = [name for name in new if name not in make]
        self.note("+", self.missing if self.module.check_mode else make)
        for batch in _batches(list(make), _BATCH) if not self.module.check_mode else ():
            self.check(shell.ask(_CREATE, domain=self.domain, passwords={name: make[name] for name in batch}))
        gone = sorted(there - set(self.wanted))
        self.note("-", gone)
        for batch in _batches(gone, _BATCH) if not self.module.check_mode else ():
            self.check(shell.ask(_DELETE, domain=self.domain, accounts=dict.fromkeys(batch, True)))

    def all_rooms(self, shell: Shell, there: dict[str, Any]) -> None:
        for jid, room in self.rooms.items():
            seen = there.get(jid)
            change = self.members(room, seen["members"] or {} if seen else {})
            if seen and seen["title"] == room["title"] and not change:
                continue
            self.done.append(f"{'~' if seen else '+'} {jid} ({room['title']}), {len(change)} members")
            if not self.module.check_mode:
                for batch in _batches(list(change), _MEMBERS) or [[]]:
                    members = {each: change[each] for each in batch}
                    self.check(shell.ask(_ROOM, rooms=self.rooms_domain, room=jid, title=room["title"], members=members))
        for jid in sorted(jid for jid, seen in there.items() if seen["ours"] and jid not in self.rooms):
            self.done.append(f"- {jid}")
            if not self.module.check_mode:
                self.check(shell.ask(_DESTROY, rooms=self.rooms_domain, room=jid))

    def members(self, room: dict[str, Any], there: dict[str, str]) -> dict[str, str]:
        wanted = {f"{name}@{self.domain}" for name in room["members"] or ()}
        change = dict.fromkeys(sorted(wanted - there.keys()), "member")
        return change | {jid: "none" for jid, right in sorted(there.items()) if right == "member" and jid not in wanted}

    def note(self, sign: str, names: Any) -> None:
        self.done.extend(f"{sign} {name}@{self.domain}" for name in names)

    def check(self, failed: Any) -> None:
        for name, reason in (failed or {}).items():
            raise Unanswered(f"{name}: Prosody refused it: {str(reason)[:300]}")


def _batches(names: list[str], size: int) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


def main() -> None:
    room = {
        "name": {"type": "str", "required": True},
        "title": {"type": "str", "required": True},
        "members": {"type": "list", "elements": "str", "default": []},
    }
    module = AnsibleModule(
        argument_spec={
            "domain": {"type": "str", "required": True},
            "accounts": {"type": "list", "elements": "str", "required": True},
            "passwords": {"type": "dict", "default": {}, "no_log": True},
            "rooms_domain": {"type": "str"},
            "rooms": {"type": "list", "elements": "dict", "options": room, "default": []},
            "most_removed": {"type": "int", "default": 10},
            "socket": {"type": "path", "default": "/var/lib/prosody/prosody.sock"},
            "seconds": {"type": "int", "default": 20},
        },
        supports_check_mode=True,
    )
    names = [*module.params["accounts"], *(each["name"] for each in module.params["rooms"])]
    for name in names:
        if not _NAME.fullmatch(name):
            module.fail_json(msg=f"{name[:70]!r} can be no name of an account or a room. Nothing was done. Write a-z, 0-9, . _ -")
    chat = Chat(module)
    try:
        chat.carry(Shell(module.params["socket"], 0 if module.check_mode else module.params["seconds"]))
    except Refused as error:
        module.fail_json(msg=str(error))
    except Unanswered as error:
        if not module.check_mode:
            module.fail_json(msg=f"{error} Done before: {len(chat.done)}. Run the play again: it goes on from there.")
        # A server that has no Prosody yet.
        chat.missing = chat.wanted
        chat.note("+", chat.wanted)
    shown = chat.done[:_SHOWN] + ([f"… {len(chat.done) - _SHOWN} more"] if len(chat.done) > _SHOWN else [])
    counted = {sign: sum(line.startswith(sign) for line in chat.done) for sign in "+-~"}
    told = {"missing": chat.missing, "made": counted["+"], "removed": counted["-"], "changed": counted["~"]}
    diff = {"before": "", "after": "".join(f"{line}\n" for line in shown)}
    module.exit_json(changed=bool(chat.done), lajur=told, diff=diff)


if __name__ == "__main__":
    main()
