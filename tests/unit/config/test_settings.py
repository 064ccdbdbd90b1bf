"""Settings come from the environment, once, and a wrong one is named."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from app.config import Settings, is_loopback, read_settings
from app.errors import ConfigurationError


def test_an_empty_environment_serves_this_machine_from_a_file_in_the_data_folder() -> None:
    settings = read_settings({})

    assert settings.database_url == f"sqlite:///{Path('data/sayso.sqlite3').absolute()}"
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, None)
    assert (settings.max_text_bytes, settings.log_level, settings.access) == (1_000_000, "info", "auto")


def test_every_setting_is_read() -> None:
    settings = read_settings(
        {
            "SAYSO_DATABASE_URL": "postgresql://sayso:secret@db/sayso",
            "SAYSO_HOST": "0.0.0.0",  # noqa: S104 (the value under test)
            "SAYSO_PORT": " 9000 ",
            "SAYSO_BASE_URL": "https://sayso.example/",
            "SAYSO_MAX_TEXT_BYTES": "2000000",
            "SAYSO_LOG_LEVEL": "WARNING",
            "SAYSO_ALLOWED_NETWORKS": "10.1.0.0/16, ::1",
            "SAYSO_ACCESS": "Public-Reads",
            "SAYSO_ALLOWED_HOSTS": "News.example, sayso.example",
            "SAYSO_TRUSTED_PROXIES": "10.0.0.2/32",
            "SAYSO_RATE_PER_KEY": "0",
            "SAYSO_RATE_PER_ADDRESS": "60",
            "SAYSO_FETCH_GAP": "0.5",
            "SAYSO_PROCESSES": "4",
            "SAYSO_INGESTIONS_KEPT_DAYS": "7",
            "SAYSO_OF_ANOTHER_VERSION": "x",
        }
    )

    assert settings == Settings(
        "postgresql+psycopg://sayso:secret@db/sayso",
        "0.0.0.0",  # noqa: S104
        9000,
        "https://sayso.example",
        2_000_000,
        "warning",
        allowed_networks=(ip_network("10.1.0.0/16"), ip_network("::1")),
        access="public-reads",
        allowed_hosts=("news.example", "sayso.example"),
        trusted_proxies=(ip_network("10.0.0.2/32"),),
        rate_per_key=0,
        rate_per_address=60,
        fetch_gap=0.5,
        processes=4,
        ingestions_kept_days=7,
    )


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SAYSO_DATABASE_URL", "mysql://db/sayso", "sqlite:///data/sayso.sqlite3 or postgresql://"),
        ("SAYSO_DATABASE_URL", "sayso.sqlite3", "must be a database URL"),
        ("SAYSO_DATABASE_URL", "sqlite://", "would lose every story"),
        ("SAYSO_DATABASE_URL", "sqlite:///:memory:", "would lose every story"),
        ("SAYSO_HOST", "not a host", "must be an address"),
        ("SAYSO_HOST", "", "must be an address"),
        ("SAYSO_PORT", "65536", "0 to 65535"),
        ("SAYSO_PORT", "-1", "0 to 65535"),
        ("SAYSO_PORT", "²", "0 to 65535"),
        ("SAYSO_BASE_URL", "sayso.example", "the address that clients use"),
        ("SAYSO_BASE_URL", "ftp://sayso.example", "the address that clients use"),
        ("SAYSO_BASE_URL", "https://sayso.example?x=1", "the address that clients use"),
        ("SAYSO_MAX_TEXT_BYTES", "0", "1 to 64000000"),
        ("SAYSO_MAX_TEXT_BYTES", "1e6", "1 to 64000000"),
        ("SAYSO_LOG_LEVEL", "loud", "debug, info, warning, error"),
        ("SAYSO_ACCESS", "maybe", "must be one of auto, keys, public-reads, open"),
        ("SAYSO_ALLOWED_HOSTS", "sayso.example, a b", "must be an address or a host name"),
        ("SAYSO_RATE_PER_KEY", "-1", "must be a number of requests a minute"),
        ("SAYSO_RATE_PER_ADDRESS", "1000001", "must be a number of requests a minute"),
        ("SAYSO_ALLOWED_NETWORKS", "10.1.0.1/16", "must be networks such as 10.1.0.0/16"),
        ("SAYSO_PROCESSES", "0", "must be a number of processes, 1 to 64"),
        ("SAYSO_PROCESSES", "65", "must be a number of processes, 1 to 64"),
        ("SAYSO_FETCH_GAP", "-1", "must be a number of seconds"),
        ("SAYSO_ALLOWED_NETWORKS", "localhost", "must be networks such as"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings({name: value})

    assert str(caught.value).startswith(f"{name}: ")
    assert reason in str(caught.value)


def test_an_empty_base_url_means_none() -> None:
    assert read_settings({"SAYSO_BASE_URL": ""}).base_url is None


def test_an_absolute_sqlite_path_and_its_options_stay(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.sqlite3?timeout=5"

    assert read_settings({"SAYSO_DATABASE_URL": url}).database_url == url


def test_the_database_password_is_not_in_the_representation() -> None:
    settings = read_settings({"SAYSO_DATABASE_URL": "postgresql://sayso:secret@db/sayso"})

    assert "secret" not in repr(settings)


def test_the_command_line_wins_over_the_environment() -> None:
    settings = read_settings({"SAYSO_HOST": "127.0.0.2", "SAYSO_PORT": "9000"})

    assert settings.with_address(None, None) == settings
    assert (settings.with_address("::1", 81).host, settings.with_address("::1", 81).port) == ("::1", 81)
    with pytest.raises(ConfigurationError, match="--port: must be a port number"):
        settings.with_address(None, -1)
    with pytest.raises(ConfigurationError, match="--host: must be an address"):
        settings.with_address("a b", None)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_nobody_is_asked_for_a_key_where_only_this_machine_is(host: str) -> None:
    assert is_loopback(host)
    assert Settings(host=host).access_here() == "open"
    assert Settings(host=host, base_url="http://localhost:8000").access_here() == "open"
    assert Settings(host=host, access="keys").access_here() == "keys"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "sayso.example"])  # noqa: S104
def test_everyone_is_asked_for_a_key_elsewhere_unless_the_owner_says_otherwise(host: str) -> None:
    assert Settings(host=host).access_here() == "keys"
    assert Settings(host=host, access="open").access_here() == "open"
    assert Settings(host=host, access="public-reads").access_here() == "public-reads"


def test_a_public_base_address_says_that_strangers_come_by_a_proxy() -> None:
    assert Settings(base_url="https://sayso.example").access_here() == "keys"
