"""All of Cinder in one process: the API, with volume and scheduler beside it, which talk over a queue in memory."""

from __future__ import annotations

import shlex

from cinder import monkey_patch

monkey_patch.patch(backend="threading")

from cinder.wsgi.api import application  # noqa: E402 - not before it was patched
import os_brick  # noqa: E402
from cinder import service, utils  # noqa: E402
from cinder.common import constants  # noqa: E402
from oslo_config import cfg  # noqa: E402
from oslo_privsep import priv_context  # noqa: E402

__all__ = ["application"]

_BACKEND = "fake"


def _start() -> list[service.Service]:
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
