"""The store that the settings name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from rollout.adapters.store.aws import client_config, reaching
from rollout.adapters.store.encryption import Keys, StoreEncrypts
from rollout.adapters.store.kms_keys import KmsKeys
from rollout.adapters.store.local import LocalStore
from rollout.adapters.store.s3 import S3Store
from rollout.adapters.store.s3_objects import Objects
from rollout.adapters.store.user_key import UserKeys
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
    if isinstance(settings, LocalStoreSettings) and not settings.kms_key_id:
        return LocalStore(Path(settings.folder), UserKeys(environment), environment)
    where = settings.folder if isinstance(settings, LocalStoreSettings) else f"s3://{settings.bucket}"
    config = client_config(environment)
    keys: Keys = StoreEncrypts()
    with reaching(where, "set credentials and a region, and run the command again"):
        clients: Any = session or boto3.session.Session()  # Any: the stubs name every service
        if settings.kms_key_id:
            keys = KmsKeys(clients.client("kms", region_name=settings.region, config=config), settings.kms_key_id)
        if isinstance(settings, LocalStoreSettings):
            return LocalStore(Path(settings.folder), keys, environment)
        client = clients.client("s3", region_name=settings.region, config=config)
    return S3Store(Objects(client, settings.bucket, settings.prefix, settings.kms_key_id), keys, environment)
