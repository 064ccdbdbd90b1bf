"""The image and the composition, as far as reading them goes."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from app.config import read_settings
from tests.contract.repository import ROOT

DEFAULT = re.compile(r"\$\{\w+:-(\w+)\}")
IMAGE_TAG = re.compile(r"[\w./-]+:[\w.-]*\d[\w.-]*")


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile as (instruction, arguments), continued lines joined, comments left out."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    split = (line.split(maxsplit=1) for line in text.splitlines() if line.strip())
    return [(name, " ".join(arguments.split())) for name, arguments in split]


def final_stage() -> list[tuple[str, str]]:
    steps = instructions()
    last = max(index for index, (name, _) in enumerate(steps) if name == "FROM")
    return steps[last:]


def composition() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def published_settings() -> dict[str, str]:
    """Return the environment that the image sets."""
    pairs = " ".join(arguments for name, arguments in final_stage() if name == "ENV")
    return dict(pair.split("=", 1) for pair in pairs.split())


def test_every_image_is_of_a_named_version() -> None:
    images = [arguments.split()[0] for name, arguments in instructions() if name == "FROM"]
    images += [service["image"] for service in composition()["services"].values()]
    assert images
    assert [image for image in images if not IMAGE_TAG.fullmatch(image)] == []


def test_the_build_stays_out_of_the_image() -> None:
    steps = final_stage()
    assert [name for name, _ in instructions()].count("FROM") == 2
    assert ("COPY", "--from=build /opt/sayso /opt/sayso") in steps
    assert not any(re.search(r"\b(?:apt|apt-get|pip|gcc|make)\b", arguments) for _, arguments in steps)


def test_the_service_is_not_root() -> None:
    users = [arguments for name, arguments in final_stage() if name == "USER"]
    assert users
    assert not re.match(r"(?:root|0)\b", users[-1])


def test_the_image_says_how_it_is() -> None:
    checks = [arguments for name, arguments in final_stage() if name == "HEALTHCHECK"]
    assert len(checks) == 1
    command = json.loads(checks[0][checks[0].index("[") :])
    assert command[0] == "python"
    compile(command[2], "health check", "exec")
    assert "/readyz" in command[2]
    assert f":{published_settings()['SAYSO_PORT']}/" in command[2]


def test_the_image_migrates_and_then_serves() -> None:
    assert final_stage()[-1] == ("CMD", '["sh", "-c", "sayso migrate && exec sayso serve"]')


def test_the_settings_of_the_image_are_settings() -> None:
    environment = {name: value for name, value in published_settings().items() if name.startswith("SAYSO_")}
    settings = read_settings(environment)
    assert settings.host == "0.0.0.0"  # noqa: S104 (inside a container)
    assert settings.database_url == "sqlite:////data/sayso.sqlite3"
    assert ("VOLUME", "/data") in final_stage()
    assert ("EXPOSE", str(settings.port)) in final_stage()
    assert settings.access_here() == "keys"


def test_what_the_build_copies_is_let_through() -> None:
    copied = {
        source
        for name, arguments in instructions()
        if name == "COPY" and "--from" not in arguments
        for source in arguments.split()[:-1]
    }
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied == {line[1:] for line in lines if line.startswith("!")}
    assert [source for source in sorted(copied) if not (ROOT / source).exists()] == []


def test_the_composition_waits_for_a_healthy_database() -> None:
    services = composition()["services"]
    assert services["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert services["api"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    volume = services["database"]["volumes"][0].partition(":")[0]
    assert volume in composition()["volumes"]


def test_the_composition_holds_no_password() -> None:
    services = composition()["services"]
    for name, variable in (("database", "POSTGRES_PASSWORD"), ("api", "PGPASSWORD")):
        assert services[name]["environment"][variable].startswith("${POSTGRES_PASSWORD:?")


def test_the_composition_serves_this_machine_only() -> None:
    api = composition()["services"]["api"]
    given = {k: DEFAULT.sub(r"\1", v) for k, v in api["environment"].items() if k.startswith("SAYSO_")}
    settings = read_settings(given)
    assert settings.database_url == "postgresql+psycopg://sayso@database:5432/sayso"
    assert settings.access_here() == "open"
    assert [port.startswith("127.0.0.1:") for port in api["ports"]] == [True]
    assert "ports" not in composition()["services"]["database"]
