"""Mutants of small radar files, each known by its seed and number, and what becomes of them.

``python -m tests.models.radar.mutants "SEED" NUMBER [FILE]`` makes one again,
reads it, and writes it into FILE. ``... --run JOB`` is how the test has many of them
read in a process of their own, with limits; JOB is JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from app.worker import worker_limits
from app.worker.worker import RadarWish, sweep_in, take_radar
from models.errors import DataError
from models.radar.decoders import DECODERS, read
from models.radar.describe import describe
from models.radar.describe_text import as_text
from models.radar.layouts.recognize import HEAD_BYTES, seems_to_be
from models.radar.product import Reading
from models.radar.volume import Volume
from tests.models.radar.bounds import check
from tests.models.radar.seeds import Seed, content, there

LIMIT_S = 5.0
TAKEN_EACH = 3
WISH = RadarWish(
    np.array([113.2, 20.6, 113.0, 110.0]), np.array([23.4, 54.0, 23.2, 34.0]), {}, default_step=timedelta(minutes=6)
)
LIMIT_BYTES = 500 * 1024 * 1024
WORDS = ("<i", ">i", "<h", ">h", "<f", ">f", "<q", "<d")
INTEGERS = (0, -1, 1, 2**31 - 1, -(2**31), 2**15, 257, 65_537)
FLOATS = (float("nan"), float("inf"), float("-inf"), -1e30, 1e30, 1e-40, -0.0, 361.0, -91.0)

Dice = random.Random
Others = list[Seed]


def mutant(seed: Seed, number: int) -> bytes:
    """Return the mutant of a number: one to three kinds of damage, most of it near the headers."""
    dice = random.Random(f"{seed.name}/{number}")
    raw = bytearray(content(seed))
    others = [other for other in there() if seed.apart or not other.apart]
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        dice.choice(KINDS)(raw, dice, others)
    return bytes(raw)


def _place(raw: bytearray, dice: Dice) -> int:
    """Pick a byte: as often among the first 64 as among the next 200, the next 800, ..."""
    reach = min(len(raw), 64 * 4 ** dice.randrange(8)) if raw else 0
    return dice.randrange(reach) if reach else 0


def _flip(raw: bytearray, dice: Dice, _: Others) -> None:
    for _flipped in range(dice.choice((1, 1, 4, 32))):
        if raw:
            raw[_place(raw, dice)] ^= 1 << dice.randrange(8)


def _extreme(raw: bytearray, dice: Dice, _: Others) -> None:
    """Put a value into a word that no header should have there."""
    form = dice.choice(WORDS)
    size = struct.calcsize(form)
    at = _place(raw, dice) & -2
    if at + size > len(raw):
        return
    if form[1] in "fd":
        struct.pack_into(form, raw, at, dice.choice(FLOATS))
    else:
        value = dice.choice((*INTEGERS, dice.randrange(99_999)))
        bits = 8 * size
        struct.pack_into(form, raw, at, (value + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1))


def _cut(raw: bytearray, dice: Dice, _: Others) -> None:
    del raw[dice.choice((_place(raw, dice), dice.randrange(len(raw) + 1))) :]


def _drop(raw: bytearray, dice: Dice, _: Others) -> None:
    at = _place(raw, dice)
    del raw[at : at + dice.choice((1, 2, 4, dice.randrange(1, 300)))]


def _double(raw: bytearray, dice: Dice, _: Others) -> None:
    """Let a part come twice, or all of it."""
    at = dice.choice((0, _place(raw, dice)))
    end = at + dice.choice((len(raw), dice.randrange(1, 5000)))
    raw[at:at] = raw[at:end]


def _splice(raw: bytearray, dice: Dice, others: Others) -> None:
    """Go on as another file, from the same byte or from anywhere."""
    other = content(dice.choice(others))
    at = _place(raw, dice)
    raw[at:] = other[dice.choice((at, dice.randrange(len(other)))) :]


def _zero(raw: bytearray, dice: Dice, _: Others) -> None:
    """Blank a run, as a disk fault does."""
    at = _place(raw, dice)
    size = min(dice.choice((4, 64, 512, 4096)), len(raw) - at)
    raw[at : at + size] = dice.choice((b"\0", b"\xff")) * size


def _garbage(raw: bytearray, dice: Dice, _: Others) -> None:
    """Write noise over a part, or behind the end."""
    at = dice.choice((len(raw), _place(raw, dice)))
    noise = dice.randbytes(dice.choice((1, 7, 64, 3000)))
    raw[at : at + (0 if at == len(raw) else len(noise))] = noise


KINDS: tuple[Callable[[bytearray, Dice, Others], None], ...] = (
    *(_flip, _flip, _extreme, _extreme, _extreme, _extreme),
    *(_cut, _drop, _double, _splice, _zero, _garbage),
)


def outcome(raw: bytes, *, name: str = "mutant", folder: Path | None = None) -> str:
    """Return ``read``, ``incomplete`` or the code of the refusal; whatever else is raised goes through.

    What was read is held against the bounds of the house and printed as ``radar info``
    does; of an error both sentences are made. ``folder`` is where it is made a file first.
    """
    try:
        if folder is None:
            reading = _decoded(raw, name)
        else:
            (folder / name).write_bytes(raw)
            reading = read(folder / name)
    except DataError as error:
        for language in ("zh", "en"):
            if name not in error.sentence(language):
                raise AssertionError(f"{error.code} does not name the file") from error
        return error.code
    check(reading)
    document = describe(reading, name, language="zh")
    json.dumps(document, allow_nan=False)
    as_text(document, language="zh")
    return "incomplete" if isinstance(reading, Volume) and reading.error is not None else "read"


def outcome_of(seed: Seed, raw: bytes, folder: Path) -> str:
    """Return the outcome of bytes that a seed became."""
    for name, neighbor in seed.beside:
        (folder / name).write_bytes(neighbor)
    return outcome(raw, name=seed.file, folder=folder if seed.packed else None)


def take(raw: bytes, name: str, folder: Path) -> None:
    """Do with bytes what the console's worker does: read them, lay them round the radar, ask for rain and a sweep."""
    path = folder / name
    path.write_bytes(raw)
    for work in (partial(take_radar, path, WISH), partial(sweep_in, path, 0, "dBZ", WISH.register)):
        try:
            work()
        except DataError as error:
            error.sentence("zh")


