"""Acceptance reports and proofs of return as files: JSON for programs, a page for people. Written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from infra.contract import AcceptanceReport
from infra.page import Head, acceptance_page
from infra.page_return import Returned, return_page
from infra.wipe import Proof, Wiped
from infra.wipe_data import Tree


class Reports:
    """Files in one folder. What was signed is never written over: when a paper of an acceptance, a return or a loss comes again
    for the same server, the one before gets its own day into its name."""

    def __init__(self, folder: Path, head: Head) -> None:
        self._folder = folder
        self._head = head

    def acceptance(self, server: str, report: Mapping[str, Any], since: str = "") -> list[str]:
        """The paper of an acceptance, or of its refusal, which has a name of its own; of refusals only the last one is kept.
        `since`: the day of the acceptance of a machine that is less than its contract now."""
        made = AcceptanceReport.model_validate(report)
        page = acceptance_page(made, self._head, date.fromisoformat(since) if since else None)
        if not made.accepted:
            return self._write(f"short-{server}", report, page)
        return self._keep(f"acceptance-{server}", report, page)

    def released(self, server: str, proof: Mapping[str, Any]) -> list[str]:
        # What a machine that is lost leaves must not replace the proof of one that was wiped.
        name = f"lost-{server}" if proof["lost"] else f"return-{server}"
        return self._keep(name, proof, return_page(_returned(proof), self._head))

    def end(self, server: str) -> None:
        """It is given back, and on record as that."""
        self._begun(server).unlink(missing_ok=True)

    def keep_begun(self, server: str, proof: Mapping[str, Any]) -> None:
        """The first half of a return: after the second nobody of us can ask the machine again."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._put(self._begun(server), json.dumps(proof))

    def begun(self, server: str) -> dict[str, Any]:
        """What `keep_begun` kept; empty when no return was begun."""
        try:
            found: dict[str, Any] = json.loads(self._begun(server).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def _begun(self, server: str) -> Path:
        return self._folder / f"return-{server}.begun"

    def _keep(self, name: str, document: Mapping[str, Any], html: str) -> list[str]:
        """Write it beside what is there; the same once more is no other paper."""
        before = self._read(name)
        if before and before != document:
            day = str(before.get("day", "")) or "-"
            older = next(each for each in _names(f"{name}.{day}") if not self._file(each, ".json").exists())
            for suffix in (".html", ".json"):
                if self._file(name, suffix).exists():
                    self._file(name, suffix).replace(self._file(older, suffix))
        return self._write(name, document, html)

    def _read(self, name: str) -> dict[str, Any]:
        """The document of this name; empty when there is none. One that is not whole is somebody's paper all the same."""
        try:
            found = json.loads(self._file(name, ".json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            found = None
        return found if isinstance(found, dict) else {"day": ""}

    def _file(self, name: str, suffix: str) -> Path:
        return self._folder / f"{name}{suffix}"

    def _write(self, name: str, document: Mapping[str, Any], html: str) -> list[str]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        texts = {".json": json.dumps(document, indent=1, ensure_ascii=False) + "\n", ".html": html}
        return [str(self._put(self._file(name, suffix), text)) for suffix, text in texts.items()]

    @staticmethod
    def _put(path: Path, text: str) -> Path:
        part = path.with_name(path.name + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
        return path


def _names(name: str) -> Iterator[str]:
    """A key of a server has no dot in it, so none of these is the name of another one's paper."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of it as canonical JSON, in hexadecimal: what the audit log has of it."""
    return sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _returned(document: Mapping[str, Any]) -> Returned:
    lease = document["lease"]
    return Returned(
        server=document["server"],
        lease=lease["key"],
        lessor=lease["lessor"],
        number=lease["number"],
        place=lease["place"],
        serial=str(document["machine"].get("serial", "")),
        day=date.fromisoformat(document["day"]),
        proof=Proof(wiped=tuple(Wiped(**item) for item in document["wiped"]), ended=bool(document["ended"])),
        conditions=tuple(lease["returnConditions"]),
        reason=document["lost"],
        entered=bool(document["entered"]),
        digest=digest(document),
        data=tuple(Tree(**item) for item in document.get("data", ())),
        stopped=tuple(document.get("stopped", ())),
        allowed=str(document.get("allowed", "")),
    )
