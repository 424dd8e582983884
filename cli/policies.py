"""`lambdanet policies`: what is judged, why, and how to mend it, generated from the policies themselves."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import console

if TYPE_CHECKING:  # the catalogue brings the calculators, which only these commands need
    from policies.policy import Policy

policies = typer.Typer(help="The policies: what is judged, why, and how to mend it.")

_HEAD = """# Policies

Generated from the policies by `lambdanet policies --format markdown --output docs/policies.md`; a test compares.
`lambdanet check` judges them all; `lambdanet policies show ID` prints a good and a bad example of one.
"""
_PLAIN_WIDTH = 160


class PoliciesFormat(StrEnum):
    """How the list is written."""

    TABLE = "table"
    MARKDOWN = "markdown"


@policies.callback(invoke_without_command=True)
def every(
    context: typer.Context,
    form: Annotated[PoliciesFormat, typer.Option("--format", help="A table, or the whole as Markdown.")] = (
        PoliciesFormat.TABLE
    ),
    output: Annotated[Path | None, typer.Option(help="File to write to, instead of standard output.")] = None,
) -> None:
    """List every policy: id, severity, what holds where it passes, and which checks of Checkov it replaces."""
    if context.invoked_subcommand is not None:
        return
    from cli.plan_output import write  # noqa: PLC0415  # with the others: only when it is used
    from policies.catalogue import catalogue  # noqa: PLC0415  # see above

    if form is PoliciesFormat.MARKDOWN or output is not None:
        write(policies_text() if form is PoliciesFormat.MARKDOWN else _plain(catalogue()), output)
    else:
        (console if console.is_terminal else Console(width=_PLAIN_WIDTH)).print(_table(catalogue()))


@policies.command()
def show(name: Annotated[str, typer.Argument(help="Id of a policy, such as CKV2_LNET_301.", metavar="ID")]) -> None:
    """Show why a policy exists, how to mend what it finds, and a good and a bad example as Terraform in JSON."""
    from policies.catalogue import catalogue  # noqa: PLC0415  # see above
    from policies.examples import example  # noqa: PLC0415  # see above
    from policies.policy import Outcome  # noqa: PLC0415  # see above

    found = {policy.id: policy for policy in catalogue()}
    policy = found.get(name.upper())
    if policy is None:
        raise typer.BadParameter(f'"{name}" is no policy; `lambdanet policies` lists all {len(found)}')
    _say(f"{policy.id}  {policy.title}", style="bold")
    _say(f"severity  {policy.severity}")
    _say(f"judges    {', '.join(policy.types)}")
    _say(f"why       {policy.why}")
    _say(f"to mend   {policy.fix}")
    _say(f"source    {policy.source}")
    for check, reason in sorted(policy.replaces.items()):
        _say(f"replaces  {check}: {reason}")
    for outcome in (Outcome.PASSED, Outcome.FAILED):
        if part := example(policy, outcome):
            message = f": {part.message}" if part.message else ""
            _say(f"\n{part.address} {outcome}{message}", style="green" if outcome is Outcome.PASSED else "red")
            _say(json.dumps(part.document, indent=2, ensure_ascii=False))


def policies_text() -> str:
    """The documentation of every policy, as Markdown."""
    from policies.catalogue import catalogue  # noqa: PLC0415  # see above

    every_policy = catalogue()
    lines = [_HEAD, *_overview(every_policy), ""]
    for area, found in groupby(every_policy, key=_area):
        lines += [f"## {area}", ""]
        for policy in found:
            lines += [*_section(policy), ""]
    replaced = sorted((check, policy) for policy in every_policy for check in policy.replaces)
    lines += ["## Checks of Checkov that are not run, as a policy stands for them", "", "| check | policy | why |"]
    lines += ["|---|---|---|"]
    lines += [f"| {check} | {_link(policy)} | {_sentence(policy.replaces[check])} |" for check, policy in replaced]
    return "\n".join(lines) + "\n"


def _overview(every_policy: Sequence[Policy]) -> Iterator[str]:
    yield f"{len(every_policy)} policies. Checkov's own checks run beside them, but for those at the end.\n"
    yield "| id | severity | what holds |"
    yield "|---|---|---|"
    yield from (f"| {_link(policy)} | {policy.severity} | {_cell(policy.title)} |" for policy in every_policy)


def _section(policy: Policy) -> Iterator[str]:
    yield f"### {policy.id}\n"
    yield f"**{policy.title}** ({policy.severity})\n"
    yield f"{policy.why}\n"
    yield f"- to mend: {policy.fix}"
    yield f"- source: {policy.source}"
    yield f"- judges: {', '.join(f'`{kind}`' for kind in policy.types)}"


def _link(policy: Policy) -> str:
    return f"[{policy.id}](#{policy.id.lower()})"


def _area(policy: Policy) -> str:
    """What an area is about: the first line of its folder's docstring."""
    package = policy.judge.__module__.rpartition(".")[0]
    words = (importlib.import_module(package).__doc__ or package).strip().splitlines()[0]
    return words.removesuffix(".")


def _table(every_policy: Sequence[Policy]) -> Table:
    from cli.check_formats.table import STYLES  # noqa: PLC0415  # see above

    table = Table(title=f"{len(every_policy)} policies", title_justify="left")
    for column in ("id", "severity", "what holds", "judges", "replaces"):
        table.add_column(column, overflow="fold", no_wrap=column in ("id", "severity"))
    for policy in every_policy:
        table.add_row(
            policy.id,
            Text(policy.severity, style=STYLES[policy.severity]),
            Text(policy.title),
            ", ".join(policy.types),
            ", ".join(sorted(policy.replaces)),
        )
    return table


def _plain(every_policy: Sequence[Policy]) -> str:
    plain = Console(width=_PLAIN_WIDTH, color_system=None)
    with plain.capture() as captured:
        plain.print(_table(every_policy))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _sentence(text: str) -> str:
    words = _cell(text).removesuffix(".")
    return f"{words[:1].upper()}{words[1:]}."


def _say(text: str, style: str = "") -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
