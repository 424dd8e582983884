"""Runs in S3, on the emulator."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from rollout.adapters.store import open_store
from rollout.domain.errors import StoreError
from rollout.domain.ports import Part, RunStore
from rollout.domain.settings import LocalStoreSettings, S3StoreSettings
from tests.rollout.adapters.store.conftest import BUCKET, REGION
from tests.rollout.adapters.store.sample_runs import OTHER, RUN_ID, TARGET, draft, run

SECRET = b"password: hunter2"
PLACE = f"s3://{BUCKET}/lambdanet"
Open = Callable[[str | None], RunStore]
PLAN_KEY = f"lambdanet/plans/{RUN_ID}/{TARGET}/plan.tfplan"
NOT_PLANNED = (
    f"run {RUN_ID} {TARGET} plan.tfplan: is not what was planned; only files that `lambdanet rollout plan` wrote and "
    "nobody changed are applied; plan the target again"
)


@pytest.fixture
def opened(bucket: str, session: Any) -> Open:
    def opened(kms_key_id: str | None = None) -> RunStore:
        settings = S3StoreSettings(kind="s3", bucket=bucket, region=REGION, kms_key_id=kms_key_id)
        return open_store(settings, environment={"AWS_ENDPOINT_URL": "there"}, session=session)

    return opened


@pytest.fixture
def store(opened: Open) -> RunStore:
    return opened(None)


def test_a_run_is_read_as_it_was_created(store: RunStore) -> None:
    assert store.run_ids() == ()
    store.create(run())
    store.create(run("20261121-080000-ffffff"))
    assert store.run_ids() == ("20261121-080000-ffffff", RUN_ID)
    assert store.read(RUN_ID) == store.read("latest") == run()


def test_a_run_is_never_replaced(store: RunStore) -> None:
    store.create(run())
    for again in (run(), dataclasses.replace(run(), revision="another")):
        with pytest.raises(StoreError) as caught:
            store.create(again)
        assert str(caught.value) == f"run {RUN_ID}: exists in {PLACE} already; a run is never replaced; plan again"
    assert store.read(RUN_ID) == run()


def test_what_is_not_there_is_refused(store: RunStore) -> None:
    with pytest.raises(StoreError) as caught:
        store.read("latest")
    assert str(caught.value) == f"{PLACE}: there is no run yet; plan one with `lambdanet rollout plan`"
    for read in (store.read, store.journal):
        with pytest.raises(StoreError) as caught:
            read("other")
        assert str(caught.value) == (
            f"run other: is not in {PLACE}; `lambdanet rollout runs` lists what is; name one of them"
        )
    with pytest.raises(StoreError) as caught:
        store.get(RUN_ID, TARGET, Part.PLAN)
    assert str(caught.value) == (
        f"run {RUN_ID} {TARGET} plan.tfplan: is missing; a target is applied from its plan; plan it again"
    )


def test_plans_are_encrypted_by_the_key_before_they_leave(opened: Open, key_id: str, client: Any) -> None:
    store = opened(key_id)
    store.create(run())
    store.put(RUN_ID, TARGET, Part.PLAN, b"before")
    store.put(RUN_ID, TARGET, Part.PLAN, SECRET)
    assert opened(key_id).get(RUN_ID, TARGET, Part.PLAN) == SECRET
    stored = client.get_object(Bucket=BUCKET, Key=PLAN_KEY)
    assert SECRET not in stored["Body"].read()
    assert (stored["ServerSideEncryption"], stored["SSEKMSKeyId"]) == ("aws:kms", key_id)
    with pytest.raises(StoreError) as caught:
        opened(None).get(RUN_ID, TARGET, Part.PLAN)
    assert str(caught.value) == (
        f"run {RUN_ID} {TARGET} plan.tfplan: is encrypted by KMS, and this store has no kms_key_id; set it as it was "
        "when the run was planned"
    )


def test_a_plan_of_another_run_is_not_decrypted(opened: Open, key_id: str, client: Any) -> None:
    opened(key_id).put(RUN_ID, TARGET, Part.PLAN, SECRET)
    content = client.get_object(Bucket=BUCKET, Key=PLAN_KEY)["Body"].read()
    client.put_object(Bucket=BUCKET, Key=PLAN_KEY.replace(RUN_ID, "r2"), Body=content)
    with pytest.raises(StoreError) as caught:
        opened(key_id).get("r2", TARGET, Part.PLAN)
    assert str(caught.value).startswith(f"run r2 {TARGET} plan.tfplan: AWS refused Decrypt (InvalidCiphertextException")
    assert str(caught.value).endswith("; allow kms:Decrypt on the key that encrypted it, or plan the target again")


@pytest.mark.parametrize("has_key", [True, False])
def test_a_file_stands_in_for_no_other(opened: Open, key_id: str, client: Any, *, has_key: bool) -> None:
    store = opened(key_id if has_key else None)
    store.put(RUN_ID, TARGET, Part.PLAN, SECRET)
    store.put(RUN_ID, OTHER, Part.PLAN, SECRET)
    original = client.get_object(Bucket=BUCKET, Key=PLAN_KEY)["Body"].read()
    elsewhere = client.get_object(Bucket=BUCKET, Key=PLAN_KEY.replace(TARGET, OTHER))["Body"].read()
    for content in (elsewhere, original[:-1], original + b"x", b"", SECRET):
        client.put_object(Bucket=BUCKET, Key=PLAN_KEY, Body=content)
        with pytest.raises(StoreError) as caught:
            opened(key_id if has_key else None).get(RUN_ID, TARGET, Part.PLAN)
        assert str(caught.value) == NOT_PLANNED


def test_a_plan_that_the_key_did_not_encrypt_is_refused(opened: Open, key_id: str) -> None:
    opened(None).put(RUN_ID, TARGET, Part.PLAN, SECRET)
    with pytest.raises(StoreError) as caught:
        opened(key_id).get(RUN_ID, TARGET, Part.PLAN)
    assert str(caught.value) == (
        f"run {RUN_ID} {TARGET} plan.tfplan: is not encrypted by KMS, and this store's kms_key_id is {key_id}; only "
        "plans of that key are applied; plan the target again"
    )


def test_without_a_key_s3_encrypts_with_its_own(store: RunStore, client: Any) -> None:
    store.create(run())
    store.put(RUN_ID, TARGET, Part.PLAN, SECRET)
    store.put(RUN_ID, TARGET, Part.ROOT, SECRET)
    store.journal(RUN_ID).append([draft()])
    with store.locked(RUN_ID):
        found = {each["Key"] for each in client.list_objects_v2(Bucket=BUCKET)["Contents"]}
        heads = [client.head_object(Bucket=BUCKET, Key=key) for key in sorted(found)]
    assert found == {
        "lambdanet/lock.json",
        f"lambdanet/runs/{RUN_ID}/run.json",
        f"lambdanet/runs/{RUN_ID}/journal/{TARGET}.jsonl",
        f"lambdanet/runs/{RUN_ID}/targets/{TARGET}/root.tar.gz",
        PLAN_KEY,
    }
    assert {head["ServerSideEncryption"] for head in heads} == {"aws:kms"}


def test_a_bucket_that_is_not_there_is_told(bucket: str, session: Any) -> None:
    del bucket
    settings = S3StoreSettings(kind="s3", bucket="another", region=REGION, prefix="")
    store = open_store(settings, environment={"AWS_ENDPOINT_URL": "there"}, session=session)
    fix = "correct that and run the command again, which goes on where it was"
    with pytest.raises(StoreError) as caught:
        store.create(run())
    assert str(caught.value) == (
        f"s3://another/runs/{RUN_ID}/run.json: AWS refused PutObject (NoSuchBucket: The specified bucket does not "
        f"exist); {fix}"
    )
    with pytest.raises(StoreError, match=r"^s3://another/runs/: AWS refused ListObjectsV2 \(NoSuchBucket: "):
        store.run_ids()


def test_a_folder_s_plans_may_be_encrypted_by_kms(bucket: str, session: Any, key_id: str, tmp_path: Any) -> None:
    del bucket
    folder = str(tmp_path / "runs")
    settings = LocalStoreSettings(folder=folder, kms_key_id=key_id, region=REGION)
    store = open_store(settings, environment={"HOME": str(tmp_path)}, session=session)
    store.put(RUN_ID, TARGET, Part.PLAN, SECRET)
    again = open_store(settings, environment={}, session=session)
    assert again.get(RUN_ID, TARGET, Part.PLAN) == SECRET
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_credentials_that_are_not_there_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreError) as caught:
        open_store(S3StoreSettings(kind="s3", bucket=BUCKET, region=REGION), environment={})
    assert str(caught.value) == (
        f"s3://{BUCKET}: AWS could not be asked (The config profile (nobody) could not be found); set credentials and "
        "a region, and run the command again"
    )
    open_store(LocalStoreSettings(folder=str(tmp_path)), environment={})
