"""Units in S3, where a Distributed Map reads them."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from rollout.adapters.handoff import put_units
from rollout.domain.errors import StoreError
from rollout.domain.settings import S3StoreSettings

UNITS = [{"target": "dev-main-us-east-1-orders_api", "plan_digest": "9f86d081"}]
KEY = "lambdanet/handoff/20261121-093000-a1b2c3/rest/all.json"


class Session:
    """Gives one client that was made before."""

    def __init__(self) -> None:
        self.made: Any = boto3.client(
            "s3", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
        )

    def client(self, service: str, **options: Any) -> Any:
        assert (service, options["region_name"], options["config"].read_timeout) == ("s3", "eu-west-1", 30)
        return self.made


@pytest.mark.parametrize(("key", "with_key"), [(None, {}), ("alias/rollouts", {"SSEKMSKeyId": "alias/rollouts"})])
def test_units_are_written_encrypted(key: str | None, with_key: dict[str, str]) -> None:
    store = S3StoreSettings(kind="s3", bucket="acme-rollouts", region="eu-west-1", kms_key_id=key)
    session = Session()
    expected = {
        "Bucket": "acme-rollouts",
        "Key": KEY,
        "Body": json.dumps(UNITS, separators=(",", ":")).encode(),
        "ContentType": "application/json",
        "ServerSideEncryption": "aws:kms",
        **with_key,
    }
    with Stubber(session.made) as told:
        told.add_response("put_object", {}, expected)
        put_units(session, store, KEY, UNITS)
        told.assert_no_pending_responses()


def test_a_refusal_says_what_to_do() -> None:
    store = S3StoreSettings(kind="s3", bucket="acme-rollouts", region="eu-west-1")
    session = Session()
    with Stubber(session.made) as told:
        told.add_client_error("put_object", "AccessDenied", "no", 403)
        with pytest.raises(StoreError) as refused:
            put_units(session, store, KEY, UNITS)

    assert str(refused.value) == (
        f"s3://acme-rollouts/{KEY}: S3 refused PutObject (AccessDenied); units of a wave are written beside its run; "
        "allow it for these credentials, or run `lambdanet rollout bootstrap`"
    )
