"""The read queries as tools of a Model Context Protocol server: who said what, who stands where, by which words.

Each tool is a question to the HTTP API, through its own client: the same answers, the same checks, one place for both.
Source: Model Context Protocol, by its official Python SDK.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from app.client import AnswerError, AsyncSayso
from app.client.calls import read_one

Json = dict[str, Any]
Limit = Annotated[int, Field(ge=1, le=50, description="At most so many.")]
Name = Annotated[str | None, Field(description="A name, or the id that another tool gave.")]

INSTRUCTIONS = (
    "Annotated news. find_quotes answers what somebody said about something; find_positions where somebody stands and "
    "which posts they hold. Every answer carries its evidence: spans with the exact words and the id of the article. "
    "Quote those words; an unknown speaker is unknown. find_people and find_organizations turn names into ids."
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def make_server(sayso: AsyncSayso) -> MCPServer:
    """Return a server whose tools ask ``sayso``."""
    server = MCPServer("Sayso", instructions=INSTRUCTIONS, version=version("sayso"))
    questions = Questions(sayso)
    for tool in (
        questions.search_news,
        questions.find_quotes,
        questions.find_positions,
        questions.find_people,
        questions.find_organizations,
        questions.read_article,
    ):
        server.tool(annotations=_READS, structured_output=True)(tool)
    return server


class Questions:
    """The tools."""

    def __init__(self, sayso: AsyncSayso) -> None:
        self._sayso = sayso

    async def search_news(self, words: str, limit: Limit = 10) -> Json:
        """Search stories, people, organizations and quotes for words; the first of each."""
        try:
            return dict(await self._sayso.search(words, limit=limit))
        except AnswerError as error:
            raise ToolError(str(error)) from error

    async def find_quotes(
        self,
        words: Annotated[str | None, Field(description="Words of the quote.")] = None,
        speaker: Name = None,
        article: Annotated[str | None, Field(description="The id of an article.")] = None,
        type: Literal["direct", "indirect", "mixed"] | None = None,  # noqa: A002 (the API's word)
        limit: Limit = 10,
    ) -> Json:
        """Find what was said: by words, by who said it, in one article; the newest first, each with its evidence."""
        speaker_id = await self._id_of(speaker)
        return await self._first(self._sayso.quotes(q=words, speaker=speaker_id, article=article, type=type), limit)

    async def find_positions(
        self,
        holder: Name = None,
        kind: Literal["stance", "office"] | None = None,
        words: Annotated[str | None, Field(description="Words of the issue or of the title.")] = None,
        polarity: Literal["supports", "opposes", "mixed", "unclear"] | None = None,
        limit: Limit = 10,
    ) -> Json:
        """Find where somebody stands on an issue, or which posts somebody holds, with the words that show it."""
        who = await self._id_of(holder)
        as_person = {"person": who} if kind == "office" else {"holder": who}
        return await self._first(self._sayso.positions(q=words, kind=kind, polarity=polarity, **as_person), limit)

    async def find_people(self, name: str, limit: Limit = 10) -> Json:
        """Find people by the start of a word of a name, with their offices."""
        return await self._first(self._sayso.people(q=name), limit)

    async def find_organizations(self, name: str, limit: Limit = 10) -> Json:
        """Find organizations by the start of a word of a name."""
        return await self._first(self._sayso.organizations(q=name), limit)

    async def read_article(self, article: Annotated[str, Field(description="The id of an article.")]) -> Json:
        """Read an article: its text, who is in it, who said what, who stands where."""
        try:
            found: Json = await self._sayso.json(read_one("articles", article))
        except AnswerError as error:
            raise ToolError(str(error)) from error
        return found

    async def _id_of(self, name: str | None) -> str | None:
        """Return the id of who has a name; an id stands for itself.

        Raises: ToolError when nobody is known by it.
        """
        if name is None:
            return None
        for known in (self._sayso.people, self._sayso.organizations):
            found = await self._first(known(name=name), 1)
            if found["items"]:
                return str(found["items"][0]["id"])
        if " " not in name and any(letter.isdigit() for letter in name):
            return name
        msg = f"nobody is known by the name {name}: find_people and find_organizations search for parts of names"
        raise ToolError(msg)

    async def _first(self, items: AsyncIterator[Any], limit: int) -> Json:
        found = []
        try:
            async for item in items:
                found.append(item)
                if len(found) == limit:
                    break
        except AnswerError as error:
            raise ToolError(str(error)) from error
        return {"items": found}
