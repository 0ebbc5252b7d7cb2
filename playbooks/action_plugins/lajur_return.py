"""The action `lajur_return`: leased servers given back, looked at or carried out, once for all hosts of a play."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from network.playing.asking import Asked
from network.playing.returns import Return, returns

_display = Display()


class ActionModule(ActionBase):
    """What is heavy is imported above: Ansible loads this file before it forks, so that it is paid once, not by every worker."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    _VALID_ARGS = frozenset({"servers", "release", "without_backup", "via"})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        words, check = self._task.args, bool(self._task.check_mode)
        asked = Asked.by(task_vars or {}, hosts="ansible_play_hosts_all", check=check, via=words.get("via"))
        given = Return.by(words.get("servers"), words.get("release"), words.get("without_backup"))
        # A wiping of hours is heard of without -v, and so is where the paper to sign lies.
        outcome = returns(asked, given, _display.display)
        if not outcome.failed:
            _display.display(outcome.text)
        return result | outcome.as_result()
