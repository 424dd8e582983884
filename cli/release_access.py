"""What every release command begins with: the stack's outputs, and clients for its account and region."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
from botocore.client import BaseClient

from modules.core.errors import ConfigError, TargetError
from rollout.adapters.terraform import Terraform
from rollout.release import ReleaseTarget, client_config, release_targets
from rollout.release.aws import asking


class ReleaseClients:
    """boto3 clients for one region, each made once."""

    def __init__(self, region: str) -> None:
        self._session: Any = boto3.session.Session(region_name=region or None)  # Any: services are chosen at run time
        self._made: dict[str, BaseClient] = {}

    def __call__(self, service: str) -> BaseClient:
        """The client of a service."""
        if service not in self._made:
            self._made[service] = self._session.client(service, config=client_config())
        return self._made[service]

    def close(self) -> None:
        """Close them."""
        for client in self._made.values():
            client.close()


def opened(
    open_: ExitStack, folder: Path | None, outputs: Path | None, only: Sequence[str] | None, region: str
) -> tuple[tuple[ReleaseTarget, ...], ReleaseClients]:
    """The releases that are wanted, and clients for their account and region; `open_` closes them.

    Raises:
        ConfigError: the outputs are named twice or not at all.
        TargetError: they cannot be read, or belong to another account or to several regions.
        ReleaseError: there are no such credentials, or AWS refused to say whose they are.
    """
    targets = release_targets(_outputs(folder, outputs), only=only or ())
    regions = {target.region for target in targets if target.region} or {region}
    if len(regions) > 1 or (region and regions != {region}):
        raise TargetError(
            f"the releases are in {', '.join(sorted(regions))}; one region is released at a time"
            + (f", and --region is {region}" if region else "")
            + "; name functions of one region with --function"
        )
    with asking("release", "choose another profile, and run the command again"):
        clients = ReleaseClients(regions.pop())
    open_.callback(clients.close)
    _require_account(clients, {target.account_id for target in targets if target.account_id})
    return targets, clients


def _outputs(folder: Path | None, file: Path | None) -> Mapping[str, Any]:
    if (folder is None) == (file is None):
        raise ConfigError.single(
            "release",
            "neither --folder nor --outputs is given" if folder is None else "--folder and --outputs are both given",
            "the stack's output `releases` names what is shifted",
            "give one of them",
        )
    if folder is not None:
        with Terraform(folder) as terraform:
            return terraform.outputs()
    assert file is not None  # noqa: S101  # one of both is given
    try:
        found = json.loads(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TargetError(
            f"{file}: cannot be read ({error}); what `terraform output -json` prints is expected; write it anew"
        ) from error
    if not isinstance(found, Mapping):
        raise TargetError(f"{file}: holds no JSON object; what `terraform output -json` prints is expected")
    return found


def _require_account(clients: ReleaseClients, accounts: set[str]) -> None:
    if not accounts:
        return
    with asking("release"):
        client: Any = clients("sts")  # Any: as above
        caller = str(client.get_caller_identity()["Account"])
    if accounts != {caller}:
        raise TargetError(
            f"the credentials are for account {caller}, and the stack is in {', '.join(sorted(accounts))}; a release "
            "changes the stack's account only; choose the other profile or role"
        )
