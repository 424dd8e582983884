"""`lambdanet rollout explain`: each effective value of a target, and where it came from."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from cli.checked import checked_targets
from cli.rollout.access import ENVIRONMENTS, Environments
from cli.rollout.choosing import Format
from cli.rollout.output import output
from modules.core.errors import TargetError
from rollout.explain import DEFAULT, Effective, explained
from rollout.settings_file import read_settings

_FORMAT = 1


def explain(
    target: Annotated[str, typer.Argument(help="Name of the target, as `lambdanet targets` lists it.")],
    *,
    environments: Environments = ENVIRONMENTS,
    field: Annotated[str, typer.Option(help="Only fields whose path begins so, such as network.egress.")] = "",
    written: Annotated[bool, typer.Option("--written", help="Only what a file sets; no defaults.")] = False,
    form: Annotated[Format, typer.Option("--format", help="Table, or JSON for programs.")] = Format.TABLE,
) -> None:
    """Show each effective value of a target, and the file and line that it came from.

    Files are merged from the first to the last: defaults, environment, account, region. Values of the wave, and of
    what the stack builds on, come from rollout.yaml.
    """
    checked = checked_targets(environments, only=target)
    [entry] = checked.entries
    values = explained(environments, entry, checked.configs[entry.target.name], read_settings(environments))
    chosen = [each for each in values if each.path.startswith(field) and (each.origin or not written)]
    if not chosen:
        kind = "value that a file sets" if written else "value"
        raise TargetError(f'{target}: no {kind} begins with "{field}"; leave out --field to see all of them')
    if form is Format.JSON:
        typer.echo(json.dumps({"format": _FORMAT, "target": target, "values": list(map(_as_json, chosen))}, indent=2))
        return
    to = output()
    to.print(_table(target, chosen))


def _as_json(value: Effective) -> dict[str, object]:
    origin = value.origin
    return {
        "section": value.section,
        "path": value.path,
        "value": value.value,
        "file": origin.file if origin else None,
        "line": origin.line if origin else None,
    }


def _table(target: str, values: list[Effective]) -> Table:
    table = Table(title=target, title_justify="left")
    for column in ("", "field", "value", "from"):
        table.add_column(column, overflow="fold")
    before = ""
    for value in values:
        if value.section != before:
            table.add_section()
        section = value.section if value.section != before else ""
        style = None if value.origin else "dim"
        table.add_row(section, value.path, value.value, str(value.origin or DEFAULT), style=style)
        before = value.section
    return table
