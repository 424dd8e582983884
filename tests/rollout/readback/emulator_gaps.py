"""Two listings that AWS has and the emulator (as of 2026-11-21) has not, answered from what it can describe.

The real action is asked first, so these stand-ins are out of use as soon as the emulator answers it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

Clients = Callable[[str], Any]
"""Any clients: boto3 makes their methods at run time."""


def with_listings(client: Clients, *, signing_configs: list[str], signing_profiles: list[str]) -> Clients:
    """Clients that also list the code signing configurations and signing profiles, of those that may exist."""
    listings = {
        "lambda": _Lambda(client("lambda"), signing_configs),
        "signer": _Signer(client("signer"), signing_profiles),
    }
    return lambda service: listings.get(service) or client(service)


class _Standin:
    operation = ""

    def __init__(self, client: Any, known: list[str]) -> None:
        self._client: Any = client._client if isinstance(client, _Standin) else client
        self._known = known

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def can_paginate(self, operation: str) -> bool:
        return operation != self.operation and bool(self._client.can_paginate(operation))


class _Lambda(_Standin):
    operation = "list_code_signing_configs"

    def list_code_signing_configs(self) -> dict[str, Any]:
        try:
            return dict(self._client.list_code_signing_configs())
        except ClientError as error:
            _only_when_missing(error)
        return {"CodeSigningConfigs": list(filter(None, map(self._config, self._known)))}

    def _config(self, arn: str) -> Any:
        try:
            return self._client.get_code_signing_config(CodeSigningConfigArn=arn)["CodeSigningConfig"]
        except self._client.exceptions.ResourceNotFoundException:
            return None


class _Signer(_Standin):
    operation = "list_signing_profiles"

    def list_signing_profiles(self, **parameters: Any) -> dict[str, Any]:
        try:
            return dict(self._client.list_signing_profiles(**parameters))
        except ClientError as error:
            _only_when_missing(error)
        found = [self._client.get_signing_profile(profileName=name) for name in self._known]
        return {"profiles": [each for each in found if parameters["includeCanceled"] or each["status"] == "Active"]}


def _only_when_missing(error: ClientError) -> None:
    if error.response["Error"]["Code"] != "InternalFailure":
        raise error
