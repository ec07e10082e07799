"""The tables of legacy PUP products: storms, tracks, forecasts and winds, as the real files state them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from models.errors import DataError
from models.radar.decoders import pup, read
from models.radar.product import Cell, Product, Role, Table
from models.radar.proven import is_unproven
from tests import data
from tests.models.radar import pup_bytes as made

FOLDER = "radar/cinrad_pup_z9200_20110916"
STORM_HEAD = " STM ID  AZ/RAN TVS  MESO POSH/POH/MX SIZE VIL DBZM  HT  TOP  FCST MVMT "
STI_PAGE = [
    " STORM ID      A1        B2    ",
    " AZ/RAN    356/126   182/149   ",
    " FCST MVT   89/  5     NEW     ",
    " ERR/MEAN  0.5/ 1.9  0.0/ 0.0  ",
    " DBZM HGT   52  4.2   51  2.7  ",
]
HEADING = "  ID     AZRAN     MOVEMENT    15 MIN    30 MIN    45 MIN    60 MIN    FCST/MEAN"
UNITS = "        (DEG/KM)  (DEG/MS)    (DEG/KM)  (DEG/KM)  (DEG/KM)  (DEG/KM)     (KM)   "


def first_of(folder: str) -> Product:
    product = read(min(data.need(f"{FOLDER}/{folder}").iterdir()))
    assert isinstance(product, Product)
    return product


def table(product: Product, name: str) -> Table:
    return next(table for table in product.tables if table.name == name)


def rows_by(found: Table, column: str) -> dict[Cell, dict[str, Cell]]:
    at = found.columns.index(column)
    return {row[at]: dict(zip(found.columns, row, strict=True)) for row in found.rows}


def decoded(raw: bytes) -> Product:
    return pup.decode(raw, "made.200")


def lines(words: list[str], *, first_y: int = 1) -> bytes:
    return b"".join(made.text(0, first_y + 10 * n, line) for n, line in enumerate(words))


# ---- storms of the composite ----


def test_the_composites_storm_table_is_read() -> None:
    found = table(first_of("CR_37"), "storms")
    assert len(found.rows) == 10
    storm = rows_by(found, "storm")["E1"]
    assert storm.pop("storm") == "E1"
    assert list(storm.values()) == [356, 127, "NONE", "NONE", 20, 80, "1.27", 22, 52, 4.2, 8.4, 89, 5]
    assert list(storm)[:4] == ["azimuth_deg", "range_km", "tvs", "meso"]
    assert list(storm)[4:8] == ["posh_percent", "poh_percent", "hail_cm", "vil_kgm2"]
    assert list(storm)[8:] == ["max_dbz", "height_km", "top_km", "from_deg", "speed_ms"]
    assert rows_by(found, "storm")["K6"]["hail_cm"] == "<1.27"
    assert rows_by(found, "storm")["P4"]["from_deg"] is None  # a new storm has no movement


def test_hail_that_is_unknown_far_out_is_none() -> None:
    line = "    D2  155/309 NONE NONE     UNKNOWN       12  43  8.8  13.8   41/  2  "
    raw = made.product(made.raster([[0] * 464] * 464), graphic=made.graphic([lines([STORM_HEAD, line, " " * 70])]))
    product = decoded(raw)
    (row,) = table(product, "storms").rows
    assert row == ("D2", 155, 309, "NONE", "NONE", None, None, None, 12, 43, 8.8, 13.8, 41, 2)
    assert product.oddities == ()


def test_lines_that_do_not_read_as_storms_are_counted() -> None:
    pages = [lines([STORM_HEAD, "    D2  155/309 NONE NONE", "what else"])]
    product = decoded(made.product(made.raster([[0] * 464] * 464), graphic=made.graphic(pages)))
    assert table(product, "storms").rows == ()
    assert [str(odd) for odd in product.oddities] == [
        "2 places in the tables do not read as the others do and were left out"
    ]


def test_all_storm_tables_of_the_night_are_read_whole() -> None:
    found = Counter[str]()
    for path in sorted(data.need(f"{FOLDER}/CR_37").iterdir()):
        composite = read(path)
        tracking = read(path.parents[1] / "STI_58" / path.name.replace(".37.", ".58."))
        assert isinstance(composite, Product)
        assert isinstance(tracking, Product)
        rows = table(composite, "storms").rows
        assert len(rows) == tracking.parameters["storms"]
        assert {row[0] for row in rows} == {row[0] for row in table(tracking, "storms").rows}
        found["storms"] += len(rows)
        found["unknown hail"] += sum(row[7] is None for row in rows)
        found["new"] += sum(row[-1] is None for row in rows)
    assert found == {"storms": 106, "unknown hail": 2, "new": 23}


# ---- storm tracks ----


def test_storms_stand_where_the_page_says() -> None:
    product = first_of("STI_58")
    assert (product.role, product.parameters["storms"], product.unit) == (Role.TABLE, 10, "")
    tracks = table(product, "tracks")
    now = {row[0]: row for row in tracks.rows if row[1] == 0}
    assert now["E1"] == ("E1", 0, -9.0, 126.25, 355.9, 126.6)
    assert rows_by(table(product, "forecast"), "storm")["E1"]["azimuth_deg"] == 356
    assert rows_by(table(product, "forecast"), "storm")["E1"]["range_km"] == 127
    assert rows_by(table(product, "storms"), "storm")["E1"]["range_km"] == 126
    steps = [row[1] for row in tracks.rows if row[0] == "E1"]
    assert steps == [0, *range(-1, -10, -1), 1, 2, 3, 4]
    assert (product.parameters["mean_speed_ms"], product.parameters["mean_from_deg"]) == (5.0, 84.0)


def test_the_forecast_table_is_read_with_what_is_not_said() -> None:
    found = rows_by(table(first_of("STI_58"), "forecast"), "storm")
    assert len(found) == 10
    assert found["E1"]["azimuth_60_min_deg"] == 348
    assert found["E1"]["range_60_min_km"] == 129
    assert found["S8"]["azimuth_30_min_deg"] == 186
    assert found["S8"]["azimuth_45_min_deg"] is None
    assert (found["P4"]["from_deg"], found["P4"]["error_km"]) == (None, 0.0)


def test_tracks_tables_and_header_of_all_files_agree() -> None:
    """Each storm's symbol stands where its tables say, its forecast lies where it moves to."""
    storms = forecasts = circled = 0
    for path in sorted(data.need(f"{FOLDER}/STI_58").iterdir()):
        product = read(path)
        assert isinstance(product, Product)
        assert [found.name for found in product.tables] == ["storms", "forecast", "tracks", "pages"]
        now = {row[0]: row for row in table(product, "tracks").rows if row[1] == 0}
        ahead = {row[0]: row for row in table(product, "tracks").rows if row[1] == 1}
        told = rows_by(table(product, "forecast"), "storm")
        assert set(now) == set(told) == set(rows_by(table(product, "storms"), "storm"))
        assert len(now) == product.parameters["storms"]
        for storm, row in told.items():
            assert isinstance(row["azimuth_deg"], int)
            assert isinstance(now[storm][4], float)
            assert abs((now[storm][4] - row["azimuth_deg"] + 180) % 360 - 180) <= 0.8  # type: ignore[operator]
            assert now[storm][5] == pytest.approx(row["range_km"], abs=0.8)
            if storm in ahead:
                assert ahead[storm][5] == pytest.approx(row["range_15_min_km"], abs=0.8)
                forecasts += 1
            elif row["range_15_min_km"] is not None:
                assert row["speed_ms"] in (1, 2)  # a circle stands where it is
                circled += 1
            storms += 1
    assert (storms, forecasts, circled) == (106, 71, 7)


