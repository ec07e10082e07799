"""Who was reached: what is open stands first, a failure on gray."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from tests import make
from tests.widgets.scene import sheet
from widgets import pieces
from widgets.reach.receipt_list import ReceiptList


def test_open_messages_stand_before_delivered_ones(qtbot: QtBot) -> None:
    made = ReceiptList()
    made.resize(520, 300)
    qtbot.addWidget(made)
    made.show_receipts(sheet(card=True).receipts, make.NOW)
    assert made.list.row_ids == ("m1", "m2", "m0", "m3")
    failed = next(p for p in made.list.pieces() if getattr(p, "text", "") == "无回执")
    assert getattr(failed, "ground", "") == "tag"
    assert isinstance(failed.rect, QRectF)
    head = [p.text for p in made._head.pieces() if isinstance(p, pieces.Text)]
    assert head == ["Receipts", "2/4"]
    made.show_receipts(sheet(card=True).receipts, make.NOW, "Rainstorm Red  No. 4")
    assert "Rainstorm Red  No. 4" in [p.text for p in made._head.pieces() if isinstance(p, pieces.Text)]


def test_without_messages_it_says_what_will_stand_there(qtbot: QtBot) -> None:
    made = ReceiptList()
    qtbot.addWidget(made)
    made.show_receipts((), make.NOW)
    assert "No message yet." in " ".join(p.text for p in made.list.pieces() if isinstance(p, pieces.Text))
