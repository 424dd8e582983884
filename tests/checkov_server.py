"""Checkov in one process for all scans of a test worker: imported once, and a copy of the process makes each scan.

Run by the Python of Checkov's own environment. It reads one JSON line for each scan, `{"command", "folder",
"environment"}`, and answers with one, `{"returncode", "stdout", "stderr"}`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile


def main() -> None:
    """Scan until standard input ends."""
    import checkov.main  # type: ignore[import-not-found]  # noqa: PLC0415  # lives in an environment of its own

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
            child = os.fork()
            if not child:
                _scan(checkov.main, request, out.fileno(), error.fileno())
            _, status = os.waitpid(child, 0)
            answer: dict[str, object] = {"returncode": os.waitstatus_to_exitcode(status)}
            for name, file in (("stdout", out), ("stderr", error)):
                file.seek(0)
                answer[name] = file.read().decode("utf-8", "replace")
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _scan(program: object, request: dict[str, object], out: int, error: int) -> None:
    """What the command `checkov` does, in this process, which ends with it."""
    code = 1
    try:
        os.dup2(out, 1)
        os.dup2(error, 2)
        os.chdir(str(request["folder"]))
        os.environ.clear()
        os.environ.update(request["environment"])  # type: ignore[call-overload]  # as the client wrote it
        tempfile.tempdir = None
        sys.argv = list(request["command"])  # type: ignore[call-overload]  # likewise
        code = program.Checkov(sys.argv[1:]).run() or 0  # type: ignore[attr-defined]  # untyped
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
