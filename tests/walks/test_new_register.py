"""A register that nobody wrote code for: one TOML file, and table, layer, card, import, search and export work."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from app.demo.people import EXERCISE_PINS, FORECASTER
from app.demo.scene import OPENING_AT
from app.office import Office
from layers.register_layer import RegisterLayer
from models.register.export import export
from models.store import registers
from tests.walks.open_console import open_console
from widgets import theme as look

RESERVOIRS = """
name = "reservoirs"
title = { zh = "水库", en = "Reservoirs" }
geometry = "point"
group = "hazards"
glyph = "reservoir"

kind = [
  { key = "small", title = { zh = "小型", en = "Small" } },
  { key = "medium", title = { zh = "中型", en = "Medium" } },
]

field = [
  { key = "capacity", type = "number", unit = "万m³", least = 0, title = { zh = "总库容", en = "Capacity" }, known = ["库容"] },
  { key = "limit_m", type = "number", unit = "m", title = { zh = "汛限水位", en = "Flood limit" } },
  { key = "keeper", type = "link", to = "people", title = { zh = "管护人", en = "Keeper" } },
  { key = "inspected_on", type = "date", due_days = 30, title = { zh = "上次巡查", en = "Last inspected" } },
]
"""
TABLE = """编号,名称,类型,经度,纬度,乡镇,库容,汛限水位,上次巡查
SK-1,石坑水库,小型,{lon:.5f},{lat:.5f},石坑镇,86.5,142.6,2026-06-12
SK-2,半山水库,中型,{lon2:.5f},{lat:.5f},石坑镇,1250,210,2026-02-01
"""


def test_one_file_makes_a_register_with_everything_that_belongs_to_it(morning: Office, tmp_path: Path) -> None:
    morning.registers.mkdir(exist_ok=True)
    (morning.registers / "reservoirs.toml").write_text(RESERVOIRS, encoding="utf-8")
    file = tmp_path / "水库台账.csv"
    with open_console(morning, OPENING_AT) as opened:
        opened.settle()
        console = opened.console
        console.duty.sign_in(FORECASTER.id, EXERCISE_PINS[FORECASTER.id])
        one_map = console.one_map
        opened.until(lambda: one_map.registers.desk.is_read)
        opened.settle()
        point = next(p for p in console.alarms.points if p.town == "石坑镇")
        file.write_text(
            TABLE.format(lon=point.lon_deg, lon2=point.lon_deg + 0.004, lat=point.lat_deg), encoding="utf-8"
        )

        # import
        one_map.imports.begin(file, "reservoirs")
        opened.until(lambda: one_map.imports.desk.state is not None)
        state = one_map.imports.desk.state
        assert state is not None
        assert state.quality.importable, [one.reason() for one in state.quality.refused]
        one_map.imports.page.import_requested.emit()
        opened.until(one_map.imports.page.isHidden)
        opened.until(lambda: len(one_map.registers.desk.book.records.get("reservoirs", ())) == 2)
        opened.settle()

        # table
        one_map.registers.show("reservoirs")
        opened.settle()
        shown = one_map.registers.desk.shown
        assert shown is not None
        assert [record.name for record in shown.rows.records] == ["石坑水库", "半山水库"]
        assert {"capacity", "limit_m", "inspected_on"} <= {column.key for column in shown.rows.columns}

        # layer
        item = console.map.stack.find("reservoirs")
        assert item is not None
        assert isinstance(item.layer, RegisterLayer)
        assert item.layer.ids == ("reservoirs/SK-1", "reservoirs/SK-2")
        keys = {item.layer.points.sprites[i] for i in item.layer.points.sprite.tolist()}
        assert keys == {"point.none/reservoir", "point.none+overdue/reservoir"}

        # search and card
        box = console.rooms.window.top_bar.search
        box.begin()
        opened.commit("sksk")
        opened.until(lambda: not box._waits)
        hits = {entry.name: entry.id for entry in box.results}
        assert hits["石坑水库"] == "record:reservoirs:SK-1"
        box.chosen.emit(hits["石坑水库"])
        opened.until(lambda: one_map.cards.record_card.shown == ("reservoirs", "SK-1"))
        opened.settle()
        texts = " ".join(piece.text for piece in one_map.cards.record_card.pieces() if hasattr(piece, "text"))
        assert "石坑水库" in texts
        assert "86.5" in texts
        assert console.rooms.window.grab().toImage().width() > look.ROW_PX

        # export
        records = console.store.read(lambda db: registers.records(db, "reservoirs"))
        description = one_map.registers.desk.book.description("reservoirs")
        assert description is not None
        export(records, description, tmp_path / "out.csv", language="zh")
        rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
        column = next(title for title in rows[0] if title.startswith("总库容"))
        assert [float(row[column]) for row in rows] == [86.5, 1250.0]
