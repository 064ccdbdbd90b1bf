from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx
import pytest

from app.evaluation.bench.__main__ import main
from app.evaluation.bench.bare import BODY_FILE, bare_app
from app.evaluation.bench.bulk import measure_bulk
from app.evaluation.bench.intakes import measure_intake
from app.evaluation.bench.knowledge import annotate_stories, made_people, measure_linking
from app.evaluation.bench.load import LoadError, get_body, request_rate, turns_until
from app.evaluation.bench.pages import measure_page
from app.evaluation.bench.reads import free_port, fullest_article, resident_megabytes, serving
from app.evaluation.bench.rows import Row, draw_rows, rate, rates_by_turns
from app.evaluation.bench.speed import annotate_together, available_processors, measure_text_layer, spacy_work
from app.evaluation.bench.texts import count_words, different_texts, long_text, seed_texts
from app.pipeline.engine import WEIGHTS_FOLDER
from app.store import ingestions
from app.store.articles import text_of
from app.store.store import open_store
from app.text.document import build_document
from tests.unit.evaluation.stand_ins import NameSpotter

BARE = [sys.executable, "-m", "uvicorn", "app.evaluation.bench.bare:bare_app", "--factory", "--log-level", "error"]


WEIGHED = pytest.mark.skipif(
    not (WEIGHTS_FOLDER / "encoder.onnx").is_file(), reason="the weights are not in this checkout"
)


def test_a_ratio_needs_both_sides() -> None:
    assert Row("a", 3.0, "x/s", "b", 2.0).ratio == 1.5
    assert Row("a", 3.0, "x/s", "spaCy is not installed").ratio is None
    assert Row("a", None, "x/s", "b", 2.0).ratio is None


def test_rows_are_drawn_with_what_is_absent() -> None:
    table = draw_rows([Row("a", 1234.5, "x/s", "b", 2.0), Row("c", None, "", "d is not installed")])

    assert [list(column.cells) for column in table.columns] == [
        ["a", "c"],
        ["1,234", "-"],
        ["x/s", ""],
        ["617.25", "-"],
        ["2.0", "-"],
        ["b", "d is not installed"],
    ]


def test_a_rate_counts_units_and_works_at_least_once() -> None:
    calls: list[int] = []

    def work() -> int:
        calls.append(1)
        return 10

    assert rate(work, 0.0) > 0
    assert len(calls) == 2


def test_texts_are_all_different_and_as_many_as_asked_for() -> None:
    number = 2 * len(seed_texts()) + 1
    texts = list(different_texts(number))

    assert len(set(texts)) == number
    assert count_words("two words") == 2


def test_a_long_text_has_the_words_asked_for() -> None:
    assert 500 <= count_words(long_text(500)) < 500 + max(map(count_words, seed_texts()))


def test_the_text_layer_is_measured_beside_a_bare_expression() -> None:
    row = measure_text_layer(0.01)

    assert row.ratio is not None
    assert row.unit == "words/s"


def test_rates_by_turns_come_from_one_stretch_of_time() -> None:
    calls: list[str] = []

    def work(name: str, units: int) -> int:
        calls.append(name)
        return units

    found = rates_by_turns({"a": lambda: work("a", 1), "b": lambda: work("b", 2)}, 0.0)
    assert calls == ["a", "b"] * 3
    assert min(found["a"], found["b"]) > 0


@WEIGHED
def test_processors_are_measured_by_each_way_to_share_them() -> None:
    found = annotate_together(2, 0.0, ["Ann Lee said it rains."])

    assert set(found) == {"words", "threads", "apart"}
    assert min(found.values()) > 0


def test_a_missing_reference_is_named() -> None:
    work, name = spacy_work()

    assert (work is None) == ("spaCy with" in name)
    assert available_processors() >= 1


