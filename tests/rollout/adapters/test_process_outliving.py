"""A process whose parent is killed goes on to its end, whatever it still writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from rollout.adapters.process import run
from tests.rollout.adapters.fakes import environment_for, fake_terraform, is_running, wait_for

BODY = """
    Path("started").write_text(f"{os.getpid()}\\n")
    for number in range(20):
        sys.stdout.write("o" * 65536 + "\\n"); sys.stderr.write("e" * 65536); sys.stdout.flush(); sys.stderr.flush()
        time.sleep(0.05)
    Path("ended").write_text("whole\\n")
"""
PARENT = """if True:
    import os, sys
    from pathlib import Path
    from rollout.adapters.process import run
    folder = Path(sys.argv[1])
    run([sys.argv[2]], folder=folder, environment=os.environ, timeout_seconds=60, grace_seconds=1, on_line=len)
"""


def test_a_killed_parent(tmp_path: Path) -> None:
    program = fake_terraform(tmp_path / "bin", BODY)
    environment = environment_for(tmp_path / "home", PYTHONPATH=str(Path.cwd()))
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path), str(program)], env=environment) as parent:
        child = int(wait_for(tmp_path / "started"))
        parent.kill()
    assert is_running(child)
    assert wait_for(tmp_path / "ended") == "whole\n"
    assert [path.name for path in (tmp_path / "home").iterdir()] == [], "its output had no name"


def test_lines_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    lines: list[str] = []
    body = """
        sys.stdout.write("a" * 200_000 + "\\n\\nb\\r\\n" + "c" * 100_000); sys.stdout.flush()
        time.sleep(0.3); print("d")
    """
    finished = run(
        [str(fake_terraform(tmp_path / "bin", body))],
        folder=tmp_path,
        environment=environment_for(tmp_path / "home"),
        timeout_seconds=20,
        grace_seconds=1,
        on_line=lines.append,
    )
    assert lines == ["a" * 200_000, "", "b\r", "c" * 100_000 + "d"]
    assert finished.stdout == "\n".join([*lines, ""])


def test_a_file_that_it_keeps_open(tmp_path: Path) -> None:
    """A lock of this process's holds as long as the process that inherited it."""
    read, write = os.pipe()
    body = "print(os.fstat(int(arguments[0])).st_size)"
    program = str(fake_terraform(tmp_path / "bin", body))
    finished = run(
        [program, str(write)],
        folder=tmp_path,
        environment=environment_for(tmp_path / "home"),
        timeout_seconds=20,
        grace_seconds=1,
        inherited=(write,),
    )
    os.close(read)
    os.close(write)
    assert (finished.returncode, finished.stdout) == (0, "0\n")


def test_a_listener_does_not_delay_the_end_for_ever(tmp_path: Path) -> None:
    begin = time.monotonic()
    body = "print('one', flush=True); os.kill(os.getpid(), signal.SIGTERM)"
    finished = run(
        [str(fake_terraform(tmp_path / "bin", body))],
        folder=tmp_path,
        environment=environment_for(tmp_path / "home"),
        timeout_seconds=20,
        grace_seconds=1,
        on_line=lambda _: None,
    )
    assert (finished.returncode, finished.stdout) == (-signal.SIGTERM, "one\n")
    assert time.monotonic() - begin < 5
