"""The survey of a document: every annotator in its order, up to the stances that are still to be weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.annotate.acronyms import acronym_holders, title_acronyms, without_titles
from app.annotate.attribution import Links, Settings, find_attributions
from app.annotate.cast import Cast, gather_cast
from app.annotate.chunks import Words, find_words
from app.annotate.clauses import with_shared_sources, without_the_far
from app.annotate.encoder import Reading
from app.annotate.entities import Group, group_names
from app.annotate.name_signs import put_right
from app.annotate.names import confirmed, find_actors, find_names
from app.annotate.offices import Post, find_posts
from app.annotate.owners import tell_owners
from app.annotate.pieces import Pieces
from app.annotate.quotes import Passage
from app.annotate.reach import reach_through
from app.annotate.reports_within import with_whole_quotations
from app.annotate.short_names import with_short_bodies
from app.annotate.stances import find_stances
from app.annotate.takings import Taking, Voice
from app.domain.document import Document
from app.pipeline.speech import find_passages


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What the annotators find in a document, still by group numbers; ``takings`` are stances as they were read."""

    reading: Reading
    words: Words
    groups: tuple[Group, ...]
    cast: Cast
    posts: tuple[Post, ...]
    passages: tuple[Passage, ...]
    voices: tuple[Voice, ...]
    takings: tuple[Taking, ...]


def survey(
    document: Document, pieces: Pieces, reading: Reading, tables: Mapping[str, Any], settings: Settings
) -> Survey:
    """Return what the annotators find in a document that was read, before a judge weighs the stances."""
    text = document.text
    words = find_words(pieces)
    links = Links(reading, tables["links"], tuple(tables["links"]), tables["buckets"])
    names = find_names(reading, words, tables, text)
    acronyms = title_acronyms(text)
    actors = confirmed(without_titles(find_actors(reading, words, tables, text, names), acronyms, text), document)
    groups = group_names(with_short_bodies(put_right(actors, text), text), text)
    tell_owners(groups, text)
    cast = gather_cast(groups, words)
    posts = find_posts(reading, words, links, tables, cast, text)
    heard = find_attributions(reading, words, links, tables, settings, text)
    heard = without_the_far(with_shared_sources(heard, document.sentences, text), document.paragraphs)
    attributions = reach_through(with_whole_quotations(heard, pieces.quotations, words, text), text)
    titles = [(p.title.of(text).casefold(), p.group) for p in posts] + [*acronym_holders(acronyms, cast, text)]
    bodies = [(p.group, p.organization) for p in posts if p.organization is not None]
    passages, sources = find_passages(document, pieces.quotations, words, attributions, cast, links, titles, bodies)
    voices = tuple(Voice(piece, passages[n].speaker, n, passages[n].contents, passages[n].cue) for n, piece in sources)
    takings = find_stances(reading, words, links, tables, cast, voices, document)
    return Survey(reading, words, groups, cast, posts, passages, voices, takings)
