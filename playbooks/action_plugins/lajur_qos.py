"""The action `lajur_qos`: the queues of a regency, once for all hosts of a play."""

from __future__ import annotations

import os
import shutil
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from network.playing.asking import Asked
from network.playing.queues import queues

_display = Display()
_WIDTH = shutil.get_terminal_size((0, 0)).columns or None
"""Of the terminal. Seen here, before the strategy forks: workers have none."""


class ActionModule(ActionBase):
    """Looks in check mode, carries out otherwise. The heavy imports stand above: the strategy loads this file before it forks,
    so that they are paid once and not by every worker."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    _VALID_ARGS = frozenset({"via"})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        known = task_vars or {}
        asked = Asked(
            regency=str(known["lajur_regency"]),
            regencies=str(known["lajur_regencies"]),
            hosts=tuple(map(str, known["ansible_play_hosts_all"])),
            every=tuple(map(str, known["groups"]["all"])),
            check=bool(self._task.check_mode),
            via=str(self._task.args.get("via", "auto")),
            environment=os.environ,
            width=_WIDTH,
        )
        outcome = queues(asked, _display.v)
        result |= {"changed": outcome.changed, "failed": outcome.failed, "msg": outcome.text}
        if outcome.failed:
            result |= {"code": outcome.code, "exit_code": outcome.exit_code}
        if outcome.plan:
            result["diff"] = {"prepared": outcome.plan}
        return result
