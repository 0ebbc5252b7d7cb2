"""Many files and folders of a server in one task: contents, modes and owners, with a diff, without a half-written one."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

_FOLDER = {
    "path": {"type": "path", "required": True},
    "mode": {"type": "str", "default": "0755"},
    "owner": {"type": "str", "default": "root"},
    "group": {"type": "str", "default": "root"},
}
_FILE = {
    **_FOLDER,
    "mode": {"type": "str", "default": "0644"},
    "content": {"type": "str", "required": True},
    "secret": {"type": "bool", "default": False},
    "validate": {"type": "str"},
    "once": {"type": "bool", "default": False},
    "container": {"type": "bool", "default": False},
}
_ONLY = {"path": {"type": "path", "required": True}, "keep": {"type": "list", "elements": "path", "default": []}}
_LINK = {"path": {"type": "path", "required": True}, "to": {"type": "path", "required": True}}
_DEEP = 3
"""Parts of the path of a folder that may be swept: `/etc/lajur`, not `/etc`."""

_LARGEST_DIFF = 64 * 1024


class Files:
    """What is done, told as it goes on."""

    def __init__(self, module: AnsibleModule) -> None:
        self.module = module
        self.changed: list[str] = []
        self.diffs: list[dict[str, str]] = []

    @cached_property
    def in_container(self) -> bool:
        """Whether the server shares its kernel with others."""
        code, _, _ = self.module.run_command(["systemd-detect-virt", "--quiet", "--container"])
        return bool(code == 0)

    def note(self, path: str, before: str, after: str) -> None:
        self.changed.append(path)
        shown = {"before": before[:_LARGEST_DIFF], "after": after[:_LARGEST_DIFF]}
        self.diffs.append({"before_header": path, "after_header": path, **shown})

    def folder(self, wanted: dict[str, Any]) -> None:
        path = Path(wanted["path"])
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            self.module.fail_json(msg=f"{path}: is there, and is no folder. Nothing was done about it; move it away.")
        before = self.rights(path) if path.exists() else "absent"
        after = self.wanted(wanted)
        if before == after:
            return
        self.note(str(path), f"{before}\n", f"{after}\n")
        if not self.module.check_mode:
            path.mkdir(parents=True, exist_ok=True)
            self.give(path, wanted)

    def file(self, wanted: dict[str, Any]) -> None:
        path = Path(wanted["path"])
        if path.is_symlink() or path.is_dir():
            self.module.fail_json(msg=f"{path}: is there, and is no plain file. Nothing was done about it; move it away.")
        there = path.exists()
        if there and wanted["once"]:
            return
        old = path.read_bytes().decode(errors="surrogateescape") if there else ""
        same_rights = there and self.rights(path) == self.wanted(wanted)
        if there and old == wanted["content"] and same_rights:
            return
        if wanted["secret"]:
            self.note(str(path), "(secret)\n" if there else "", "(secret, changed)\n")
        elif old == wanted["content"] and there:
            self.note(str(path), f"{self.rights(path)}\n", f"{self.wanted(wanted)}\n")
        else:
            self.note(str(path), old, wanted["content"])
        if not self.module.check_mode:
            self.write(path, wanted)

    def write(self, path: Path, wanted: dict[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        part = Path(name)
        try:
            # As bytes, so that no end of a line becomes another one.
            with os.fdopen(handle, "wb") as new:
                new.write(wanted["content"].encode(errors="surrogateescape"))
                new.flush()
                os.fsync(new.fileno())
            self.give(part, wanted)
            self.validate(path, part, wanted["validate"])
            part.replace(path)
        except OSError as error:
            self.module.fail_json(msg=f"{path}: could not be written ({error.strerror}). It is as it was.")
        finally:
            part.unlink(missing_ok=True)

    def validate(self, path: Path, part: Path, command: str | None) -> None:
        """A program that is not installed yet has no objections: its role writes files before packages."""
        if not command or shutil.which(command.split()[0]) is None:
            return
        words = [word.replace("%s", str(part)) for word in command.split()]
        code, out, err = self.module.run_command(words)
        if code != 0:
            said = (err or out).strip()[-1500:].replace(str(part), str(path))
            self.module.fail_json(msg=f"{path}: {words[0]} refused the new content, and it is as it was: {said}")

    def link(self, wanted: dict[str, Any]) -> None:
        path, to = Path(wanted["path"]), wanted["to"]
        before = str(path.readlink()) if path.is_symlink() else ""
        if before == to:
            return
        if path.exists() and not path.is_symlink():
            self.module.fail_json(msg=f"{path}: is there, and is no link. Nothing was done about it; move it away.")
        self.note(str(path), f"{before}\n" if before else "", f"{to}\n")
        if not self.module.check_mode:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.lajur")
            part.unlink(missing_ok=True)
            part.symlink_to(to)
            part.replace(path)

    def absent(self, name: str) -> None:
        path = Path(name)
        if not path.is_symlink() and not path.exists():
            return
        if path.is_dir() and not path.is_symlink():
            self.module.fail_json(msg=f"{path}: is a folder; only files and links are taken away here.")
        self.note(name, "present\n", "")
        if not self.module.check_mode:
            path.unlink()

    def only(self, folder: str, named: Iterable[str]) -> None:
        """Remove what is neither named nor leads to something that is."""
        top = Path(folder)
        if not top.is_symlink() and not top.exists():
            return
        kept = {Path(each) for each in named}
        self.sweep(top, kept | {parent for each in kept for parent in each.parents})

    def sweep(self, folder: Path, kept: set[Path]) -> None:
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or len(folder.parts) < _DEEP or folder.is_mount():
            self.module.fail_json(msg=f"{folder}: is no folder of ours alone. Nothing in it was removed.")
        if seen.st_uid != os.geteuid() or seen.st_mode & 0o022:
            self.module.fail_json(msg=f"{folder}: others may write in it. Nothing in it was removed; look at what is there.")
        for each in sorted(folder.iterdir()):
            is_folder = each.is_dir() and not each.is_symlink()
            if is_folder:
                self.sweep(each, kept)
            if each in kept:
                continue
            self.note(str(each), "present\n", "")
            if not self.module.check_mode:
                if is_folder:
                    each.rmdir()
                else:
                    each.unlink()

    def rights(self, path: Path) -> str:
        seen = path.stat()
        return f"{stat.S_IMODE(seen.st_mode):04o} {_name(pwd.getpwuid, seen.st_uid)}:{_name(grp.getgrgid, seen.st_gid)}"

    def wanted(self, wanted: dict[str, Any]) -> str:
        return f"{int(wanted['mode'], 8):04o} {wanted['owner']}:{wanted['group']}"

    def give(self, path: Path, wanted: dict[str, Any]) -> None:
        try:
            shutil.chown(path, wanted["owner"], wanted["group"])
        except LookupError:
            missing = f"{wanted['owner']}:{wanted['group']}"
            self.module.fail_json(msg=f"{wanted['path']}: there is no user or group {missing} on this server.")
        path.chmod(int(wanted["mode"], 8))


def _name(look: Any, number: int) -> str:
    try:
        return str(look(number)[0])
    except KeyError:
        return str(number)


OPTIONS: dict[str, Any] = {
    "folders": {"type": "list", "elements": "dict", "options": _FOLDER, "default": []},
    "files": {"type": "list", "elements": "dict", "options": _FILE, "default": []},
    "links": {"type": "list", "elements": "dict", "options": _LINK, "default": []},
    "absent": {"type": "list", "elements": "path", "default": []},
    "only": {"type": "list", "elements": "dict", "options": _ONLY, "default": []},
}


def keep(module: AnsibleModule) -> dict[str, Any]:
    """Do what its parameters say of these options; the result of a module."""
    files = Files(module)
    for wanted in module.params["folders"]:
        files.folder(wanted)
    for wanted in module.params["files"]:
        if not wanted["container"] or files.in_container:
            files.file(wanted)
    for wanted in module.params["links"]:
        files.link(wanted)
    for name in module.params["absent"]:
        files.absent(name)
    named = [each["path"] for kind in ("folders", "files", "links") for each in module.params[kind]]
    for wanted in module.params["only"]:
        files.only(wanted["path"], [*named, *wanted["keep"]])
    return {"changed": bool(files.changed), "diff": files.diffs, "lajur": {"changed": files.changed}}
