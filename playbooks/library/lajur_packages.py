"""Debian packages that must be there. Where none is missing nothing is fetched: the uplink is scarce."""

from __future__ import annotations

import os

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: lajur_packages
short_description: Debian packages that must be there
description:
  - Asks dpkg what is missing and installs it, without what is only recommended. Lists of packages are fetched only when something
    is missing that the known lists do not have, or no longer have; settings of ours that lie there already are kept.
  - What an earlier run of dpkg left half done, because it was cut off, is brought to its end first.
  - Newer versions are the night's business (unattended-upgrades), not a play's.
options:
  names:
    description: Packages.
    type: list
    elements: str
    required: true
  wait:
    description: For so many seconds another apt or dpkg is waited for.
    type: int
    default: 300
"""

_STALE = ("Unable to locate package", "has no installation candidate", "404", "Failed to fetch", "Unable to fetch")
_CUT_OFF = "dpkg was interrupted"
_LONGEST = 1500


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "names": {"type": "list", "elements": "str", "required": True},
            "wait": {"type": "int", "default": 300},
        },
        supports_check_mode=True,
    )
    missing = _missing(module)
    if not missing:
        module.exit_json(changed=False, lajur={"changed": []})
    diff = {"before": "", "after": "".join(f"{name}\n" for name in missing)}
    if not module.check_mode:
        _install(module, missing)
    module.exit_json(changed=True, lajur={"changed": missing}, diff=diff)


def _missing(module: AnsibleModule) -> list[str]:
    words = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Abbrev}\\n", "--", *module.params["names"]]
    _, out, _ = module.run_command(words)
    there = {line.split()[0] for line in out.splitlines() if line.split()[1:2] == ["ii"]}
    return [name for name in module.params["names"] if name not in there]


def _install(module: AnsibleModule, names: list[str]) -> None:
    words = ["install", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confdef"]
    words += ["-o", "Dpkg::Options::=--force-confold", "--", *names]
    code, said = _apt(module, words)
    if code != 0 and _CUT_OFF in said:
        _finish(module)
        code, said = _apt(module, words)
    if code != 0 and any(sign in said for sign in _STALE):
        listed, why = _apt(module, ["update", "--error-on=any"])
        if listed != 0:
            _fail(module, names, why)
        code, said = _apt(module, words)
    if code != 0:
        _fail(module, names, said)


def _finish(module: AnsibleModule) -> None:
    """What an earlier run left unpacked. Whether it could be is told by apt, which is asked again."""
    words = ["dpkg", "--force-confdef", "--force-confold", "--configure", "--pending"]
    module.run_command(words, environ_update=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "NEEDRESTART_MODE": "l"}


def _apt(module: AnsibleModule, words: list[str]) -> tuple[int, str]:
    always = ["apt-get", "--quiet", "--yes", "-o", f"DPkg::Lock::Timeout={module.params['wait']}"]
    always += ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
    code, out, err = module.run_command([*always, *words], environ_update=_environment())
    wrong = [line for line in (out + err).splitlines() if line.startswith(("E:", "Err:", "W: Failed"))]
    return int(code), "\n".join(wrong or err.splitlines()[-5:])[-_LONGEST:]


def _fail(module: AnsibleModule, names: list[str], said: str) -> None:
    missing = _missing(module)
    there = sorted(set(names) - set(missing))
    done = f"Installed already: {', '.join(there)}." if there else "Nothing was installed."
    module.fail_json(
        msg=f"apt could not install {', '.join(names)}. {done} Check the package repository and run the play again; it goes on "
        f"where it stopped.\n{said}",
        lajur={"changed": there, "problem": "packages", "missing": missing, "said": said},
    )


if __name__ == "__main__":
    main()
