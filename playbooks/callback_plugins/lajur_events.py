"""The callback `lajur_events`: a line of JSON for each task that ended on a host, for the program that started the play."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: lajur_events
type: notification
short_description: Tells the program that started a play what every task came to
description:
  - Writes to the descriptor that C(LAJUR_EVENTS_FD) names; without it nothing. Of a result only what went wrong and what a module
    of this project answers (C(lajur)) is told; of a task with C(no_log) neither. When nobody reads it any more the play is ended.
requirements: [enabled by callbacks_enabled in ansible.cfg]
"""

_HIDDEN = "censored"


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "lajur_events"

    def __init__(self) -> None:
        super().__init__()
        number = os.environ.get("LAJUR_EVENTS_FD", "")
        self._descriptor = int(number) if number.isdecimal() else None
        self.disabled = self._descriptor is None

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._write({"begun": task.get_name()})

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self._write({"begun": task.get_name()})

    def v2_runner_on_ok(self, result: Any) -> None:
        self._tell(result, "changed" if result.is_changed() else "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._tell(result, "failed", ignored=ignore_errors)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._tell(result, "unreachable")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._tell(result, "skipped")

    def _tell(self, result: Any, status: str, *, ignored: bool = False) -> None:
        found = result.result
        line: dict[str, Any] = {"host": result.host.get_name(), "task": result.task.get_name(), "status": status}
        line["ignored"] = ignored
        line["rescued"], line["cleanup"] = _place(result.task) if status in ("failed", "unreachable") else (False, False)
        line["exit"] = found.get("exit_code", 0)
        if _HIDDEN in found:
            line["message"] = "no_log" if status in ("failed", "unreachable") else ""
        else:
            value = found.get("lajur")
            line["value"] = value if isinstance(value, dict) else {}
            line["message"] = _said(found) if status in ("failed", "unreachable") else ""
        self._write(line)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """What each host came to in the end: a task that failed may have been rescued."""
        ends = {host: stats.summarize(host) for host in stats.processed}
        self._write({"bad": sorted(host for host, end in ends.items() if end["failures"] or end["unreachable"])})

    def _write(self, line: dict[str, Any]) -> None:
        if self._descriptor is None:
            return
        try:
            rest = memoryview(json.dumps(line, default=str).encode() + b"\n")
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:  # who started the play is gone, and its turn may be somebody else's by now: no further task is begun
            self._descriptor = None
            os.kill(os.getpid(), signal.SIGTERM)


def _place(task: Any) -> tuple[bool, bool]:
    """Whether a block goes on without this task (`rescue`), and whether it stands where a block puts in order what it began
    (`always`)."""
    rescued = cleanup = False
    inner, outer = task, getattr(task, "_parent", None)
    while outer is not None:
        own = getattr(inner, "_uuid", None)
        for name in ("block", "always"):
            there = any(getattr(each, "_uuid", "") == own for each in getattr(outer, name, None) or ())
            rescued = rescued or (there and name == "block" and bool(getattr(outer, "rescue", None)))
            cleanup = cleanup or (there and name == "always")
        inner, outer = outer, getattr(outer, "_parent", None)
    return rescued, cleanup


def _said(found: dict[str, Any]) -> str:
    """What went wrong, in the task's own words, and what its program wrote."""
    parts = [str(found.get(name) or "").strip() for name in ("msg", "stderr", "module_stderr")]
    items = [each for each in found.get("results") or () if isinstance(each, dict) and each.get("failed")]
    parts += [str(each.get("msg") or "").strip() for each in items[:3]]
    return "\n".join(dict.fromkeys(part[-2000:] for part in parts if part))
