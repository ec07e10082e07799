"""Tiles over the network, against a real HTTP server that behaves and misbehaves."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from app.map import tile_service
from app.map.tile_prefetch import fetch, plan
from app.map.tile_service import TileService
from app.map.tile_terms import Terms
from layers.tiles.tile_grid import TileKey
from models.errors import DataError
from tests.app.tile_server import TileServer, tile_server
from tests.layers.tiles.drawn_tiles import picture

KEY = "geheim-4711"
TILE = TileKey(5, 3, 7)


@pytest.fixture(name="server")
def _server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TileServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with tile_server() as server:
        yield server


def terms(server: TileServer, **changed: object) -> Terms:
    whole = Terms(name="影像", urls=(server.url,), key=KEY, zooms=(0, 12), prefetch=True)
    return replace(whole, **changed)  # type: ignore[arg-type]


def right(service: TileService, key: TileKey = TILE) -> bool:
    found = service.tile(key)
    return found is not None and bool((found[..., :3] == picture(key)[..., ::-1]).all())


def refused(service: TileService, key: TileKey = TILE) -> DataError:
    with pytest.raises(DataError) as error:
        service.tile(key)
    for language in ("zh", "en"):
        assert KEY not in error.value.sentence(language)
        assert "影像" in error.value.sentence(language)
    assert KEY not in repr(error.value)
    return error.value


def test_a_tile_is_asked_for_once_with_the_key_and_kept(server: TileServer, tmp_path: Path) -> None:
    service = TileService(terms(server), tmp_path)
    assert right(service)
    assert right(service)
    assert server.asked == [f"/5/3/7.png?tk={KEY}"]
    assert right(TileService(terms(server), tmp_path))  # after a restart
    assert len(server.asked) == 1
    names = [path.name for path in tmp_path.rglob("*")]
    assert not [name for name in names if name.endswith(".part") or KEY in name]


def test_what_is_kept_serves_on_when_the_line_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    later = datetime.now(UTC)
    with tile_server() as server:
        service = TileService(terms(server, keep_days=1), tmp_path, now=lambda: later)
        assert right(service)
    later += timedelta(days=3)  # too old to be taken without a look, and nobody there to ask
    assert right(service)
    assert service.fault is not None
    assert service.fault.code == "tiles.service_silent"
    assert refused(service, TileKey(5, 3, 8)).code == "tiles.service_silent"


def test_an_old_tile_is_asked_for_anew(server: TileServer, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    service = TileService(terms(server, keep_days=1), tmp_path, now=lambda: now)
    assert right(service)
    now += timedelta(days=2)
    assert right(service)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("broken", "tiles.service_refuses"),
        ("refused", "tiles.service_refuses"),
        ("html", "tiles.service_no_picture"),
        ("cut", "tiles.service_silent"),
    ],
)
def test_a_bad_answer_is_named_not_kept_and_not_asked_for_again_at_once(
    server: TileServer, tmp_path: Path, way: str, code: str
) -> None:
    service = TileService(terms(server), tmp_path)
    server.way = way
    assert refused(service).code == code
    server.way = "right"
    assert refused(service, TileKey(5, 3, 8)).code == code  # it is left alone for a while
    assert len(server.asked) == 1
    service.forgive()
    assert right(service)
    assert service.fault is None


def test_a_tile_that_the_service_has_not_is_not_asked_for_again(server: TileServer, tmp_path: Path) -> None:
    service = TileService(terms(server), tmp_path)
    server.way = "gone"
    assert service.tile(TILE) is None
    assert service.tile(TILE) is None
    assert len(server.asked) == 1
    assert service.fault is None


@pytest.mark.parametrize("way", ["slow", "drip", "header_drip"])
def test_a_service_that_never_ends_is_given_up(
    server: TileServer, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_service, "READ_S", 0.3)
    monkeypatch.setattr(tile_service, "WHOLE_S", 0.5)
    server.way = way
    began = time.monotonic()
    assert refused(TileService(terms(server), tmp_path)).code == "tiles.service_silent"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "start",
    [
        "http://[::1/",
        f"http://{'a' * 64}.example/",
        "ftp://example.org/",
        "file://example.org/",
        "http://a:99999/",
        "//a/",
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_at_once(tmp_path: Path, start: str) -> None:
    with pytest.raises(DataError) as error:
        TileService(Terms(name="影像", urls=(start + "{z}/{x}/{y}?tk={key}",), key=KEY), tmp_path)
    assert error.value.code == "tiles.bad_template"


def test_a_line_that_was_kept_open_serves_the_next_tile(server: TileServer, tmp_path: Path) -> None:
    service = TileService(terms(server), tmp_path)
    assert right(service)
    assert right(service, TileKey(5, 3, 8))


def test_no_library_writes_the_key_into_the_log(
    server: TileServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert right(TileService(terms(server), tmp_path))
    assert KEY not in caplog.text
    assert not logging.getLogger("httpcore.http11").isEnabledFor(logging.INFO)


def test_names_lie_over_the_map_and_each_part_is_kept_by_itself(server: TileServer, tmp_path: Path) -> None:
    service = TileService(terms(server, urls=(server.url, server.url + "&over=1")), tmp_path)
    assert right(service)
    assert len(server.asked) == 2
    assert right(service)
    assert len(server.asked) == 2


def test_a_file_of_the_cache_that_was_cut_off_is_asked_for_anew(server: TileServer, tmp_path: Path) -> None:
    service = TileService(terms(server), tmp_path)
    assert right(service)
    kept = tmp_path / "0" / "5" / "3" / "7"
    kept.write_bytes(kept.read_bytes()[:100])
    assert right(service)
    assert len(server.asked) == 2


def test_the_cache_keeps_its_cap_and_the_first_fetched_go_first(server: TileServer, tmp_path: Path) -> None:
    service = TileService(terms(server, cache_mb=1), tmp_path)
    cache = service.caches[0]
    for number in range(1, 8):
        cache.put(TileKey(9, number, 0), bytes(180_000))
        stamp = 1_700_000_000 + number
        os.utime(tmp_path / "0" / "9" / str(number) / "0", (stamp, stamp))
    assert cache.size() <= 1_000_000
    left = sorted(int(path.parent.name) for path in tmp_path.glob("0/9/*/0"))
    assert left == list(range(8 - len(left), 8))
    assert len(left) >= 4


def test_the_terms_of_a_day_are_kept_even_after_a_restart(server: TileServer, tmp_path: Path) -> None:
    now = datetime(2026, 6, 18, 3, tzinfo=UTC)
    for x in range(2):
        assert TileService(terms(server, tiles_a_day=2), tmp_path, now=lambda: now).tile(TileKey(5, x, 0)) is not None
    service = TileService(terms(server, tiles_a_day=2), tmp_path, now=lambda: now)
    assert refused(service, TileKey(5, 2, 0)).code == "tiles.day_full"
    assert len(server.asked) == 2
    now += timedelta(days=1)
    assert service.tile(TileKey(5, 2, 0)) is not None


def test_the_key_is_in_no_log_and_in_no_text_of_the_terms(
    server: TileServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        service = TileService(terms(server), tmp_path)
        assert right(service)
        server.way = "html"
        refused(service, TileKey(5, 3, 8))
    assert KEY not in caplog.text
    assert KEY not in repr(service.terms)
    assert "127.0.0.1" not in repr(service.terms)


@pytest.mark.parametrize(
    ("url", "key", "code"),
    [
        ("http://tiles.example/{z}/{x}.png", "", "tiles.bad_template"),
        ("http:///{z}/{x}/{y}", "", "tiles.bad_template"),
        ("http://tiles.example/{z}/{x}/{y}?tk={key}", "", "tiles.no_key"),
    ],
)
def test_an_address_that_cannot_work_is_refused_before_anything_is_asked(
    tmp_path: Path, url: str, key: str, code: str
) -> None:
    with pytest.raises(DataError) as error:
        TileService(Terms("影像", (url,), key), tmp_path)
    assert error.value.code == code
    assert "影像" in error.value.sentence("zh")


AREA = (106.9, 29.1, 107.1, 29.3)


def fetched(service: TileService, zooms: tuple[int, int] = (8, 10)) -> tuple[int, int, str]:
    waits: list[float] = []
    *_, last = fetch(service, plan(service, AREA, zooms, datetime.now(UTC)), pause=waits.append)
    assert all(wait >= 0.25 for wait in waits)
    return last.done, last.left, last.error.code if last.error else ""


def test_an_area_is_fetched_ahead_and_the_second_time_there_is_nothing_to_do(
    server: TileServer, tmp_path: Path
) -> None:
    service = TileService(terms(server), tmp_path)
    before = plan(service, AREA, (8, 10), datetime.now(UTC))
    assert fetched(service) == (len(before.keys), 0, "")
    assert server.most_at_once == 1
    after = plan(service, AREA, (8, 10), datetime.now(UTC))
    assert (after.keys, after.there) == ((), len(before.keys))
    asked = len(server.asked)
    assert all(service.tile(key) is not None for key in before.keys)
    assert len(server.asked) == asked


def test_fetching_ahead_stops_where_the_terms_end_and_goes_on_from_there(server: TileServer, tmp_path: Path) -> None:
    service = TileService(terms(server, tiles_a_day=3), tmp_path)
    total = len(plan(service, AREA, (8, 11), datetime.now(UTC)).keys)
    assert fetched(service, (8, 11)) == (3, total - 3, "tiles.day_full")
    more = TileService(terms(server, tiles_a_day=0), tmp_path)
    assert fetched(more, (8, 11)) == (total - 3, 0, "")


def test_fetching_ahead_gives_up_a_service_that_does_not_answer(server: TileServer, tmp_path: Path) -> None:
    server.way = "broken"
    done, left, code = fetched(TileService(terms(server), tmp_path))
    assert (done, code) == (0, "tiles.service_refuses")
    assert left > 0
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("changed", "zooms", "code"),
    [
        ({"prefetch": False}, (8, 9), "tiles.prefetch_forbidden"),
        ({"zooms": (0, 20)}, (8, 20), "tiles.too_many"),
        ({"cache_mb": 1}, (8, 13), "tiles.over_cache"),
    ],
)
def test_fetching_ahead_is_refused_before_anything_is_asked(
    server: TileServer, tmp_path: Path, changed: dict[str, object], zooms: tuple[int, int], code: str
) -> None:
    whole = replace(terms(server), zooms=(0, 13))
    service = TileService(replace(whole, **changed), tmp_path)  # type: ignore[arg-type]
    with pytest.raises(DataError) as error:
        plan(service, (106.5, 28.9, 107.6, 29.6), zooms, datetime.now(UTC))
    assert error.value.code == code
    assert error.value.sentence("zh")
    assert server.asked == []
    assert np.isfinite(plan(TileService(whole, tmp_path), AREA, (8, 9), datetime.now(UTC)).megabytes(0.0))


def test_a_name_server_that_never_answers_holds_nobody_longer_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, asked = threading.Event(), []

    def hang(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        release.wait(30)
        raise OSError("released")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(tile_service, "CONNECT_S", 0.3)
    monkeypatch.setenv("NO_PROXY", "*")
    service = TileService(Terms("影像", ("http://tiles.nowhere.example/{z}/{x}/{y}.png?tk={key}",), key=KEY), tmp_path)
    begun = time.monotonic()
    assert refused(service).facts["cause"] == "ConnectTimeout"
    service.forgive()
    assert refused(service).code == "tiles.service_silent"
    assert time.monotonic() - begun < 3.0
    assert asked == ["tiles.nowhere.example"]  # one thread waits, however often it is asked
    release.set()


def test_a_name_that_has_several_numbers_is_tried_at_each(
    server: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = urlsplit(server.url.replace("{", "").replace("}", "")).port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, port)) for at in ("127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", _only_for("tiles.example", found))
    monkeypatch.setenv("NO_PROXY", "*")
    assert right(TileService(terms(server, urls=(server.url.replace("127.0.0.1", "tiles.example"),)), tmp_path))


def _only_for(host: str, found: Sequence[tuple[object, ...]]) -> Callable[..., Sequence[tuple[object, ...]]]:
    real = socket.getaddrinfo
    return lambda asked, *more, **named: found if asked == host else real(asked, *more, **named)
