"""A listing that AWS has and the emulator (as of 2026-11-21) has not, answered from what it can describe.

The real action is asked first, so this stand-in is out of use as soon as the emulator answers it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

Clients = Callable[[str], Any]
"""Any clients: boto3 makes their methods at run time."""


def with_profiles(client: Clients, *names: str) -> Clients:
    """Clients that also list signing profiles: those of the given names that exist."""
    return lambda service: _Signer(client(service), names) if service == "signer" else client(service)


class _Signer:
    def __init__(self, client: Any, names: tuple[str, ...]) -> None:
        self._client: Any = client._client if isinstance(client, _Signer) else client
        self._names = names

    def can_paginate(self, operation: str) -> bool:
        return operation != "list_signing_profiles" and bool(self._client.can_paginate(operation))

    def list_signing_profiles(self, *, includeCanceled: bool) -> dict[str, Any]:  # noqa: N803  # as boto3 spells it
        try:
            return dict(self._client.list_signing_profiles(includeCanceled=includeCanceled))
        except ClientError as error:
            if error.response["Error"]["Code"] != "InternalFailure":
                raise
        found = [self._client.get_signing_profile(profileName=name) for name in self._names]
        return {"profiles": [profile for profile in found if includeCanceled or profile["status"] == "Active"]}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)
