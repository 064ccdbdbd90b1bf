"""Content codings: which compression a client wants, and bodies compressed so.

Source: RFC 9110, 12.5.3 (Accept-Encoding), RFC 8878 (zstd), RFC 7932 (brotli).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli
import zstandard

LEAST_BYTES = 1_000
"""Below this a body is sent as it is: the headers would weigh more than what is saved."""

_GZIP_LEVEL, _ZSTD_LEVEL, _BROTLI_QUALITY = 6, 6, 5
_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)

ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body),
    "br": lambda body: brotli.compress(body, quality=_BROTLI_QUALITY),
    # The same bytes give the same answer: no time of compression in it.
    "gzip": lambda body: gzip.compress(body, _GZIP_LEVEL, mtime=0),
}
"""The codings that are served; of those that a client wants equally, the first is."""

_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


def decoded(body: bytes, coding: str | None) -> bytes:
    """Return a body that was sent in ``coding`` as it was before."""
    return body if coding is None else _DECODERS[coding](body)


@lru_cache(maxsize=1_000)
def coding_for(header: str) -> str | None:
    """Return the coding that an Accept-Encoding header wants most of those that are served, None for none."""
    weights: dict[str, float] = {}
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        found = next((m for m in map(_WEIGHT.fullmatch, parameters) if m), None)
        weights[name.lower()] = 1.0 if found is None else float(found[1])
    plain = weights.get("identity", 0.0)
    wanted = {name: weights.get(name, weights.get("*", 0.0)) for name in ENCODERS}
    best = max(wanted, key=lambda name: wanted[name])
    return best if wanted[best] > 0 and wanted[best] >= plain else None


def may_be_compressed(media_type: str) -> bool:
    """Say whether bodies of a media type get smaller by compression: all that are text, as ours are."""
    return media_type.startswith(("text/", "application/"))


def coded_tag(tag: str, coding: str | None) -> str:
    """Return the entity tag of a body in a coding: other bytes, so another tag."""
    return tag if coding is None else f'{tag[:-1]}-{coding}"'


def plain_tag(tag: str) -> str:
    """Return the entity tag of the same body as it is, whatever coding ``tag`` was given in."""
    start, dash, coding = tag[:-1].rpartition("-")
    return f'{start}"' if dash and coding in ENCODERS else tag
