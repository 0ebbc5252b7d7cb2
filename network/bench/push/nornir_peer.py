"""The push as nornir with Netmiko does it, in twenty threads.

`python -m network.bench.push.nornir_peer`: one line of JSON in (`Work`), one out (`Worked`).
"""

from __future__ import annotations

import json
import sys
import time
from typing import Final

from nornir.core import Nornir
from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.task import Result, Task
from nornir.plugins.runners import ThreadedRunner
from nornir_netmiko.tasks import netmiko_send_command

from network.bench.push.work import CONFIRM, SHOW, Router, Work, Worked, arm, check, looks, missing, unwell, write

THREADS: Final = 20


def _host(router: Router, work: Work) -> Host:
    extras = {
        "device_type": "linux",
        "use_keys": True,
        "key_file": work["key"],
        "ssh_strict": True,
        "alt_host_keys": True,
        "alt_key_file": work["known_hosts"],
    }
    options = {"netmiko": ConnectionOptions(extras=extras)}
    return Host(router["name"], hostname=router["address"], username="root", data={"router": router}, connection_options=options)


def _push(task: Task, number: int) -> Result:
    def say(command: str) -> str:
        return str(task.run(netmiko_send_command, command_string=command)[0].result)

    router: Router = task.host.data["router"]
    if "checked" not in say(check(router, number)):
        raise ValueError("FRR refuses the lines")
    say(arm())
    say(write(router, number))
    task.host.close_connections()
    lacking = missing(say(SHOW), number)
    against = unwell([say(command) for command in looks(router)])
    if lacking or against:
        raise ValueError("; ".join([*lacking, against]))
    if "confirmed" not in say(CONFIRM):
        raise ValueError("the way back is not called off")
    task.host.close_connections()
    return Result(host=task.host)


def main() -> None:
    work: Work = json.loads(sys.stdin.readline())
    ConnectionPluginRegister.auto_register()
    hosts = Hosts({router["name"]: _host(router, work) for router in work["routers"]})
    inventory = Inventory(hosts=hosts, groups=Groups(), defaults=Defaults())
    nornir = Nornir(inventory=inventory, runner=ThreadedRunner(num_workers=THREADS))
    began = time.perf_counter()
    results = nornir.run(_push, number=work["number"])
    seconds = time.perf_counter() - began
    failed = {name: str(result.exception) for name, result in results.items() if result.failed}
    worked: Worked = {"seconds": seconds, "failed": failed}
    sys.stdout.write(json.dumps(worked) + "\n")


if __name__ == "__main__":
    main()
