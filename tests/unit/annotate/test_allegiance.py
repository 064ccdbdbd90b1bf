"""Countries of actors, by their names."""

from __future__ import annotations

import pytest

from app.annotate.allegiance import country_of_actor
from app.domain.annotation import EntityType


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Russia", "place", "Russia"),
        ("Moscow", "place", "Russia"),
        ("Kremlin", "organization", "Russia"),
        ("U.S.", "place", "United States"),
        ("Varna", "place", None),
        ("Russian Defense Ministry", "organization", "Russia"),
        ("South Korean Ministry of Unification", "organization", "South Korea"),
        ("Bank of Japan", "organization", "Japan"),
        ("Ministry of Health for the United Kingdom", "organization", "United Kingdom"),
        ("European Union Observers", "organization", None),
        ("Acme", "organization", None),
        ("Iranian officials", "group", "Iran"),
        ("protesters", None, None),
        ("Chad Smith", "person", None),
    ],
)
def test_country_of_an_actor(name: str, kind: EntityType | None, country: str | None) -> None:
    assert country_of_actor(name, kind) == country
