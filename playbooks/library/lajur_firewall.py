"""The firewall of a server, loaded under a timer that brings back the one before, and confirmed over a new connection."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_nft import OPTIONS, confirm, load

DOCUMENTATION = """
module: lajur_firewall
short_description: Loads nftables so that a mistake does not shut us out
description:
  - C(loaded) checks the rules, saves those that hold, sets a timer on the server that brings them back, and loads the new ones.
  - C(confirmed), asked over a new connection, ends the timer. Who cannot come back in does not confirm, and is let in again.
  - C(included) is for a role that only brought a snippet with what it lets in: loaded without a timer, and refused while the
    rules in C(file) themselves are not confirmed.
  - What a server begins with (C(boot)) is written with all snippets in it, and only when rules were confirmed or only a snippet
    came. Rules that nobody confirmed do not outlast a restart.
  - Rules that hold already are left alone.
options:
  state:
    description: What to do.
    choices: [loaded, confirmed, included]
    required: true
  file:
    description: The rules, as nft(8) reads them.
    type: path
    default: /var/lib/lajur/firewall/wanted.nft
  boot:
    description: What nftables.service loads when the server starts.
    type: path
    default: /etc/nftables.conf
  snippets:
    description: The folder of rules that the file includes by C(include "FOLDER/*.nft").
    type: path
    default: /etc/nftables.d
  table:
    description: The table that they make.
    type: str
    default: inet lajur
  seconds:
    description: After so many the rules before are back, unless confirmed.
    type: int
    default: 60
"""


def main() -> None:
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    act = confirm if module.params["state"] == "confirmed" else load
    module.exit_json(**act(module, module.params))


if __name__ == "__main__":
    main()
