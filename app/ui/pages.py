"""The pages and their addresses: ``/`` and everything under ``/read``, which follows the API's own paths."""

from __future__ import annotations

from datetime import date

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from app.config import Settings
from app.domain.annotation import EntityType
from app.errors import ConflictError, InputError, NotFoundError, SaysoError
from app.ingest.intake import Intake
from app.ingest.jobs import Jobs
from app.ingest.pages import Pages
from app.store import articles, revisions
from app.store.scopes import requires
from app.store.store import Store
from app.ui import embedding, operations, pasting, reading, review, signing
from app.ui.drawings import draw_sides
from app.ui.parts import Parts, make_templates, page, parts_of
from app.ui.reading import Narrowing
from app.ui.story import story_page

HOME = "/read"
SIGN_IN = f"{HOME}/sign-in"
_SEE_OTHER, _NOT_FOUND, _CONFLICT, _UNPROCESSABLE, _UNAVAILABLE = 303, 404, 409, 422, 503
_AWAY = (OperationalError, InterfaceError, PoolTimeoutError)
_MOST_Q = 500
_LEAST_COMPRESSED, _GZIP_LEVEL = 1_000, 6


def make_pages(settings: Settings, store: Store, intake: Intake, jobs: Jobs, fetched: Pages) -> list[BaseRoute]:
    """Return the routes of all pages, for the application that serves them beside the API."""
    pages = Starlette(
        routes=[
            Route("/", pasting.show_front),
            Route("/search", show_findings),
            Route("/operations", operations.show_operations),
            Route("/operations/ingestions/{ingestion_id}/retry", operations.retry, methods=["POST"]),
            Route("/operations/feeds/{feed_id}/poll", operations.poll, methods=["POST"]),
            Route("/annotate", pasting.annotate, methods=["POST"]),
            Route("/articles/{article_id}", show_story),
            Route("/sign-in", signing.show_sign_in),
            Route("/sign-in", signing.sign_in, methods=["POST"]),
            Route("/sign-out", signing.sign_out, methods=["POST"]),
            Route("/review", review.show_waiting),
            Route("/review", review.decide, methods=["POST"]),
            Route("/articles/{article_id}/review", review.show_desk),
            Route("/articles/{article_id}/review", review.work, methods=["POST"]),
            Route("/articles/{article_id}/sidebar", embedding.show_sidebar),
            Route("/quotes/{quote_id}", embedding.go_to_quote),
            Route("/quotes/{quote_id}/card", embedding.show_card),
            Route("/oembed", embedding.send_oembed),
            Route("/embedding", embedding.show_example),
            Route("/people/{entity_id}", show_person),
            Route("/organizations/{entity_id}", show_organization),
            Route("/places/{entity_id}", show_place),
            Route("/issues/{issue_id}.svg", send_sides),
            Route("/issues/{issue_id}", show_issue),
            Mount("/files", requires("open")(StaticFiles(packages=[("app.ui", "static")]))),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=_LEAST_COMPRESSED, compresslevel=_GZIP_LEVEL)],
        exception_handlers={
            NotFoundError: show_error,
            InputError: show_error,
            ConflictError: show_error,
            HTTPException: show_error,
            **dict.fromkeys(_AWAY, show_error),
        },
    )
    pages.state.parts = Parts(settings, store, intake, jobs, fetched)
    pages.state.templates = make_templates()
    return [Route("/", go_home), Route(HOME, go_home), Mount(HOME, app=pages)]


def go_home(_request: Request) -> Response:
    """Lead to the front page."""
    return RedirectResponse(f"{HOME}/", _SEE_OTHER)


def show_story(request: Request) -> Response:
    """Show one story with everything found in it."""
    article_id = request.path_params["article_id"]
    with parts_of(request).store.reading() as session:
        article = articles.article(session, article_id)
        text = revisions.text_of(session, article_id)
        analysis = revisions.analysis_of(session, article_id)
    shown = story_page(text, article.head, analysis)
    values = {"article": article, "story": shown, "day": reading.day_of(article), "q": "", "kept": True}
    return page(request, "story.html", values)


def show_person(request: Request) -> Response:
    """Show a person across stories."""
    return _show_actor(request, "person")


def show_organization(request: Request) -> Response:
    """Show an organization across stories."""
    return _show_actor(request, "organization")


def show_place(request: Request) -> Response:
    """Show a place across stories: countries act, and speak."""
    return _show_actor(request, "place")


def _show_actor(request: Request, kind: EntityType) -> Response:
    wanted = Narrowing(_words(request) or None, _day(request, "from"), _day(request, "to"))
    with parts_of(request).store.reading() as session:
        actor = reading.actor_page(session, request.path_params["entity_id"], kind, wanted)
    values = {"actor": actor, "folder": reading.FOLDERS[kind], "wanted": wanted, "q": ""}
    return page(request, "actor.html", values)


def show_issue(request: Request) -> Response:
    """Show who stands where on an issue."""
    with parts_of(request).store.reading() as session:
        issue = reading.issue_page(session, request.path_params["issue_id"])
    return page(request, "issue.html", {"page": issue, "q": ""})


def send_sides(request: Request) -> Response:
    """Send the picture of who stands where, to be kept."""
    with parts_of(request).store.reading() as session:
        issue = reading.issue_page(session, request.path_params["issue_id"])
        stands = (*issue.supports, *issue.opposes, *issue.others)
    picture = draw_sides(issue.issue.label, reading.sides_of(stands), standalone=True)
    if picture is None:
        raise NotFoundError("picture", issue.issue.id)
    headers = {"Content-Disposition": f'attachment; filename="{issue.issue.id}.svg"'}
    return Response(picture.encode(), media_type="image/svg+xml", headers=headers)


def show_findings(request: Request) -> Response:
    """Show what a search finds."""
    q = _words(request)
    found = None
    if q:
        with parts_of(request).store.reading() as session:
            found = reading.findings(session, q)
    return page(request, "search.html", {"q": q, "found": found})


def _words(request: Request) -> str:
    q = request.query_params.get("q", "").strip()
    if len(q) > _MOST_Q:
        raise InputError("q", f"is longer than {_MOST_Q} characters")
    return q


def _day(request: Request, name: str) -> date | None:
    sent = request.query_params.get(name, "").strip()
    if not sent:
        return None
    try:
        return date.fromisoformat(sent)
    except ValueError as error:
        raise InputError(name, "must be a day, such as 2026-05-17") from error


def show_error(request: Request, error: Exception) -> Response:
    """Show what went wrong, in a page."""
    if isinstance(error, NotFoundError):
        status, detail = _NOT_FOUND, f"There is no such {error.kind}."
    elif isinstance(error, HTTPException):
        status, detail = error.status_code, error.detail
    elif isinstance(error, ConflictError):
        status, detail = _CONFLICT, f"{error}."
    elif isinstance(error, SaysoError):
        status, detail = _UNPROCESSABLE, f"{error}."
    else:
        status, detail = _UNAVAILABLE, "The database is away. Try again in a moment."
    return page(request, "error.html", {"status": status, "detail": detail, "q": ""}, status=status)
