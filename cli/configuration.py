"""Commands around the configuration: validate, targets, schema, synth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import console, errors
from rollout.adapters.synth import synth_warnings, synthesize
from rollout.schema import environments_schema
from rollout.targets import read_targets
from stacks import STACKS
from stacks.checks import checked_configs

Environments = Annotated[Path, typer.Option(help="Folder that targets are read from.")]
Only = Annotated[str, typer.Option("--target", help="The one target wanted; all by default.")]
_DEFAULT = Path("environments")


def validate(environments: Environments = _DEFAULT, target: Only = "") -> None:
    """Check every target's configuration, all errors at once, in milliseconds."""
    configs = checked_configs(read_targets(environments, only=target))
    console.print(f"{len(configs)} of {len(configs)} targets are valid: {', '.join(configs)}", highlight=False)


def targets(environments: Environments = _DEFAULT) -> None:
    """List the targets: name, account, AWS provider."""
    entries = read_targets(environments)
    width = max((len(entry.target.name) for entry in entries), default=0)
    for entry in entries:
        line = f"{entry.target.name:<{width}}  {entry.target.account_id}  {entry.target.aws_provider_version}"
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def schema(
    output: Annotated[Path | None, typer.Option(help="File to write; standard output by default.")] = None,
) -> None:
    """Write the JSON schema of the environment files, for editors."""
    models = {name: entry.config_model() for name, entry in STACKS.items()}
    text = json.dumps(environments_schema(models), indent=2, sort_keys=True) + "\n"
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
    written = [entry.target.name for entry in read_targets(environments, only=target)]
    for name in written:
        console.print(str(stacks / name / "cdk.tf.json"), highlight=False, soft_wrap=True)
    for warning in synth_warnings(stacks):
        errors.print(f"warning: {warning}", highlight=False, markup=False, soft_wrap=True)
