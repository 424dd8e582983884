"""What only the constructs of buckets can refuse, and what they tell a function."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.bucket import Bucket, BucketConfig, ExistingBucket
from modules.core.statements import Statement
from modules.key import Key
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal, target

pytestmark = pytest.mark.synth
LOGS = BucketConfig(sse_algorithm="AES256", sse_algorithm_reason="access logs")
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"


def synthesized(stack: TargetStack, kind: str) -> dict[str, Any]:
    """The only resource of a kind."""
    (found,) = stack.to_terraform()["resource"][kind].values()
    resource: dict[str, Any] = found
    return resource


def test_a_bucket_is_kept_unless_it_is_said_to_go(stack: TargetStack, key: Key) -> None:
    Bucket(stack, "files", key=key)
    bucket = synthesized(stack, "aws_s3_bucket")
    assert bucket["lifecycle"] == {"prevent_destroy": True}
    assert bucket["force_destroy"] is False
    assert bucket["bucket"] == "acme-dev-orders-files-123456789012-eu-west-1"


def test_a_bucket_that_goes_takes_its_objects_with_it(stack: TargetStack, key: Key) -> None:
    Bucket(stack, "files", config=BucketConfig(removal="destroy", removal_reason="a trial"), key=key)
    bucket = synthesized(stack, "aws_s3_bucket")
    assert "lifecycle" not in bucket
    assert bucket["force_destroy"] is True


def test_alarms_that_tell_nobody(stack: TargetStack, key: Key) -> None:
    config = BucketConfig(request_metrics=True)
    assert refusal(lambda: Bucket(stack, "files", config=config, key=key)) == (
        "dev-main-eu-west-1-orders/files: alarm_topic is missing; alarms are on, and an alarm that tells nobody is "
        "none; pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_without_request_metrics_there_is_nothing_to_watch(stack: TargetStack, key: Key) -> None:
    assert Bucket(stack, "files", key=key).alarm_names == ()


def test_a_long_name_is_cut_and_still_its_own(tmp_path: Path) -> None:
    long = {"org": "a" * 16, "env": "e" * 16, "stack": "s" * 31}
    names = set()
    for region in ("eu-west-1", "eu-west-2"):
        stack = TargetStack(App(outdir=str(tmp_path)), target(region=region, **long))
        Bucket(stack, "files", key=Key(stack, "key"))
        names.add(synthesized(stack, "aws_s3_bucket")["bucket"])
    assert {len(name) for name in names} == {63}
    assert len(names) == 2


def test_a_name_that_s3_reserves(tmp_path: Path) -> None:
    stack = TargetStack(App(outdir=str(tmp_path)), target(org="sthree"))
    assert refusal(lambda: Bucket(stack, "files", key=Key(stack, "key"))) == (
        "dev-main-eu-west-1-orders/files: the bucket's name would be "
        '"sthree-dev-orders-files-123456789012-eu-west-1"; S3 reserves names that begin with amzn-s3-demo- or sthree- '
        "(S3 guide); choose another org or env"
    )


def test_access_logs_to_a_bucket_with_a_kms_key(stack: TargetStack, key: Key) -> None:
    logs = Bucket(stack, "logs", key=key)
    assert refusal(lambda: Bucket(stack, "files", key=key, access_logs=logs)) == (
        "dev-main-eu-west-1-orders/logs: a KMS key encrypts the bucket; S3 delivers access logs to no such bucket (S3 "
        "guide); choose one with sse_algorithm AES256"
    )


def test_what_logs_are_delivered_to_waits_for_the_policy(stack: TargetStack, key: Key) -> None:
    arn = Bucket(stack, "logs", key=key).allow_log_delivery(prefix="flow/")
    stack.output("destination", arn, "Where logs go")
    document = stack.to_terraform()
    (policy,) = document["resource"]["aws_s3_bucket_policy"]
    assert document["output"]["destination"]["value"] == f"arn:aws:s3:::${{aws_s3_bucket_policy.{policy}.bucket}}"


def test_logs_below_what_is_no_folder(stack: TargetStack, key: Key) -> None:
    logs = Bucket(stack, "logs", key=key)
    assert refusal(lambda: logs.allow_log_delivery(prefix="flow")) == (
        'dev-main-eu-west-1-orders/logs: prefix is "flow"; it ends in / and does not begin with it, so that it names '
        "one folder, and has none of * ? $ (IAM guide); correct it, such as orders/"
    )


def test_access_logs_to_an_existing_bucket_with_a_kms_key(stack: TargetStack, key: Key) -> None:
    logs = Bucket.from_existing(stack, "logs", name="acme-logs", key_arn=KEY_ARN)
    assert refusal(lambda: Bucket(stack, "files", key=key, access_logs=logs)) == (
        "dev-main-eu-west-1-orders/logs: a KMS key encrypts the bucket; S3 delivers access logs to no such bucket (S3 "
        "guide); choose one with sse_algorithm AES256"
    )


def test_logs_below_two_folders(stack: TargetStack, key: Key) -> None:
    logs = Bucket(stack, "logs", key=key)
    for _ in range(2):
        logs.allow_log_delivery(prefix="flow/")
    assert refusal(lambda: logs.allow_log_delivery(prefix="dns/")) == (
        'dev-main-eu-west-1-orders/logs: logs are to be delivered below "dns/"; they are delivered below "flow/" '
        "already, each to a folder of its account and source; name the same prefix, or another bucket"
    )


def test_several_buckets_send_their_access_logs_to_one(stack: TargetStack, key: Key) -> None:
    logs = Bucket(stack, "logs", config=LOGS, key=key)
    for name in ("files", "drafts"):
        Bucket(stack, name, key=key, access_logs=logs)
    (policy,) = (
        json.loads(each["policy"])
        for each in stack.to_terraform()["resource"]["aws_s3_bucket_policy"].values()
        if "AccessLog" in each["policy"]
    )
    allowed = [statement["Sid"] for statement in policy["Statement"] if statement["Effect"] == "Allow"]
    assert allowed == ["AccessLogOfFiles", "AccessLogOfDrafts"]


def test_what_a_function_needs(stack: TargetStack, key: Key) -> None:
    files = Bucket(stack, "order-files", key=key)
    connection = files.connection(access="read_write", prefix="orders/")
    assert connection.services == ("s3",)
    assert (connection.security_group, connection.prefix_list_id) == (None, "")
    assert connection.environment == {"ORDER_FILES_BUCKET": files.name}
    assert connection.dependencies == files.dependencies
    assert [statement.sid for statement in connection.statements] == [
        "ReadOrderFilesOrders56af90", "ListOrderFilesOrders56af90", "WriteOrderFilesOrders56af90",
        "DecryptOrderFiles", "EncryptOrderFiles",
    ]  # fmt: skip
    assert files.connection(environment_name="FILES").environment == {"FILES": files.name}
    assert [statement.sid for statement in files.connection().statements] == [
        "ReadOrderFiles", "ListOrderFiles", "DecryptOrderFiles",
    ]  # fmt: skip


def test_prefixes_that_read_alike_are_told_apart(stack: TargetStack, key: Key) -> None:
    files = Bucket(stack, "files", key=key)
    sids = {files.connection(prefix=prefix).statements[0].sid for prefix in ("a-b/", "a/b/", "a_b/")}
    assert len(sids) == 3


def test_access_and_prefix_are_refused(stack: TargetStack, key: Key) -> None:
    files = Bucket(stack, "files", key=key)
    assert refusal(lambda: files.connection(access="all")) == (
        'dev-main-eu-west-1-orders/files: access is "all"; it is one of read, write, read_write; choose one of them'
    )
    assert refusal(lambda: files.grant_read(Granted(), prefix="orders")) == (
        'dev-main-eu-west-1-orders/files: prefix is "orders"; it ends in / and does not begin with it, so that it '
        "names one folder, and has none of * ? $ (IAM guide); correct it, such as orders/"
    )


class Granted:
    """A role that remembers."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def grant(self, *statements: Statement) -> None:
        self.statements.extend(statements)