def storm(name: str, x: int, y: int) -> bytes:
    return made.mark(2, x, y, '" ') + made.mark(15, x, y, name)


def sti(packets: bytes, **facts: Any) -> bytes:
    return made.product(packets, code=58, maximum=2, **facts)


def test_made_tracks_come_out_in_kilometers() -> None:
    past = made.packet(23, made.mark(2, 8, -4, "! ") + made.mark(2, 12, -8, "! ") + made.packet(6, b"\0" * 8))
    ahead = made.packet(24, made.mark(2, 0, 4, "# "))
    product = decoded(sti(storm("A1", 4, 0) + past + ahead + storm("B2", 0, -400)))
    assert table(product, "tracks").rows == (
        ("A1", 0, 1.0, 0.0, 90.0, 1.0),
        ("A1", -1, 2.0, -1.0, 116.6, 2.2),
        ("A1", -2, 3.0, -2.0, 123.7, 3.6),
        ("A1", 1, 0.0, 1.0, 0.0, 1.0),
        ("B2", 0, 0.0, -100.0, 180.0, 100.0),
    )
    assert not is_unproven(product.layout)


def test_columns_and_lines_of_storms_are_read_and_counted() -> None:
    page = [
        " STORM     POSITION",
        HEADING,
        UNITS,
        "  A1     356/127    89/  5     354/127   352/127   NO DATA   NO DATA    0.5/ 1.9",
        "  B2     182/149     NEW       NO DATA   NO DATA   NO DATA   NO DATA    0.0/ 0.0",
        "  C3     182",
    ]
    drawn = [*STI_PAGE[:1], STI_PAGE[1].replace("182/149", "  broken"), *STI_PAGE[2:]]
    graphic = made.graphic([lines(STI_PAGE), lines(drawn)])
    product = decoded(sti(storm("A1", 4, 0), graphic=graphic, tabular=made.tabular([page, ["nothing here"]])))
    assert [row[0] for row in table(product, "storms").rows] == ["A1", "B2", "A1"]
    assert table(product, "storms").rows[1][3:5] == (None, None)
    assert [row[0] for row in table(product, "forecast").rows] == ["A1", "B2"]
    assert "mean_speed_ms" not in product.parameters
    assert [str(odd) for odd in product.oddities] == [
        "2 places in the tables do not read as the others do and were left out"
    ]


