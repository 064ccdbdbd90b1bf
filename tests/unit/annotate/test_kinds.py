"""Which nouns a story may call a body by."""

from __future__ import annotations

import pytest

from app.annotate.kinds import is_of_kind, may_be_called


@pytest.mark.parametrize(
    ("noun", "key", "fits"),
    [
        ("company", "acme steel", True),
        ("company", "national police agency", False),
        ("agency", "enforcement directorate", True),
        ("agency", "interior ministry", True),
        ("agency", "government of kesterly", False),
        ("union", "kesterly police officers association", True),
        ("government", "lee administration", True),
        ("government", "acme steel", False),
        ("parliament", "criminal court", False),
        ("hospital", "oakdale medical center", True),
        ("company", "oakdale medical center", True),
        ("bank", "oakdale medical center", False),
        ("office", "oakdale hospital", True),
        ("airline", "northgate airways", True),
        ("lender", "first kesterly bank", True),
        ("university", "first kesterly bank", False),
        ("bank", "barclays", True),
        ("court", "kesterly university", False),
    ],
)
def test_noun_is_said_of_bodies_of_its_kind(noun: str, key: str, fits: bool) -> None:  # noqa: FBT001 (a parameter)
    assert may_be_called(noun, key) is fits


@pytest.mark.parametrize(
    ("noun", "key", "fits"),
    [
        ("hospital", "oakdale medical center", True),
        ("church", "mount kesterly baptist church", True),
        ("hospital", "oakdale university", False),
        ("hospital", "acme steel", False),
    ],
)
def test_noun_names_the_kind_of_a_body(noun: str, key: str, fits: bool) -> None:  # noqa: FBT001 (a parameter)
    assert is_of_kind(noun, key) is fits
