"""`lambdanet rollout bootstrap`: the buckets for runs and states, and their keys."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.rollout.access import ENVIRONMENTS, Environments, opened
from cli.terminal import console
from modules.core.errors import ConfigError

if TYPE_CHECKING:  # it brings AWS's SDK
    from rollout.adapters.bootstrap_step import Step

_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")  # Organizations API
_FIX = "set credentials of the account that the buckets are of, and run the command again"


def bootstrap(
    *,
    organization_id: Annotated[
        str,
        typer.Option(help="AWS organization whose accounts all reach the states; by default the targets' accounts."),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be made.")] = False,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Make the buckets for runs and states with their KMS keys, in the account of the credentials at hand.

    Encrypted by KMS, with versions, closed to the public, TLS only, and a lifecycle for plans and old versions; the
    roles of other accounts reach the states of their own targets. Run again, it makes what is missing and changes
    nothing else.
    """
    import boto3  # noqa: PLC0415  # half a second, which no other command waits for

    from rollout.adapters.bootstrap import carry_out, steps  # noqa: PLC0415  # the same
    from rollout.adapters.store.aws import reaching  # noqa: PLC0415  # the same
    from rollout.domain.bootstrap import wanted_buckets  # noqa: PLC0415  # with it
    from rollout.targets import read_targets  # noqa: PLC0415  # YAML

    if organization_id and not _ORGANIZATION.fullmatch(organization_id):
        raise ConfigError.single(
            "rollout bootstrap",
            f'--organization-id is "{organization_id}"',
            "an organization's id reads like o-a1b2c3d4e5",
            "copy it from AWS Organizations",
        )
    settings = opened(environments).settings
    wanted = wanted_buckets(settings, (entry.target for entry in read_targets(environments)))
    if not wanted:
        console.print("nothing to make: neither runs nor states are kept in S3", highlight=False)
        return
    with reaching("rollout bootstrap", _FIX):
        session: Any = boto3.session.Session()  # Any: the stubs name every service
    reachers = _reachers(session, wanted[0].region, settings.roles.plan, settings.roles.apply, organization_id)
    with console.status("looking at buckets and keys"):
        found = steps(wanted, session, reachers, os.environ)
    console.print(f"account {reachers.account_id}", highlight=False)
    if dry_run:
        for step in found:
            _say("there" if step.is_there else "would be made", step)
        return
    with console.status("making buckets and keys"):
        for step in found:
            carry_out(step)
            _say("there" if step.is_there else "made", step)


def _reachers(session: Any, region: str, plan: str | None, apply: str | None, organization_id: str) -> Any:
    from rollout.adapters.store.aws import client_config, reaching  # noqa: PLC0415  # AWS's SDK
    from rollout.domain.bootstrap_documents import Reachers  # noqa: PLC0415  # with it

    with reaching("rollout bootstrap", _FIX):
        caller = session.client("sts", region_name=region, config=client_config(os.environ)).get_caller_identity()
    partition = str(caller["Arn"]).split(":")[1]
    return Reachers(partition, str(caller["Account"]), plan or "", apply or "", organization_id)


def _say(state: str, step: Step) -> None:
    console.print(f"{state:<14} {step.what}", highlight=False, markup=False, soft_wrap=True)
