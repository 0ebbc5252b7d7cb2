"""The action `lajur_rollout`: a release of a workload, or the way back, once for all hosts of a play."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from network.playing.asking import Asked
from network.playing.releases import DEPLOY, ROLLBACK, deploy, rollback

_display = Display()
_TASKS = {"deploy": (deploy, DEPLOY), "rollback": (rollback, ROLLBACK)}


class ActionModule(ActionBase):
    """What is heavy is imported above: Ansible loads this file before it forks, so that it is paid once, not by every worker."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    _VALID_ARGS = frozenset({"task", "via", *DEPLOY, *ROLLBACK})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        given = dict(self._task.args)
        via, task = given.pop("via", None), str(given.pop("task", "deploy"))
        if task not in _TASKS:
            return result | {"failed": True, "msg": f"task: {' | '.join(_TASKS)}"}
        work, names = _TASKS[task]
        asked = Asked.by(task_vars or {}, hosts="ansible_play_hosts_all", check=bool(self._task.check_mode), via=via)
        meant = {name: given[name] for name in names if name in given}
        return result | work(asked, meant, _display.display).as_result()
