from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modules.core.errors import TargetError
from rollout.adapters.process import Ending, Finished, run
from tests.rollout.adapters.fakes import environment_for, fake_terraform, is_running, wait_for

# Starts a child that ignores SIGINT, says who both are, and waits; {on_interrupt} is its handler of SIGINT.
LONG = """
    def stop(number, frame):
        Path("stopped").write_text("gracefully\\n")
        sys.exit(1)
    signal.signal(signal.SIGINT, {on_interrupt})
    deaf = "signal.signal(signal.SIGINT, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", "import signal, time; " + deaf], stdout=subprocess.PIPE)
    child.stdout.readline()
    Path("started").write_text(f"{{os.getpid()}} {{child.pid}}\\n")
    say(type="started")
    time.sleep(600)
"""
STOPS, STUBBORN = LONG.format(on_interrupt="stop"), LONG.format(on_interrupt="signal.SIG_IGN")


def run_fake(
    folder: Path,
    body: str,
    *,
    timeout_seconds: float = 30.0,
    grace_seconds: float = 5.0,
    on_line: Callable[[str], None] | None = None,
    interrupt: threading.Event | None = None,
) -> Finished:
    return run(
        [str(fake_terraform(folder / "bin", body))],
        folder=folder,
        environment=environment_for(folder / "home"),
        timeout_seconds=timeout_seconds,
        grace_seconds=grace_seconds,
        on_line=on_line,
        interrupt=interrupt,
    )


def started_in(folder: Path) -> tuple[int, ...]:
    return tuple(int(word) for word in wait_for(folder / "started").split())


def test_output_exit_code_and_lines_arrive_whole(tmp_path: Path) -> None:
    lines: list[str] = []
    body = """
        sys.stdout.write("first\\nsec"); sys.stdout.flush(); time.sleep(0.2)
        sys.stdout.write("ond\\nunfinished"); sys.stderr.write("trouble"); sys.exit(7)
    """
    finished = run_fake(tmp_path, body, on_line=lines.append)
    assert lines == ["first", "second"]
    assert finished == Finished(7, "first\nsecond\nunfinished", "trouble", Ending.BY_ITSELF)


def test_much_output_on_both_streams_does_not_block(tmp_path: Path) -> None:
    finished = run_fake(tmp_path, "sys.stderr.write('e' * 400_000); sys.stdout.write('o' * 400_000)")
    assert (len(finished.stdout), len(finished.stderr)) == (400_000, 400_000)


def test_what_a_process_writes_last_is_read_after_its_end(tmp_path: Path) -> None:
    lines: list[str] = []

    def slow(line: str) -> None:
        lines.append(line)
        time.sleep(1.0 if line == "first" else 0.0)

    body = "print('first', flush=True); time.sleep(0.2); print('second', flush=True); sys.stderr.write('last')"
    finished = run_fake(tmp_path, body, on_line=slow)
    assert (lines, finished.stdout, finished.stderr) == (["first", "second"], "first\nsecond\n", "last")


def test_timeout_stops_gracefully_and_leaves_no_child(tmp_path: Path) -> None:
    finished = run_fake(tmp_path, STOPS, timeout_seconds=1.5)
    assert (finished.ending, finished.returncode) == (Ending.TIMED_OUT, 1)
    assert (tmp_path / "stopped").read_text(encoding="utf-8") == "gracefully\n"
    assert [is_running(process) for process in started_in(tmp_path)] == [False, False]


def test_what_does_not_stop_within_the_grace_is_killed(tmp_path: Path) -> None:
    finished = run_fake(tmp_path, STUBBORN, timeout_seconds=1.0, grace_seconds=0.5)
    assert (finished.ending, finished.returncode, finished.was_killed) == (Ending.TIMED_OUT, -9, True)
    assert [is_running(process) for process in started_in(tmp_path)] == [False, False]


def test_interrupt_from_another_thread(tmp_path: Path) -> None:
    interrupt = threading.Event()

    def interrupt_it() -> None:
        wait_for(tmp_path / "started")
        interrupt.set()

    timer = threading.Thread(target=interrupt_it)
    timer.start()
    finished = run_fake(tmp_path, STOPS, interrupt=interrupt)
    timer.join()
    assert finished.ending is Ending.INTERRUPTED
    assert [is_running(process) for process in started_in(tmp_path)] == [False, False]


