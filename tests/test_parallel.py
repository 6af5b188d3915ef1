"""Results come in the order of the items, errors come out, and one process is no process at all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lod.errors import WorkerError
from lod.parallel import Crew, processors


def slow_if_early(number: int) -> tuple[int, int]:
    time.sleep(0.05 if number == 0 else 0)
    return number, os.getpid()


def refuse(number: int) -> int:
    if number == 3:
        raise ValueError("not three")
    return number


def test_order_is_kept_over_processes() -> None:
    with Crew(2) as crew:
        found = list(crew.each(slow_if_early, range(20)))
        again = list(crew.each(slow_if_early, range(3)))
    assert [number for number, _ in found] == list(range(20))
    assert [number for number, _ in again] == list(range(3))
    assert os.getpid() not in {process for _, process in found}


def test_one_process_is_this_one() -> None:
    with Crew(1) as crew:
        assert {process for _, process in crew.each(slow_if_early, range(3))} == {os.getpid()}


def test_an_error_comes_out() -> None:
    with Crew(2) as crew:
        results = crew.each(refuse, range(10))
        assert [next(results) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="not three"):
            next(results)


def leave_word(place: Path) -> None:
    if place.name == "refused":
        raise ValueError("not here")
    place.write_text(str(os.getpid()), encoding="utf-8")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_job_beside_is_done_when_what_it_stood_beside_is(tmp_path: Path, processes: int) -> None:
    with Crew(processes) as crew:
        with crew.beside(leave_word, tmp_path / "word"):
            pass
        assert ((tmp_path / "word").read_text(encoding="utf-8") == str(os.getpid())) == (processes == 1)
        with pytest.raises(ValueError, match="not here"), crew.beside(leave_word, tmp_path / "refused"):
            pass
        with pytest.raises(KeyError), crew.beside(leave_word, tmp_path / "late"):
            raise KeyError


def end_abruptly(number: object) -> object:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_process_that_was_killed_is_told() -> None:
    with Crew(2) as crew, pytest.raises(WorkerError, match="memory"):
        list(crew.each(end_abruptly, range(5)))
    with Crew(2) as crew:
        with pytest.raises(WorkerError, match="memory"):
            list(crew.each(end_abruptly, range(5)))
        with pytest.raises(WorkerError, match="memory"), crew.beside(end_abruptly, 5):
            pass


def say_who(number: int) -> int:
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    time.sleep(number)
    return number


@pytest.fixture(autouse=True)
def ctrl_c_counts() -> Iterator[None]:
    """A shell has what it starts in the background ignore Ctrl-C, and children inherit that: here they do not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def begun(how: signal.Signals) -> tuple[list[int], str]:
    """The processes of a crew whose own process got a signal in the middle of the work, and what it wrote of it."""
    code = "from lod.parallel import Crew\nfrom tests.test_parallel import say_who\nwith Crew(2) as c: list(c.each(say_who, [60, 60]))"
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        members = [int(process.stdout.readline()) for _ in range(2)]
        if how is signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal sends it: to all
        else:
            process.send_signal(how)
        return members, process.communicate(timeout=30)[1]


def test_nobody_outlives_the_process_that_was_killed() -> None:
    members, _ = begun(signal.SIGKILL)
    end = time.monotonic() + 10
    while any(running(each) for each in members) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [each for each in members if running(each)]


def test_ctrl_c_ends_all_at_once_and_is_told_once() -> None:
    members, said = begun(signal.SIGINT)
    assert not [each for each in members if running(each)]
    assert said.count("Traceback") == 1
    assert said.rstrip().endswith("KeyboardInterrupt")


def test_processors_are_counted_where_the_system_does_not_say_which_may_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(os, "sched_getaffinity")
    assert processors() == os.cpu_count()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_ended_leaves_no_folder_behind(tmp_path: Path, how: signal.Signals) -> None:
    edition = Path(__file__).parent / "editions" / "bahr-schnitzler"
    command = [sys.executable, "-m", "lod", "check", str(edition), "--fresh"]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL) as process:
        while not list(tmp_path.iterdir()) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(how)
        assert process.wait(timeout=60) == 130
    assert not list(tmp_path.iterdir())


def test_a_worker_does_not_import_what_the_main_program_imports(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, this\nfrom lod.parallel import Crew\nif __name__ == '__main__':\n"
        "    from tests.test_parallel import imported\n    with Crew(2) as crew:\n"
        "        print([*crew.each(imported, ['this', 'lod.parallel'])], __file__, __spec__)\n",
        encoding="utf-8",
    )
    root = Path(__file__).parents[1]
    told = subprocess.run(
        [sys.executable, str(program)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        check=True,
    )
    assert told.stdout.decode().splitlines()[-1] == f"[False, True] {program} None"


def imported(module: str) -> bool:
    return module in sys.modules
