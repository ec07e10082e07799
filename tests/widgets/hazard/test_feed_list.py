"""What the feed list says of files that are whole, odd, incomplete, refused or of an unproven layout."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from tests import make
from widgets import pieces
from widgets.hazard.feed_list import FeedItem, FeedList, FeedMark


@pytest.fixture
def feeds(qtbot: QtBot) -> FeedList:
    feeds = FeedList()
    feeds.resize(360, 400)
    qtbot.addWidget(feeds)
    feeds.show()
    return feeds


def said(feeds: FeedList) -> list[str]:
    return [p.text for p in feeds.list.pieces() if isinstance(p, pieces.Text)]


def test_an_odd_file_says_what_matters_most_and_its_tooltip_all(feeds: FeedList) -> None:
    remarks = ("a sector is missing", "1 ray of 360 blanked")
    feeds.show_items((FeedItem("a.bin", make.ago(1), "taken", "", FeedMark.ODD, remarks),), make.NOW)
    assert said(feeds) == ["odd", "a.bin", "1 min ago", "a sector is missing"]
    assert feeds.list.tip_at(QPoint(30, 32)) == "taken\na sector is missing\n1 ray of 360 blanked"


def test_a_reason_goes_before_remarks(feeds: FeedList) -> None:
    item = FeedItem("a.bin", make.ago(1), "incomplete", "a.bin: cut off at byte 9", FeedMark.INCOMPLETE, ("a gap",))
    feeds.show_items((item,), make.NOW)
    assert said(feeds) == ["incomplete", "a.bin", "1 min ago", "cut off at byte 9"], "the name stands above"


def test_remarks_that_do_not_matter_stay_in_the_tooltip(feeds: FeedList) -> None:
    feeds.show_items((FeedItem("a.bin", make.ago(1), "taken", remarks=("one cut only",)),), make.NOW)
    assert said(feeds) == ["a.bin", "1 min ago", "taken"]
    assert "one cut only" in feeds.list.tip_at(QPoint(30, 32))


def test_an_unproven_layout_has_its_tag_and_only_refused_files_count_as_refused(feeds: FeedList) -> None:
    items = (
        FeedItem("a.dat", make.ago(1), "taken", unproven=True),
        FeedItem("b.bin", make.ago(2), "taken", "moved", FeedMark.ODD),
        FeedItem("c.bin", make.ago(3), "refused", "text", FeedMark.REFUSED),
    )
    feeds.show_items(items, make.NOW)
    assert said(feeds)[:3] == ["unproven", "a.dat", "1 min ago"]
    assert "Unproven: no real file" in feeds.list.tip_at(QPoint(30, 32))
    assert "1 refused" in [p.text for p in feeds._head.pieces() if isinstance(p, pieces.Text)]
