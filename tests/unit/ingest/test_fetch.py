"""What is fetched stays within its limits, and within what robots.txt lets be fetched."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from threading import Event, Thread

import httpx
import pytest

from app.errors import InputError
from app.ingest.addresses import AddressError, AddressRule
from app.ingest.fetch import Fetcher, FetchError, Limits, NoAnswerError, Validators, retry_after
from app.ingest.robots import Robots, RobotsError
from tests.unit.ingest.web import LOOPBACK, Reply, Web, serving


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with closing(Fetcher(AddressRule(LOOPBACK), Limits(size=1_000, redirects=2))) as made:
        yield made


def test_a_page_is_fetched_with_what_it_says_of_itself(web: Web, fetcher: Fetcher) -> None:
    url = web.says("/a", "words", Content_Type="text/html", ETag='"1"', Last_Modified="Tue, 05 Mar 2024 08:30:00 GMT")

    found = fetcher.fetch(f"{url}#part", accept="text/html")

    assert (found.url, found.body, found.content_type) == (url, b"words", "text/html")
    assert found.validators == Validators('"1"', "Tue, 05 Mar 2024 08:30:00 GMT")
    headers = web.asked[0][1]
    assert (headers["accept"], headers["accept-encoding"]) == ("text/html", "gzip")
    assert headers["user-agent"].startswith("Sayso/")


def test_what_has_not_changed_is_not_sent_again(web: Web, fetcher: Fetcher) -> None:
    url = web.says("/a", status=304, ETag='"1"')

    found = fetcher.fetch(url, validators=Validators('"1"', "Tue, 05 Mar 2024 08:30:00 GMT"))

    assert (found.body, found.validators.etag) == (None, '"1"')
    headers = web.asked[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "Tue, 05 Mar 2024 08:30:00 GMT")


def test_redirects_are_followed_and_bounded(web: Web, fetcher: Fetcher) -> None:
    web.says("/end", "words")
    web.says("/b", status=307, Location=f"{web.url}/end")
    web.says("/a", status=301, Location="b")
    web.says("/loop", status=302, Location="/loop")

    assert fetcher.fetch(f"{web.url}/a").url == f"{web.url}/end"
    with pytest.raises(FetchError, match="more than 2 other addresses"):
        fetcher.fetch(f"{web.url}/loop")
    assert web.paths == ["/a", "/b", "/end", "/loop", "/loop", "/loop"]


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/"])
def test_a_redirect_to_an_address_that_may_not_be_asked_is_refused(web: Web, fetcher: Fetcher, target: str) -> None:
    with pytest.raises(AddressError, match="not at a public address"):
        fetcher.fetch(web.says("/a", status=302, Location=target))


@pytest.mark.parametrize(
    "target", ["file://localhost/secret", "ftp://127.0.0.1/", "http://", "http://[", "gopher://x/"]
)
def test_a_redirect_to_another_scheme_is_refused(web: Web, fetcher: Fetcher, target: str) -> None:
    with pytest.raises(InputError):
        fetcher.fetch(web.says("/a", status=302, Location=target))


@pytest.mark.parametrize("url", ["file://localhost/secret", "/secret", "http://u:p@", "data:,x", ""])
def test_only_http_is_asked(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchError, match="http or https"):
        fetcher.fetch(url)


def test_a_body_is_read_no_further_than_its_limit(web: Web, fetcher: Fetcher) -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(65_536)
            yield b"x" * 65_536

    web.replies["/endless"] = Reply(parts=endless)

    with pytest.raises(FetchError, match="larger than 1000 bytes"):
        fetcher.fetch(f"{web.url}/endless")
    assert fetcher.fetch(web.says("/just", "x" * 1_000)).body == b"x" * 1_000


def test_a_packed_body_is_measured_unpacked(web: Web, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"x" * 50_000_000)

    with pytest.raises(FetchError, match="larger than 1000 bytes"):
        fetcher.fetch(web.says("/bomb", bomb, Content_Encoding="gzip"))
    assert fetcher.fetch(web.says("/z", gzip.compress(b"words"), Content_Encoding="gzip")).body == b"words"
    assert fetcher.fetch(web.says("/d", zlib.compress(b"words"), Content_Encoding="deflate")).body == b"words"


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (b"words", "br", "packed as br"),
        (b"words", "gzip", "not packed as gzip"),
        (gzip.compress(b"words", mtime=0)[:-9], "gzip", "ends before it is whole"),
    ],
)
def test_a_body_that_is_not_packed_as_asked_is_refused(
    web: Web, fetcher: Fetcher, body: bytes, encoding: str, reason: str
) -> None:
    with pytest.raises(FetchError, match=reason):
        fetcher.fetch(web.says("/a", body, Content_Encoding=encoding))


def test_a_body_that_drips_is_given_up(web: Web) -> None:
    done = Event()

    def dripping() -> Iterator[bytes]:
        while not done.wait(0.05):
            yield b"x"

    web.replies["/drips"] = Reply(parts=dripping)
    with closing(Fetcher(AddressRule(LOOPBACK), Limits(seconds=0.3))) as hasty:
        with pytest.raises(FetchError, match=r"longer than 0\.3 seconds"):
            hasty.fetch(f"{web.url}/drips")
        done.set()


def test_a_head_that_drips_is_given_up(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
                for _ in range(600):
                    connection.sendall(b"x")
                    time.sleep(0.05)

        thread = Thread(target=drip, daemon=True)
        thread.start()
        hasty = Fetcher(fetcher.rule, Limits(seconds=0.5))
        with closing(hasty), pytest.raises(NoAnswerError, match=r"takes longer than 0\.5 seconds"):
            hasty.fetch(f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join(60)


def test_a_server_that_does_not_answer_is_given_up(web: Web) -> None:
    done = Event()

    def silent() -> Iterator[bytes]:
        done.wait(60)
        yield b"x"

    web.replies["/silent"] = Reply(parts=silent)
    with closing(Fetcher(AddressRule(LOOPBACK), Limits(seconds=0.2))) as hasty:
        with pytest.raises(FetchError, match=r"takes longer than 0\.2 seconds"):
            hasty.fetch(f"{web.url}/silent")
        done.set()


def test_nobody_there_is_said(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="no connection"):
        fetcher.fetch("http://127.0.0.1:9/")


def test_an_answer_that_is_no_http_is_said(web: Web, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="cannot be read"):
        fetcher.fetch(web.says("/a", b"", Content_Length="x"))


def test_an_error_says_its_status_and_how_long_to_wait(web: Web, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="answers with status 503") as caught:
        fetcher.fetch(web.says("/a", status=503, Retry_After="120"))
    assert (caught.value.status, caught.value.retry_after) == (503, 120)


def test_retry_after_is_seconds_or_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    def read(value: str) -> float | None:
        return retry_after(httpx.Headers({"Retry-After": value}))

    assert 0 < (read(soon) or 0) <= 90
    assert read("Tue, 05 Mar 2024 08:30:00 -0000") == 0
    assert read("999999999") == 30 * 86_400
    assert read("soon") is None
    assert retry_after(httpx.Headers()) is None


def test_robots_txt_is_asked_once_a_site_and_obeyed_by_name(web: Web, fetcher: Fetcher) -> None:
    web.says("/robots.txt", "User-agent: Sayso\nDisallow: /private\nCrawl-delay: 3\n\nUser-agent: *\nDisallow: /\n")
    robots = Robots(fetcher)

    robots.permit(f"{web.url}/open")
    with pytest.raises(RobotsError, match=r"robots\.txt forbids"):
        robots.permit(f"{web.url}/private/a")
    assert robots.delay(f"{web.url}/open") == 3
    assert web.paths == ["/robots.txt"]


def test_robots_txt_is_asked_for_where_a_redirect_leads(web: Web, fetcher: Fetcher) -> None:
    web.says("/robots.txt", "User-agent: *\nDisallow: /private\n")
    web.says("/a", status=302, Location="/private/b")

    with pytest.raises(RobotsError):
        fetcher.fetch(f"{web.url}/a", permit=Robots(fetcher).permit)
    assert web.paths == ["/robots.txt", "/a"]


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_site_without_robots_txt_allows_all(web: Web, fetcher: Fetcher, status: int) -> None:
    web.says("/robots.txt", "Disallow: /", status=status)
    robots = Robots(fetcher)

    robots.permit(f"{web.url}/a")
    assert robots.delay(f"{web.url}/a") == 0


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_in_trouble_allows_nothing_for_now(web: Web, fetcher: Fetcher, status: int) -> None:
    web.says("/robots.txt", status=status)
    robots = Robots(fetcher)

    with pytest.raises(FetchError, match=f"robots.txt, which says what may be fetched, answers with status {status}"):
        robots.permit(f"{web.url}/a")
    web.says("/robots.txt")
    robots.permit(f"{web.url}/a")


def test_the_rules_of_many_sites_are_forgotten_in_time(web: Web) -> None:
    web.says("/robots.txt")
    with closing(Fetcher(AddressRule((*LOOPBACK, ip_network("::1"))))) as fetcher:
        robots = Robots(fetcher, most_sites=1)
        for site in (web.url, web.url, web.url.replace("127.0.0.1", "localhost"), web.url):
            robots.permit(f"{site}/a")

    assert web.paths == ["/robots.txt"] * 3
