"""The store that the settings name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from rollout.adapters.store.aws import asking, client_config
from rollout.adapters.store.encryption import Keys
from rollout.adapters.store.kms_keys import KmsKeys
from rollout.adapters.store.local import LocalStore
from rollout.adapters.store.user_key import UserKeys
from rollout.domain.errors import StoreError
from rollout.domain.ports import RunStore
from rollout.domain.settings import LocalStoreSettings, StoreSettings


def open_store(
    settings: StoreSettings, *, environment: Mapping[str, str], session: boto3.session.Session | None = None
) -> RunStore:
    """Open where runs are kept; nothing is read or written yet.

    Args:
        settings: of the store.
        environment: of the process: who writes, the user's key, and whether S3 is another one than AWS's.
        session: credentials for S3 and KMS; those at hand where it is left out.

    Raises:
        StoreError: no client can be made.
    """
    where = settings.folder if isinstance(settings, LocalStoreSettings) else f"s3://{settings.bucket}"
    clients: Any = session or boto3.session.Session()  # Any: the stubs name every service
    keys: Keys | None = None
    with asking(where, "set credentials and a region, and run the command again"):
        if settings.kms_key_id:
            client = clients.client("kms", region_name=settings.region, config=client_config(environment))
            keys = KmsKeys(client, settings.kms_key_id)
        if isinstance(settings, LocalStoreSettings):
            return LocalStore(Path(settings.folder), keys or UserKeys(environment), environment)
    raise StoreError(f"{where}: runs in S3 cannot be kept yet; choose kind: local in rollout.yaml")
