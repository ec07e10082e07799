"""Tiles of a service over the network: the only module that may ask for them, and it asks as seldom as it can.

What came lies in a cache that serves on when the line is cut. The key of the
office stands in the addresses alone: no error and no log line shows one.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import reduce
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpcore
import httpx

from app.map.host_numbers import HostNumbers
from app.map.tile_cache import TileCache
from app.map.tile_terms import Terms
from layers.tiles.tile_grid import TILE_PX, WORLD, Bounds, TileKey
from layers.tiles.tile_picture import decode, over
from layers.tiles.tile_source import Picture
from models.errors import DataError

# They write every address they ask for, and the key with it.
for _talker in ("httpx", "httpcore"):
    logging.getLogger(_talker).setLevel(logging.WARNING)

CONNECT_S, READ_S, WHOLE_S = 5.0, 8.0, 15.0
# After a failure the service is left alone for so long; what is kept serves meanwhile.
REST_S, REFUSED_REST_S = 15.0, 60.0
_MOST_BYTES = 4_000_000
_NO_TILE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.NO_CONTENT})
_AGENT = "Fengsui/0.1 (duty desk; one operator)"


class TileService:
    """A base map behind an address; any thread may ask it for tiles.

    Raises
    ------
    DataError
        ``tiles.bad_template`` or ``tiles.no_key`` with the map's name.
    """

    def __init__(self, terms: Terms, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        for url in terms.urls:
            if not all(part in url for part in ("{z}", "{x}", "{y}")) or not _can_be_asked(url, terms.subdomains):
                raise DataError("tiles.bad_template", map=terms.name)
            if "{key}" in url and not terms.key:
                raise DataError("tiles.no_key", map=terms.name)
        self.terms, self._now = terms, now
        keep = timedelta(days=terms.keep_days)
        share = max(1, terms.cache_mb // max(1, len(terms.urls)))
        self.caches = tuple(TileCache(folder / str(n), cap_mb=share, keep=keep) for n in range(len(terms.urls)))
        self.fault: DataError | None = None
        self._rests_until = 0.0
        limits = httpx.Timeout(READ_S, connect=CONNECT_S)
        self._line = httpx.Client(timeout=limits, headers={"User-Agent": _AGENT})
        _keep_time(self._line)

    @property
    def zooms(self) -> tuple[int, int]:
        return self.terms.zooms

    @property
    def bounds_m(self) -> Bounds:
        return WORLD

    @property
    def tile_px(self) -> int:
        return TILE_PX

    @property
    def attribution(self) -> str:
        return self.terms.attribution

    def tile(self, key: TileKey) -> Picture | None:
        """Return the picture of a tile, from the cache if it is young or the line is cut.

        Raises
        ------
        DataError
            Where nothing is kept: ``tiles.service_silent``, ``tiles.service_refuses``,
            ``tiles.service_no_picture`` or ``tiles.day_full``, with the map's name.
        """
        pictures = [self._layer(n, key) for n in range(len(self.terms.urls))]
        return reduce(over, pictures)

    def fetch(self, key: TileKey) -> None:
        """Bring a tile into the cache where it is not young there; raises as `tile` does."""
        for n, cache in enumerate(self.caches):
            if not cache.holds(key, self._now()):
                cache.put(key, self._asked(n, key))

    def forgive(self) -> None:
        """Ask again at once, whatever went wrong before."""
        self._rests_until = 0.0

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()

    def _layer(self, n: int, key: TileKey) -> Picture | None:
        kept = self.caches[n].look(key, self._now())
        picture = decode(kept.data) if kept is not None and kept.data else None
        if kept is not None and kept.data and picture is None:
            kept = None  # a file that a full disk cut off
        if kept is not None and kept.fresh:
            return picture
        try:
            data = self._asked(n, key)
        except DataError as fault:
            self.fault = fault
            if kept is None:
                raise
            return picture
        self._keep(n, key, data)
        return None if data is None else decode(data)

    def _keep(self, n: int, key: TileKey, data: bytes | None) -> None:
        """Put a tile into the cache; a full disk costs the cache, not the picture."""
        try:
            self.caches[n].put(key, data)
        except OSError as error:
            self.fault = DataError("tiles.cache_broken", map=self.terms.name, cause=error.strerror or "")

    def _asked(self, n: int, key: TileKey) -> bytes | None:
        """Return the bytes of a tile as the service gives them, None if it has no such tile."""
        terms = self.terms
        if time.monotonic() < self._rests_until:
            raise self.fault or DataError("tiles.service_silent", map=terms.name, host=self._host(n), cause="")
        if terms.tiles_a_day and self._asked_today() >= terms.tiles_a_day:
            raise DataError("tiles.day_full", map=terms.name, count=terms.tiles_a_day)
        try:
            self.caches[n].note_asked(self._now())
        except OSError as error:  # what is not counted could break the terms
            raise DataError("tiles.cache_broken", map=terms.name, cause=error.strerror or "") from error
        try:
            status, kind, data = self._answer(self._address(terms.urls[n], key))
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # a host's name may not be encoded
            cause = type(error).__name__  # its text may hold the address, and so the key
            self._rest(REST_S)
            raise self._faulty("tiles.service_silent", n, cause=cause) from None
        if status in _NO_TILE:
            self.fault = None
            return None
        if status != HTTPStatus.OK:
            self._rest(REST_S if status >= HTTPStatus.INTERNAL_SERVER_ERROR else REFUSED_REST_S)
            raise self._faulty("tiles.service_refuses", n, status=status)
        if decode(data) is None:
            self._rest(REST_S)
            raise self._faulty("tiles.service_no_picture", n, kind=kind)
        self.fault = None
        return data

    def _answer(self, address: str) -> tuple[int, str, bytes]:
        """Return status, type and bytes; an answer that never ends is an error like a line that is cut."""
        until = time.monotonic() + WHOLE_S
        _until.set(until)
        data = bytearray()
        with self._line.stream("GET", address) as answer:
            if answer.status_code == HTTPStatus.OK:
                for piece in answer.iter_bytes():
                    data += piece
                    if time.monotonic() > until or len(data) > _MOST_BYTES:
                        raise httpx.ReadTimeout("")
            return answer.status_code, answer.headers.get("content-type", "").split(";")[0], bytes(data)

    def _address(self, template: str, key: TileKey) -> str:
        terms = self.terms
        sub = terms.subdomains[(key.x + key.y) % len(terms.subdomains)] if terms.subdomains else ""
        parts = {
            "{z}": str(key.z),
            "{x}": str(key.x),
            "{y}": str(key.y),
            "{s}": sub,
            "{key}": quote(terms.key, safe=""),
        }
        return reduce(lambda url, part: url.replace(*part), parts.items(), template)

    def _asked_today(self) -> int:
        return sum(cache.asked_on(self._now()) for cache in self.caches)

    def _host(self, n: int) -> str:
        return urlsplit(self.terms.urls[n]).hostname or ""

    def _rest(self, seconds: float) -> None:
        self._rests_until = time.monotonic() + seconds

    def _faulty(self, code: str, n: int, **facts: object) -> DataError:
        self.fault = DataError(code, map=self.terms.name, host=self._host(n), **facts)
        return self.fault


def _can_be_asked(template: str, subdomains: str) -> bool:
    """Return whether a template is an address of the web whose host can have a name."""
    try:
        parts = urlsplit(template.replace("{s}", subdomains[:1]))
        host = parts.hostname or ""
        httpx.URL(f"{parts.scheme}://{parts.netloc}/")
        return parts.scheme in {"http", "https"} and bool(host.encode("idna")) and parts.port != 0
    except (ValueError, httpx.InvalidURL):
        return False


# When the answer that this thread waits for has to be whole; httpx itself knows a limit for each piece alone.
_until: ContextVar[float] = ContextVar("_until")


numbers = HostNumbers()


def _left(timeout: float | None) -> float:
    left = _until.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        return _TimedStream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _TimedNetwork(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        known = numbers.of(host, port, _left(timeout))
        for address in known[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                share_s = _left(timeout) / 2  # what does not answer leaves time for the next
                return _TimedStream(super().connect_tcp(address, port, share_s, local_address, socket_options))
        return _TimedStream(super().connect_tcp(known[-1], port, _left(timeout), local_address, socket_options))


def _keep_time(line: httpx.Client) -> None:
    """Let the limit of the whole hold for connecting and for headers too, straight or by a proxy.

    WORKAROUND: httpx 0.28 takes no network of one's own (https://www.python-httpx.org/advanced/transports/).
    """
    for way in (line._transport, *line._mounts.values()):  # noqa: SLF001 - see above
        if isinstance(way, httpx.HTTPTransport):
            way._pool._network_backend = _TimedNetwork()  # noqa: SLF001 - see above
