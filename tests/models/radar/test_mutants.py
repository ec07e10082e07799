"""Mutants of every format on the shelf: each is read, kept in part, or refused by name; nothing else, within bounds."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from app.worker.process_pool import ProcessPool, failed_in_worker
from models.errors import DataError
from models.radar.decoders import DECODERS
from tests import data
from tests.models.radar import mutants
from tests.models.radar.seeds import SEEDS, Seed, content, there

SHORT, LONG = 200, 100_000
APART = 20, 2000
PROCESSES = 2
LONGEST_S = 1200


def test_every_format_on_the_shelf_has_a_seed_that_it_reads() -> None:
    data.need("radar")
    on_shelf = {decoder.__name__.rpartition(".")[2] for decoder in DECODERS if hasattr(decoder, "__name__")}
    assert on_shelf - {seed.decoder for seed in SEEDS} == set(), "formats without a seed in seeds.py"
    assert [seed.name for seed in SEEDS if not content(seed)] == [], "seeds whose file is not there"
    assert len({seed.name for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_seed_is_read_by_its_own_decoder(seed: Seed, tmp_path: Path) -> None:
    raw = content(seed)
    if not raw:
        data.need("radar")
    assert mutants.outcome_of(seed, raw, tmp_path) in {"read", "incomplete"}
    if not seed.packed:
        first = next(decoder for decoder in DECODERS if decoder.recognizes(raw[:4096], len(raw)))
        assert getattr(first, "__name__", "").rpartition(".")[2] == seed.decoder


def test_a_mutant_is_made_again_from_its_seed_and_number() -> None:
    seed = SEEDS[0]
    made = [mutants.mutant(seed, number) for number in range(200)]
    assert made == [mutants.mutant(seed, number) for number in range(200)]
    assert len(set(made)) > 180
    assert sum(raw == content(seed) for raw in made) < 20


def shares(*, apart: bool) -> dict[str, int]:
    """Return how many mutants each seed has, at least one."""
    read_apart = data.long_count(*APART)
    count = read_apart if apart else data.long_count(SHORT, LONG) - read_apart
    seeds = [seed for seed in there() if seed.apart is apart]
    total = sum(seed.weight for seed in seeds)
    return {seed.name: max(1, math.ceil(count * seed.weight / total)) for seed in seeds}


def test_no_mutant_ends_otherwise_than_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the formats that we read ourselves: no crash, no hang, no other exception, not in any process."""
    data.need("radar")
    due = shares(apart=False)
    processes = PROCESSES if data.long_count(0, 1) else 1
    running = []
    for index in range(processes):
        job = {name: list(range(index, share, processes)) for name, share in due.items()}
        mark = tmp_path / f"mark{index}"
        running.append((mark, _start(job, mark)))
    counts: Counter[str] = Counter()
    for mark, process in running:
        out, err = process.communicate(timeout=LONGEST_S)
        if process.returncode:
            for _, other in running:
                other.kill()
                other.communicate()
            pytest.fail(_named(mark, process.returncode, err), pytrace=False)
        counts.update(json.loads(out))
    assert counts.total() == sum(due.values())
    refused = told(counts, len(due), capsys)
    assert min(counts["read"], counts["incomplete"], refused.total()) > 0
    assert len(refused) > 10


def test_a_mutant_that_is_read_by_libraries_of_others_costs_a_worker_at_most(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """HDF5 and GDAL may die of a file: then it is the worker's death that names it, and that is rare."""
    data.need("radar")
    due = shares(apart=True)
    pool = ProcessPool(PROCESSES, imports=("tests.models.radar.mutants",))
    running = [
        (f"{name}/{number}", pool.submit(name, partial(mutants.ending, name, number), limit_s=3 * mutants.LIMIT_S))
        for name, share in due.items()
        for number in range(share)
    ]
    counts: Counter[str] = Counter()
    lost: list[str] = []
    try:
        for mutant, future in running:
            try:
                counts[future.result()] += 1
            except DataError as error:
                if not failed_in_worker(error):
                    raise
                counts[error.code] += 1
                lost.append(mutant)
            except Exception as error:
                raise AssertionError(f"mutant {mutant} raised what is not ours") from error
    finally:
        pool.close()
    assert counts.total() == sum(due.values())
    told(counts, len(due), capsys)
    assert len(lost) <= 1 + counts.total() // 100, lost
    assert counts["read"] > 0


def told(counts: Counter[str], files: int, capsys: pytest.CaptureFixture[str]) -> Counter[str]:
    """Print how many ended how; returns the refusals."""
    refused = Counter({code: n for code, n in counts.items() if code not in {"read", "incomplete"}})
    with capsys.disabled():
        print(
            f"\n{counts.total()} mutants of {files} files: {counts['read']} read, "
            f"{counts['incomplete']} incomplete, {refused.total()} refused"
        )
        print("  " + ", ".join(f"{code} {n}" for code, n in refused.most_common()))
    return refused


def _start(job: dict[str, list[int]], mark: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.models.radar.mutants", "--run", str(mark)],
        cwd=data.ROOT,
        env={**os.environ, "FENGSUI_DATA": str(data.folder())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(job))
    process.stdin.close()
    process.stdin = None
    return process


def _named(mark: Path, code: int, err: str) -> str:
    """Say which mutant it was, what it did, and how to see it again."""
    name, _, number = mark.read_text(encoding="utf-8").strip().rpartition("/") if mark.exists() else ("?", "", "?")
    how = "raised what is not ours, or wanted over 500 MB"
    if code < 0:
        alarm = sys.platform != "win32" and -code == signal.SIGALRM
        how = f"took longer than {mutants.LIMIT_S:g} s" if alarm else f"killed its process (signal {-code})"
    again = f'python -m tests.models.radar.mutants "{name}" {number}'
    return f"mutant {number} of “{name}” {how}\nagain: {again}\n{err[-3000:]}"
