"""The action `lajur_refuse`: a play ends here, refused before it changed anything, and says why in the reader's language."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.action import ActionBase

from network.playing.refusing import refusal


class ActionModule(ActionBase):
    _requires_connection = False
    _VALID_ARGS = frozenset({"word", "fields"})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        word = str(self._task.args.get("word"))
        outcome = refusal(word, self._task.args.get("fields") or {}, os.environ)
        return result | outcome.as_result() | {"lajur": {"refused": word}}
