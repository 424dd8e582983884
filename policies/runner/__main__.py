"""A server over standard input and output: one line of JSON for each input, one for each answer, in any order.

Checkov is imported once. Each input is judged by a copy of the process, so that none sees what another left, and as
many at once as are asked for.

The first line is `{"folders"}`, answered by `{"version", "checks", "doubts"}`; each other line is `{"number",
"framework", "folder", "without", "seconds"}`, answered by `{"number", "failed", "passed", "handed_over", "doubts"}`, or
by `{"number", "ended"}` where the copy ended without an answer.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
from pathlib import Path
from typing import Any

from policies.runner import strict

_CHUNK = 1 << 16


def main() -> None:
    """Judge until standard input ends."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what Checkov prints is no answer
    strict.install()
    requests = os.fdopen(os.dup(0), "rb", buffering=0)  # unbuffered, for the selector
    first = json.loads(requests.readline())
    from policies.runner import checks, inputs  # noqa: PLC0415  # strict comes before anything of Checkov

    loaded = checks.load(map(Path, first["folders"]))
    strict.warm()
    gc.freeze()
    gc.disable()  # a copy lives for one input, and would copy every page of its parent to look for garbage
    _write(answers, {**loaded, "doubts": strict.DOUBTS})
    _serve(requests.fileno(), answers, inputs)


def _serve(requests: int, answers: int, inputs: Any) -> None:
    selector = selectors.DefaultSelector()
    selector.register(requests, selectors.EVENT_READ)
    running = dict[int, tuple[int, int, bytearray]]()
    pending, is_open = b"", True
    while is_open or running:
        for key, _ in selector.select():
            received = os.read(key.fd, _CHUNK)
            if key.fd == requests:
                *lines, pending = (pending + received).split(b"\n")
                for line in lines:
                    number, reader, process = _start(json.loads(line), inputs)
                    running[reader] = (number, process, bytearray())
                    selector.register(reader, selectors.EVENT_READ)
                if not received:
                    selector.unregister(requests)
                    is_open = False
            elif received:
                running[key.fd][2].extend(received)
            else:
                selector.unregister(key.fd)
                os.close(key.fd)
                number, process, said = running.pop(key.fd)
                _, status = os.waitpid(process, 0)
                ended = os.waitstatus_to_exitcode(status)
                _write(answers, {"number": number, **({"ended": ended} if ended else json.loads(said))})


def _start(request: dict[str, Any], inputs: Any) -> tuple[int, int, int]:
    """Judge in a copy of the process; the number, what to read the answer from, and the process."""
    reader, writer = os.pipe()
    process = os.fork()
    if not process:
        try:
            os.close(reader)
            signal.alarm(request["seconds"])  # ends this copy
            _write(writer, _judged(request, inputs))
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  # nothing of this copy may reach the loop
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
            os._exit(1)
    os.close(writer)
    return request["number"], reader, process


def _judged(request: dict[str, Any], inputs: Any) -> dict[str, Any]:
    runner = inputs.PlanRunner() if request["framework"] == "terraform_plan" else inputs.SynthesizedRunner()
    answer: dict[str, Any] = {}
    try:
        answer = runner.judge(Path(request["folder"]), frozenset(request["without"])).as_json()
    except Exception as error:  # noqa: BLE001  # told, and the answer is not believed
        strict.DOUBTS.append(f"Checkov cannot read it ({type(error).__name__}: {error})")
    return {**answer, "doubts": strict.DOUBTS}


def _write(file: int, answer: dict[str, Any]) -> None:
    said = memoryview(json.dumps(answer).encode() + b"\n")
    while said:
        said = said[os.write(file, said) :]


if __name__ == "__main__":
    main()
