"""Which network addresses may be asked for what a client names: public ones, and those that the owner allows.

Whoever makes this service fetch a page or deliver to a webhook borrows its place in the network. So a name is resolved
once, every address that it has is checked, the connection goes to the address that was checked (a name that resolves
differently the next time gains nothing), and the peer is checked again when the connection stands.

Source: IANA's special-purpose address registries (RFC 6890), through ``ipaddress``; OWASP, Server-Side Request Forgery
Prevention.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network

import httpcore
import httpx

from app.config import Network
from app.errors import InputError

Address = IPv4Address | IPv6Address

# Clouds answer their machines' questions here, and `ipaddress` takes these two for public: Azure, Oracle.
_METADATA = frozenset({IPv4Address("168.63.129.16"), IPv4Address("192.0.0.192")})
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Tunnels that end at an IPv4 address which the packet itself names: 6to4 and Teredo.
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))


class AddressError(InputError):
    """A host is at no address that may be asked."""


class NoAddressError(AddressError):
    """A host is at no address at all, or none that is known now."""


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Which addresses may be connected to: the public ones, and the networks in ``allowed``.

    ``field`` is the name of what a client sent, for the errors.
    """

    allowed: tuple[Network, ...] = ()
    field: str = "url"

    def permits(self, address: Address) -> bool:
        """Say whether a connection may go to ``address``."""
        return self._is_allowed(embedded(address)) or is_public(embedded(address))

    def is_allowed(self, address: str) -> bool:
        """Say whether ``address`` is in a network that the owner allows."""
        return self._is_allowed(embedded(ipaddress.ip_address(address)))

    def _is_allowed(self, plain: Address) -> bool:
        return any(plain in network for network in self.allowed if network.version == plain.version)

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return the addresses of ``host``, all of them checked.

        Raises: AddressError when the name has no address, or one that may not be asked.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NoAddressError(self.field, f"the host {host[:100]} has no address") from error
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        for address in addresses:
            self.check(host, address)
        return addresses

    def check(self, host: str, address: str) -> None:
        """Refuse an address that may not be asked. It is not named: what a name means inside is nobody's business.

        Raises: AddressError.
        """
        if not self.permits(ipaddress.ip_address(address)):
            raise AddressError(self.field, f"the host {host[:100]} is not at a public address")


def embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, as mapped or through NAT64; else ``address``."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_public(address: Address) -> bool:
    """Say whether ``address`` is a public unicast address: not private, shared, link-local, reserved or metadata."""
    if address in _METADATA or address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv6Address):
        return address in _UNICAST and not any(address in network for network in _TUNNELS)
    return not address.is_reserved


_ENDS_AT: ContextVar[float | None] = ContextVar("ends_at", default=None)


@contextmanager
def until(ends_at: float) -> Iterator[None]:
    """Let no connection of a ``CheckedTransport`` be waited for beyond a moment of the monotonic clock.

    A timeout of httpx begins anew with every byte: a server that drips its head would be waited for for days.
    """
    token = _ENDS_AT.set(ends_at)
    try:
        yield
    finally:
        _ENDS_AT.reset(token)


@cache
def trusted() -> ssl.SSLContext:
    """Return whom connections trust. All share it: reading the certificates takes as long as a hundred stories."""
    return httpx.create_ssl_context()


class CheckedTransport(httpx.HTTPTransport):
    """A transport of httpx that connects to nothing but what an address rule permits. It uses no proxy."""

    def __init__(self, rule: AddressRule, *, connections: int = 20) -> None:
        context = trusted()
        super().__init__(verify=context, trust_env=False)
        # httpx has no parameter for how names are resolved; httpcore under it has. A test holds the two together.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=connections,
            network_backend=CheckedBackend(rule),
        )


class CheckedBackend(httpcore.NetworkBackend):
    """Connections to checked addresses only."""

    def __init__(self, rule: AddressRule) -> None:
        self._rule = rule
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of ``host`` that answers.

        Raises: AddressError; httpcore's errors.
        """
        options = None if socket_options is None else list(socket_options)
        *others, last = self._rule.resolve(host, port)
        for address in others:
            try:
                return self._connect(host, address, port, timeout, local_address, options)
            except httpcore.ConnectError:
                continue
        return self._connect(host, last, port, timeout, local_address, options)

    def _connect(
        self,
        host: str,
        address: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        options: list[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(address, port, _left(timeout), local_address, options)
        try:
            self._rule.check(host, str(stream.get_extra_info("server_addr")[0]))
        except AddressError:
            stream.close()
            raise
        return _Timed(stream)


class _Timed(httpcore.NetworkStream):
    """A connection that is waited for as long as ``until`` says, all in all."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float | None:
    """Return the shorter of a timeout and what is left.

    Raises: ReadTimeout when nothing is.
    """
    ends_at = _ENDS_AT.get()
    if ends_at is None:
        return timeout
    left = ends_at - time.monotonic()
    if left <= 0:
        msg = "no time is left"
        raise httpcore.ReadTimeout(msg)
    return left if timeout is None else min(timeout, left)
