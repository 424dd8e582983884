"""Checkov, run in its own environment, and believed only when it can be.

Checkov ends with exit code 0 for missing and broken input, for checks that crash and for zero resources. So the
input is read and counted first, a copy is scanned in an empty folder where no configuration file can switch
checks off, and the report is held against what was given.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from modules.core.errors import PolicyError
from policies.checkov_report import read_report
from policies.exceptions import PolicyException, load_exceptions
from policies.report import ScanReport
from policies.scanned import ScannedInput, read_plan, read_synthesized

CHECKOV_VARIABLE = "LAMBDANET_CHECKOV"
_PROJECT = Path(__file__).absolute().parents[1]


def find_checkov(environment: Mapping[str, str] = os.environ, *, project: Path = _PROJECT) -> Path:
    """Find Checkov: LAMBDANET_CHECKOV, `.venv-checkov` beside the project's code, then PATH.

    Raises:
        PolicyError: there is none, or LAMBDANET_CHECKOV names something else.
    """
    path = environment.get("PATH", "")
    if wanted := environment.get(CHECKOV_VARIABLE):
        if found := shutil.which(wanted, path=path):
            return Path(found).absolute()
        raise PolicyError(
            f'{CHECKOV_VARIABLE} is "{wanted}", which is not an executable program; it must name a Checkov command; '
            "correct the variable, or unset it and run `make setup`"
        )
    own = project / ".venv-checkov" / "bin" / "checkov"
    if found := shutil.which(own) or shutil.which("checkov", path=path):
        return Path(found).absolute()
    raise PolicyError(
        f"Checkov was not found; looked for the variable {CHECKOV_VARIABLE}, for .venv-checkov/bin/checkov beside "
        "the project's code, and for checkov on PATH; run `make setup`, which installs it into an environment of "
        "its own"
    )


def scan_synthesized(
    folder: Path, *, exceptions: Iterable[PolicyException] | None = None, timeout_seconds: float = 300.0
) -> ScanReport:
    """Scan the `*.tf.json` files of a synthesized stack; by default with `policies/exceptions.yaml`.

    Raises:
        PolicyError: the scan could not be made or cannot be believed. Findings are in the report.
    """
    return _scan(read_synthesized(folder), ("--directory", "."), exceptions, timeout_seconds)


def scan_plan(
    plan_json: Path, *, exceptions: Iterable[PolicyException] | None = None, timeout_seconds: float = 300.0
) -> ScanReport:
    """Scan the output of `terraform show -json`; by default with `policies/exceptions.yaml`.

    Raises:
        PolicyError: the scan could not be made or cannot be believed. Findings are in the report.
    """
    return _scan(read_plan(plan_json), ("--file", "plan.json"), exceptions, timeout_seconds)


def _scan(
    scanned: ScannedInput,
    target: Sequence[str],
    exceptions: Iterable[PolicyException] | None,
    timeout_seconds: float,
) -> ScanReport:
    known = load_exceptions() if exceptions is None else tuple(exceptions)
    options = ("--framework", scanned.framework.value, "--output", "json", "--compact", "--skip-download")
    with TemporaryDirectory(prefix="lambdanet-checkov-") as scratch:
        home, folder = Path(scratch, "home"), Path(scratch, "scan")
        home.mkdir()
        folder.mkdir()
        for name, text in scanned.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        command = [str(find_checkov()), *target, *options]
        returncode, stdout, stderr = _run(command, folder, _environment(home), scanned.place, timeout_seconds)
    return read_report(scanned, known, returncode=returncode, stdout=stdout, stderr=stderr)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's: CKV_ and BC_ variables can skip checks or send the report away."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(home),  # its parser leaves a cache there
        "LOG_LEVEL": "ERROR",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore",
        "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true",
    }


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], place: str, timeout_seconds: float
) -> tuple[int, str, str]:
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            process_group=0,
        )
    except OSError as error:
        raise PolicyError(
            f"{place}: Checkov cannot be started ({error.strerror}); policy checks need it; run `make setup`"
        ) from error
    with process:
        try:
            stdout, stderr = process.communicate(timeout=timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise PolicyError(
                f"{place}: Checkov did not end within {timeout_seconds:g} seconds and was killed; a scan takes some "
                "seconds; run it again on a less busy machine, or allow it more time"
            ) from error
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, stdout, stderr
