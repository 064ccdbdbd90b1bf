"""Settings, read once from the environment (``SAYSO_*``) and frozen.

Every setting has a default that is right for one machine. A value that cannot be used stops the program at once with
the name of the variable: a service that starts on a guess is worse than one that does not start.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar, get_args
from urllib.parse import urlsplit

from app.errors import ConfigurationError

LogLevel = Literal["debug", "info", "warning", "error"]
AccessSetting = Literal["auto", "keys", "public-reads", "open"]
Access = Literal["keys", "public-reads", "open"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
T = TypeVar("T")

DEFAULT_DATABASE_URL = "sqlite:///data/sayso.sqlite3"
_SUPPORTED_DATABASES = ("sqlite", "postgresql")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})
_LARGEST_TEXT = 64_000_000
_LAST_PORT = 65_535
_MOST_WORKERS = 256
MOST_PROCESSES = 64
_LARGEST_RATE = 1_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything about a running Sayso that its owner chooses.

    ``database_url`` may hold a password and is left out of the representation.
    ``allowed_networks`` are asked for pages and feeds, and delivered to, though they are not public.
    ``workers`` is how many stories are annotated at once in the background, 0 for none in this process.
    ``processes`` is how many of them answer requests; of several none works in the background, who began them does.
    ``cache_seconds`` is how long shared caches may answer, ``cache_bytes`` the room for answers kept in memory.
    ``cors_origins`` are those whose pages may ask; ``require_if_match`` refuses changes that do not say to what.
    ``ingestions_kept_days`` is how long what became of each story of an ingestion is told, 0 for ever.
    ``fetch_gap`` lies between two requests for pages or feeds to one host.
    ``allowed_hosts`` are names that this service answers to besides those that no stranger can own.
    ``trusted_proxies`` are believed when they say whom they speak for.
    Units: ``fetch_gap`` in seconds; ``max_text_bytes`` counts the bytes of a story's text in UTF-8; the rates count
    requests a minute, 0 for any number; ``ingestions_kept_days`` is in days.
    """

    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str | None = None
    max_text_bytes: int = 1_000_000
    log_level: LogLevel = "info"
    allowed_networks: tuple[Network, ...] = ()
    fetch_gap: float = 1.0
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    processes: int = 1
    max_queued_stories: int = 1_000_000
    ingestions_kept_days: int = 30
    cache_seconds: int = 0
    cache_bytes: int = 64_000_000
    cors_origins: tuple[str, ...] = ()
    require_if_match: bool = False
    access: AccessSetting = "auto"
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    rate_per_key: int = 6_000
    rate_per_address: int = 600

    def access_here(self) -> Access:
        """Return who is asked for a key: with "auto" everyone, unless only this machine reaches the service.

        A base address that is not this machine's says that a proxy brings strangers in, wherever it listens.
        """
        if self.access != "auto":
            return self.access
        outside = None if self.base_url is None else urlsplit(self.base_url).hostname
        return "open" if is_loopback(self.host) and (outside is None or is_loopback(outside)) else "keys"

    def with_address(self, host: str | None, port: int | None) -> Settings:
        """Return these settings with the host and port given on a command line, where they are given.

        Raises: ConfigurationError naming the option that cannot be used.
        """
        return replace(
            self,
            host=self.host if host is None else _converted("--host", _host, host),
            port=self.port if port is None else _converted("--port", _port, str(port)),
        )


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings that ``environ`` asks for; a variable that is not set keeps its default.

    Raises: ConfigurationError naming the variable that cannot be used.
    """

    def read(name: str, convert: Callable[[str], T], default: T) -> T:
        raw = environ.get(name)
        return default if raw is None else _converted(name, convert, raw.strip())

    plain = Settings()
    return Settings(
        database_url=read("SAYSO_DATABASE_URL", _database_url, _database_url(plain.database_url)),
        host=read("SAYSO_HOST", _host, plain.host),
        port=read("SAYSO_PORT", _port, plain.port),
        base_url=read("SAYSO_BASE_URL", _base_url, plain.base_url),
        max_text_bytes=read("SAYSO_MAX_TEXT_BYTES", _max_text_bytes, plain.max_text_bytes),
        log_level=read("SAYSO_LOG_LEVEL", _log_level, plain.log_level),
        allowed_networks=read("SAYSO_ALLOWED_NETWORKS", _networks, plain.allowed_networks),
        fetch_gap=read("SAYSO_FETCH_GAP", _fetch_gap, plain.fetch_gap),
        workers=read("SAYSO_WORKERS", _workers, plain.workers),
        processes=read("SAYSO_PROCESSES", _processes, plain.processes),
        max_queued_stories=read("SAYSO_MAX_QUEUED_STORIES", _max_queued_stories, plain.max_queued_stories),
        ingestions_kept_days=read("SAYSO_INGESTIONS_KEPT_DAYS", _days, plain.ingestions_kept_days),
        cache_seconds=read("SAYSO_CACHE_SECONDS", _seconds, plain.cache_seconds),
        cache_bytes=read("SAYSO_CACHE_BYTES", _cache_bytes, plain.cache_bytes),
        cors_origins=read("SAYSO_CORS_ORIGINS", _origins, plain.cors_origins),
        require_if_match=read("SAYSO_REQUIRE_IF_MATCH", _flag, plain.require_if_match),
        access=read("SAYSO_ACCESS", _access, plain.access),
        allowed_hosts=read("SAYSO_ALLOWED_HOSTS", _hosts, plain.allowed_hosts),
        trusted_proxies=read("SAYSO_TRUSTED_PROXIES", _networks, plain.trusted_proxies),
        rate_per_key=read("SAYSO_RATE_PER_KEY", _rate, plain.rate_per_key),
        rate_per_address=read("SAYSO_RATE_PER_ADDRESS", _rate, plain.rate_per_address),
    )


def _converted(name: str, convert: Callable[[str], T], raw: str) -> T:
    try:
        return convert(raw)
    except ValueError as error:
        msg = f"{name}: {error}"
        raise ConfigurationError(msg) from error


def _database_url(raw: str) -> str:
    scheme, separator, rest = raw.partition("://")
    dialect = scheme.partition("+")[0]
    if not separator or dialect not in _SUPPORTED_DATABASES:
        msg = "must be a database URL such as sqlite:///data/sayso.sqlite3 or postgresql://user@host/name"
        raise ValueError(msg)
    if dialect == "postgresql":
        return f"postgresql+psycopg://{rest}"
    path, question, query = rest.removeprefix("/").partition("?")
    if not rest.startswith("/") or path in {"", ":memory:"}:
        msg = "must name a file, such as sqlite:///data/sayso.sqlite3: a database in memory would lose every story"
        raise ValueError(msg)
    return f"sqlite:///{Path(path).absolute()}{question}{query}"


def _host(raw: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]{1,253}", raw):
        msg = "must be an address or a host name"
        raise ValueError(msg)
    return raw


def _port(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", raw) or int(raw) > _LAST_PORT:
        msg = f"must be a port number, 0 to {_LAST_PORT}"
        raise ValueError(msg)
    return int(raw)


def _base_url(raw: str) -> str | None:
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        msg = "must be the address that clients use, such as https://sayso.example.org"
        raise ValueError(msg)
    return raw.rstrip("/")


def _max_text_bytes(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", raw) or not 1 <= int(raw) <= _LARGEST_TEXT:
        msg = f"must be a number of bytes, 1 to {_LARGEST_TEXT}"
        raise ValueError(msg)
    return int(raw)


def _workers(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", raw) or int(raw) > _MOST_WORKERS:
        msg = f"must be a number of threads, 0 to {_MOST_WORKERS}"
        raise ValueError(msg)
    return int(raw)


def _processes(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", raw) or not 1 <= int(raw) <= MOST_PROCESSES:
        msg = f"must be a number of processes, 1 to {MOST_PROCESSES}"
        raise ValueError(msg)
    return int(raw)


def _max_queued_stories(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", raw) or int(raw) < 1:
        msg = "must be a number of stories, 1 to 999999999"
        raise ValueError(msg)
    return int(raw)


def _days(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", raw):
        msg = "must be a number of days, 0 to 99999"
        raise ValueError(msg)
    return int(raw)


def _log_level(raw: str) -> LogLevel:
    for level in get_args(LogLevel):
        if raw.lower() == level:
            found: LogLevel = level
            return found
    msg = f"must be one of {', '.join(get_args(LogLevel))}"
    raise ValueError(msg)


def _seconds(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", raw):
        msg = "must be a number of seconds, 0 to 999999"
        raise ValueError(msg)
    return int(raw)


def _cache_bytes(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,11}", raw):
        msg = "must be a number of bytes; 0 keeps nothing"
        raise ValueError(msg)
    return int(raw)


def _origins(raw: str) -> tuple[str, ...]:
    origins = tuple(part.strip() for part in raw.split(",") if part.strip())
    for origin in origins:
        if origin != "*" and not re.fullmatch(
            r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?", origin
        ):
            msg = "must be origins such as https://news.example, with commas between, or *"
            raise ValueError(msg)
    return origins


def _flag(raw: str) -> bool:
    if raw.lower() in _TRUE:
        return True
    if raw.lower() in _FALSE:
        return False
    msg = "must be 1 or 0"
    raise ValueError(msg)


def _access(raw: str) -> AccessSetting:
    for access in get_args(AccessSetting):
        if raw.lower() == access:
            found: AccessSetting = access
            return found
    msg = f"must be one of {', '.join(get_args(AccessSetting))}"
    raise ValueError(msg)


def _hosts(raw: str) -> tuple[str, ...]:
    return tuple(_host(part.strip()).lower() for part in raw.split(",") if part.strip())


def _rate(raw: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", raw) or int(raw) > _LARGEST_RATE:
        msg = f"must be a number of requests a minute, 0 (any number) to {_LARGEST_RATE}"
        raise ValueError(msg)
    return int(raw)


def _fetch_gap(raw: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}([.][0-9]{1,3})?", raw):
        msg = "must be a number of seconds, such as 1 or 0.5"
        raise ValueError(msg)
    return float(raw)


def _networks(raw: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in raw.split(",") if part.strip())
    except ValueError as error:
        msg = f"must be networks such as 10.1.0.0/16 or ::1, separated by commas: {error}"
        raise ValueError(msg) from error
