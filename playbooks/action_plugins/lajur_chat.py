"""The action `lajur_chat`: asks the server which accounts are missing, and sends the first passwords of those and no others."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from network.playing.accounts import first_passwords


class ActionModule(ActionBase):
    """Arguments are those of the module, with `secret`, from which first passwords are computed, in the place of `passwords`."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        master = arguments.pop("secret", None)
        looked: dict[str, Any] = self._execute_module("lajur_chat", module_args=arguments, task_vars=task_vars)
        missing = (looked.get("lajur") or {}).get("missing")
        if looked.get("failed") or not missing or self._task.check_mode:
            return looked
        if not master:
            return {
                "failed": True,
                "msg": f"{len(missing)} accounts are to be made, and there is no secret for their first passwords.",
            }
        passwords = first_passwords(str(master), missing, str(arguments["domain"]))
        made: dict[str, Any] = self._execute_module(
            "lajur_chat", module_args={**arguments, "passwords": passwords}, task_vars=task_vars
        )
        return made if made.get("failed") else _both(looked, made)


def _both(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What two calls did, told as one."""
    counted = {name: first["lajur"][name] + second["lajur"][name] for name in ("made", "removed", "changed")}
    after = first["diff"]["after"] + second["diff"]["after"]
    told = {"missing": second["lajur"]["missing"], **counted}
    return {**second, "changed": first["changed"] or second["changed"], "lajur": told, "diff": {"before": "", "after": after}}
