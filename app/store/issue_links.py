"""The labels of a story's stances put to the issues that they are of, in the transaction that writes the story."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.annotate.lexicons.countries import country_of
from app.domain.annotation import Stance
from app.knowledge.evidence import Reason
from app.knowledge.issues import SAME, IssueText, best_label, is_telling, issue_likeness, issue_text
from app.store.among import is_among
from app.store.bulk import add_counts, table_of
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
_LABELS, _WORDS, _ISSUES = table_of(IssueLabelRow), table_of(IssueWordRow), table_of(IssueRow)
_LABELLED = select(_LABELS.c.folded, _LABELS.c.issue_id).where(is_among(_LABELS.c.folded, "these"))
_TAKEN = select(_ISSUES.c.id).where(is_among(_ISSUES.c.id, "these"))
_BY_WORD = (
    select(_WORDS.c.word, _WORDS.c.kind, _WORDS.c.issue_id)
    .where(is_among(_WORDS.c.word, "these"), _WORDS.c.kind.in_(("label", "near")))
    .limit(_MOST_ROWS)
)
_OF_ISSUES = select(_WORDS.c.issue_id, _WORDS.c.kind, _WORDS.c.word).where(is_among(_WORDS.c.issue_id, "these"))
_NAMES_OF = (
    select(_LABELS.c.issue_id, _ISSUES.c.label.label("name"), _LABELS.c.label, _LABELS.c.positions)
    .join(_ISSUES, _ISSUES.c.id == _LABELS.c.issue_id)
    .where(is_among(_LABELS.c.issue_id, "these"))
)
_NAME = (
    _ISSUES.update()
    .where(_ISSUES.c.id == bindparam("issue"))
    .values(label=bindparam("label"), folded=bindparam("folded"))
)
_SCORE = (
    _LABELS.update()
    .where(_LABELS.c.folded == bindparam("of_label"))
    .values(score=bindparam("score"), reasons=bindparam("reasons"))
)


class Issues:
    """Finds the issues of the stances of a few stories that are written in one transaction.

    Each story sees the issues that those before it found; ``write`` writes what all of them add.
    """

    def __init__(self, session: Session, stories: Iterable[LinkedAnalysis]) -> None:
        self.session = session
        labels = {folded(stance.issue) for linked in stories for stance in linked.analysis.stances}
        telling = sorted(label for label in labels if is_telling(label))
        self._of_label = _known(session, telling)
        made = {issue_id(label) for label in telling if label not in self._of_label}
        self._moved = redirected(session, made) if made else {}
        self._taken: set[str] = set()
        for chunk in chunks(sorted(made - self._moved.keys())):
            self._taken |= set(session.execute(_TAKEN, {"these": chunk}).scalars())
        self._words: list[tuple[str, str, str]] = []
        self._by_word: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._by_issue: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._scores: dict[str, tuple[float, tuple[Reason, ...]]] = {}

    def find(self, article_id: str, linked: LinkedAnalysis) -> dict[str, str]:
        """Return which issue each stance of a story is on, by its folded label: a known one, or one that it founds.

        A label without a telling word is the story's own; one whose words a fuller label of the story has, "the ban"
        beside "the ban on trawling", is of the same issue.
        """
        told = _told(linked)
        telling = [label for label in told if is_telling(label)]
        found: dict[str, str] = {}
        unknown = [label for label in telling if label not in self._of_label]
        founded = {label: self._founded(article_id, label) for label in unknown}
        for label in telling:
            found[label] = (
                self._place(founded[label], label, told[label]) if label in founded else self._of_label[label]
            )
        for label, text in told.items():
            if label not in found:
                fuller = [other for other in telling if text.words and text.words <= told[other].words]
                found[label] = found[fuller[0]] if fuller else issue_id(f"{label} #{article_id}")
        # A story's own labels are not put to one another.
        for label in founded:
            self._note(found[label], told[label])
        self._of_label.update({label: found[label] for label in telling})
        self._taken.update(found.values())
        return found

    def write(self) -> None:
        """Write the words of issues and the reasons of labels, and name the issues that have new labels.

        The issues themselves are there by now.
        """
        counted = Counter(self._words)
        rows = [
            {"word": word, "kind": kind, "issue_id": key, "count": number}
            for (word, kind, key), number in sorted(counted.items())
        ]
        add_counts(self.session, IssueWordRow, ("word", "kind", "issue_id"), ("count",), rows)
        scored = [
            {
                "of_label": label,
                "score": round(score, 4),
                "reasons": [[reason.code, reason.weight, reason.detail] for reason in reasons],
            }
            for label, (score, reasons) in sorted(self._scores.items())
        ]
        if scored:
            self.session.execute(_SCORE, scored)
        name_issues(self.session, {self._of_label[label] for label in self._scores})

    def _founded(self, article_id: str, label: str) -> str:
        """Return the id of the issue that a label would found: its own, unless that has become another's."""
        key = issue_id(label)
        if key in self._moved:
            return self._moved[key]
        return issue_id(f"{label} #{article_id}") if key in self._taken else key

    def _place(self, founded: str, label: str, text: IssueText) -> str:
        """Return the issue that a new label is of, ``founded`` when it is none known; note what is to be written."""
        near, spread = self._near(text)
        best: tuple[float, tuple[Reason, ...], str] = (0.0, (), "")
        for key, known in sorted(self._texts_of(near).items()):
            score, reasons = issue_likeness(text, known, spread)
            if score > best[0]:
                best = (score, reasons, key)
        if best[0] < SAME:
            return founded
        self._scores[label] = best[:2]
        return best[2]

    def _near(self, text: IssueText) -> tuple[list[str], Counter[str]]:
        """Return the issues that share most words with a label, and in how many labels each word is."""
        words = sorted(text.words)
        by_word: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for word, kind, key in self.session.execute(_BY_WORD, {"these": words}).all():
            by_word[word].add((kind, key))
        for word in words:
            by_word[word] |= self._by_word.get(word, set())
        spread = Counter({word: sum(kind == "label" for kind, _ in of) for word, of in by_word.items()})
        hits: Counter[str] = Counter()
        for of in by_word.values():
            if len(of) <= _COMMON:
                for kind, key in of:
                    hits[key] += 2 if kind == "label" else 1
        return sorted(hits, key=lambda key: (-hits[key], key))[:_LOOKED_AT], spread

    def _note(self, key: str, text: IssueText) -> None:
        for kind, words in (("label", text.words), ("near", text.near), ("name", text.names)):
            for word in words:
                self._words.append((word, kind, key))
                self._by_issue[key].add((kind, word))
                if kind != "name":
                    self._by_word[word].add((kind, key))

    def _texts_of(self, ids: Sequence[str]) -> dict[str, IssueText]:
        """Return what is known of issues."""
        words: dict[str, dict[str, set[str]]] = {key: defaultdict(set) for key in ids}
        for chunk in chunks(ids):
            for key, kind, word in self.session.execute(_OF_ISSUES, {"these": chunk}).all():
                words[key][kind].add(word)
        for key in ids:
            for kind, word in self._by_issue.get(key, ()):
                words[key][kind].add(word)
        return {
            key: IssueText(frozenset(of["label"]), frozenset(of["near"]), frozenset(of["name"]))
            for key, of in words.items()
        }


def name_issues(session: Session, ids: Iterable[str]) -> None:
    """Give issues the label that people know them best by."""
    changed = []
    for chunk in chunks(sorted(ids)):
        labels: dict[str, list[tuple[str, int]]] = defaultdict(list)
        names: dict[str, str] = {}
        for key, name, label, number in session.execute(_NAMES_OF, {"these": chunk}):
            names[key] = name
            labels[key].append((label, number))
        best = {key: best_label(of) for key, of in sorted(labels.items())}
        changed += [
            {"issue": key, "label": label, "folded": folded(label)}
            for key, label in best.items()
            if label != names[key]
        ]
    if changed:
        session.execute(_NAME, changed)


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
    for chunk in chunks(labels):
        found.update({label: key for label, key in session.execute(_LABELLED, {"these": chunk})})  # noqa: C416 (a row is no pair to mypy)
    return found
