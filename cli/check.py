"""`lambdanet check`: every policy over targets, synthesized stacks and plans.

Exit code 0: nothing to fix; 1: findings at or above --fail-on, or an exception that nothing needs; 2: something could
not be judged, and nothing is known. What judges is imported in the command, so that others start without it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.check_formats import PLAIN_WIDTH, CheckFormat, Told, text_of
from cli.check_inputs import Wanted, chosen_inputs
from cli.plan_output import write
from cli.terminal import console, errors
from modules.core.errors import SuiteError
from policies.policy import Severity

if TYPE_CHECKING:
    from policies.result import CheckResult

_TO_FIX, _NOT_JUDGED = 1, 2
_WITH_NOTES = {CheckFormat.TABLE, CheckFormat.MARKDOWN, CheckFormat.GITHUB}


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Plans (`terraform show -json`), cdk.tf.json files, folders of stacks, or folders of these. Without "
            "any, targets are synthesized and judged.",
            metavar="[PATH...]",
        ),
    ] = None,
    *,
    plan: Annotated[list[Path] | None, typer.Option(help="A plan; may be given several times.")] = None,
    folder: Annotated[list[Path] | None, typer.Option("--dir", help="A folder of stacks or plans; as often.")] = None,
    target: Annotated[list[str] | None, typer.Option(help="A target to synthesize and judge; as often.")] = None,
    environments: Annotated[Path, typer.Option(help="Folder that targets are read from.")] = Path("environments"),
    changed_since: Annotated[
        str, typer.Option(metavar="REV", help="Leave out targets that nothing since this commit is a part of.")
    ] = "",
    form: Annotated[CheckFormat, typer.Option("--format", help="How findings are written.")] = CheckFormat.TABLE,
    output: Annotated[Path | None, typer.Option(help="File to write to, instead of standard output.")] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=FILE", help="A further format and its file, such as sarif=check.sarif; as often."),
    ] = None,
    fail_on: Annotated[
        Severity, typer.Option(help="Least severity that sets the exit code to 1.", case_sensitive=False)
    ] = Severity.MEDIUM,
    fail_on_unknown: Annotated[
        bool, typer.Option("--fail-on-unknown", help="What cannot be told sets it too.")
    ] = False,
    exceptions: Annotated[
        Path | None, typer.Option(help="File of accepted findings; policies/exceptions.yaml by default.")
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="File of findings that stood before.")] = None,
    write_baseline: Annotated[Path | None, typer.Option(help="File to write this run's findings to.")] = None,
    quotas: Annotated[Path, typer.Option(help="Folder of quota snapshots.")] = Path("environments/quotas"),
) -> None:
    """Judge targets, stacks and plans by every policy; exit code 1 on findings, 2 when something cannot be judged."""
    further = [_further(entry) for entry in also or ()]
    given = (*(paths or ()), *(plan or ()), *(folder or ()))
    wanted = Wanted(given, tuple(target or ()), environments, changed_since)
    with _refusals():
        result = _judged(wanted, exceptions, baseline, quotas)
        stopping = result.stopping(fail_on, unknown=fail_on_unknown)
        if write_baseline is not None:
            _keep(result, baseline, write_baseline)
            stopping = ()
        told = Told(result, frozenset(stopping))
        for other, file in further:
            write(text_of(other, told), file)
        _show(form, told, output)
    if stopping or result.summary.unneeded_exceptions:
        raise typer.Exit(_TO_FIX)


@contextmanager
def _refusals() -> Iterator[None]:
    """Whatever goes wrong means that nothing is known: never the exit code of a finding, never 0."""
    try:
        yield
    except SuiteError as error:
        said = str(error)
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:  # noqa: BLE001  # a fault of ours must not look like a finding
        said = f"the run failed with {type(error).__name__}: {error}; nothing is known; report it"
    else:
        return
    errors.print(said, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(_NOT_JUDGED)


def _judged(wanted: Wanted, exceptions: Path | None, baseline: Path | None, quotas: Path) -> CheckResult:
    from cli.plan_inputs import snapshots_of  # noqa: PLC0415  # see above
    from policies.baseline import Baseline, read_baseline  # noqa: PLC0415  # see above
    from policies.check import CheckOptions  # noqa: PLC0415  # see above
    from policies.check import check as judge  # noqa: PLC0415  # see above
    from policies.exceptions import load_exceptions  # noqa: PLC0415  # see above
    from policies.result import CheckResult, Summary  # noqa: PLC0415  # see above

    accepted = load_exceptions() if exceptions is None else load_exceptions(exceptions)
    before = Baseline() if baseline is None else read_baseline(baseline)
    snapshots = snapshots_of(quotas)
    chosen = chosen_inputs(wanted)
    if not chosen.inputs and chosen.left_out:
        return CheckResult((), Summary((), 0, 0, 0, 0, "", left_out=chosen.left_out))
    options = CheckOptions(
        exceptions=accepted,
        baseline=before,
        quotas=snapshots,
        beside=chosen.beside,
        left_out=chosen.left_out,
        is_complete=chosen.is_complete,
    )
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bars:
        tasks = {part: bars.add_task(part, total=len(chosen.inputs)) for part in ("policies", "Checkov")}
        return judge(
            chosen.inputs,
            options,
            progress=lambda part, done, total: bars.update(tasks[part], completed=done, total=total),
        )


def _further(text: str) -> tuple[CheckFormat, Path]:
    name, _, file = text.partition("=")
    if name not in set(CheckFormat) or not file:
        known = ", ".join(CheckFormat)
        raise typer.BadParameter(f'--also is "{text}"; it takes a format ({known}), "=" and a file')
    return CheckFormat(name), Path(file)


def _keep(result: CheckResult, baseline: Path | None, file: Path) -> None:
    from policies.baseline import baseline_text, read_baseline  # noqa: PLC0415  # see above

    before = None if baseline is None else read_baseline(baseline)
    write(baseline_text(result.findings, result.summary.targets, before), file)


def _show(form: CheckFormat, told: Told, output: Path | None) -> None:
    from cli.check_formats.sentences import counts, notes  # noqa: PLC0415  # see above

    on_terminal = output is None and console.is_terminal
    width = console.width if on_terminal or "COLUMNS" in os.environ else PLAIN_WIDTH
    write(text_of(form, told, colour=on_terminal, width=width), output)
    if output is None and form in _WITH_NOTES:
        return
    for note in notes(told.result.summary):
        errors.print(note, style="yellow", markup=False, highlight=False, soft_wrap=True)
    if output is not None:
        errors.print(f"{counts(told.result)}; written to {output}", markup=False, highlight=False, soft_wrap=True)
