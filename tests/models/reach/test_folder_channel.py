"""The channel that writes files: whole or not at all, and the same message twice is one file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import DeliveryError
from models.reach.channels import CHANNELS, open_channel
from models.reach.channels.folder import FolderChannel
from models.reach.outbox import OutboxMessage
from tests.models.warning.scene import NOW


def message(body: str = "【演练】石坑镇 <b>&\x07", id_: str = "01a1fe55-dca1-78a5-892c-29a9c595789b") -> OutboxMessage:
    return OutboxMessage(id_, "w1", "folder", "text", "张三", "000-2001", body, NOW)


def test_a_message_becomes_one_file_named_by_its_id(tmp_path: Path) -> None:
    open_channel("folder", tmp_path).send(message())
    (file,) = tmp_path.iterdir()
    assert file.name == f"{message().id}.json"
    assert json.loads(file.read_text("utf-8")) == {
        "message": message().id,
        "warning": "w1",
        "channel": "folder",
        "kind": "text",
        "recipient": "张三",
        "address": "000-2001",
        "body": message().body,
        "created_at": "2026-06-17T19:12:40+00:00",
    }


def test_the_same_message_again_overwrites_its_own_file(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path)
    channel.send(message())
    channel.send(message())
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_is_said_with_its_cause_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as caught:
        FolderChannel(tmp_path / "gone").send(message())
    assert caught.value.code == "delivery.folder"
    assert str(tmp_path / "gone") in caught.value.sentence("zh")
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("x", encoding="utf-8")
    with pytest.raises(DeliveryError):
        FolderChannel(tmp_path / "outbox").send(message())


@pytest.mark.parametrize("id_", ["../escape", "", "a/b", ".hidden", "x" * 101, "a\0b"])
def test_an_id_that_is_no_file_name_writes_nothing(tmp_path: Path, id_: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        FolderChannel(tmp_path).send(message(id_=id_))
    assert caught.value.code == "delivery.bad_id"
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
from models.errors import DeliveryError
from models.reach.channels.folder import FolderChannel
from tests.models.reach.test_folder_channel import message
try:
    FolderChannel(Path(sys.argv[1])).send(message("x" * 5000))
except DeliveryError as full:
    print(full.code)
"""


def test_a_full_disk_is_said_and_leaves_neither_a_half_file_nor_a_spoiled_one(tmp_path: Path) -> None:
    FolderChannel(tmp_path).send(message("first"))
    root = Path(__file__).resolve().parents[3]
    ran = subprocess.run(
        [sys.executable, "-B", "-c", FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert ran.stdout.strip() == "delivery.folder", ran.stderr
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text("utf-8"))["body"] == "first"


def test_an_unknown_channel_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    assert list(CHANNELS) == ["folder"]
    with pytest.raises(DeliveryError) as caught:
        open_channel("pigeon", tmp_path)
    assert "folder" in caught.value.sentence("en")