class Runs:
    """Something with a role."""

    def __init__(self) -> None:
        self.role = Granted()


def test_a_role_or_what_has_one_is_granted(stack: TargetStack, key: Key) -> None:
    files = Bucket(stack, "files", key=key)
    role, runs = Granted(), Runs()
    files.grant_write(role)
    files.grant_write(runs)
    assert role.statements == runs.role.statements != []


def test_a_bucket_as_a_destination(stack: TargetStack, key: Key) -> None:
    files = Bucket(stack, "files", key=key)
    destination = files.destination()
    assert (destination.kind, destination.arn) == ("s3", files.arn)
    assert [statement.actions for statement in destination.statements] == [
        ("s3:ListBucket",),
        ("s3:PutObject",),
        ("kms:Decrypt", "kms:GenerateDataKey"),
    ]
    assert destination.dependencies == files.dependencies


def test_an_existing_bucket_is_used_like_an_owned_one(stack: TargetStack) -> None:
    files = Bucket.from_existing(stack, "files", name="acme-files", key_arn=KEY_ARN)
    read, listed, decrypt = files.connection().statements
    assert read.resources == ("arn:aws:s3:::acme-files/*",)
    assert listed.resources == ("arn:aws:s3:::acme-files",)
    assert decrypt.resources == (KEY_ARN,)
    assert files.connection().environment == {"FILES_BUCKET": "acme-files"}
    plain = Bucket.from_existing(stack, "plain", name="acme-plain")
    assert [statement.sid for statement in plain.connection().statements] == ["ReadPlain", "ListPlain"]


