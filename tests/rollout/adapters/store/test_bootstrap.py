"""Buckets and keys for runs and states, made and read back on the emulator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.emulator import Emulator
from rollout.adapters.bootstrap import carry_out, steps
from rollout.adapters.store import open_store
from rollout.adapters.terraform import Terraform
from rollout.domain.bootstrap import StateAccess, WantedBucket
from rollout.domain.bootstrap_documents import Reachers
from rollout.domain.errors import RolloutError
from rollout.domain.ports import Part
from rollout.domain.settings import S3StoreSettings
from tests.rollout.adapters.store.conftest import REGION
from tests.rollout.adapters.store.sample_runs import RUN_ID, TARGET, draft, run

OWN, OTHER = "123456789012", "222233334444"
ALIAS = "alias/rollouts"
ALIAS_ARN = f"arn:aws:kms:{REGION}:{OWN}:{ALIAS}"
HERE = {"AWS_ENDPOINT_URL": "there"}
REACHERS = Reachers("aws", OWN, "plan", "apply")
RUNS = WantedBucket("acme-runs", REGION, ALIAS, "lambdanet", plan_days=17)
STATES = WantedBucket("acme-states", REGION, ALIAS_ARN, states=(StateAccess(OTHER, ("acme/dev-main-",)),))


@pytest.fixture(autouse=True)
def _empty(running: Emulator) -> None:
    running.reset()


def made(session: Any, *wanted: WantedBucket, reachers: Reachers = REACHERS) -> list[str]:
    """What was not there, and is now."""
    found = steps(wanted, session, reachers, HERE)
    for step in found:
        carry_out(step)
    return [step.what for step in found if not step.is_there]


def refused(session: Any, *wanted: WantedBucket, reachers: Reachers = REACHERS) -> str:
    with pytest.raises(RolloutError) as caught:
        steps(wanted, session, reachers, HERE)
    return str(caught.value)


def settings_of(name: str, key: str = ALIAS) -> list[str]:
    return [
        f"bucket {name} in {REGION}",
        f"bucket {name}: no public access",
        f"bucket {name}: no access lists",
        f"bucket {name}: versions",
        f"bucket {name}: encryption by {key}",
        f"bucket {name}: policy, TLS and KMS only",
        f"bucket {name}: lifecycle of plans and old versions",
    ]


def test_everything_is_made_once(session: Any) -> None:
    key = f"KMS key {ALIAS} in {REGION}"
    expected = [
        key,
        f"{key}: rotation",
        f"{key}: policy",
        *settings_of("acme-runs"),
        *settings_of("acme-states", ALIAS_ARN),
    ]
    assert made(session, RUNS, STATES) == expected
    assert made(session, RUNS, STATES) == []


def test_what_was_made_is_read_back(session: Any, client: Any) -> None:
    made(session, RUNS, STATES)
    kms = session.client("kms")
    key = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])
    kms.close()
    assert [statement["Sid"] for statement in policy["Statement"]] == ["LambdanetOwner", "LambdanetStates"]
    for name in ("acme-runs", "acme-states"):
        named = {"Bucket": name}
        assert client.get_bucket_location(**named)["LocationConstraint"] == REGION
        assert set(client.get_public_access_block(**named)["PublicAccessBlockConfiguration"].values()) == {True}
        owner = client.get_bucket_ownership_controls(**named)["OwnershipControls"]["Rules"]
        assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert client.get_bucket_versioning(**named)["Status"] == "Enabled"
        (rule,) = client.get_bucket_encryption(**named)["ServerSideEncryptionConfiguration"]["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["Arn"]}
    states = json.loads(client.get_bucket_policy(Bucket="acme-states")["Policy"])["Statement"]
    assert [statement["Sid"] for statement in states] == [
        "LambdanetTlsOnly",
        "LambdanetRecentTlsOnly",
        "LambdanetKmsOnly",
        "LambdanetList",
        f"LambdanetRead{OTHER}",
        f"LambdanetWrite{OTHER}",
    ]
    rules = client.get_bucket_lifecycle_configuration(Bucket="acme-runs")["Rules"]
    assert {rule["ID"]: rule.get("Expiration", {}).get("Days") for rule in rules} == {
        "LambdanetOldVersions": None,
        "LambdanetPlans": 17,
        "LambdanetLock": None,
    }


def test_a_store_works_in_it(session: Any, client: Any) -> None:
    made(session, RUNS)
    settings = S3StoreSettings(kind="s3", bucket=RUNS.name, region=REGION, kms_key_id=ALIAS)
    store = open_store(settings, environment=HERE, session=session)
    store.create(run())
    store.put(RUN_ID, TARGET, Part.PLAN, b"plan")
    with store.locked(RUN_ID):
        store.journal(RUN_ID).append([draft()])
    assert store.get(RUN_ID, TARGET, Part.PLAN) == b"plan"
    expiring = client.list_objects_v2(Bucket=RUNS.name, Prefix="lambdanet/plans/")["Contents"]
    assert [found["Key"] for found in expiring] == [f"lambdanet/plans/{RUN_ID}/{TARGET}/plan.tfplan"]


def test_terraform_keeps_states_in_it(session: Any, client: Any, running: Emulator, tmp_path: Path) -> None:
    made(session, STATES)
    key = "acme/dev-main-us-east-1-orders_api.tfstate"
    backend = {
        "bucket": STATES.name,
        "key": key,
        "region": REGION,
        "encrypt": True,
        "kms_key_id": ALIAS_ARN,
        "use_lockfile": True,
    }
    terraform_data = {"terraform_data": {"it": {"input": "value"}}}
    configuration = {"terraform": {"backend": {"s3": backend}}, "resource": terraform_data}
    (tmp_path / "cdk.tf.json").write_text(json.dumps(configuration))
    with Terraform(tmp_path, environment=running.environment(REGION)) as terraform:
        terraform.init(backend_config={"use_path_style": "true"})
        terraform.apply(terraform.plan())
    assert client.head_object(Bucket=STATES.name, Key=key)["ServerSideEncryption"] == "aws:kms"
    versions = client.list_object_versions(Bucket=STATES.name)
    assert {found["Key"] for found in versions["DeleteMarkers"]} == {f"{key}.tflock"}


def test_what_somebody_changed_is_brought_back_and_the_rest_is_kept(session: Any, client: Any) -> None:
    made(session, STATES)
    named = {"Bucket": STATES.name}
    client.put_bucket_versioning(**named, VersioningConfiguration={"Status": "Suspended"})
    client.delete_public_access_block(**named)
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::acme/x"}
    client.put_bucket_policy(**named, Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 3}}
    client.put_bucket_lifecycle_configuration(**named, LifecycleConfiguration={"Rules": [rule]})
    assert [what.partition(": ")[2] for what in made(session, STATES)] == [
        "no public access",
        "versions",
        "policy, TLS and KMS only",
        "lifecycle of plans and old versions",
    ]
    statements = json.loads(client.get_bucket_policy(**named)["Policy"])["Statement"]
    assert (statements[0], statements[1]["Sid"]) == (theirs, "LambdanetTlsOnly")
    rules = client.get_bucket_lifecycle_configuration(**named)["Rules"]
    assert {each["ID"] for each in rules} == {"theirs", "LambdanetOldVersions"}
    assert made(session, STATES) == []


def test_another_account_changes_only_policies(session: Any) -> None:
    made(session, STATES)
    more = WantedBucket(
        STATES.name, REGION, ALIAS_ARN, states=(*STATES.states, StateAccess("333344445555", ("acme/dev-prod-",)))
    )
    assert made(session, more) == [
        f"KMS key {ALIAS_ARN} in {REGION}: policy",
        "bucket acme-states: policy, TLS and KMS only",
    ]


def test_a_key_that_was_not_made_here_is_left_as_it_is(session: Any) -> None:
    kms = session.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key["KeyId"])
    before = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
    assert made(session, STATES) == settings_of(STATES.name, ALIAS_ARN)
    assert kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"] == before
    kms.close()


def test_without_a_key_s3_encrypts_with_its_own(session: Any, client: Any) -> None:
    alone = WantedBucket("acme-runs", REGION, None, "lambdanet")
    assert "bucket acme-runs: encryption by S3's own KMS key" in made(session, alone)
    assert made(session, alone) == []
    (rule,) = client.get_bucket_encryption(Bucket="acme-runs")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms"}


def test_everything_that_cannot_be_made_is_told_at_once_and_nothing_is_made(
    session: Any, client: Any, running: Emulator
) -> None:
    elsewhere = running.client("s3", "us-west-2")
    elsewhere.create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    elsewhere.close()
    theirs = running.client("s3", REGION, OTHER)
    theirs.create_bucket(Bucket="taken", CreateBucketConfiguration={"LocationConstraint": REGION})
    theirs.close()
    missing_key = "1111aaaa-22bb-33cc-44dd-555566667777"
    many = tuple(StateAccess(f"{number:012}", (f"acme/dev-account-{number}-",)) for number in range(1, 40))
    wanted = (
        WantedBucket("elsewhere", REGION, None),
        WantedBucket("foreign", REGION, None, states=STATES.states),
        WantedBucket("keyless", REGION, missing_key),
        WantedBucket("large", REGION, ALIAS_ARN, states=many),
        WantedBucket("near", REGION, ALIAS, states=STATES.states),
        WantedBucket("taken", REGION, None),
    )
    told = refused(session, *wanted).split("\n")
    large = next(each for each in told if each.startswith("bucket large: its policy for 39 accounts has "))
    assert large.endswith(
        " bytes; S3 takes 20480; give --organization-id, which lets the roles of all its accounts in, or spread states "
        "over several buckets"
    )
    told.remove(large)
    assert sorted(told) == [
        (
            f"KMS key {missing_key}: does not exist in {REGION}, or is closed to you; bootstrap makes keys by their "
            "alias in their own account and region; correct it, or name a key that is there"
        ),
        (
            f"bucket elsewhere: is in us-west-2, and its region is given as {REGION}; a bucket cannot be moved; "
            "correct the region"
        ),
        (
            f"bucket foreign: holds states of account {OTHER} and has no kms_key_id; S3's own key cannot be used from "
            "another account; set kms_key_id of the backend, such as arn:aws:kms:eu-west-1:123456789012:alias/rollouts"
        ),
        (
            f"bucket near: holds states of account {OTHER}, and its kms_key_id is alias/rollouts; S3 looks for what is "
            f"no ARN in the account of whoever writes (S3 API, PutObject); write {ALIAS_ARN}"
        ),
        (
            "bucket taken: is of another account, or closed to you; names of buckets are unique in all of AWS; choose "
            "another name, or use credentials of its account"
        ),
    ]
    assert {bucket["Name"] for bucket in client.list_buckets()["Buckets"]} == {"elsewhere"}
    organization = Reachers("aws", OWN, "plan", "apply", "o-a1b2c3d4e5")
    assert len(made(session, wanted[3], reachers=organization)) == 10


def test_a_key_that_is_to_be_deleted_is_refused(session: Any) -> None:
    kms = session.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName=ALIAS, TargetKeyId=key["KeyId"])
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    kms.close()
    assert refused(session, STATES) == (
        f"KMS key {ALIAS_ARN}: its state is PendingDeletion; an enabled key encrypts states and plans; enable it, or "
        "name another"
    )
