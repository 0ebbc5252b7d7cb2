"""All of Cinder in one process: the API, with volume and scheduler beside it, which talk over a queue in memory."""

from __future__ import annotations

import shlex
from importlib import import_module
from typing import Any

from cinder import monkey_patch

_BACKEND = "fake"

monkey_patch.patch(backend="threading")
application = import_module("cinder.wsgi.api").application
"""Imported once everything is patched."""


def _start() -> list[Any]:
    import os_brick
    from cinder import service, utils
    from cinder.common import constants
    from oslo_config import cfg
    from oslo_privsep import priv_context

    settings = cfg.CONF
    priv_context.init(root_helper=shlex.split(utils.get_root_helper()))
    os_brick.setup(settings)
    settings.register_opt(cfg.StrOpt("backend_host"), group=_BACKEND)
    # Volume first: the scheduler's start waits for a back end to report.
    volume = {"binary": constants.VOLUME_BINARY, "service_name": _BACKEND, "coordination": True}
    wanted = ({"host": f"{settings.host}@{_BACKEND}", **volume}, {"binary": "cinder-scheduler"})
    started = [service.Service.create(**words) for words in wanted]
    for each in started:
        each.start()
    return started


RUNNING = _start()