# ---- winds ----


def test_winds_of_the_real_profile_are_as_the_page_says() -> None:
    product = first_of("VWP_48")
    found = table(product, "wind")
    assert found.columns == ("at_utc", "height_m", "direction_deg", "speed_ms", "rms_from_ms")
    told = [row for row in found.rows if row[2] is not None]
    assert (len(found.rows), len(told)) == (330, 122)
    assert len({row[0] for row in found.rows}) == 11
    assert sorted({row[1] for row in found.rows})[:3] == [305.0, 610.0, 914.0]  # type: ignore[type-var]
    newest = [row for row in told if row[0] == "2011-09-16T00:00Z"]
    strongest = max(newest, key=lambda row: row[3])  # type: ignore[arg-type, return-value]
    assert strongest == ("2011-09-16T00:00Z", 2743.0, 35, 11.32, 0.0)
    stated = {"max_speed_ms": 11.32, "max_direction_deg": 35, "max_height_m": 2743.2}
    assert product.parameters == {"vcp": 21, "volume": 32, **stated}
    assert found.rows[-1][0] == "2011-09-15T23:00Z"  # the day before


def test_winds_of_all_profiles_fill_their_grid_and_hold_the_stated_maximum() -> None:
    """The header states the strongest wind of the newest time, to a tenth of 1,000 feet."""
    barbs = 0
    for path in sorted(data.need(f"{FOLDER}/VWP_48").iterdir()):
        product = read(path)
        assert isinstance(product, Product)
        rows = table(product, "wind").rows
        assert len(rows) == len({row[:2] for row in rows}) == 330
        newest = [row for row in rows if row[0] == rows[0][0] and row[3] is not None]
        stated = product.parameters
        assert max(row[3] for row in newest) == stated["max_speed_ms"]  # type: ignore[type-var]
        (height,) = [row[1] for row in newest if row[2:4] == (stated["max_direction_deg"], stated["max_speed_ms"])]
        assert height == pytest.approx(stated["max_height_m"], abs=0.6)
        barbs += sum(row[2] is not None for row in rows)
    assert barbs == 2874


def vwp(packets: bytes, **facts: Any) -> bytes:
    grid = made.text(460, 490, "0005") + made.text(422, 490, "2359") + made.text(21, 451, " 0.3")
    return made.product(grid + made.text(21, 436, "12.2") + packets, code=48, words=made.RMS_WORDS, **facts)


def test_made_winds_take_the_time_and_height_they_stand_at() -> None:
    packets = made.barb(3, 474, 455, 80, 10) + made.barb(9, 436, 440, 360, 50) + made.text(467, 436, "ND")
    product = decoded(vwp(packets + made.text(5, 5, "ALT KM  ")))
    assert table(product, "wind").rows == (
        ("2011-09-16T00:05Z", 300.0, 80, 5.14, 4.12),
        ("2011-09-16T00:05Z", 12_200.0, None, None, None),
        ("2011-09-15T23:59Z", 12_200.0, 360, 25.72, None),
    )
    assert product.oddities == ()


def test_listed_altitudes_are_taken_only_where_they_fit_the_drawing() -> None:
    packets = made.barb(1, 474, 455, 80, 10)
    for listed, height in ((["  305  12192"], 305.0), (["  305  9999"], 300.0), (["305"], 300.0), (["x"], 300.0)):
        page = ["  ALTITUDES SELECTED(M)  ", *listed, " SLANT RANGE 30.0"]
        product = decoded(vwp(packets, tabular=made.tabular([page])))
        assert table(product, "wind").rows[0][1] == height


