"""Many files and folders of a server in one task: contents, modes and owners, with a diff, without a half-written one."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_laying import OPTIONS, keep

DOCUMENTATION = """
module: lajur_files
short_description: Many files and folders in one task
description:
  - Writes what differs, each file whole or not at all, and tells which did (C(lajur.changed)).
  - One task in the place of a loop, because each task costs a session and a start of Python on every server.
options:
  folders:
    description: Folders to be there; C(path), C(mode) (C("0755")), C(owner), C(group).
    type: list
    elements: dict
    default: []
  files:
    description:
      - Files to be there; C(path), C(content), C(mode) (C("0644")), C(owner), C(group); with C(secret) no diff is shown, with
        C(validate) this command is asked first, C(%s) being the new file; C(once) leaves one that is there as it is, and one
        with C(container) is for servers that are containers.
    type: list
    elements: dict
    default: []
  links:
    description: Symbolic links to be there; C(path) and C(to).
    type: list
    elements: dict
    default: []
  absent:
    description: Files and links that must be gone.
    type: list
    elements: path
    default: []
  only:
    description:
      - Folders in which nothing lies but what this task names; C(path), and C(keep), paths of what somebody else lays there.
        Everything else in them is removed, at any depth, and nothing behind a link. Only its owner may write in such a folder.
    type: list
    elements: dict
    default: []
"""


def main() -> None:
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.exit_json(**keep(module))


if __name__ == "__main__":
    main()
