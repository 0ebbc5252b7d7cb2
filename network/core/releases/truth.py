"""What a release needs to know of a workload, from the truth. The only place that knows how both sides call it. Pure."""

from __future__ import annotations

from typing import Final

from inventory.regency import Regency
from inventory.release_model import Batch as TruthBatch
from inventory.release_model import Runs
from inventory.release_views import edges_of, port_of, scheme_of
from network.core.near import perhaps
from network.core.releases.values import ArtefactKind, Batch, Gate, Workload
from network.errors import NotFound, Refused

_CONTROLLER: Final = ("bin/lajur",)
"""The program of this toolkit itself in a release of it, whose units are those of its role."""


def released(regency: Regency) -> tuple[str, ...]:
    """The keys of the workloads that have releases, in the order of the file."""
    return tuple(each.key for each in regency.workloads if each.release is not None)


def workload_of(regency: Regency, key: str) -> Workload:
    """Raises NotFound for one that there is not, and Refused for one that has no releases."""
    known = {each.key: each for each in regency.workloads}
    if key not in known:
        own = released(regency)
        raise NotFound("release.no_workload", workload=key, nearest=perhaps(key, own), known=", ".join(own) or "–")
    found = known[key]
    release, port = found.release, port_of(found)
    if release is None or port is None or found.health is None:
        raise Refused("release.not_released", workload=key, known=", ".join(released(regency)) or "–")
    return Workload(
        key=key,
        name=found.name,
        owner=found.owner,
        kind=ArtefactKind(release.artefact.value),
        servers=found.servers,
        port=port,
        health=found.health,
        scheme=scheme_of(found).value,
        expect=release.expect or "",
        start=_CONTROLLER if found.runs is Runs.CONTROLLER else release.start,
        migrate=release.migrate or (),
        gate=Gate(good=release.good, watch=release.watch, requests=release.requests, errors=release.errors, slow=release.slow),
        keep=release.keep,
        batches=tuple(_batch(each) for each in release.batches),
        database=release.database or "",
        signers=release.signers,
        staged=release.staged,
        edges=tuple(server.key for server in edges_of(regency, found)),
    )


def _batch(written: TruthBatch) -> Batch:
    return Batch(count=written) if isinstance(written, int) else Batch(percent=int(written.removesuffix("%")))
