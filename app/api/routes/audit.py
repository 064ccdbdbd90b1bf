"""The audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, schemas
from app.api.audit_shapes import AUDITED, Audited, audited_shape
from app.api.lists import answer_pages
from app.api.openapi import lists
from app.api.parameters import AuditQuestion, router_of
from app.api.shapes import Json
from app.store import audit
from app.store.paging import PageRequest
from app.store.scopes import requires

router = router_of("service")


@router.get(
    "/audit",
    operation_id="listAudit",
    summary="Who wrote what, the latest first",
    responses=lists(schemas.Page[Audited], examples.page_of(AUDITED)),
    response_model=None,
)
@requires("admin")
def list_audit(request: Request, question: Annotated[AuditQuestion, Query()]) -> Response:
    """Return every write that was answered with success, and every change of the keys."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = audit.entries(session, question.key, page)
        return [audited_shape(entry) for entry in found.items], found.next

    return answer_pages(request, question, columns.AUDIT, read)
