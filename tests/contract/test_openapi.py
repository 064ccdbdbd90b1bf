"""The description of the API is the one that was agreed: a change of it is seen in review.

To refresh the snapshot: ``python -m tests.contract.test_openapi``.
"""

from __future__ import annotations

import json
from pathlib import Path

from app.config import Settings
from app.main import create_app
from tests.api.plain_rules import PlainRules

SNAPSHOT = Path(__file__).parent / "openapi.json"


def described() -> str:
    """Return the description of the API as the snapshot holds it."""
    app = create_app(Settings(database_url="sqlite:///nowhere.sqlite3"), PlainRules())
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def test_the_description_of_the_api_is_the_one_that_was_agreed() -> None:
    assert described() == SNAPSHOT.read_text(encoding="utf-8"), "refresh it: python -m tests.contract.test_openapi"


if __name__ == "__main__":
    SNAPSHOT.write_text(described(), encoding="utf-8")
