"""Units of a wave as objects that a Distributed Map of Step Functions reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rollout.domain.errors import StoreError
from rollout.domain.settings import S3StoreSettings

_PATIENT = Config(retries={"mode": "adaptive", "total_max_attempts": 8}, connect_timeout=10, read_timeout=30)


def put_units(session: Any, settings: S3StoreSettings, key: str, units: Sequence[Mapping[str, str]]) -> None:
    """Write the units of a shard, encrypted with the store's key.

    Args:
        session: of boto3.
        settings: the store.
        key: of the object.
        units: what `unit_fields` gives.

    Raises:
        StoreError: S3 refused, or could not be reached.
    """
    encryption = {"ServerSideEncryption": "aws:kms"}
    if settings.kms_key_id:
        encryption["SSEKMSKeyId"] = settings.kms_key_id
    where = f"s3://{settings.bucket}/{key}"
    client = session.client("s3", region_name=settings.region, config=_PATIENT)
    try:
        body = json.dumps(units, separators=(",", ":")).encode()
        client.put_object(Bucket=settings.bucket, Key=key, Body=body, ContentType="application/json", **encryption)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise StoreError(
            f"{where}: S3 refused PutObject ({code}); units of a wave are written beside its run; allow it for these "
            "credentials, or run `lambdanet rollout bootstrap`"
        ) from error
    except BotoCoreError as error:
        raise StoreError(f"{where}: S3 could not be asked ({str(error).rstrip('.')}); run the command again") from error
    finally:
        client.close()
