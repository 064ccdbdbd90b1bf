"""One corpus through the engine: its figures, its slices, and how sure the engine was of what it got right."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from app.domain.analysis import Analysis
from app.domain.document import Document
from app.evaluation import attributions, entities, stories
from app.evaluation.bcubed import BCubed, Chains, in_both, score_bcubed
from app.evaluation.calibration import Judged
from app.evaluation.coreference import CoreferenceScore, LinkShares, score_chains
from app.evaluation.corpora import PLAIN_TYPES, read_lines, read_worldwide
from app.evaluation.directed import read_pairs, told_side
from app.evaluation.gum import TYPES as GUM_TYPES
from app.evaluation.gum import GumDocument, align, read_gum
from app.evaluation.predictions import Annotator, Record, annotation_record, mention_confidences
from app.evaluation.scores import Counts, add_scores, share
from app.evaluation.slices import StoryResult, attribution_kinds, story_slices
from app.evaluation.tables import Table
from app.text.document import build_document


class Progress(Protocol):
    """Shows how far the work is: ``rich.progress.Progress``, or anything with these two of its methods."""

    def add_task(self, description: str, *, total: float | None) -> Any:  # noqa: ANN401 (rich's own type of task id)
        """Begin a bar."""

    def advance(self, task_id: Any) -> None:  # noqa: ANN401 (as above)
        """Move a bar on by one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How much text was read in what time.

    Units: ``words`` as white space parts them; ``seconds`` from text to checked analyses, nothing else.
    """

    documents: int
    words: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """What was measured on one corpus.

    ``judged`` are the confidences of annotations and whether they were right, by kind of annotation; ``results`` are
    the whole stories where the corpus has them.
    """

    name: str
    measure: Measure
    figures: Mapping[str, Counts]
    slices: tuple[Table, ...] = ()
    judged: Mapping[str, tuple[Judged, ...]] = field(default_factory=dict)
    results: tuple[StoryResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotated:
    """Gold records of a corpus beside their documents and analyses, and how long the engine took."""

    gold: tuple[Record, ...]
    documents: tuple[Document, ...]
    analyses: tuple[Analysis, ...]
    seconds: float

    @property
    def measure(self) -> Measure:
        """How much was read in what time."""
        return Measure(len(self.gold), sum(len(record["text"].split()) for record in self.gold), self.seconds)

    def records(self) -> Iterator[tuple[Record, Record, Analysis]]:
        """Yield each gold record with the predicted one and its analysis."""
        for gold, document, analysis in zip(self.gold, self.documents, self.analyses, strict=True):
            yield gold, annotation_record(document, analysis, gold["id"]), analysis


def annotate_corpus(name: str, gold: Sequence[Record], engine: Annotator, progress: Progress | None) -> Annotated:
    """Run the engine over the texts of gold records; offsets of what it finds point into those texts."""
    task = progress.add_task(name, total=len(gold)) if progress is not None else None
    documents: list[Document] = []

    def built() -> Iterator[Document]:
        for record in gold:
            documents.append(build_document(record["text"]))
            yield documents[-1]

    analyses: list[Analysis] = []
    clock = time.perf_counter()
    for analysis in engine.annotate_many(built()):
        analyses.append(analysis)
        if progress is not None:
            progress.advance(task)
    seconds = time.perf_counter() - clock
    return Annotated(tuple(gold), tuple(documents), tuple(analyses), seconds)


def measure_polnear(path: Path, engine: Annotator, progress: Progress | None = None) -> CorpusReport:
    """Measure attribution."""
    name = "polnear/" + path.stem
    annotated = annotate_corpus(name, list(read_lines(path)), engine, progress)
    scored: list[tuple[Record, attributions.AttributionScore]] = []
    judged: list[Judged] = []
    for gold, predicted, analysis in annotated.records():
        score = attributions.score_document(gold, predicted)
        right = {o.predicted for o in score.outcomes if o.attributed}
        scored.append((gold, score))
        judged += [(q.confidence, j in right) for j, q in enumerate(analysis.quotes) if q.confidence is not None]
    figures = add_scores((score.counts for _, score in scored), attributions.FIGURES)
    return CorpusReport(
        name,
        annotated.measure,
        figures,
        slices=(attribution_kinds(scored),),
        judged={"quotes (attributed)": tuple(judged)},
    )


def measure_worldwide(path: Path, engine: Annotator, progress: Progress | None = None) -> CorpusReport:
    """Measure named people, organizations and places in news of the world."""
    name = "worldwide/" + path.stem
    gold = [
        {"id": story.id, "text": story.text, "entities": [(a, b, PLAIN_TYPES.get(t, t)) for a, b, t in story.entities]}
        for story in read_worldwide(path)
    ]
    annotated = annotate_corpus(name, gold, engine, progress)
    scores: list[Mapping[str, Counts]] = []
    judged: list[Judged] = []
    for record, predicted, analysis in annotated.records():
        scores.append(entities.score_document(record, predicted))
        wanted = entities.named_mentions(record["text"], record["entities"])
        for (start, end, kind), confidence in mention_confidences(analysis).items():
            judged.append((confidence, (*entities.bare_span(record["text"], start, end), kind) in wanted))
    figures = add_scores(scores, entities.FIGURES)
    return CorpusReport(name, annotated.measure, figures, judged={"mentions by name": tuple(judged)})


def measure_stories(path: Path, engine: Annotator, progress: Progress | None = None) -> CorpusReport:
    """Measure whole stories: who is in them, what they say and who says it."""
    name = "stories/" + path.stem
    annotated = annotate_corpus(name, list(read_lines(path)), engine, progress)
    results: list[StoryResult] = []
    judged: dict[str, list[Judged]] = {"quotes (speaker right)": [], "offices": [], "stances": []}
    for gold, predicted, analysis in annotated.records():
        score = stories.score_story(gold, predicted)
        results.append(StoryResult(gold, predicted, score))
        right = frozenset(o.predicted for o in score.quotes if o.speaker and o.predicted is not None)
        for kind, sure, good in (
            ("quotes (speaker right)", [q.confidence for q in analysis.quotes], right),
            ("offices", [o.confidence for o in analysis.offices], score.right_offices),
            ("stances", [s.confidence for s in analysis.stances], score.right_stances),
        ):
            judged[kind] += [(confidence, j in good) for j, confidence in enumerate(sure) if confidence is not None]
    figures = add_scores((r.score.counts for r in results), stories.FIGURES)
    return CorpusReport(
        name,
        annotated.measure,
        figures,
        slices=story_slices(results),
        judged={kind: tuple(each) for kind, each in judged.items()},
        results=tuple(results),
    )


def measure_gum(path: Path, engine: Annotator, progress: Progress | None = None) -> CorpusReport:
    """Measure who is who within a document; ``path`` is the folder of the documents.

    A mention counts as found when it is the noun phrase that GUM marks, or a part of it that holds its core.
    """
    documents = list(read_gum(path))
    gold = [{"id": document.id, "text": document.text} for document in documents]
    annotated = annotate_corpus("gum", gold, engine, progress)
    scores = [score_gum(document, found) for document, found in zip(documents, annotated.analyses, strict=True)]
    figures = add_scores(({"mentions": score.mentions} for score in scores), ("mentions",))
    links = sum((score.links for score in scores), LinkShares())
    columns = ("precision", "recall", "f1")
    table = Table("gum: coreference (LEA)", columns, {"links": (links.precision, links.recall, links.f1)})
    pairs = [gum_chains(document, found) for document, found in zip(documents, annotated.analyses, strict=True)]
    sums = {
        "all mentions": sum((score_bcubed(*pair) for pair in pairs), BCubed()),
        "mentions of both sides": sum((score_bcubed(*in_both(*pair)) for pair in pairs), BCubed()),
    }
    clustering = Table(
        "gum: clustering (B-cubed)", columns, {name: (b.precision, b.recall, b.f1) for name, b in sums.items()}
    )
    return CorpusReport("gum", annotated.measure, figures, slices=(table, clustering))


def score_gum(document: GumDocument, analysis: Analysis) -> CoreferenceScore:
    """Compare the people, organizations and places of one document with its chains."""
    return score_chains(*gum_chains(document, analysis))


def gum_chains(document: GumDocument, analysis: Analysis) -> tuple[Chains, Chains]:
    """Return the gold chains of a document, and those that were found, by the gold mentions that they stand for."""
    found = [
        [(m.span.start, m.span.end) for m in entity.mentions]
        for entity in analysis.entities
        if entity.type in GUM_TYPES
    ]
    stands_for = align(document, (span for spans in found for span in spans))
    whole = {span: (mention.start, mention.end) for span, mention in stands_for.items()}
    return (
        [[(m.start, m.end) for m in chain] for chain in document.chains],
        [[whole.get(span, span) for span in spans] for spans in found],
    )


def measure_directed(path: Path, engine: Annotator, progress: Progress | None = None) -> CorpusReport:
    """Measure whose side towards whom is told, sentence by sentence: found at all, and with the right side.

    Only pairs that are not neutral are asked for, so nothing is spurious but a wrong side.
    """
    name = "dse/" + path.stem
    pairs = list(read_pairs(path))
    gold = [{"id": str(number), "text": pair.text} for number, pair in enumerate(pairs)]
    annotated = annotate_corpus(name, gold, engine, progress)
    told = [told_side(pair, analysis) for pair, analysis in zip(pairs, annotated.analyses, strict=True)]
    found = sum(side is not None for side in told)
    right = sum(side == pair.polarity for side, pair in zip(told, pairs, strict=True))
    figures = {
        "directed.found": Counts.of(found, predicted=found, gold=len(pairs)),
        "directed": Counts.of(right, predicted=found, gold=len(pairs)),
    }
    table = Table(f"{name}: sides of those found", ("right",), {"polarity": (share(right, found),)})
    return CorpusReport(name, annotated.measure, figures, slices=(table,))


MEASURES: Mapping[str, Callable[[Path, Annotator, Progress | None], CorpusReport]] = MappingProxyType(
    {
        "polnear/dev.jsonl": measure_polnear,
        "worldwide/dev.jsonl": measure_worldwide,
        "stories/dev.jsonl": measure_stories,
        "dse/valid.txt": measure_directed,
        "gum": measure_gum,
    }
)
"""How each corpus is measured, by where it lies in the folder of corpora."""
