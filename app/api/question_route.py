"""Routes whose query string is read by its model at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.responses import Response


class QuestionRoute(APIRoute):
    """A route that has the model of its query string look at what was sent, and describes it as FastAPI does.

    FastAPI looks through the model's fields at every request, which takes as long as a short answer itself.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        described = self.dependant
        self.dependant = with_question(described)
        try:
            return super().get_route_handler()
        finally:
            self.dependant = described


def with_question(described: Dependant) -> Dependant:
    """Return what a route depends on with a reader in place of its query string's model, where it has no body.

    The faults of a body are told together with those of the query string, so such a route stays as it is.
    """
    model = question_model(described)
    if described.body_params or model is None:
        return described
    reader = get_dependant(path=described.path or "", call=reader_of(model), name=described.query_params[0].name)
    return replace(described, query_params=[], dependencies=[*described.dependencies, reader])


def question_model(described: Dependant) -> type[BaseModel] | None:
    """Return the model of the query string of what a route depends on; None when it is no single one."""
    model = described.query_params[0].field_info.annotation if len(described.query_params) == 1 else None
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def asked(model: type[BaseModel], request: Request) -> BaseModel:
    """Return what a query string asks.

    Raises: RequestValidationError.
    """
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        faults = [{**fault, "loc": ("query", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from error


def reader_of(model: type[BaseModel]) -> Callable[[Request], Awaitable[BaseModel]]:
    """Return what makes ``model`` of a query string in which every name is given once."""

    async def read(request: Request) -> BaseModel:
        return asked(model, request)

    # FastAPI looks names up where the function was written, which do not tell this module's.
    read.__annotations__ = {"request": Request, "return": BaseModel}
    return read
