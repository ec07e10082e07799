"""Worker processes: what hangs, dies or takes too much costs its own answer and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from app.worker import process_pool, worker_limits, worker_process
from app.worker.process_pool import ProcessPool, failed_in_worker
from app.worker.worker_process import WorkerTraceback
from models.errors import DataError
from tests.app import worker_jobs as jobs
from tests.data import ROOT

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are set on Linux only")
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.fixture(name="pool", scope="module")
def _pool() -> Iterator[ProcessPool]:
    """One process, so that what one job does to it the next would meet."""
    pool = ProcessPool(1, imports=("numpy",))
    yield pool
    pool.close()


def lost(pool: ProcessPool, work: Callable[[], object], *, limit_s: float = 10.0) -> DataError:
    """Have a job done that costs its process; see that the next one has a new process."""
    before = pool.submit("before", jobs.pid).result()
    with pytest.raises(DataError) as caught:
        pool.submit("night.bin", work, limit_s=limit_s).result()
    assert pool.submit("after", jobs.pid).result() != before
    for language in ("zh", "en"):
        assert "night.bin" in caught.value.sentence(language)
    assert failed_in_worker(caught.value)
    return caught.value


def test_one_process_does_one_job_after_the_other_and_loads_no_window(pool: ProcessPool) -> None:
    pids = {pool.submit("pid", jobs.pid).result() for _ in range(5)}
    assert len(pids) == 1
    assert pids == set(pool.pids)
    assert pids != {os.getpid()}
    loaded = {name.split(".")[0] for name in pool.submit("modules", jobs.modules).result()}
    assert "numpy" in loaded
    assert not {"PySide6", "sqlite_utils", "typer"} & loaded


def test_an_array_comes_back_whole_and_can_be_written(pool: ProcessPool) -> None:
    plane = pool.submit("plane", partial(jobs.plane, 3000)).result()
    np.testing.assert_array_equal(plane, jobs.plane(3000))
    plane[0, 0] = 7


def test_an_error_for_people_comes_back_as_it_was(pool: ProcessPool) -> None:
    before = set(pool.pids)
    with pytest.raises(DataError) as caught:
        pool.submit("refuse", partial(jobs.refuse, "a.bin")).result()
    assert (caught.value.code, caught.value.facts) == ("radar.empty", {"file": "a.bin"})
    assert not failed_in_worker(caught.value)
    assert set(pool.pids) == before


def test_a_fault_of_ours_says_where_in_the_worker_it_was(pool: ProcessPool) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        pool.submit("divide", jobs.divide).result()
    assert isinstance(caught.value.__cause__, WorkerTraceback)
    assert "worker_jobs.py" in str(caught.value.__cause__)
    assert "in divide" in str(caught.value.__cause__)


def test_errors_and_answers_that_do_not_pickle_are_told_and_cost_nothing(pool: ProcessPool) -> None:
    before = set(pool.pids)
    with pytest.raises(RuntimeError, match="OddError: 1 and 2"):
        pool.submit("odd", jobs.fail_oddly).result()
    with pytest.raises((AttributeError, TypeError, RuntimeError), match="pickle"):
        pool.submit("lambda", jobs.give_a_lambda).result()
    with pytest.raises((AttributeError, TypeError), match="pickle"):
        pool.submit("not sent", lambda: None).result()
    assert set(pool.pids) == before


@pytest.mark.parametrize("work", [jobs.spin, jobs.sleep, pytest.param(jobs.stop, marks=POSIX)])
def test_what_does_not_end_is_ended(pool: ProcessPool, work: Callable[[], object]) -> None:
    pool.submit("warm", jobs.pid).result()
    begun = time.perf_counter()
    error = lost(pool, work, limit_s=0.5)
    assert error.code == "jobs.too_long"
    assert "0.5" in str(error)
    assert time.perf_counter() - begun < 5


@POSIX
def test_an_answer_that_never_ends_is_ended(pool: ProcessPool) -> None:
    assert lost(pool, jobs.answer_and_freeze, limit_s=3.0).code == "jobs.too_long"


@POSIX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGTERM])
def test_a_worker_that_is_killed_is_replaced(pool: ProcessPool, number: int) -> None:
    assert lost(pool, partial(jobs.die, number)).code == "jobs.worker_died"


@POSIX
def test_a_worker_that_reads_wild_memory_is_replaced(pool: ProcessPool) -> None:
    assert lost(pool, jobs.crash).code == "jobs.worker_died"


def test_a_worker_that_leaves_is_replaced(pool: ProcessPool) -> None:
    assert lost(pool, jobs.leave).code == "jobs.worker_died"


@POSIX
def test_a_worker_that_is_killed_between_two_jobs_costs_the_next_one(pool: ProcessPool) -> None:
    (pid,) = {pool.submit("pid", jobs.pid).result()}
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(DataError) as caught:
        pool.submit("next", jobs.pid).result()
    assert caught.value.code == "jobs.worker_died"
    assert pool.submit("after", jobs.pid).result() != pid


@POSIX
def test_the_limit_on_processor_time_is_a_limit_on_time(pool: ProcessPool) -> None:
    assert lost(pool, partial(jobs.die, signal.SIGXCPU)).code == "jobs.too_long"


@LINUX
def test_what_wants_too_much_memory_is_refused_it_and_the_worker_replaced(pool: ProcessPool) -> None:
    error = lost(pool, partial(jobs.eat, worker_limits.GROWTH_BYTES + 1))
    assert error.code == "jobs.too_much_memory"
    assert "1024" in str(error)
    largest_volume = 300_000_000
    assert pool.submit("eat", partial(jobs.eat, largest_volume)).result() == largest_volume


@LINUX
def test_a_worker_that_has_grown_retires_after_its_job(pool: ProcessPool) -> None:
    half = worker_limits.GROWTH_BYTES // 2 + 50_000_000
    first = pool.submit("hoard", partial(jobs.hoard, half)).result()
    assert pool.submit("hoard", partial(jobs.hoard, half)).result() == first
    assert pool.submit("pid", jobs.pid).result() != first


@LINUX
def test_an_answer_beyond_all_bounds_does_not_come_back(pool: ProcessPool) -> None:
    with pytest.raises(DataError) as caught:
        pool.submit("huge", partial(bytes, worker_process.MOST_ANSWER_BYTES)).result()
    assert caught.value.code == "jobs.too_much_memory"


@POSIX
def test_each_job_has_its_own_time_and_memory(pool: ProcessPool) -> None:
    first, second = (pool.submit("limits", jobs.limits, limit_s=limit_s).result() for limit_s in (10.0, 100.0))
    assert first["RLIMIT_CORE"] == (0, 0)
    assert first["RLIMIT_NOFILE"][0] <= worker_limits.OPEN_FILES
    assert first["RLIMIT_FSIZE"][0] <= worker_limits.FILE_BYTES
    assert 10 + worker_limits.CPU_SPARE_S <= first["RLIMIT_CPU"][0] < 60
    assert second["RLIMIT_CPU"][0] - first["RLIMIT_CPU"][0] >= 90
    if sys.platform == "linux":
        assert worker_limits.GROWTH_BYTES < first["RLIMIT_AS"][0] < worker_limits.GROWTH_BYTES * 2


@POSIX
def test_a_worker_fills_no_disk_and_takes_no_more_files_than_it_needs(pool: ProcessPool, tmp_path: Path) -> None:
    small = tmp_path / "small"
    pool.submit("fill", partial(jobs.fill, small, worker_limits.FILE_BYTES)).result()
    with pytest.raises(OSError, match="too large"):
        pool.submit("fill", partial(jobs.fill, tmp_path / "large", worker_limits.FILE_BYTES + 1)).result()
    assert pool.submit("open", partial(jobs.open_many, small, 30)).result() == 30
    with pytest.raises(OSError, match="open files"):
        pool.submit("open", partial(jobs.open_many, small, worker_limits.OPEN_FILES)).result()


def test_libraries_start_no_threads_in_a_worker(pool: ProcessPool) -> None:
    assert pool.submit("threads", jobs.threads).result() == 1


def test_a_fresh_process_has_done_nothing_before(pool: ProcessPool) -> None:
    first = pool.submit("pid", jobs.pid).result()
    second = pool.submit("pid", jobs.pid, fresh=True).result()
    assert second != first
    assert pool.submit("pid", jobs.pid).result() == second


def test_two_processes_work_at_once_and_one_that_hangs_holds_up_nobody() -> None:
    with ProcessPool(2) as pool:
        pool.warm()
        hanging = pool.submit("hang", jobs.sleep, limit_s=2.0)
        pids = {pool.submit("pid", jobs.pid).result() for _ in range(10)}
        assert len(pids) == 1
        assert not hanging.done()
        assert len(pool.pids) == 2
    assert not pool.pids


def test_at_the_end_what_runs_is_waited_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_pool, "CLOSE_LIMIT_S", 0.3)
    pool = ProcessPool(1)
    assert pool.submit("pid", jobs.pid).result() in pool.pids
    hanging, waiting = pool.submit("hang", jobs.sleep), pool.submit("wait", jobs.pid)
    while not hanging.running():
        pass
    begun = time.perf_counter()
    pool.close()
    assert time.perf_counter() - begun < 3
    assert waiting.cancelled()
    with pytest.raises(DataError) as caught:
        hanging.result()
    assert failed_in_worker(caught.value)
    assert pool.pids == ()


def test_a_short_job_is_waited_for_at_the_end() -> None:
    pool = ProcessPool(1)
    answer = pool.submit("plane", partial(jobs.plane, 100))
    while not answer.running():
        pass
    pool.close()
    assert answer.result().shape == (100, 100)


def test_a_process_that_does_not_even_start_is_no_fault_of_the_job(capfd: pytest.CaptureFixture[str]) -> None:
    pool = ProcessPool(1, imports=("no_such_module",))
    with pytest.raises(DataError) as caught:
        pool.submit("night.bin", jobs.pid).result()
    pool.close()
    assert caught.value.code == "jobs.no_worker"
    assert not failed_in_worker(caught.value)
    assert "no_such_module" in capfd.readouterr().err


@POSIX
def test_workers_end_with_a_console_that_is_killed() -> None:
    program = (
        "import os, signal\n"
        "from app.worker.process_pool import ProcessPool\n"
        "from tests.app import worker_jobs\n"
        "if __name__ == '__main__':\n"
        "    pool = ProcessPool(1)\n"
        "    print(pool.submit('pid', worker_jobs.pid).result(), flush=True)\n"
        "    pool.submit('hang', worker_jobs.sleep)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    worker, until = int(done.stdout), time.monotonic() + 10
    while time.monotonic() < until and _runs(worker):
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # one that ended and that nobody has asked for is there still
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
