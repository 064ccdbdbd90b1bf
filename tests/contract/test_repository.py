"""What holds for every file of the repository, and for the few that the rest stands on."""

from __future__ import annotations

import os
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contract.repository import ROOT, named, project, repository_files

MAX_BYTES = 50_000_000
MAX_LINES = 400
PICKLES = {".ckpt", ".dill", ".joblib", ".pickle", ".pkl", ".pt", ".pth"}
PICKLE_STARTS = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))
MACHINE_PATHS = re.compile(
    r"(?<![\w.~/-])/(?:work|root|Users|mnt|opt/pypi)/\w"
    r"|(?<![\w.~/-])/home/\w"
    r"|file:///\w"
)
REGISTRIES = re.compile(
    r"pypi\.org/simple|files\.pythonhosted|--(?:extra-)?index[-]url|--find[-]links|(?:artifactory|devpi|nexus)[./]",
    re.IGNORECASE,
)
LAYOUT = (
    ".ci",
    *(
        f"app/{name}"
        for name in (
            "annotate",
            "annotate/lexicons",
            "annotate/weights",
            "api",
            "domain",
            "evaluation",
            "ingest",
            "knowledge",
            "pipeline",
            "store",
            "text",
            "training",
        )
    ),
    "docs/decisions",
    "migrations/versions",
    "seeds/gold",
    "seeds/stories",
    *(f"tests/{name}" for name in ("api", "contract", "gold", "store", "unit")),
)
MAKE_TARGETS = ("serve", "test", "check", "typescript", "bench", "evaluate", "floors", "lock", "clean")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def text_of(path: Path) -> str:
    """Return a file's text, or nothing for one that holds none."""
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode(errors="replace")


def lines_that_match(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{named(path)}:{number}: {line.strip()[:80]}"
        for path in repository_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def pins() -> dict[str, str]:
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    return {canonicalize_name(name): pin for name, _, pin in (line.partition("==") for line in lines)}


def test_no_file_is_too_large() -> None:
    assert [named(path) for path in repository_files() if path.stat().st_size > MAX_BYTES] == []


def test_no_file_is_a_pickle() -> None:
    def is_pickle(path: Path) -> bool:
        with path.open("rb") as file:
            return path.suffix in PICKLES or file.read(2).startswith(PICKLE_STARTS)

    assert [named(path) for path in repository_files() if is_pickle(path)] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_that_match(MACHINE_PATHS) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_that_match(REGISTRIES) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("data = '/{}/corpus'".format("work"), True),
        ("see /{}/someone/notes".format("home"), True),
        ("url = file://{}".format("/srv/wheels"), True),
        ("https://example.org/work/of/art", False),
        ("the home page at /articles", False),
    ],
)
def test_paths_of_a_machine_are_told_from_others(line: str, found: bool) -> None:  # noqa: FBT001 (a case's answer)
    assert bool(MACHINE_PATHS.search(line)) is found


def test_no_module_is_longer_than_it_should_be() -> None:
    sources = [p for p in repository_files() if p.is_relative_to(ROOT / "app") and p.suffix in {".py", ".js", ".css"}]
    lengths = {named(path): len(text_of(path).splitlines()) for path in sources}
    assert sources
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


@pytest.mark.parametrize("folder", LAYOUT)
def test_the_layout_is_there(folder: str) -> None:
    assert any(path.is_relative_to(ROOT / folder) for path in repository_files())


def test_every_package_says_what_it_is() -> None:
    folders = {path.parent for path in repository_files() if path.suffix == ".py" and path.is_relative_to(ROOT / "app")}
    assert [named(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_version_is_one() -> None:
    current = project()["project"]["version"]
    assert version("sayso") == current
    assert re.search(rf"^## \[{re.escape(current)}\]", read("CHANGELOG.md"), re.MULTILINE)
    assert f"image: sayso:{current}\n" in read("compose.yaml")


def test_the_licence_is_whole() -> None:
    licence = read("LICENSE")
    assert project()["project"]["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_every_dependency_is_pinned() -> None:
    about = project()["project"]
    needed = [Requirement(line) for line in about["dependencies"] + about["optional-dependencies"]["dev"]]
    missing = [r.name for r in needed if pins().get(canonicalize_name(r.name)) is None]
    refused = [r.name for r in needed if not r.specifier.contains(pins().get(canonicalize_name(r.name), ""))]
    assert (missing, refused) == ([], [])


def test_the_tests_run_on_what_is_pinned() -> None:
    def installed(name: str) -> str | None:
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    found = {name: installed(name) for name in pins()}
    assert {name: at for name, at in found.items() if at is not None and at != pins()[name]} == {}
    assert found["pytest"] is not None


def test_what_is_pinned_needs_no_training_library() -> None:
    assert {"torch", "onnx", "safetensors", "transformers"} & set(pins()) == set()


@pytest.mark.parametrize("target", MAKE_TARGETS)
def test_every_target_can_be_made_and_is_told_of(target: str) -> None:
    assert re.search(rf"^{target}:.*  ## \w", read("Makefile"), re.MULTILINE)
    assert f"`make {target}" in read("docs/development.md")


def test_continuous_integration_makes_the_check() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert read(".ci/run").rstrip().endswith("make --no-print-directory check")
    assert "set -euo pipefail" in read(".ci/run")


def test_the_readme_begins_with_the_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", read("README.md"), re.DOTALL)
    assert block is not None
    assert re.findall(r"^make \w+", block[1], re.MULTILINE) == ["make serve", "make test"]


@pytest.mark.parametrize("name", ["README.md", "docs/development.md"])
def test_links_in_the_documents_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", read(name))
    assert links
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_decisions_are_numbered_and_say_why() -> None:
    records = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert records
    for number, record in enumerate(records, start=1):
        text = record.read_text(encoding="utf-8")
        assert record.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number:04}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\* \S", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]
