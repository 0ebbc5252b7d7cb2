"""Acceptance reports and proofs of return as files: JSON for programs, a page for people. Written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from infra.contract import AcceptanceReport
from infra.page import Head, Returned, acceptance_page, return_page
from infra.wipe import Proof, Wiped


class Reports:
    """Files in one folder; the newest of a server replaces the one before."""

    def __init__(self, folder: Path, head: Head) -> None:
        self._folder = folder
        self._head = head

    def acceptance(self, server: str, report: Mapping[str, Any]) -> list[str]:
        page = acceptance_page(AcceptanceReport.model_validate(report), self._head)
        return self._write(f"acceptance-{server}", report, page)

    def released(self, server: str, proof: Mapping[str, Any]) -> list[str]:
        # What a machine that is lost leaves must not replace the proof of one that was wiped.
        name = f"lost-{server}" if proof["lost"] else f"return-{server}"
        return self._write(name, proof, return_page(_returned(proof), self._head))

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

    def _write(self, name: str, document: Mapping[str, Any], html: str) -> list[str]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        texts = {".json": json.dumps(document, indent=1, ensure_ascii=False) + "\n", ".html": html}
        return [str(self._put(self._folder / f"{name}{suffix}", text)) for suffix, text in texts.items()]

    @staticmethod
    def _put(path: Path, text: str) -> Path:
        part = path.with_name(path.name + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
        return path


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
    )
