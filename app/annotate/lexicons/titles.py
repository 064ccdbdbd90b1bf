"""Titles of posts, roles and jobs in normal form, and the nouns that head them.

Source: ``titles.json``, which ``app.training.lexicons`` makes from the roles of government in The World Factbook
(public domain), the agents dictionary of PETRARCH (MIT), the occupations of dariusk/corpora (CC0) and titles of English
news style compiled for the project (licence as the project); the file's header says which editions.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_PATH = Path(__file__).with_name("titles.json")


@cache
def known_titles() -> frozenset[str]:
    """Return the titles of all sources, in normal form."""
    titles = json.loads(_PATH.read_text(encoding="utf-8"))["titles"]
    return frozenset(title for source in titles.values() for title in source)


@cache
def known_heads() -> frozenset[str]:
    """Return the nouns that head the titles: "minister", "director"."""
    return frozenset(json.loads(_PATH.read_text(encoding="utf-8"))["heads"])
