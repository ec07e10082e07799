"""What is wrong with a file is said in our words; those of a library stay in the log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from layers.read_raster import read_raster
from layers.read_vector import read_vector
from models.errors import DataError
from models.file_fault import unreadable, unwritable
from models.register.table_file import read_table

GDAL = (
    ("'a.tif' not recognized as being in a supported file format.", "no_kind", "格式", "of no kind"),
    (
        "a.tif, band 1: IReadBlock failed at X offset 0, Y offset 3: TIFFReadEncodedTile() failed.",
        "",
        "不完整",
        "damaged",
    ),
    ("Unable to open a.shx or a.SHX. Set SHAPE_RESTORE_SHX config option to YES", "", ".shx", ".shx"),
    ("XML parsing of KML file failed : no element found at line 3", "", "不合格式", "rules of its kind"),
    ("list index out of range", "", "没有图层", "no layer"),
    ("", "", "不完整", "damaged"),
)


@pytest.mark.parametrize(("words", "kind", "zh", "en"), GDAL)
def test_gdals_words_are_logged_and_ours_are_said(
    words: str, kind: str, zh: str, en: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        error = unreadable(Path("a.tif"), RuntimeError(words))
    assert zh in error.sentence("zh")
    assert en in error.sentence("en")
    for spoken in ("zh", "en"):
        assert "a.tif" in error.sentence(spoken)
        for raw in ("TIFFRead", "recognized", "config option", "parsing", "list index"):
            assert raw not in error.sentence(spoken)
    assert (words or "RuntimeError") in caplog.text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(2, "No such file or directory"), "文件不在了"),
        (PermissionError(13, "Permission denied"), "没有读它的权限"),
        (UnicodeDecodeError("gb18030", b"\xff", 0, 1, "illegal"), "编码"),
    ],
)
def test_what_the_system_says_is_said_in_chinese_too(error: Exception, said: str) -> None:
    assert said in unreadable(Path("a.csv"), error).sentence("zh")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{'),
        ("a.kml", b"<kml><Placemark>"),
        ("a.gpkg", b"nothing at all"),
        ("a.tif", b"II*\0" + bytes(40)),
        ("a.nc", b"CDF\1" + bytes(9)),
    ],
)
def test_a_broken_file_of_each_kind_is_told_without_a_word_of_the_library(
    name: str, content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        (read_raster if name.endswith((".tif", ".nc")) else read_vector)(file)
    said = caught.value.sentence("zh").replace(name, "")
    for brand in ("GeoPackage", "Shapefile", "GeoJSON", "KML", "GeoTIFF", "FlatGeobuf", "JSON", "UTF-8", "GB18030"):
        said = said.replace(brand, "")
    assert not any(sign.isascii() and sign.isalpha() for sign in said), said


def test_a_table_that_is_gone_or_never_closes_its_quotes_is_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(DataError) as gone:
        read_table(tmp_path / "a.csv")
    assert (gone.value.code, "文件不在了" in gone.value.sentence("zh")) == ("table.unreadable", True)
    path = tmp_path / "b.csv"
    path.write_text('id,name\n1,"' + "沟" * 140_000, encoding="utf-8")
    with pytest.raises(DataError) as broken:
        read_table(path)
    assert (broken.value.code, "引号没有配对" in broken.value.sentence("zh")) == ("table.broken", True)
    for error in (gone.value, broken.value):
        assert "such file" not in error.sentence("zh")
        assert "field" not in error.sentence("zh")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Error adding field 'name' to layer", "列"),
        ("[Errno 28] No space left on device", "磁盘满了"),
        ("Permission denied", "没有写它的权限"),
        ("sqlite3_exec() failed", "失败"),
    ],
)
def test_what_cannot_be_written_is_told_in_our_words(words: str, said: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        error = unwritable(Path("out.shp"), RuntimeError(words))
    assert said in error.sentence("zh")
    assert words not in error.sentence("zh") + error.sentence("en")
    assert words in caplog.text


def test_a_name_with_a_line_break_writes_no_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        error = unreadable(Path("a\nERROR app: forged.csv"), FileNotFoundError(2, "No such file or directory"))
    assert "\n" not in caplog.messages[-1] + error.sentence("zh") + error.sentence("en")
