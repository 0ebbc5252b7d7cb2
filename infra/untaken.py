"""Rented servers that nobody took over yet: whether their clouds have what they are to be made of, before the first thing is
rented for one; and what a run that ended early left of one there, when it is given back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from infra.complaints import WHOLE
from infra.errors import InfraError
from infra.program import Rented
from infra.renting.kind import Api, Kind, Task
from infra.renting.kinds import KINDS, TYPE
from infra.renting.orphans import orphans
from infra.request import Request

_SERVER: Final = f"{TYPE}Server"
_IN_ORDER: Final = ("address", "machine", "port", "volume", "key", "group", "router", "network")
"""In which order what stands on something else goes before it."""
_KINDS: Final = {**{kind.name.lower(): kind for kind in KINDS.values()}, "machine": KINDS[_SERVER]}


class Untaken:
    """Of one request. `rented`: every rented server that it knows."""

    def __init__(self, request: Request, rented: Rented) -> None:
        self._request = request
        self._rented = rented

    def lacking(self, servers: Collection[str]) -> dict[str, InfraError]:
        """By server: of its size and its image, what its cloud has not; also why a cloud does not let us in, or is away, since
        nothing can be rented there."""
        kind, found, closed = KINDS[_SERVER], dict[str, InfraError](), dict[str, InfraError]()
        for server in sorted(servers & self._rented.keys()):
            rental = self._rented[server]
            if rental.cloud.key not in self._request.clouds:
                continue  # who asks for it is told so
            if rental.cloud.key in closed:
                found[server] = closed[rental.cloud.key]
                continue
            try:
                with self._opened(rental.cloud.key, f"{kind.name} {server}") as cloud:
                    kind.ahead(_task(kind, cloud, {**rental.machine, "name": server}))
            except InfraError as error:
                found[server] = error
                if error.code in WHOLE:
                    closed[rental.cloud.key] = error
        return found

    def enter(self, servers: Collection[str]) -> None:
        """Raises CloudError where a cloud of these servers lets nobody in, or is away: before one of them is let go of."""
        meant = [self._rented[server] for server in sorted(servers & self._rented.keys())]
        for key in sorted({each.cloud.key for each in meant} & self._request.clouds.keys()):
            with self._opened(key, ", ".join(each.stay.key for each in meant if each.cloud.key == key)):
                pass

    def give_back(self, servers: Collection[str], recorded: Collection[str]) -> None:
        """What bears the mark of these servers, or of what they stand on, and is not among the ids that are `recorded`: what a
        run asked for just before it died is in no state. Raises CloudError."""
        meant = [self._rented[server] for server in sorted(servers & self._rented.keys())]
        for key in sorted({each.cloud.key for each in meant} & self._request.clouds.keys()):
            own = [each for each in meant if each.cloud.key == key]
            names = {key, *(each.stay.key for each in own), *(each.stay.entry.key for each in own)}
            regency = str(own[0].machine["regency"])
            with self._opened(key, ", ".join(each.stay.key for each in own)) as cloud:
                left = [each for each in orphans(cloud, regency, recorded) if each.name in names]
                for each in sorted(left, key=lambda one: _IN_ORDER.index(one.kind)):
                    if each.kind == "port":
                        cloud.network.delete_port(each.id)
                        continue
                    kind = _KINDS[each.kind]
                    kind.remove(_task(kind, cloud, {"cloud": key, "regency": regency, "name": each.name}), each.id)

    @contextmanager
    def _opened(self, key: str, what: str) -> Iterator[Api]:
        from infra.reach.cloud import opened  # openstacksdk takes long to import

        with opened(self._request.clouds[key].document(key), what) as cloud:
            yield cloud


def _task(kind: Kind, cloud: Api, inputs: dict[str, Any]) -> Task:
    return Task(kind=kind, inputs=inputs, cloud=cloud, seconds=kind.wait)
