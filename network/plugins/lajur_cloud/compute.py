"""All of Nova in one process: the API, with conductor, scheduler and compute beside it, which talk over a queue in memory."""

from __future__ import annotations

import shlex
import sys

from nova.wsgi.osapi_compute import application  # isort: skip  # first: it sets up threads, settings and objects
import nova.conf
import os_brick
import os_vif
from nova import context, service, utils
from nova.compute import rpcapi as compute
from nova.conductor import rpcapi as conductor
from nova.objects import host_mapping
from nova.scheduler import rpcapi as scheduler
from nova.scheduler.client.report import SchedulerReportClient
from nova.servicegroup import api as servicegroup
from oslo_privsep import priv_context

from lajur_cloud import driver

__all__ = ["application"]


# Nova finds a driver below `nova.virt` and nowhere else.
sys.modules["nova.virt.lajur"] = driver
# Of every server, and anew with every server that is made: for a driver that divides its resources anew, which ours never does.
SchedulerReportClient.get_allocations_for_provider_tree = lambda *_: {}
# Seconds before a service first reports that it is up, until which it is given no server.
servicegroup.INITIAL_REPORTING_DELAY = 0


def _start() -> list[service.Service]:
    priv_context.init(root_helper=shlex.split(utils.get_root_helper()))
    os_brick.setup(nova.conf.CONF)
    os_vif.initialize()
    wanted = (
        {"binary": "nova-conductor", "topic": conductor.RPC_TOPIC},
        {"binary": "nova-scheduler", "topic": scheduler.RPC_TOPIC},
        {"binary": "nova-compute", "topic": compute.RPC_TOPIC, "topic_alt": compute.RPC_TOPIC_ALT},
    )
    started = [service.Service.create(**words) for words in wanted]
    for each in started:
        each.start()
    # A new host serves nobody before it is known to the cell.
    host_mapping.discover_hosts(context.get_admin_context())
    return started


RUNNING = _start()
