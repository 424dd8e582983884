"""Commands around the configuration: validate, targets, schema, synth."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.checked import checked_targets
from cli.terminal import console, errors
from rollout.adapters.synth import synth_warnings, synthesize
from rollout.domain.waves import resolved
from rollout.schema import environments_schema, rollout_schema
from rollout.settings_file import read_settings
from rollout.targets import read_targets
from stacks import STACKS

Environments = Annotated[Path, typer.Option(help="Folder that targets are read from.")]
Only = Annotated[str, typer.Option("--target", help="The one target wanted; all by default.")]
_DEFAULT = Path("environments")


class SchemaOf(StrEnum):
    """Files that there is a schema of."""

    ENVIRONMENTS = "environments"
    ROLLOUT = "rollout"


def validate(environments: Environments = _DEFAULT, target: Only = "") -> None:
    """Check every target's configuration and the waves of rollouts, all errors at once, in milliseconds."""
    checked = checked_targets(environments, only=target)
    if checked.entries and not target:
        resolved(read_settings(environments), [entry.target for entry in checked.entries])
    names = [entry.target.name for entry in checked.entries]
    console.print(f"{len(names)} of {len(names)} targets are valid: {', '.join(names)}", highlight=False)
    _warn(checked.warnings)


def targets(environments: Environments = _DEFAULT) -> None:
    """List the targets: name, account, AWS provider."""
    entries = read_targets(environments)
    width = max((len(entry.target.name) for entry in entries), default=0)
    for entry in entries:
        line = f"{entry.target.name:<{width}}  {entry.target.account_id}  {entry.target.aws_provider_version}"
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def schema(
    output: Annotated[Path | None, typer.Option(help="File to write; standard output by default.")] = None,
    of: Annotated[
        SchemaOf, typer.Option(help="Which files: those of targets, or rollout.yaml.")
    ] = SchemaOf.ENVIRONMENTS,
) -> None:
    """Write the JSON schema of the environment files, for editors."""
    if of is SchemaOf.ROLLOUT:
        written = rollout_schema()
    else:
        written = environments_schema({name: entry.config_model() for name, entry in STACKS.items()})
    text = json.dumps(written, indent=2, sort_keys=True) + "\n"
    if output is None:
        console.print_json(text)
    else:
        output.write_text(text, encoding="utf-8")


def synth(
    environments: Environments = _DEFAULT,
    target: Only = "",
    output: Annotated[Path, typer.Option(help="Folder to write.")] = Path("cdktf.out"),
) -> None:
    """Synthesize Terraform JSON, one folder per target."""
    with console.status("synthesizing"):
        stacks = synthesize(output, project=Path.cwd(), environments=environments, target=target)
    checked = checked_targets(environments, only=target)
    for entry in checked.entries:
        console.print(str(stacks / entry.target.name / "cdk.tf.json"), highlight=False, soft_wrap=True)
    _warn((*checked.warnings, *synth_warnings(stacks)))


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        errors.print(f"warning: {warning}", highlight=False, markup=False, soft_wrap=True)
