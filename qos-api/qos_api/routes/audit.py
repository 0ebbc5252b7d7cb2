"""The audit log: who did what in a regency; and the whole chain, for somebody else to compute again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import Response
from starlette.requests import Request
from starlette.responses import StreamingResponse

from network.core.access import Caller, Right
from network.core.audit import AuditEntry
from network.services import audit
from network.serving import Service
from qos_api.answers import PAGED
from qos_api.paging import Paging, links
from qos_api.schemas.reads import AuditPage, AuditTold, AuditVerdictTold
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here, served

router = guarded("/v1", tag="audit")

_PART: Final = 1000


@router.get("/regencies/{regency}/audit", operation_id="listAudit", responses=PAGED)
def list_audit(response: Response, here: Here, page: Paging, _: Annotated[Caller, require(Right.AUDIT)]) -> AuditPage:
    """This regency's entries, oldest first; their numbers have gaps where other regencies' entries stand."""
    found = _of(here, page.number or 0, page.limit + 1)
    shown = found[: page.limit]
    following = page.next(shown[-1].number) if len(found) > page.limit else None
    response.headers.update(links(following))
    return AuditPage(items=[_entry(each) for each in shown], next=following)


@router.get(
    "/audit/export",
    operation_id="exportAudit",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
)
def export_audit(request: Request, _: Annotated[Caller, require(Right.AUDIT, everywhere=True)]) -> Response:
    """Every entry of the installation, one JSON object a line, as `network/ledger/check_audit.py` reads them."""
    log = served(request).serving.ledger
    return StreamingResponse((f"{line}\n" for line in audit.export(log)), media_type="application/x-ndjson")


@router.get("/audit/verification", operation_id="verifyAudit")
def verify_audit(request: Request, _: Annotated[Caller, require(Right.AUDIT, everywhere=True)]) -> AuditVerdictTold:
    """Computes the whole chain again."""
    verdict = audit.verify(served(request).serving.ledger)
    return AuditVerdictTold(entries=verdict.entries, digest=verdict.digest)


def _of(here: Service, after: int, wanted: int) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    for entry in _after(here, after):
        if entry.event.regency == here.key:
            found.append(entry)
            if len(found) == wanted:
                break
    return found


def _after(here: Service, after: int) -> Iterator[AuditEntry]:
    while part := here.ledger.entries(after, _PART):
        yield from part
        after = part[-1].number


def _entry(entry: AuditEntry) -> AuditTold:
    event = entry.event
    return AuditTold(
        number=entry.number,
        at=event.at,
        actor=event.actor,
        action=event.action,
        subject=event.subject,
        detail=dict(event.detail),
        previous=entry.previous,
        digest=entry.digest,
    )
