"""The story in a request's body, and the strict reading of small bodies in JSON."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from app.api.parts import parts_of
from app.api.question_route import QuestionRoute
from app.ingest.faults import MediaTypeError
from app.ingest.media_types import JSON, read_media_type
from app.ingest.pages import PATIENCE_OF_A_REQUEST
from app.ingest.receive import Received, receive
from app.ingest.strict_json import read_object


async def read_body(request: Request) -> bytes:
    """Return the whole body; a media type that nobody reads is refused before the body is.

    Raises: MediaTypeError.
    """
    read_media_type(request.headers.get("content-type"))
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", ""}:
        msg = f"a body comes as it is, without Content-Encoding: {encoding[:40]}"
        raise MediaTypeError(msg)
    return await request.body()


def received_story(request: Request, body: Annotated[bytes, Depends(read_body)]) -> Received:
    """Return the story that the request hands in."""
    parts = parts_of(request)
    limit = parts.settings.max_text_bytes
    complete = partial(parts.pages.story, patience=PATIENCE_OF_A_REQUEST)
    return receive(body, request.headers.get("content-type"), limit=limit, complete=complete)


Body = Annotated[bytes, Depends(read_body)]
Story = Annotated[Received, Depends(received_story)]


def json_object(request: Request, body: Body) -> dict[str, object]:
    """Return the JSON object in the request's body.

    Raises: MediaTypeError when it is something else; NotJsonError; FieldsError.
    """
    if read_media_type(request.headers.get("content-type")).name != JSON:
        msg = f"what is sent here is {JSON}"
        raise MediaTypeError(msg)
    return read_object(body)


JsonObject = Annotated[dict[str, object], Depends(json_object)]


class StrictRequest(Request):
    """A request whose JSON is read as strictly as a story's."""

    async def json(self) -> Any:  # noqa: ANN401 (as it is declared above)
        """Return the JSON object in the body.

        Raises: NotJsonError; FieldsError. The framework wraps them; the handler of exceptions unwraps them.
        """
        return read_object(await self.body())


class StrictRoute(QuestionRoute):
    """A route with a small body in JSON: what is wrong with it is said as it is of a story."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what handles a request to this route."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly
