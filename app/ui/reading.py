"""What the pages about actors and issues show, read from the store in one session a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.annotation import EntityType
from app.store import articles, entities, issues, positions, quotes
from app.store.filters import ArticleFilter, PositionFilter, QuoteFilter
from app.store.highlights import highlights
from app.store.offices import tenures
from app.store.paging import PageRequest
from app.store.search import Wanted
from app.store.suggestions import suggestions
from app.store.views import ArticleView, EntityView, IssueView, Json, QuoteView
from app.ui.drawings import Event, Side, Term, draw_sides, draw_terms, draw_timeline
from app.ui.marks import Mark, mark_up
from app.ui.parts import write_day

SHOWN = 60
_RECENT, _SAYING, _FOUND = 12, 6, 8
_WORTH_SHOWING = 0.6
_LEAST_WORDS, _MOST_WORDS = 8, 45
_BESIDE = 12
_UNSURE = 0.3
_POSTS = 12
FOLDERS = {"person": "people", "organization": "organizations", "place": "places"}


@dataclass(frozen=True, slots=True)
class Saying:
    """A quote with the story that it stands in; ``shown`` are its words with those marked that were asked for."""

    quote: Json
    story: ArticleView
    day: datetime
    shown: Markup | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """A stance or an office with the story that it stands in."""

    position: Json
    story: ArticleView
    day: datetime


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page: the latest stories, and some of what is said in them."""

    stories: tuple[ArticleView, ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class ActorPage:
    """A person or an organization across stories. ``more`` says that there are quotes beyond those shown."""

    entity: EntityView
    sayings: tuple[Saying, ...]
    more: bool
    stances: tuple[Stand, ...]
    offices: tuple[Stand, ...]
    members: tuple[Stand, ...]
    stories: tuple[ArticleView, ...]
    beside: tuple[tuple[str, str, str, int], ...]
    timeline: Markup | None
    posts: Markup | None


@dataclass(frozen=True, slots=True)
class IssuePage:
    """An issue: who supports it, who opposes it, each with the words that show it.

    ``unsure`` are the stances that nobody looked at and that are far likelier wrong than right; no picture has them.
    """

    issue: IssueView
    supports: tuple[Stand, ...]
    opposes: tuple[Stand, ...]
    others: tuple[Stand, ...]
    unsure: tuple[Stand, ...]
    sides: Markup | None
    timeline: Markup | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found, the first of each kind."""

    stories: tuple[ArticleView, ...]
    sayings: tuple[Saying, ...]
    people: tuple[EntityView, ...]
    organizations: tuple[EntityView, ...]
    issues: tuple[IssueView, ...]


def day_of(story: ArticleView) -> datetime:
    """Return when a story appeared: published, or else received."""
    return story.published_at or story.received_at


def front_page(session: Session) -> FrontPage:
    """Return the front page."""
    stories = articles.articles(session, ArticleFilter(), PageRequest(limit=_RECENT)).items
    found = quotes.quotes(session, QuoteFilter(status="resolved", confidence=_WORTH_SHOWING), PageRequest(limit=SHOWN))
    chosen: dict[tuple[str, str | None], QuoteView] = {}
    for quote in found.items:
        words = len(quote.text.split())
        if quote.type == "direct" and _LEAST_WORDS <= words <= _MOST_WORDS:
            chosen.setdefault((quote.article_id, quote.speaker_entity_id), quote)
    # What is short or reported is better than nothing.
    return FrontPage(stories, sayings_of(session, (list(chosen.values()) or found.items)[:_SAYING]))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which of somebody's quotes are wanted: those about ``q``, of stories from one day to another, both included."""

    q: str | None = None
    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        """Say whether anything narrows the quotes."""
        return self != Narrowing()


def actor_page(session: Session, entity_id: str, kind: EntityType, wanted: Narrowing) -> ActorPage:
    """Return the page of a person or an organization.

    Raises: NotFoundError.
    """
    entity = entities.entity(session, entity_id, kind)
    q = wanted.q
    narrowed = QuoteFilter(
        speaker_id=entity_id,
        about=q,
        relevance=q is not None,
        published_from=None if wanted.first is None else _midnight(wanted.first),
        published_to=None if wanted.last is None else _after(wanted.last),
    )
    page = quotes.quotes(session, narrowed, PageRequest(limit=SHOWN))
    sayings = sayings_of(session, page.items, q)
    found = positions.positions(session, PositionFilter(entity_id=entity_id), PageRequest(limit=SHOWN)).items
    stands = _stands(session, [p.document for p in found])
    own = [s for s in stands if _actor(s.position)["entity_id"] == entity_id]
    members = [s for s in stands if s not in own]
    stories = articles.articles(session, ArticleFilter(mentions=(entity_id,)), PageRequest(limit=_RECENT)).items
    return ActorPage(
        entity=entity,
        sayings=sayings,
        more=page.next is not None,
        stances=tuple(s for s in own if s.position["kind"] == "stance"),
        offices=_each_once(s for s in own if s.position["kind"] == "office"),
        members=_each_once(members),
        stories=stories,
        beside=_beside(session, stories, entity_id),
        timeline=draw_timeline(
            [
                *(_said_event(s) for s in sayings),
                *(_stance_event(s, up=False) for s in own if s.position["kind"] == "stance"),
            ],
            f"What {entity.name} said, and when",
        ),
        posts=None if kind != "person" else draw_terms(_terms(session, entity_id), f"Posts of {entity.name} over time"),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _after(day: date) -> datetime | None:
    """Return when a day is over; None for the last that there is."""
    return None if day == date.max else _midnight(day + timedelta(days=1))


def issue_page(session: Session, issue_id: str) -> IssuePage:
    """Return the page of an issue.

    Raises: NotFoundError.
    """
    issue = issues.issue(session, issue_id)
    told = issue_stands(session, issue_id)
    stands = tuple(stand for stand in told if not _is_unsure(stand.position))
    return IssuePage(
        issue=issue,
        supports=tuple(s for s in stands if s.position["polarity"] == "supports"),
        opposes=tuple(s for s in stands if s.position["polarity"] == "opposes"),
        others=tuple(s for s in stands if s.position["polarity"] not in {"supports", "opposes"}),
        unsure=tuple(s for s in told if s not in stands),
        sides=draw_sides(issue.label, sides_of(stands)),
        timeline=draw_timeline(
            [_stance_event(s, up=s.position["polarity"] != "opposes") for s in stands],
            f"How positions on {issue.label} moved over time",
        ),
    )


def _is_unsure(position: Json) -> bool:
    """Say whether a stance is kept out of a picture: nobody looked at it, and it is far likelier wrong than right."""
    reviewed = (position.get("review") or {}).get("status", "machine") != "machine"
    return not reviewed and position["confidence"] is not None and position["confidence"] < _UNSURE


def issue_stands(session: Session, issue_id: str) -> tuple[Stand, ...]:
    """Return the latest stances on an issue, each with its story."""
    narrowed = PositionFilter(kind="stance", issue_id=issue_id)
    found = positions.positions(session, narrowed, PageRequest(limit=2 * SHOWN)).items
    return _stands(session, [p.document for p in found])


def sides_of(stands: Iterable[Stand]) -> list[Side]:
    """Return who stands where, the most reported first, at most a dozen a side."""
    counts = Counter((s.position["polarity"], _key(s.position["holder"])) for s in stands)
    holders = {_key(s.position["holder"]): s.position["holder"] for s in stands}
    sides = [
        Side(holders[key]["name"] or "Not named", polarity, count, actor_path(holders[key]))
        for (polarity, key), count in counts.most_common()
    ]
    return [s for p in ("supports", "opposes") for s in sides if s.polarity == p][: 2 * _BESIDE] + [
        s for s in sides if s.polarity not in {"supports", "opposes"}
    ][:_BESIDE]


def findings(session: Session, q: str) -> Findings:
    """Return what a search for ``q`` finds, the most fitting first: stories, quotes about it, names, issues."""
    said = quotes.quotes(session, QuoteFilter(about=q, relevance=True), PageRequest(limit=_FOUND)).items
    return Findings(
        stories=articles.relevant_articles(session, q, _FOUND),
        sayings=sayings_of(session, said, q),
        people=tuple(s.entity for s in suggestions(session, q, ("person",), _FOUND)),
        organizations=tuple(s.entity for s in suggestions(session, q, ("organization",), _FOUND)),
        issues=issues.issues_of_words(session, q, _FOUND),
    )


def sayings_of(session: Session, found: Sequence[QuoteView], about: str | None = None) -> tuple[Saying, ...]:
    """Return quotes with their stories, with the words marked that say what they are ``about``."""
    stories = articles.articles_by_id(session, {q.article_id for q in found})
    marked = {} if about is None else highlights(session, [q.document for q in found], Wanted(about=about))
    return tuple(
        Saying(q.document, stories[q.article_id], day_of(stories[q.article_id]), _marked(q.document, marked.get(q.id)))
        for q in found
    )


def _marked(quote: Json, found: Sequence[Json] | None) -> Markup | None:
    """Return the contents of a quote with the words marked that were found, None for none."""
    if found is None:
        return None
    marks = [(place["start"], place["end"]) for place in found]
    return Markup(" ").join(
        mark_up(
            part["exact"], 0, len(part["exact"]), [Mark(a - part["start"], b - part["start"], "mark") for a, b in marks]
        )
        for part in quote["contents"]
    )


def actor_path(actor: Json) -> str | None:
    """Return the address of the page of an actor, None for one that has none."""
    folder = FOLDERS.get(actor["type"] or "")
    return None if folder is None or actor["entity_id"] is None else f"/read/{folder}/{actor['entity_id']}"


def _stands(session: Session, found: Sequence[Json]) -> tuple[Stand, ...]:
    stories = articles.articles_by_id(session, {p["article_id"] for p in found})
    return tuple(Stand(p, stories[p["article_id"]], day_of(stories[p["article_id"]])) for p in found)


def _actor(position: Json) -> Json:
    actor: Json = position["holder"] if position["kind"] == "stance" else position["person"]
    return actor


def _key(actor: Json) -> str:
    return str(actor["entity_id"] or actor["name"])


def _terms(session: Session, entity_id: str) -> list[Term]:
    """Return the posts that dated stories state for a person, in their order in time."""
    found = []
    for tenure in tenures(session, entity_id):
        held = None
        if tenure.held_from is not None and tenure.held_to is not None:
            held = (tenure.held_from, tenure.held_to)
        label = ", ".join(filter(None, (tenure.title, tenure.organization)))
        told = [f"held {write_day(held[0])} to {write_day(held[1])}"] if held else []
        told += [f"past by {write_day(tenure.former_from)}"] if tenure.former_from else []
        latest = tenure.statements[0]
        if told:
            place = f"/read/articles/{latest.article_id}#{latest.position_id}"
            found.append(Term(label, held, tenure.former_from, f"{label}: {', '.join(told)}", place))
    return found[-_POSTS:]


def _each_once(stands: Iterable[Stand]) -> tuple[Stand, ...]:
    """Return each office once, as the latest story states it."""
    found: dict[tuple[str, str, str, str], Stand] = {}
    for stand in stands:
        office = stand.position
        if office["kind"] == "office":
            body = "" if office["organization"] is None else _key(office["organization"])
            found.setdefault((_key(office["person"]), office["normal_title"], body, office["tense"]), stand)
    return tuple(found.values())


def _beside(session: Session, stories: Iterable[ArticleView], entity_id: str) -> tuple[tuple[str, str, str, int], ...]:
    """Return (id, folder, name, stories) of those who speak in the same stories, the most often first."""
    counts: Counter[str] = Counter()
    known: dict[str, Json] = {}
    for story in stories:
        said = quotes.quotes(session, QuoteFilter(article_id=story.id), PageRequest(limit=SHOWN)).items
        speakers = {q.speaker_entity_id: q.document["speaker"] for q in said if q.speaker_entity_id != entity_id}
        for key, speaker in speakers.items():
            if key is not None and actor_path(speaker) is not None:
                counts[key] += 1
                known.setdefault(key, speaker)
    return tuple(
        (key, FOLDERS[known[key]["type"]], known[key]["name"], count) for key, count in counts.most_common(_BESIDE)
    )


def _said_event(saying: Saying) -> Event:
    words = " ".join(saying.quote["text"].split()[:_LEAST_WORDS])
    path = f"/read/articles/{saying.story.id}#{saying.quote['id']}"
    return Event(saying.day, f"said {saying.quote['type']}", f"{saying.day:%d %b %Y}: {words} …", path)


def _stance_event(stand: Stand, *, up: bool) -> Event:
    stance = stand.position
    label = f"{stand.day:%d %b %Y}: {stance['holder']['name']} {stance['polarity']} {stance['issue']['label']}"
    return Event(stand.day, stance["polarity"], label, f"/read/articles/{stand.story.id}#{stance['id']}", up)
