"""Debian packages that must be there. Where none is missing nothing is fetched: the uplink is scarce."""

from __future__ import annotations

import os
from typing import Any

from ansible.module_utils.basic import AnsibleModule

_STALE = ("Unable to locate package", "has no installation candidate", "404", "Failed to fetch", "Unable to fetch")
_CUT_OFF = "dpkg was interrupted"
_LONGEST = 1500

OPTIONS: dict[str, Any] = {
    "names": {"type": "list", "elements": "str", "required": True},
    "wait": {"type": "int", "default": 300},
}


def keep(module: AnsibleModule, wanted: list[str], wait: int) -> dict[str, Any]:
    """Install what is missing of `wanted`; the result of a module. Another apt is waited for so many seconds."""
    missing = _missing(module, wanted)
    if not missing:
        return {"changed": False, "lajur": {"changed": []}}
    diff = {"before": "", "after": "".join(f"{name}\n" for name in missing)}
    if not module.check_mode:
        _install(module, missing, wait)
    return {"changed": True, "lajur": {"changed": missing}, "diff": diff}


def _missing(module: AnsibleModule, names: list[str]) -> list[str]:
    words = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Abbrev}\\n", "--", *names]
    _, out, _ = module.run_command(words)
    there = {line.split()[0] for line in out.splitlines() if line.split()[1:2] == ["ii"]}
    return [name for name in names if name not in there]


def _install(module: AnsibleModule, names: list[str], wait: int) -> None:
    words = ["install", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confdef"]
    words += ["-o", "Dpkg::Options::=--force-confold", "--", *names]
    code, said = _apt(module, words, wait)
    if code != 0 and _CUT_OFF in said:
        _finish(module)
        code, said = _apt(module, words, wait)
    if code != 0 and any(sign in said for sign in _STALE):
        listed, why = _apt(module, ["update", "--error-on=any"], wait)
        if listed != 0:
            _fail(module, names, why)
        code, said = _apt(module, words, wait)
    if code != 0:
        _fail(module, names, said)


def _finish(module: AnsibleModule) -> None:
    """What an earlier run left unpacked. Whether it could be is told by apt, which is asked again."""
    words = ["dpkg", "--force-confdef", "--force-confold", "--configure", "--pending"]
    module.run_command(words, environ_update=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "NEEDRESTART_MODE": "l"}


def _apt(module: AnsibleModule, words: list[str], wait: int) -> tuple[int, str]:
    always = ["apt-get", "--quiet", "--yes", "-o", f"DPkg::Lock::Timeout={wait}"]
    always += ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
    code, out, err = module.run_command([*always, *words], environ_update=_environment())
    wrong = [line for line in (out + err).splitlines() if line.startswith(("E:", "Err:", "W: Failed"))]
    return int(code), "\n".join(wrong or err.splitlines()[-5:])[-_LONGEST:]


def _fail(module: AnsibleModule, names: list[str], said: str) -> None:
    missing = _missing(module, names)
    there = sorted(set(names) - set(missing))
    done = f"Installed already: {', '.join(there)}." if there else "Nothing was installed."
    module.fail_json(
        msg=f"apt could not install {', '.join(names)}. {done} Check the package repository and run the play again; it goes on "
        f"where it stopped.\n{said}",
        lajur={"changed": there, "problem": "packages", "missing": missing, "said": said},
    )
