"""The engine: every annotator in its order, one checked Analysis a document."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from app.annotate.attribution import Settings
from app.annotate.encoder import Encoder
from app.annotate.judge import Judge, load_judge
from app.annotate.pieces import split_pieces
from app.annotate.stances import weigh_stances
from app.domain.analysis import Analysis, Pipeline, check
from app.domain.document import Document
from app.errors import ConfigurationError
from app.pipeline.assembly import Findings, assemble
from app.pipeline.survey import survey

VERSION = "4"
WEIGHTS = "reader-v1"
WEIGHTS_FOLDER = Path(__file__).parent.parent / "annotate" / "weights" / WEIGHTS
JUDGE = "judge.json"
LEAST_SURE = 0.25  # quotes that are right less often are left out


class Engine:
    """Annotates documents. Thread-safe; holds the loaded weights."""

    def __init__(self, encoder: Encoder, weights: str = WEIGHTS, threads: int = 1, judge: Judge | None = None) -> None:
        self.pipeline = Pipeline(VERSION, weights)
        self._encoder = encoder
        self._settings = Settings(**encoder.tables.get("settings", {}))
        self._threads = threads
        self._judge = judge

    def annotate(self, document: Document) -> Analysis:
        """Return the checked analysis of one document."""
        if not document.paragraphs:
            return check(Analysis(self.pipeline), document)
        return check(assemble(document, self.find(document), self.pipeline), document)

    def annotate_many(self, documents: Iterable[Document]) -> Iterator[Analysis]:
        """Yield the analyses of many documents in their order, several at a time where there are cores for it."""
        if self._threads == 1:
            yield from map(self.annotate, documents)
            return
        waiting: deque[Future[Analysis]] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            for document in documents:
                waiting.append(pool.submit(self.annotate, document))
                if len(waiting) > 2 * self._threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def find(self, document: Document) -> Findings:
        """Return what the annotators find in a document that has words, before ids are given."""
        pieces = split_pieces(self._encoder.tokenizer, document)
        tables = self._encoder.tables
        seen = survey(document, pieces, self._encoder.read(pieces), tables, self._settings)
        takings = seen.takings
        if self._judge is not None:
            takings = weigh_stances(
                takings, seen.voices, seen.reading, seen.words, tables, seen.cast, document, self._judge
            )
        return Findings(
            seen.groups,
            seen.passages,
            seen.posts,
            takings,
            pieces.quotations,
            seen.words,
            tables.get("calibration", {}),
            tables.get("quote_weights", {}),
            LEAST_SURE,
        )


def load_engine(folder: Path = WEIGHTS_FOLDER, threads: int = 1) -> Engine:
    """Return the engine with the weights that ship with the package.

    Raises: ConfigurationError when ``folder`` holds no weights.
    """
    if not (folder / "encoder.onnx").is_file():
        msg = f"there are no weights in {folder}"
        raise ConfigurationError(msg)
    return Engine(Encoder(folder), folder.name, threads, load_judge(folder / JUDGE))
