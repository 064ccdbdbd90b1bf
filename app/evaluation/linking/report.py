"""The figures of what is known across stories, as tables: links and issues by difficulty, quotes found again."""

from __future__ import annotations

from app.evaluation.linking.copies import count_copies
from app.evaluation.linking.decisions import count_links, read_decisions
from app.evaluation.linking.issues import count_issues, read_issues
from app.evaluation.tables import Table


def knowledge_tables() -> tuple[Table, ...]:
    """Return the tables; they need no corpus and no weights."""
    links = count_links(read_decisions())
    copies = count_copies()
    issues = count_issues(read_issues())
    return (
        Table(
            "across stories: links of people and organizations",
            ("precision", "recall", "f1", "same", "decisions", "open"),
            {kind: (c.precision, c.recall, c.f1, c.gold, number, still) for kind, (c, number, still) in links.items()},
        ),
        Table(
            "across stories: quotes found again in altered copies",
            ("precision", "recall", "f1", "same", "pairs"),
            {kind: (c.precision, c.recall, c.f1, c.gold, number) for kind, (c, number) in copies.items()},
        ),
        Table(
            "across stories: labels of one issue",
            ("precision", "recall", "f1", "same", "decisions"),
            {kind: (c.precision, c.recall, c.f1, c.gold, number) for kind, (c, number) in issues.items()},
        ),
    )
