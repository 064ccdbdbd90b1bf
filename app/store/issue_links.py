"""The labels of a story's stances put to the issues that they are of, in the transaction that writes the story."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.annotate.lexicons.countries import country_of
from app.domain.annotation import Stance
from app.knowledge.evidence import Reason
from app.knowledge.issues import SAME, IssueText, best_label, is_telling, issue_likeness, issue_text
from app.store.bulk import add_counts
from app.store.folding import folded
from app.store.issues import issue_id
from app.store.knowledge_tables import IssueLabelRow, IssueWordRow
from app.store.known import chunks
from app.store.redirects import redirected
from app.store.tables import IssueRow
from app.store.views import LinkedAnalysis

_LOOKED_AT = 8
_NAMES, _COUNTRIES = 6, 4
_MOST_ROWS = 2_000
_COMMON = 400  # issues that have a word, from which on it finds none
_NO_SYNC = {"synchronize_session": False}


@dataclass(slots=True)
class FoundIssues:
    """Which issue each label is of, by the folded label, and what is to be written once the issues are there."""

    ids: dict[str, str] = field(default_factory=dict)
    scores: dict[str, tuple[float, tuple[Reason, ...]]] = field(default_factory=dict)
    words: list[tuple[str, str, str]] = field(default_factory=list)

    def write(self, session: Session) -> None:
        """Write the words of issues and the reasons of labels, and name the issues that have new labels."""
        counted = Counter(self.words)
        rows = [
            {"word": word, "kind": kind, "issue_id": key, "count": number}
            for (word, kind, key), number in sorted(counted.items())
        ]
        add_counts(session, IssueWordRow, ("word", "kind", "issue_id"), ("count",), rows)
        for label, (score, reasons) in sorted(self.scores.items()):
            values = {"score": round(score, 4), "reasons": [[r.code, r.weight, r.detail] for r in reasons]}
            session.execute(
                update(IssueLabelRow).where(IssueLabelRow.folded == label).values(values), execution_options=_NO_SYNC
            )
        name_issues(session, {self.ids[label] for label in self.scores})


def find_issues(session: Session, article_id: str, linked: LinkedAnalysis) -> FoundIssues:
    """Return which issue each stance of a story is on: a known one, or one that its label founds.

    A label without a telling word is the story's own; one whose words a fuller label of the story has, "the ban" beside
    "the ban on trawling", is of the same issue.
    """
    found = FoundIssues()
    told = _told(linked)
    known = _known(session, list(told))
    telling = [label for label in told if is_telling(label)]
    founded = _founded(session, article_id, [label for label in telling if label not in known])
    for label in telling:
        found.ids[label] = (
            known[label] if label in known else _place(session, founded[label], label, told[label], found)
        )
    for label, text in told.items():
        if label not in found.ids:
            fuller = [other for other in telling if text.words and text.words <= told[other].words]
            found.ids[label] = found.ids[fuller[0]] if fuller else issue_id(f"{label} #{article_id}")
    return found


def name_issues(session: Session, ids: Iterable[str]) -> None:
    """Give issues the label that people know them best by."""
    for chunk in chunks(sorted(ids)):
        labels: dict[str, list[tuple[str, int]]] = defaultdict(list)
        rows = select(IssueLabelRow.issue_id, IssueLabelRow.label, IssueLabelRow.positions)
        for key, label, number in session.execute(rows.where(IssueLabelRow.issue_id.in_(chunk))):
            labels[key].append((label, number))
        for key, of in sorted(labels.items()):
            label = best_label(of)
            values = {"label": label, "folded": folded(label)}
            session.execute(update(IssueRow).where(IssueRow.id == key).values(values), execution_options=_NO_SYNC)


def texts_of(session: Session, ids: Sequence[str]) -> dict[str, IssueText]:
    """Return what is known of issues."""
    words: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for chunk in chunks(ids):
        rows = select(IssueWordRow.issue_id, IssueWordRow.kind, IssueWordRow.word)
        for key, kind, word in session.execute(rows.where(IssueWordRow.issue_id.in_(chunk))):
            words[key][kind].add(word)
    return {
        key: IssueText(frozenset(of["label"]), frozenset(of["near"]), frozenset(of["name"]))
        for key, of in words.items()
    }


def _told(linked: LinkedAnalysis) -> dict[str, IssueText]:
    text = linked.document.text
    title = linked.document.head.title
    told: dict[str, IssueText] = {}
    for stance in linked.analysis.stances:
        label = folded(stance.issue)
        if label not in told:
            around = " ".join([*(span.of(text) for span in stance.evidence), title.of(text) if title else ""])
            told[label] = issue_text(stance.issue, around, _names(linked, stance))
    return told


def _names(linked: LinkedAnalysis, stance: Stance) -> list[str]:
    """Return the names in the words that show a stance, and the countries that its story mentions most."""
    entities = linked.analysis.entities
    here = [e.name for e in entities if any(w.covers(m.span) for m in e.mentions for w in stance.evidence)]
    places = sorted((e for e in entities if e.type == "place" and country_of(e.name)), key=lambda e: -len(e.mentions))
    return [*here[:_NAMES], *(e.name for e in places[:_COUNTRIES])]


def _known(session: Session, labels: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    telling = [label for label in labels if is_telling(label)]
    for chunk in chunks(telling):
        rows = select(IssueLabelRow.folded, IssueLabelRow.issue_id).where(IssueLabelRow.folded.in_(chunk))
        found.update({label: key for label, key in session.execute(rows)})  # noqa: C416 (a row is no pair to mypy)
    return found


def _place(session: Session, founded: str, label: str, text: IssueText, found: FoundIssues) -> str:
    """Return the issue that a new label is of, ``founded`` when it is none known; note what is to be written."""
    spread: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    rows = select(IssueWordRow.word, IssueWordRow.kind, IssueWordRow.issue_id)
    rows = rows.where(IssueWordRow.word.in_(sorted(text.words)), IssueWordRow.kind.in_(("label", "near")))
    by_word: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for word, kind, key in session.execute(rows.limit(_MOST_ROWS)):
        by_word[word].add((key, 2 if kind == "label" else 1))
        spread[word] += kind == "label"
    for pairs in by_word.values():
        if len(pairs) <= _COMMON:
            for key, points in pairs:
                hits[key] += points
    near = sorted(hits, key=lambda key: (-hits[key], key))[:_LOOKED_AT]
    best: tuple[float, tuple[Reason, ...], str] = (0.0, (), "")
    for key, known in sorted(texts_of(session, near).items()):
        score, reasons = issue_likeness(text, known, spread)
        if score > best[0]:
            best = (score, reasons, key)
    if best[0] >= SAME:
        key = best[2]
        found.scores[label] = best[:2]
    else:
        key = founded
    found.words += [(word, "label", key) for word in text.words]
    found.words += [(word, "near", key) for word in text.near]
    found.words += [(word, "name", key) for word in text.names]
    return key


def _founded(session: Session, article_id: str, labels: Sequence[str]) -> dict[str, str]:
    """Return the id of the issue that each label would found: the label's own, unless it has become another's."""
    made = {label: issue_id(label) for label in labels}
    places = redirected(session, set(made.values())) if made else {}
    taken: set[str] = set()
    for chunk in chunks(sorted(set(made.values()) - places.keys())):
        taken |= set(session.scalars(select(IssueRow.id).where(IssueRow.id.in_(chunk))))
    return {
        label: places.get(key, issue_id(f"{label} #{article_id}") if key in taken else key)
        for label, key in made.items()
    }
