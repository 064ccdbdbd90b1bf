"""The engine: every annotator in its order, one checked Analysis a document."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from app.annotate.attribution import Links, Settings, find_attributions
from app.annotate.cast import gather_cast
from app.annotate.chunks import find_words
from app.annotate.encoder import Encoder
from app.annotate.entities import group_names
from app.annotate.names import confirmed, find_actors, find_names
from app.annotate.offices import find_posts
from app.annotate.pieces import split_pieces
from app.annotate.stances import Voice, find_stances
from app.domain.analysis import Analysis, Pipeline, check
from app.domain.document import Document
from app.errors import ConfigurationError
from app.pipeline.assembly import Findings, assemble
from app.pipeline.speech import find_passages

VERSION = "1"
WEIGHTS = "reader-v1"
WEIGHTS_FOLDER = Path(__file__).parent.parent / "annotate" / "weights" / WEIGHTS


class Engine:
    """Annotates documents. Thread-safe; holds the loaded weights."""

    def __init__(self, encoder: Encoder, weights: str = WEIGHTS, threads: int = 1) -> None:
        self.pipeline = Pipeline(VERSION, weights)
        self._encoder = encoder
        self._settings = Settings(**encoder.tables.get("settings", {}))
        self._threads = threads

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
        tables, text = self._encoder.tables, document.text
        pieces = split_pieces(self._encoder.tokenizer, document)
        reading = self._encoder.read(pieces)
        words = find_words(pieces)
        links = Links(reading, tables["links"], self._encoder.links, tables["buckets"])
        names = find_names(reading, words, tables, text)
        actors = confirmed(find_actors(reading, words, tables, text, names), document)
        groups = group_names(actors, text)
        cast = gather_cast(groups, words)
        posts = find_posts(reading, words, links, tables, cast, text)
        attributions = find_attributions(reading, words, links, tables, self._settings, text)
        titles = [(p.title.of(text).casefold(), p.group) for p in posts]
        passages, sources = find_passages(document, pieces.quotations, words, attributions, cast, links, titles)
        voices = [Voice(piece, passages[n].speaker, n, passages[n].contents, passages[n].cue) for n, piece in sources]
        takings = find_stances(reading, words, links, tables, cast, voices, document)
        calibration, weights = tables.get("calibration", {}), tables.get("quote_weights", {})
        return Findings(groups, passages, posts, takings, pieces.quotations, words, calibration, weights)


def load_engine(folder: Path = WEIGHTS_FOLDER, threads: int = 1) -> Engine:
    """Return the engine with the weights that ship with the package.

    Raises: ConfigurationError when ``folder`` holds no weights.
    """
    if not (folder / "encoder.onnx").is_file():
        msg = f"there are no weights in {folder}"
        raise ConfigurationError(msg)
    return Engine(Encoder(folder), folder.name, threads)
