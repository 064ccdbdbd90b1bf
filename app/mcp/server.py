"""The read queries as tools of a Model Context Protocol server: who said what, who stands where, by which words.

Each tool is a question to the HTTP API, through its own client: the same answers, the same checks, one place for both.
Source: Model Context Protocol, by its official Python SDK (``mcp``, MIT licence).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import aclosing
from functools import wraps
from importlib.metadata import version
from textwrap import shorten
from typing import Annotated, Any, Literal, cast
from urllib.parse import parse_qs, urlsplit

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from app.client import AnswerError, AsyncSayso, NotFoundProblem

Json = dict[str, Any]
Kind = Literal["people", "organizations"]
Limit = Annotated[int, Field(ge=1, le=50, description="At most so many.")]
Who = Annotated[str | None, Field(description="A whole name, or the id that another tool gave.")]
ArticleId = Annotated[str | None, Field(description="The id of an article.")]
From = Annotated[
    str | None, Field(description="Published at or after this date (2024-03-05); undated stories are left out.")
]
To = Annotated[str | None, Field(description="Published before this date; undated stories are left out.")]
Polarity = Literal["supports", "opposes", "mixed", "unclear"]

INSTRUCTIONS = (
    "Annotated news. find_quotes answers what somebody said about something; find_positions where somebody stands and "
    "which posts they hold; find_issues what stances are about. Every answer carries its evidence: spans, whose "
    "`exact` are the story's words from `start` to `end` of the article's text, and the id of the article. Quote those "
    "words and name the article. An unknown speaker is unknown. find_people and find_organizations turn parts of names "
    "into ids."
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_ENTITIES = ("people", "organizations", "places", "groups")
_OF_ENTITY = ("id", "type", "name", "aliases", "offices")
_MOST_OF_ONE_NAME = 10
_LONGEST_SHOWN = 100


def make_server(sayso: AsyncSayso) -> MCPServer:
    """Return a server whose tools ask ``sayso``."""
    questions = Questions(sayso)
    asked = (
        questions.search_news,
        questions.find_quotes,
        questions.find_positions,
        questions.find_issues,
        questions.find_people,
        questions.find_organizations,
        questions.read_article,
    )
    tools = [closed(Tool.from_function(told(tool), annotations=_READS, structured_output=True)) for tool in asked]
    return MCPServer("Sayso", instructions=INSTRUCTIONS, version=version("sayso"), tools=tools)


class ClearTool(Tool):
    """A tool that says in a sentence which argument is wrong, and what would be right."""

    async def run(self, arguments: Json, *given: Any, **named: Any) -> Any:  # noqa: ANN401 (what tools answer)
        """Answer a call.

        Raises: ToolError.
        """
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            raise ToolError("; ".join(fault(part, self.parameters["properties"]) for part in error.errors())) from error
        return await super().run(arguments, *given, **named)


def fault(part: ErrorDetails, known: Collection[str]) -> str:
    """Return what is wrong with one argument; ``known`` are those that the tool takes."""
    name = str(part["loc"][0]) if part["loc"] else "arguments"
    if part["type"] == "missing":
        return f"{name} is missing"
    if part["type"] == "extra_forbidden":
        return f"{name[:_LONGEST_SHOWN]} is not an argument of this tool: it takes {', '.join(known)}"
    right = part["msg"].replace("Input should", "should", 1)
    return f"{name} {right}, not {shorten(repr(part['input']), _LONGEST_SHOWN)}"


def closed(tool: Tool) -> Tool:
    """Return a tool that refuses arguments that it does not know: a misspelt one never widens a question."""
    arguments: Any = tool.fn_metadata.arg_model
    known: Any = type(arguments.__name__, (arguments,), {"model_config": ConfigDict(extra="forbid")})
    metadata = tool.fn_metadata.model_copy(update={"arg_model": known})
    parts = {name: getattr(tool, name) for name in Tool.model_fields}
    described = known.model_json_schema(by_alias=True)
    return ClearTool.model_construct(**{**parts, "fn_metadata": metadata, "parameters": described})


def told(tool: Any) -> Any:  # noqa: ANN401 (its signature is the tool's schema, and stays)
    """Return a tool that tells the assistant what the service says is wrong."""

    @wraps(tool)
    async def telling(*given: Any, **named: Any) -> Json:  # noqa: ANN401 (a tool's arguments)
        try:
            return cast(Json, await tool(*given, **named))
        except AnswerError as error:
            raise ToolError(str(error)) from error

    return telling


class Questions:
    """The tools."""

    def __init__(self, sayso: AsyncSayso) -> None:
        self._sayso = sayso

    async def search_news(self, words: str, limit: Limit = 10) -> Json:
        """Search stories, people, organizations, quotes and issues for words; the first of each."""
        return dict(await self._sayso.search(words, limit=limit))

    async def find_quotes(
        self,
        *,
        about: Annotated[str | None, Field(description="Words of what the quote is about, in it or around it.")] = None,
        words: Annotated[str | None, Field(description="Words of the quote itself.")] = None,
        speaker: Who = None,
        article: ArticleId = None,
        published_from: From = None,
        published_to: To = None,
        limit: Limit = 10,
    ) -> Json:
        """Find what somebody said about something, with the evidence: the most fitting first, else the newest.

        A name may fit several: `speakers` lists them. `highlights` says by the quote's id where the words stand.
        """
        asked: Json = {
            "q": words,
            "about": about,
            "sort": None if words is None and about is None else "relevance",
            "speaker": speaker,
            "article": article,
            "published_from": published_from,
            "published_to": published_to,
            "limit": limit,
        }
        found = await self._sayso.get("/quotes", asked)
        if found.get("speakers") == []:
            raise _nobody(speaker)
        # A page that looked at many quotes without finding one says where to go on.
        while not found["items"] and found["next"]:
            cursor = parse_qs(urlsplit(found["next"]).query)["cursor"][0]
            found = await self._sayso.get("/quotes", {**asked, "cursor": cursor})
        known = [{name: entity[name] for name in _OF_ENTITY} for entity in found.pop("speakers", [])]
        return {"items": found["items"], "highlights": found.get("highlights") or {}, "speakers": known}

    async def find_positions(  # noqa: PLR0913 (the tool's arguments)
        self,
        *,
        holder: Who = None,
        kind: Literal["stance", "office"] | None = None,
        words: Annotated[str | None, Field(description="Words of the issue or of the title.")] = None,
        polarity: Polarity | None = None,
        country: Annotated[
            str | None,
            Field(description="Of a country itself and of those who stand for it or hold office there, by its name."),
        ] = None,
        issue: Annotated[str | None, Field(description="The id of an issue.")] = None,
        published_from: From = None,
        published_to: To = None,
        limit: Limit = 10,
    ) -> Json:
        """Find where somebody stands on an issue, or which posts somebody holds, with the words that show it."""
        asked = {
            "q": words,
            "kind": kind,
            "polarity": polarity,
            "country": country,
            "issue": issue,
            "published_from": published_from,
            "published_to": published_to,
        }
        return await self._first(f"{await self._place_of(holder)}/positions", asked, limit)

    async def find_issues(
        self, start: Annotated[str | None, Field(description="The start of the label.")] = None, limit: Limit = 10
    ) -> Json:
        """Find the issues that stances are about; those with the most stances first."""
        return await self._first("/issues", {"q": start, "sort": "-positions"}, limit)

    async def find_people(self, name: str, limit: Limit = 10) -> Json:
        """Find people by the start of a word of a name, with their offices; those in most stories first."""
        return await self._first("/people", {"q": name, "sort": "-articles"}, limit)

    async def find_organizations(self, name: str, limit: Limit = 10) -> Json:
        """Find organizations by the start of a word of a name; those in most stories first."""
        return await self._first("/organizations", {"q": name, "sort": "-articles"}, limit)

    async def read_article(self, article: Annotated[str, Field(description="The id of an article.")]) -> Json:
        """Read an article: its text, who is in it, who said what, who stands where."""
        found: Json = dict(await self._sayso.article(article))
        # Every mention of everybody would be more than the text itself.
        return found | {kind: [{n: entity[n] for n in _OF_ENTITY} for entity in found[kind]] for kind in _ENTITIES}

    async def _place_of(self, name: str | None) -> str:
        """Return the address of who is meant, "" for nobody in particular.

        Raises: ToolError when nobody or more than one is known by the name.
        """
        if name is None:
            return ""
        kinds: tuple[Kind, ...] = ("people", "organizations")
        known = [
            (kind, entity)
            for kind in kinds
            for entity in (await self._first(f"/{kind}", {"name": name}, _MOST_OF_ONE_NAME))["items"]
        ]
        if len(known) > 1:
            listed = "; ".join(f"{entity['id']} ({', '.join(_told_of(entity))})" for _, entity in known)
            msg = f"several are known by the name {name}: ask for one of them by id: {listed}"
            raise ToolError(msg)
        for kind, entity in known:
            return f"/{kind}/{entity['id']}"
        for kind, find in (("people", self._sayso.person), ("organizations", self._sayso.organization)):
            try:
                return f"/{kind}/{(await find(name))['id']}"
            except NotFoundProblem:
                continue
        raise _nobody(name, ", and a country is asked for as country")

    async def _first(self, path: str, asked: Mapping[str, object], limit: int) -> Json:
        items: list[Any] = []
        async with aclosing(self._sayso.each(path, {**asked, "limit": limit})) as found:
            async for item in found:
                items.append(item)
                if len(items) == limit:
                    break
        return {"items": items}


def _nobody(name: str | None, more: str = "") -> ToolError:
    return ToolError(
        f"nobody is known by the name {name}: find_people and find_organizations search for parts of names{more}"
    )


def _told_of(entity: Json) -> list[str]:
    offices = [office["title"] for office in entity["offices"][:2]]
    return [entity["name"], *offices, f"in {entity['articles']} stories"]
