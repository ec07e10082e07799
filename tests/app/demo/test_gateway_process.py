"""The gateway as the exercise begins it."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.people import contacts
from app.demo.player import GatewayProcess
from app.demo.scene import OPENING_AT
from models.identity import new_id
from models.reach.channels.folder import FolderChannel
from models.reach.outbox import OutboxMessage
from models.reach.receipts import read_receipt

PATIENCE_S = 20.0


def test_it_finds_folders_that_were_named_relative_to_the_callers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs in the house's own folder, wherever the exercise was called from."""
    monkeypatch.chdir(tmp_path)
    outbox, inbox, clock = Path("outbox"), Path("inbox"), Path("clock")
    outbox.mkdir()
    inbox.mkdir()
    clock.write_text(OPENING_AT.isoformat(), encoding="utf-8")
    message = OutboxMessage(new_id(), "w-1", "folder", "text", "某人", contacts()[0].phone, "【演练】短信", OPENING_AT)
    FolderChannel(outbox).send(message)
    gateway = GatewayProcess(outbox=outbox, inbox=inbox, clock=clock, silent=False)
    try:
        limit, now = time.monotonic() + PATIENCE_S, OPENING_AT
        while time.monotonic() < limit and not list(inbox.glob("*.json")):
            assert gateway.is_alive
            now += timedelta(minutes=1)
            clock.write_text(now.isoformat(), encoding="utf-8")
            time.sleep(0.1)
        (answer,) = inbox.glob("*.json")
        assert read_receipt(answer.read_bytes()).message_id == message.id
    finally:
        gateway.close()
    assert not gateway.is_alive
