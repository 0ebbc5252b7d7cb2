"""The module `lajur_health`: asks a health URL of several servers at once, as often as told or until it is good."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_hands import Answer, ask

DOCUMENTATION = r"""
module: lajur_health
short_description: Asks a health URL of several servers at once
description:
  - An answer is good when it is 2xx and holds the expected text within its first 8 KiB: HAProxy's own checks, which must come
    to the same word, read little more.
  - The result is C(lajur), a document with C(targets), by name C(answers) (each C(status), 0 for none in time, C(ms),
    C(fits)), C(good) (the longest run of good answers at the end) and C(said), the version that the last good one says. An
    answer that is not good is no failure of the module.
options:
  targets:
    description: Where to ask, by name.
    type: dict
    required: true
  path:
    description: The path of the health URL.
    type: str
    required: true
  scheme:
    description: How it is asked. Over TLS whatever certificate it shows, as nothing but its health is asked.
    type: str
    choices: [http, https]
    default: http
  expect:
    description: The text that a good answer holds.
    type: str
    default: ""
  host:
    description: The name in the request's C(Host); the target's address unless given.
    type: str
    default: ""
  asks:
    description: How often each is asked, evenly spread over O(seconds).
    type: int
    default: 1
  good:
    description: Stop asking when so many answers in a row were good; 0 to ask to the end.
    type: int
    default: 0
  seconds:
    description: How long it takes altogether.
    type: int
    default: 0
  timeout:
    description: Seconds that one answer may take.
    type: int
    default: 2
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Ask a server ten times in five seconds
  lajur_health:
    targets:
      app-1: {address: 192.0.2.11, port: 8080}
    path: /sehat
    expect: '"status": "ok"'
    asks: 10
    seconds: 5
"""

RETURN = r"""
lajur:
  description: What was answered.
  type: dict
  returned: always
"""

_AT_ONCE = 64


def watch(address: str, port: int, told: dict[str, Any]) -> list[Answer]:
    """Answers in the order of the questions. Each begins at its own moment, whether the one before was answered or not, unless
    they are to stop at `good`."""
    begun = time.monotonic()

    def one() -> Answer:
        return ask(address, port, told["path"], told["expect"], told["timeout"], told["host"], scheme=told["scheme"])

    moments = [begun + told["seconds"] * number / told["asks"] for number in range(told["asks"])]
    answers: list[Answer] = []
    if told["good"]:
        for moment in moments:
            _until(moment)
            answers.append(one())
            if in_a_row(answers) >= told["good"]:
                break
        return answers
    with ThreadPoolExecutor(min(_AT_ONCE, told["asks"])) as threads:
        asked = []
        for moment in moments:
            _until(moment)
            asked.append(threads.submit(one))
        _until(begun + told["seconds"])
        return [each.result() for each in asked]


def _until(moment: float) -> None:
    left = moment - time.monotonic()
    if left > 0:
        time.sleep(left)


def in_a_row(answers: list[Answer]) -> int:
    """How many good ones there are at the end."""
    bad = [at for at, answer in enumerate(answers, 1) if not answer.fits]
    return len(answers) - (bad[-1] if bad else 0)


def document(answers: list[Answer]) -> dict[str, Any]:
    said = [answer.said for answer in answers if answer.fits]
    return {"answers": [each.document() for each in answers], "good": in_a_row(answers), "said": said[-1] if said else ""}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "targets": {"type": "dict", "required": True},
            "path": {"type": "str", "required": True},
            "scheme": {"type": "str", "default": "http", "choices": ["http", "https"]},
            "expect": {"type": "str", "default": ""},
            "host": {"type": "str", "default": ""},
            "asks": {"type": "int", "default": 1},
            "good": {"type": "int", "default": 0},
            "seconds": {"type": "int", "default": 0},
            "timeout": {"type": "int", "default": 2},
        },
        supports_check_mode=True,
    )
    told = module.params
    targets = told["targets"]
    with ThreadPoolExecutor(max(1, len(targets))) as threads:
        asked = {name: threads.submit(watch, str(at["address"]), int(at["port"]), told) for name, at in targets.items()}
        found = {name: document(each.result()) for name, each in asked.items()}
    module.exit_json(changed=False, lajur={"targets": found})


if __name__ == "__main__":
    main()