def _decoded(raw: bytes, name: str) -> Reading:
    """Read bytes as the shelf does, without a file."""
    head = raw[:HEAD_BYTES]
    for decoder in DECODERS:
        if decoder.recognizes(head, len(raw)):
            return decoder.decode(raw, name)
    raise DataError(f"radar.other.{seems_to_be(head, len(raw))}", file=name, byte=len(raw))


def run(job: dict[str, list[int]], begun: Path) -> Counter[str]:
    """Read the mutants of a job: seeds with their numbers; ``begun`` always names the one at hand.

    One that takes too long ends the process by its alarm, one that takes too much memory
    is refused it: both are seen from outside.
    """
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as made, begun.open("wb", buffering=0) as mark:
        chosen = [seed for seed in there() if seed.name in job]
        for seed in chosen:  # what is loaded when it is first needed is no growth
            outcome_of(seed, content(seed), Path(made))
            take(content(seed), seed.file, Path(made))
        _limit_memory()
        for seed in chosen:
            for number in job[seed.name]:
                os.pwrite(mark.fileno(), f"{seed.name}/{number}".ljust(80).encode(), 0)
                _set_alarm(LIMIT_S)
                raw = mutant(seed, number)
                counts[outcome_of(seed, raw, Path(made))] += 1
                if number % TAKEN_EACH == 0:
                    _set_alarm(2 * LIMIT_S)  # it is read twice
                    take(raw, seed.file, Path(made))
        _set_alarm(0)
    return counts


def _set_alarm(seconds: float) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory() -> None:
    size = worker_limits.address_space_bytes()
    if sys.platform != "win32" and size is not None:
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (size + LIMIT_BYTES, resource.RLIM_INFINITY))


def ending(name: str, number: int) -> str:
    """Return how a mutant ended; this is what a worker of the pool does with the ones that are read apart."""
    seed = next(seed for seed in there() if seed.name == name)
    raw = mutant(seed, number)
    with tempfile.TemporaryDirectory() as folder:
        code = outcome_of(seed, raw, Path(folder))
        if number % TAKEN_EACH == 0:
            take(raw, seed.file, Path(folder))
    return code


def main(words: list[str]) -> int:
    """Run a job, or make one mutant again."""
    if words[:1] == ["--run"]:
        job = json.loads(sys.stdin.read())
        try:
            counts = run(job, Path(words[1]))
        except Exception:  # noqa: BLE001 - the test tells which mutant it was
            traceback.print_exc()
            return 3
        print(json.dumps(counts))
        return 0
    seed = next(seed for seed in there() if seed.name == words[0])
    raw = mutant(seed, int(words[1]))
    if words[2:]:
        Path(words[2]).write_bytes(raw)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        print(outcome_of(seed, raw, Path(folder)))
        take(raw, seed.file, Path(folder))
    print(f"{len(raw)} bytes, {time.perf_counter() - begun:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