def test_stories_are_taken_in_and_can_be_read(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bench.sqlite3'}"
    annotate = NameSpotter().annotate
    row = measure_intake("SQLite", url, NameSpotter(), 3)
    store = open_store(url)
    with store.reading() as session:
        text = text_of(session, fullest_article(url))
    store.close()

    assert row.name == "ingestion, SQLite"
    assert row.ratio is not None
    assert text == max(different_texts(3), key=lambda t: (len(annotate(build_document(t)).quotes), len(t)))


def test_a_page_is_measured_beside_its_budgets(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pages.sqlite3'}"
    measure_intake("SQLite", url, NameSpotter(), 1)
    took, sent = measure_page("SQLite", url, NameSpotter(), 0.0, words=100)

    assert (took.name, took.unit, took.reference) == ("page of a story of 100 words, SQLite", "ms", 100.0)
    assert took.figure is not None
    assert sent.figure is not None
    assert sent.figure > 1.0


def test_linking_is_measured_as_the_store_grows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'known.sqlite3'}"
    annotated = annotate_stories(NameSpotter(), 2)
    rows = list(measure_linking("SQLite", url, annotated, known=20, sizes=(5, 10)))
    ways = ("one by one", "sixteen together")
    assert [row.name for row in rows] == [f"linking, SQLite, {size} stories, {way}" for size in (5, 10) for way in ways]
    assert all(row.figure and row.reference for row in rows)


def test_people_who_are_known_have_namesakes() -> None:
    made = [person.name for person in made_people(20, ["Ana Ruiz"])]
    assert len(made) == 20
    assert made[0] == "Ana Ruiz"
    assert sum(name.startswith("A") and name.endswith(" Ruiz") for name in made) == 9


def test_a_served_body_is_read_and_its_rate_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = tmp_path / "body.json"
    body.write_bytes(b'{"a": 1}')
    monkeypatch.chdir(Path(__file__).resolve().parents[3])
    with serving(BARE, {BODY_FILE: str(body)}, "/") as (port, process):
        assert 1 < (resident_megabytes(process.pid) or 0) < 10_000
        assert asyncio.run(get_body(port, "/any/path")) == b'{"a": 1}'
        assert asyncio.run(request_rate(port, "/any/path", 0.05)) > 0


def test_a_server_that_ends_at_once_is_no_server() -> None:
    with (
        pytest.raises(LoadError, match="did not come up"),
        serving([sys.executable, "-c", "raise SystemExit", "--"], {}, "/"),
    ):
        pass  # pragma: no cover


def test_another_answer_than_200_is_a_fault() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    async def ask() -> bytes:
        port = free_port()
        async with await asyncio.start_server(refuse, "127.0.0.1", port):
            return await get_body(port, "/")

    with pytest.raises(LoadError, match="404"):
        asyncio.run(ask())


def test_the_bare_route_answers_every_path_with_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "body").write_bytes(b"[]")
    monkeypatch.setenv(BODY_FILE, str(tmp_path / "body"))

    async def ask() -> bytes:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(bare_app()), base_url="http://bare") as client:
            return (await client.get("/articles/x/quotes")).content

    assert asyncio.run(ask()) == b"[]"


@WEIGHED
def test_the_whole_benchmark_runs(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["--seconds", "0.05", "--stories", "2", "--bulk", "3", "--words", "300"]
    small = [*few, "--known", "50", "--sizes", "40"]
    assert main(small) == 0

    printed = capsys.readouterr().out
    for name in (
        "text layer",
        "annotation, one processor",
        "ingestion, SQLite",
        "bulk ingestion, SQLite",
        "quotes, SQLite",
        "page of a story of 2,000 words, SQLite",
        "linking, SQLite, 40 stories",
    ):
        assert name in printed


def test_bulk_ingestion_is_measured_beside_annotation_alone(database_url: str) -> None:
    spotter = NameSpotter()
    rows = measure_bulk("a database", database_url, spotter, spotter, 2, 3)
    store = open_store(database_url)
    with store.reading() as session:
        assert ingestions.totals(session)["annotated"] == 3
    store.close()

    assert [row.name for row in rows] == [
        "bulk ingestion, a database",
        "the same, a database, by processor time",
        "the worker's annotators, a database",
    ]
    assert all(row.ratio is not None for row in rows)


def test_memory_that_is_not_told_is_unknown() -> None:
    assert resident_megabytes(-1) is None


def test_a_question_is_asked_once_however_little_time_there_is() -> None:
    assert list(turns_until(("/a", "/b"), 3, float("inf"))) == ["/a", "/b", "/a"]
    assert list(turns_until(("/a", "/b"), 3, 0.0)) == ["/a"]


@WEIGHED
def test_every_list_is_measured_on_a_full_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, figures = f"sqlite:///{tmp_path / 'full.sqlite3'}", tmp_path / "figures.json"
    given = ["routes", "--database", url, "--stories", "400", "--requests", "2", "--connections", "2"]
    assert main([*given, "--only", "/articles?sort", "--ingesting", "--json", str(figures)]) == 0

    rows = json.loads(figures.read_text(encoding="utf-8"))["SQLite"]
    assert [row["name"].partition("=")[2] for row in rows] == ["-received", "received", "-published", "published"]
    assert all(row["within"] > 0 and row["far_page"] > 1 for row in rows)
    assert "of 4 questions within" in capsys.readouterr().out