def test_an_exception_from_the_listener_stops_the_process(tmp_path: Path) -> None:
    def listener(line: str) -> None:
        raise ValueError(line)

    with pytest.raises(ValueError, match="started"):
        run_fake(tmp_path, STOPS, on_line=listener)
    assert (tmp_path / "stopped").exists()
    assert [is_running(process) for process in started_in(tmp_path)] == [False, False]


def test_a_child_that_outlives_the_process_is_killed_and_does_not_delay_it(tmp_path: Path) -> None:
    body = """
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path("started").write_text(f"{child.pid}\\n")
        print("done")
    """
    begin = time.monotonic()
    finished = run_fake(tmp_path, body)
    assert (finished.returncode, finished.stdout) == (0, "done\n")
    assert time.monotonic() - begin < 10
    assert not is_running(*started_in(tmp_path))


def test_a_process_killed_from_outside_is_told_apart(tmp_path: Path) -> None:
    finished = run_fake(tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)")
    assert (finished.returncode, finished.ending) == (-signal.SIGSEGV, Ending.BY_ITSELF)


def test_what_is_no_program_is_a_target_error(tmp_path: Path) -> None:
    program = tmp_path / "terraform"
    program.write_text("\x7fnot a program", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(TargetError, match=r"terraform cannot be started \(Exec format error: .*\); check that"):
        run([str(program)], folder=tmp_path, environment={}, timeout_seconds=1, grace_seconds=1)


@pytest.mark.parametrize(("body", "stops"), [(STOPS, True), (STUBBORN, False)], ids=["stops", "stubborn"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_leaves_neither_process_nor_temporary_folder(
    tmp_path: Path, body: str, number: signal.Signals, *, stops: bool
) -> None:
    program, temporary = fake_terraform(tmp_path / "bin", body), tmp_path / "tmp"
    temporary.mkdir()
    script = """if True:
        import signal, sys
        from pathlib import Path
        from rollout.adapters.terraform import Terraform
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        with Terraform(Path(sys.argv[1]), grace_seconds=1.0) as terraform:
            terraform.plan()
    """
    environment = environment_for(
        tmp_path / "home", TERRAFORM_BINARY=str(program), TMPDIR=str(temporary), PYTHONPATH=str(Path.cwd())
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], env=environment, stderr=subprocess.PIPE, text=True
    )
    with process:
        started = started_in(tmp_path)
        assert [folder.name.startswith("lambdanet-terraform-") for folder in temporary.iterdir()] == [True]
        assert [is_running(identity) for identity in started] == [True, True]
        os.kill(process.pid, number)
        if number is not signal.SIGINT:  # `timeout` and CI systems tell more than once
            os.kill(process.pid, number)
        _, error = process.communicate(timeout=20)
    if number is signal.SIGINT:
        assert error.rstrip().endswith("KeyboardInterrupt")
    else:
        assert (process.returncode, error) == (128 + number, "")
    assert (tmp_path / "stopped").exists() is stops
    assert [is_running(identity) for identity in started] == [False, False]
    assert list(temporary.iterdir()) == []


def test_handlers_are_given_back_and_those_of_others_are_left_alone(tmp_path: Path) -> None:
    def own(number: int, frame: object) -> None:
        raise AssertionError((number, frame))

    before = signal.signal(signal.SIGHUP, own)
    try:
        during: list[object] = []
        run_fake(tmp_path, "print()", on_line=lambda _: during.append(signal.getsignal(signal.SIGHUP)))
        assert during == [own]
        assert signal.getsignal(signal.SIGHUP) is own
    finally:
        signal.signal(signal.SIGHUP, before)
    inside: list[object] = []
    term = signal.getsignal(signal.SIGTERM)
    run_fake(tmp_path, "print()", on_line=lambda _: inside.append(signal.getsignal(signal.SIGTERM)))
    assert signal.getsignal(signal.SIGTERM) is term
    assert (inside == [term]) is (term is not signal.SIG_DFL)
