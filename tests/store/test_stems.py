"""That words are cut to their stems alike, whoever else does it at the same moment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.store.highlights import stem_of

ENDINGS = ("", "s", "ing", "ations", "ization", "iveness", "fulness", "ousness")
WORDS = [f"{start}{ending}" for start in ("question", "govern", "organ", "hope", "rel") for ending in ENDINGS]


@pytest.fixture
def busy() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("busy")
def test_threads_do_not_mix_up_their_words() -> None:
    cut = stem_of.__wrapped__
    right = [cut(word, "porter") for word in WORDS]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda word: cut(word, "porter"), WORDS * 20))

    assert found == right * 20
