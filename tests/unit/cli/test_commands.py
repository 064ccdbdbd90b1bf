"""The ``sayso`` command, on a real database file."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from app.cli import COMMANDS, main
from app.store import migrate
from tests.ports import free_port

SEEDS = Path(__file__).resolve().parents[3] / "seeds" / "stories"


@pytest.fixture
def environment(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the command use a migrated database of the test's own."""
    monkeypatch.setenv("SAYSO_DATABASE_URL", sqlite_url)
    return sqlite_url


@pytest.fixture
def empty(empty_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the command use a database that is not there yet."""
    monkeypatch.setenv("SAYSO_DATABASE_URL", empty_sqlite_url)
    return empty_sqlite_url


def sayso(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], given, prog_name="sayso")


def check_refused(result: Result, reason: str) -> None:
    """Check that a user's error is one clear line and exit status 2."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_help_names_every_command_without_loading_one() -> None:
    result = sayso("--help")

    assert result.exit_code == 0
    assert all(name in result.output for name in COMMANDS)
    assert sayso("--version").output == "sayso 0.1.0\n"
    assert sayso("nothing").exit_code == 2
    for name in COMMANDS:
        assert f"Usage: sayso {name}" in sayso(name, "--help").output


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_PORT", "x")

    check_refused(sayso("serve"), "SAYSO_PORT: must be a port number")
    check_refused(sayso("migrate"), "SAYSO_PORT")


@pytest.mark.parametrize("command", [["serve"], ["seed"], ["ingest", SEEDS]])
def test_a_database_that_is_not_migrated_is_refused_with_what_to_run(empty: str, command: list[str | Path]) -> None:
    check_refused(sayso(*command), "run `sayso migrate` first")


def test_an_address_that_others_reach_is_refused(environment: str) -> None:
    check_refused(sayso("serve", "--host", "0.0.0.0"), "there is no key to ask them for")  # noqa: S104 (the value under test)
    check_refused(sayso("serve", "--port", "99999"), "0 to 65535")


def test_migrate_goes_up_down_and_tells(empty: str) -> None:
    head = migrate.head()
    before = sayso("migrate", "--status")
    assert (before.exit_code, before.output.split(":")[0]) == (
        1,
        f"the database is at version base; the latest is {head}",
    )
    assert sayso("migrate").output == f"the database is at version {head}\n"
    assert sayso("migrate").exit_code == 0
    assert sayso("migrate", "--status").output == f"the database is at version {head}, the latest\n"
    assert sayso("migrate", "--to", "base").output == "the database is at version base\n"
    assert sayso("migrate", "--to", head).output == f"the database is at version {head}\n"
    assert migrate.current(empty) == head
    check_refused(sayso("migrate", "--to", "9999"), "9999")


def test_a_database_that_is_away_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/nothing")

    result = sayso("migrate")

    check_refused(result, "the database cannot be reached")
    assert "secret" not in result.stderr


def test_ingest_keeps_what_it_can_and_names_what_it_cannot(environment: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry stays.")
    (tmp_path / "b.txt").write_text(" ")
    lines = [json.dumps({"text": f"Story {i}."}) for i in range(70)]
    (tmp_path / "c.ndjson").write_text("\n".join([*lines, "{", lines[0]]))

    result = sayso("ingest", tmp_path)

    assert result.exit_code == 1
    assert result.stdout == "71 added, 1 known already, 2 failed\n"
    assert [line.rpartition("/")[2].split(": ")[0] for line in result.stderr.splitlines()] == ["b.txt", "c.ndjson:71"]
    assert sayso("ingest", tmp_path / "a.txt").stdout == "0 added, 1 known already, 0 failed\n"
    assert sayso("ingest", tmp_path / "absent").exit_code == 2


def test_seed_loads_the_sample_stories_once(environment: str) -> None:
    number = len(list(SEEDS.iterdir()))

    assert sayso("seed").stdout == f"{number} added, 0 known already, 0 failed\n"
    assert sayso("seed").stdout == f"0 added, {number} known already, 0 failed\n"


def test_annotate_prints_a_story_as_json() -> None:
    text = "Harbor Bridge to Close\n\nBy LENA HOLT\n\nThe bridge will close in May, officials said on Tuesday.\n"

    result = sayso("annotate", given=text)

    assert result.exit_code == 0
    keys = ["section", "title", "byline", "dateline", "text", "people", "organizations", "places", "groups", "quotes"]
    found = json.loads(result.stdout)
    assert list(found) == [*keys, "positions", "entities"]
    assert (found["title"], found["byline"], found["text"]) == ("Harbor Bridge to Close", "By LENA HOLT", text)


def test_annotate_reads_a_page() -> None:
    paragraph = "The council decided on Tuesday that the ferry stays where it is for another year."

    result = sayso("annotate", "--html", given=f"<html><body><article><p>{paragraph}</p></article></body></html>")

    assert json.loads(result.stdout)["text"] == paragraph
    assert sayso("annotate", "--html", "--jsonl", given="").exit_code == 2


def test_annotate_answers_each_line_with_a_line() -> None:
    lines = [{"id": i, "text": f"Story {i}\r\n\x0b\x7f \U0001f600 said so."} for i in range(40)] + [
        {"id": "e", "text": ""}
    ]

    result = sayso("annotate", "--jsonl", given="\n".join(map(json.dumps, lines)) + "\n\n")

    assert result.exit_code == 0
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in found] == [*range(40), "e"]
    keys = {"id", "people", "organizations", "places", "groups", "quotes", "positions", "entities"}
    assert all(line.keys() == keys for line in found)


@pytest.mark.parametrize(
    ("arguments", "given", "reason"),
    [
        ([], b"", "text: there is nothing to read"),
        ([], b"\xff", "text: byte 0 is not utf-8"),
        ([], b"A\x00", "text: control character U+0000"),
        (["--jsonl"], b'{"id": 1, "text": "A"', "line 1: "),
        (["--jsonl"], b'\n{"id": 1}', "line 2: text: must be a string"),
        (["--jsonl"], b'{"id": true, "text": "A"}', "line 1: id: must be a string or a whole number"),
        (["--jsonl"], b'{"id": 1, "text": "' + b"A" * 1_000_001 + b'"}', "line 1: text: 1000001 characters"),
    ],
)
def test_annotate_says_what_is_wrong_with_a_story(arguments: list[str], given: bytes, reason: str) -> None:
    check_refused(sayso("annotate", *arguments, given=given), reason)


def answers(port: int) -> bool:
    """Say whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_serve_answers_until_it_is_told_to_stop(environment: str) -> None:
    port = free_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 (our own command)
    try:
        while process.poll() is None and not answers(port):
            time.sleep(0.1)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            answer = client.get("/readyz", headers={"X-Request-ID": "first-1"})
            client.post("/articles", json={"text": "Words that no log repeats."})
    finally:
        process.terminate()
        _, logs = process.communicate(timeout=240)

    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    lines = [json.loads(line) for line in logs.splitlines()]
    [request] = [line for line in lines if line["request_id"] == "first-1"]
    assert (request["method"], request["path"], request["status"]) == ("GET", "/readyz", 200)
    assert "Words that no log repeats" not in logs
    assert process.returncode in {0, -15}
