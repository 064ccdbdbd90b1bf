"""Nothing is connected to but public addresses and what the owner allows, whatever a name resolves to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any

import httpcore
import httpx
import pytest

from app.ingest.addresses import AddressError, AddressRule, CheckedTransport
from tests.unit.ingest.web import LOOPBACK, Web, serving

Found = list[tuple[Any, ...]]


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


def names(monkeypatch: pytest.MonkeyPatch, **hosts: list[list[str]]) -> list[str]:
    """Let each host resolve to the lists of addresses in turn; return the names that are asked for."""
    real, asked = socket.getaddrinfo, []
    turns = {name.replace("_", "."): iter(lists) for name, lists in hosts.items()}

    def resolve(host: str, port: int, *rest: Any, **more: Any) -> Found:  # noqa: ANN401 (the socket module's)
        if host not in turns:
            return list(real(host, port, *rest, **more))
        asked.append(host)
        return [entry for address in next(turns[host]) for entry in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 (the value under test)
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not AddressRule().permits(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"])
def test_a_public_address_is_permitted(address: str) -> None:
    assert AddressRule().permits(ip_address(address))


def test_an_allowed_network_is_permitted_also_where_ipv6_stands_for_it() -> None:
    rule = AddressRule((ip_network("10.1.0.0/16"), ip_network("::1")))

    permitted = [rule.permits(ip_address(a)) for a in ("10.1.2.3", "::ffff:10.1.2.3", "::1", "10.2.0.1", "fe80::1")]

    assert permitted == [True, True, True, False, False]


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "::1", "[::1]", "no-such.invalid"])
def test_a_host_is_refused_by_its_addresses_however_it_is_written(host: str) -> None:
    with pytest.raises(AddressError, match="host") as caught:
        AddressRule(field="feed_url").resolve(host, 80)
    assert caught.value.field == "feed_url"


def test_one_private_address_among_public_ones_refuses_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, two_test=[["1.1.1.1", "10.0.0.1"]])

    with pytest.raises(AddressError, match="not at a public address"):
        AddressRule().resolve("two.test", 80)


def test_a_client_reaches_only_what_is_allowed(web: Web) -> None:
    web.says("/", "hello")

    with httpx.Client(transport=CheckedTransport(AddressRule(LOOPBACK))) as client:
        assert client.get(f"{web.url}/").text == "hello"
    with httpx.Client(transport=CheckedTransport(AddressRule())) as client, pytest.raises(AddressError):
        client.get(f"{web.url}/")
    assert web.paths == ["/"]


def test_a_name_is_resolved_once_a_connection_and_checked_each_time(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.says("/", "hello", Connection="close")
    asked = names(monkeypatch, rebound_test=[["127.0.0.1"], ["127.0.0.2"]])
    address = web.url.replace("127.0.0.1", "rebound.test")

    with httpx.Client(transport=CheckedTransport(AddressRule(LOOPBACK))) as client:
        assert client.get(address).text == "hello"
        assert asked == ["rebound.test"]
        with pytest.raises(AddressError):
            client.get(address)
    assert web.paths == ["/"]


def test_the_next_address_is_tried_when_one_does_not_answer(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.says("/", "hello")
    names(monkeypatch, many_test=[["::1", "127.0.0.1"], ["::1"]])
    rule = AddressRule((*LOOPBACK, ip_network("::1")))

    with httpx.Client(transport=CheckedTransport(rule)) as client:
        assert client.get(web.url.replace("127.0.0.1", "many.test")).text == "hello"
    with httpx.Client(transport=CheckedTransport(rule)) as client, pytest.raises(httpx.ConnectError):
        client.get(web.url.replace("127.0.0.1", "many.test"))


def test_a_connection_that_ends_elsewhere_is_closed(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere(httpcore.NetworkStream):
        closed = False

        def get_extra_info(self, info: str) -> object:
            return ("10.0.0.1", 80) if info == "server_addr" else None

        def close(self) -> None:
            Elsewhere.closed = True

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *_, **__: Elsewhere())

    with httpx.Client(transport=CheckedTransport(AddressRule(LOOPBACK))) as client, pytest.raises(AddressError):
        client.get(web.url)
    assert Elsewhere.closed
