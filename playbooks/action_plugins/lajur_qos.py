"""The action `lajur_qos`: the queues of a regency, looked at or carried out once for all hosts of a play."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from network.playing.asking import Asked
from network.playing.queues import queues

_display = Display()


class ActionModule(ActionBase):
    """What is heavy is imported above: Ansible loads this file before it forks, so that it is paid once, not by every worker."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    _VALID_ARGS = frozenset({"via"})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        via, check = self._task.args.get("via"), bool(self._task.check_mode)
        asked = Asked.by(task_vars or {}, hosts="ansible_play_hosts_all", check=check, via=via)
        return result | queues(asked, _display.v).as_result()
