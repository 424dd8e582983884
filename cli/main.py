"""Entry point: every command, and errors as sentences."""

from __future__ import annotations

import sys

import typer

from cli.check import check
from cli.concurrency import concurrency
from cli.configuration import schema, synth, targets, validate
from cli.demo import demo
from cli.demo_release import demo_release
from cli.plan_commands import budget, cost, forecast, reach
from cli.policies import policies
from cli.prices import prices
from cli.quotas import quotas
from cli.reference import reference
from cli.release import release
from cli.review import review
from cli.rollout import rollout
from cli.terminal import errors
from modules.core.errors import ConfigError, SuiteError
from rollout.adapters.termination import termination_as_exit
from rollout.domain.naming import said_once

app = typer.Typer(
    help="AWS Lambda in a VPC, proven before and after apply.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (validate, targets, schema, reference, synth, demo, demo_release, concurrency):
    app.command()(command)
for calculator in (reach, budget, cost, forecast, review):
    app.command()(calculator)
app.command()(check)
app.add_typer(policies, name="policies")
app.add_typer(prices, name="prices")
app.add_typer(quotas, name="quotas")
app.add_typer(release, name="release")
app.add_typer(rollout, name="rollout")


def main() -> None:
    """Run the command line; an error of the suite is printed without a traceback and sets the exit code."""
    try:
        with termination_as_exit():
            app()
    except SuiteError as error:
        errors.print(_report(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)


def _report(error: SuiteError) -> str:
    """What is refused, once where hundreds of targets have it from the same file."""
    return "\n".join(said_once(map(str, error.problems))) if isinstance(error, ConfigError) else str(error)