def test_winds_at_no_time_or_height_are_counted() -> None:
    packets = made.barb(1, 300, 455, 80, 10) + made.barb(1, 474, 300, 80, 10) + made.text(0, 0, "ND")
    product = decoded(vwp(packets))
    assert table(product, "wind").rows == ()
    assert [str(odd) for odd in product.oddities] == [
        "3 places in the tables do not read as the others do and were left out"
    ]
    assert table(decoded(made.product(made.barb(1, 0, 0, 1, 1), code=48)), "wind").rows == ()


# ---- others, and damage ----


def test_texts_of_unproven_products_are_kept_as_they_stand() -> None:
    packets = made.mark(1, 3, -4, "冰雹 X1 ") + made.packet(19, b"\0" * 10)
    raw = made.product(
        packets, code=59, graphic=made.graphic([made.text(7, 8, "HAIL")]), tabular=made.tabular([["  one ", "", "two"]])
    )
    product = decoded(raw)
    assert is_unproven(product.layout)
    assert (product.name, product.role) == ("HI", Role.TABLE)
    assert table(product, "texts").rows == ((1, 3, -4, "冰雹 X1"),)
    assert table(product, "graphic").rows == ((1, 7, 8, "HAIL"),)
    assert table(product, "pages").rows == ((1, 1, "  one"), (1, 3, "two"))
    assert [str(odd) for odd in product.oddities] == ["packets of kind 19 are not known here and were not read"]


def test_a_product_without_symbols_may_be_pages_alone() -> None:
    raw = made.product(b"", code=62, symbology=0, tabular=made.tabular([["SS"]]))
    assert table(decoded(raw), "pages").rows == ((1, 1, "SS"),)


def test_the_rain_products_pages_are_kept() -> None:
    pages = table(first_of("OHP_78"), "pages")
    assert len(pages.rows) == 49
    assert "GAGE/RADAR BIAS ESTIMATE" in str(pages.rows[1][2])


def with_blocks(**blocks: Any) -> bytes:
    return made.product(made.raster([[0] * 464] * 464), **blocks)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (with_blocks(graphic=made.graphic([b""], announced=2)), "radar.bad_block"),
        (with_blocks(graphic=made.graphic([b""], announced=0)), "radar.bad_block"),
        (with_blocks(graphic=made.graphic([b""], announced=300)), "radar.bad_block"),
        (with_blocks(graphic=made.graphic([b"\0\x08\0\x09ab"])), "radar.bad_packet"),
        (with_blocks(graphic=made.graphic([made.packet(8, b"\0\1")])), "radar.bad_packet"),
        (with_blocks(graphic=made.graphic([made.text(1, 1, "x" * 600)])), "radar.bad_packet"),
        (with_blocks(tabular=made.tabular([["a"]], announced=2)), "radar.bad_block"),
        (with_blocks(tabular=made.tabular([["a"]], announced=0)), "radar.bad_block"),
        (with_blocks(tabular=made.tabular([["a"]], announced=257)), "radar.bad_block"),
        (with_blocks(tabular=made.tabular([["a" * 600]])), "radar.bad_block"),
        (with_blocks(tabular=made.tabular([["a"] * 5000])), "radar.bad_block"),
        (with_blocks(tabular=made.tabular([["a"]]).replace(b"\x01\xff\xff", b"\x01\xff\xfe")), "radar.bad_block"),
        (with_blocks(tabular=made.tabular([["a"]])[:4] + b"\0\0\0\x04" + b"\0" * 90), "radar.bad_block"),
        (vwp(made.barb(1, 474, 455, 361, 10)), "radar.bad_barb"),
        (vwp(made.barb(1, 474, 455, 80, -1)), "radar.bad_barb"),
        (vwp(made.packet(4, b"\0" * 8)), "radar.bad_packet"),
        (vwp(b"".join(made.text(n, 490, "0000") for n in range(200))), "radar.bad_packet"),
        (sti(made.packet(23, made.mark(2, 8, -4, "! "))), "radar.bad_packet"),
        (sti(storm("A1", 0, 0) + made.packet(24, b"\0\2\0\x09")), "radar.bad_packet"),
    ],
)
def test_what_is_wrong_with_tables_is_named_with_its_byte(raw: bytes, code: str) -> None:
    with pytest.raises(DataError) as caught:
        decoded(raw)
    assert caught.value.code == code
    assert 0 < caught.value.facts["byte"] <= len(raw)
    assert caught.value.sentence("zh") != str(caught.value)
