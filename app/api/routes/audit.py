"""The audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from app.api import examples, schemas
from app.api.audit_shapes import AUDITED, Audited, audited_shape
from app.api.openapi import reads
from app.api.parameters import AuditQuestion, router_of
from app.api.parts import reading
from app.api.representations import answer_page
from app.store import audit
from app.store.scopes import requires

router = router_of("service")


@router.get(
    "/audit",
    operation_id="listAudit",
    summary="Who wrote what, the latest first",
    responses=reads(schemas.Page[Audited], examples.page_of(AUDITED), paged=True),
    response_model=None,
)
@requires("admin")
def list_audit(request: Request, question: Annotated[AuditQuestion, Query()]) -> Response:
    """Return every write that was answered with success, and every change of the keys."""
    with reading(request) as session:
        page = audit.entries(session, question.key, question.page())
    return answer_page(request, [audited_shape(entry) for entry in page.items], page.next)
