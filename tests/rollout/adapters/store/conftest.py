"""One emulator for the stores of a session, empty for each test; buckets and keys as bootstrap makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from local.emulator import Emulator
from rollout.adapters.store.aws import client_config

REGION, BUCKET = "eu-west-1", "acme-rollouts"


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="session")
def session(running: Emulator) -> Any:
    return running.session(REGION)


@pytest.fixture(scope="session")
def client(session: Any) -> Iterator[Any]:
    made = session.client("s3", config=client_config({"AWS_ENDPOINT_URL": "there"}))
    yield made
    made.close()


@pytest.fixture
def bucket(running: Emulator, client: Any) -> str:
    running.reset()
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return BUCKET


@pytest.fixture
def key_id(bucket: str, session: Any) -> Iterator[str]:
    del bucket  # the emulator is empty
    kms = session.client("kms")
    yield str(kms.create_key()["KeyMetadata"]["Arn"])
    kms.close()
