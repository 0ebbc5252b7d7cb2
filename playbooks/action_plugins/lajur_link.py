"""The action `lajur_link`: what `lajur_links` did to the links of this host, as this host's own result. Does nothing itself."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from network.playing.links import without_link


class ActionModule(ActionBase):
    """`of` is what `lajur_links` registered."""

    _requires_connection = False
    _VALID_ARGS = frozenset({"of"})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        known = task_vars or {}
        own = self._task.args["of"]["links"].get(known["inventory_hostname"])
        return result | (without_link() if own is None else dict(own))