def test_an_existing_bucket_takes_logs_when_its_owner_lets_it(stack: TargetStack, key: Key) -> None:
    def existing(name: str, *, accepts: bool) -> ExistingBucket:
        return Bucket.from_existing(stack, name, name=f"acme-{name}", accepts_log_delivery=accepts)

    assert existing("logs", accepts=True).allow_log_delivery() == "arn:aws:s3:::acme-logs"
    assert refusal(existing("files", accepts=False).allow_log_delivery) == (
        'dev-main-eu-west-1-orders/files: logs are to be delivered to "acme-files/"; the bucket\'s policy is its '
        "owner's, and must let delivery.logs.amazonaws.com write (VPC guide); set accepts_log_delivery once it does"
    )
    Bucket(stack, "drafts", key=key, access_logs=existing("access-logs", accepts=True))
    assert synthesized(stack, "aws_s3_bucket_logging")["target_bucket"] == "acme-access-logs"


@pytest.mark.parametrize("name", ["Acme", "a", "acme..files", "10.0.0.1", "acme_files"])
def test_an_existing_bucket_by_a_wrong_name(stack: TargetStack, name: str) -> None:
    assert refusal(lambda: Bucket.from_existing(stack, "files", name=name)) == (
        f'dev-main-eu-west-1-orders/files: name is "{name}"; an S3 bucket name has 3 to 63 lowercase letters, digits, '
        "hyphens and single dots, and is no address; write the bucket's name"
    )


def test_an_existing_bucket_with_a_key_that_is_none(stack: TargetStack) -> None:
    assert refusal(lambda: Bucket.from_existing(stack, "files", name="acme-files", key_arn="alias/files")) == (
        'dev-main-eu-west-1-orders/files: key_arn is "alias/files"; a KMS key\'s ARN reads like '
        "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
    )


def test_an_existing_bucket_is_refused_with_every_problem(stack: TargetStack) -> None:
    assert refusal(lambda: Bucket.from_existing(stack, "files", name="a", key_arn="alias/files")) == (
        'dev-main-eu-west-1-orders/files: name is "a"; an S3 bucket name has 3 to 63 lowercase letters, digits, '
        "hyphens and single dots, and is no address; write the bucket's name\n"
        'dev-main-eu-west-1-orders/files: key_arn is "alias/files"; a KMS key\'s ARN reads like '
        "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
    )


def test_a_bucket_known_only_later_is_not_judged(stack: TargetStack) -> None:
    assert Bucket.from_existing(stack, "files", name="${aws_s3_bucket.files.id}").name == "${aws_s3_bucket.files.id}"
