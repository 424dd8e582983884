"""Buckets with everything that a bucket can be asked for, and a function that uses one beside a file system."""

from __future__ import annotations

import json
from typing import Any

from modules.bucket import Bucket, BucketConfig
from modules.core.iam import Role
from modules.core.statements import service_trust
from modules.filesystem import FileSystem, FileSystemConfig
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic
from stacks.base import TargetStack
from tests.apply.harness import Applied, Prove

GONE = {"removal": "destroy", "removal_reason": "made by a test"}
FILES = {
    "noncurrent_version_days": 30,
    "expiration_days": 365,
    "eventbridge": True,
    "request_metrics": True,
    "object_lock": {"mode": "GOVERNANCE", "retention_days": 1},
    **GONE,
}
LOGS = {
    "noncurrent_version_days": None,
    "incomplete_upload_days": None,
    "sse_algorithm": "AES256",
    "sse_algorithm_reason": "access logs are delivered to no bucket with a KMS key",
    **GONE,
}
UNSCANNED = (
    "Checkov wants every bucket replicated to another region (CKV_AWS_144), and of the logs' bucket a KMS key, which "
    "access logs refuse (CKV_AWS_145)"
)
OFF = {"enabled": False, "reason": "no alarm is looked at"}
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
NAMES = {name: f"acme-dev-orders-{name}-123456789012-eu-west-1" for name in ("files", "logs")}


def build(stack: TargetStack) -> None:
    key = Key(stack, "key")
    logs = Bucket(stack, "logs", config=BucketConfig.parse(LOGS), key=key)
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    files = Bucket(stack, "files", config=BucketConfig.parse(FILES), key=key, access_logs=logs, alarm_topic=topic)
    stack.output("alarms", list(files.alarm_names), "Alarms of the bucket")
    role = Role(
        stack, "role", name="acme-dev-orders-reader", trust=service_trust("lambda.amazonaws.com"), statements=[]
    )
    files.grant_read(role, prefix="orders/")
    files.grant_read_write(role, prefix="drafts/")
    logs.grant_write(role)
    stack.output("key_arn", key.arn, "The key")
    _function(stack, key, files)


def _function(stack: TargetStack, key: Key, files: Bucket) -> None:
    zones = ["eu-west-1a", "eu-west-1b"]
    flows = {"destination": {"bucket_arn": files.allow_log_delivery(prefix="flow/"), "key_prefix": "flow"}}
    ranges = {"cidr": "10.20.0.0/16", "availability_zones": zones, "egress": "none"}
    plan = NetworkConfig.parse({**ranges, "flow_log": flows, "alarms": OFF})
    network = Network(stack, "network", config=plan, key=key)
    config = FileSystemConfig.parse({"access_points": {"orders": {"path": "/orders"}}, "alarms": OFF, **GONE})
    shared = FileSystem(stack, "shared", config=config, network=network, key=key)
    settings = FunctionConfig.parse({"code": CODE, "reserved_concurrency": 5, "alarms": OFF})
    api = Function(stack, "api", config=settings, network=network, key=key)
    api.connect_to(shared, access_point="orders", path="/mnt/orders", access="read")
    api.connect_to(files, access="write", prefix="orders/")
    stack.output("vpc_id", network.vpc_id, "The VPC")
    stack.output("shared_id", shared.file_system_id, "The file system")
    stack.output("shared_group", shared.security_group.id, "Its group")


def test_buckets_and_a_function_that_uses_one_beside_a_file_system(prove: Prove) -> None:
    with prove(build, unscanned_reason=UNSCANNED) as applied:
        s3 = applied.client("s3")
        for name in NAMES.values():
            _is_private_and_versioned(s3, name)
        _is_encrypted_with_the_stacks_key(applied, s3)
        _keeps_and_lets_go(s3)
        _denies_what_is_not_encrypted(applied, s3)
        _takes_logs(applied, s3)
        _is_watched(applied, s3)
        _lets_a_role_in(applied)
        _mounts_reads_and_writes(applied)


def _is_private_and_versioned(s3: Any, name: str) -> None:
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    (rule,) = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    assert rule == {"ObjectOwnership": "BucketOwnerEnforced"}
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
    assert (tags["stack"], tags["env"]) == ("orders", "dev")


def _is_encrypted_with_the_stacks_key(applied: Applied, s3: Any) -> None:
    def encryption(name: str) -> tuple[Any, ...]:
        found = s3.get_bucket_encryption(Bucket=NAMES[name])["ServerSideEncryptionConfiguration"]["Rules"]
        (rule,) = found
        default = rule["ApplyServerSideEncryptionByDefault"]
        return default["SSEAlgorithm"], default.get("KMSMasterKeyID"), rule["BucketKeyEnabled"]

    assert encryption("files") == ("aws:kms", applied.outputs["key_arn"], True)
    assert encryption("logs") == ("AES256", None, False)


def _keeps_and_lets_go(s3: Any) -> None:
    lock = s3.get_object_lock_configuration(Bucket=NAMES["files"])["ObjectLockConfiguration"]
    retention = lock["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Days"]) == ("GOVERNANCE", 1)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=NAMES["files"])["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    assert {
        rule["ID"]: {key: rule[key] for key in rule if key not in ("ID", "Status", "Filter")} for rule in rules
    } == {
        "noncurrent-versions": {
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
        },
        "incomplete-uploads": {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
        "expiration": {"Expiration": {"Days": 365}},
    }
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=NAMES["files"])


def _denies_what_is_not_encrypted(applied: Applied, s3: Any) -> None:
    algorithm, key_id = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
    denied = {
        sid: (statement["Action"], statement["Condition"])
        for sid, statement in _policy(s3, "files").items()
        if statement["Effect"] == "Deny"
    }
    assert denied == {
        "TlsOnly": (["s3:*"], {"Bool": {"aws:SecureTransport": ["false"]}}),
        "RecentTlsOnly": (["s3:*"], {"NumericLessThan": {"s3:TlsVersion": ["1.2"]}}),
        "KmsOnly": (
            ["s3:PutObject"],
            {"Null": {algorithm: ["false"]}, "StringNotEquals": {algorithm: ["aws:kms"]}},
        ),
        "OwnKeyOnly": (
            ["s3:PutObject"],
            {"Null": {key_id: ["false"]}, "StringNotEquals": {key_id: [applied.outputs["key_arn"]]}},
        ),
    }
    assert {sid for sid, found in _policy(s3, "logs").items() if found["Effect"] == "Deny"} == {
        "TlsOnly",
        "RecentTlsOnly",
    }


def _takes_logs(applied: Applied, s3: Any) -> None:
    logging = s3.get_bucket_logging(Bucket=NAMES["files"])["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == (NAMES["logs"], "files/")
    source = {"aws:SourceAccount": ["123456789012"]}
    assert _policy(s3, "logs")["AccessLogOfFiles"] == {
        "Sid": "AccessLogOfFiles",
        "Effect": "Allow",
        "Principal": {"Service": ["logging.s3.amazonaws.com"]},
        "Action": ["s3:PutObject"],
        "Resource": [f"arn:aws:s3:::{NAMES['logs']}/files/*"],
        "Condition": {
            "ArnLike": {"aws:SourceArn": [f"arn:aws:s3:::{NAMES['files']}"]},
            "StringEquals": source,
        },
    }
    writes = _policy(s3, "files")["LogDeliveryWrites"]
    assert writes["Resource"] == [
        f"arn:aws:s3:::{NAMES['files']}/flow/AWSLogs/{owner}123456789012/*" for owner in ("", "aws-account-id=")
    ]
    from_logs = {"ArnLike": {"aws:SourceArn": ["arn:aws:logs:eu-west-1:123456789012:*"]}}
    assert writes["Condition"] == {
        "StringEquals": {"s3:x-amz-acl": ["bucket-owner-full-control"], **source},
        **from_logs,
    }
    (flow_log,) = applied.client("ec2").describe_flow_logs()["FlowLogs"]
    assert flow_log["LogDestination"] == f"arn:aws:s3:::{NAMES['files']}/flow"
    kms = applied.client("kms")
    text = kms.get_key_policy(KeyId=applied.outputs["key_arn"], PolicyName="default")["Policy"]
    (encrypts,) = [found for found in json.loads(text)["Statement"] if found["Sid"] == "LogDeliveryEncrypts"]
    assert encrypts["Condition"] == {"StringEquals": source, **from_logs}


def _is_watched(applied: Applied, s3: Any) -> None:
    metrics = s3.get_bucket_metrics_configuration(Bucket=NAMES["files"], Id="EntireBucket")["MetricsConfiguration"]
    assert metrics == {"Id": "EntireBucket"}
    alarms = applied.client("cloudwatch").describe_alarms(AlarmNames=applied.outputs["alarms"])["MetricAlarms"]
    assert {alarm["MetricName"] for alarm in alarms} == {"4xxErrors", "5xxErrors"}
    for alarm in alarms:
        dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
        assert dimensions == {"BucketName": NAMES["files"], "FilterId": "EntireBucket"}


def _lets_a_role_in(applied: Applied) -> None:
    document = applied.client("iam").get_role_policy(
        RoleName="acme-dev-orders-reader", PolicyName="acme-dev-orders-reader"
    )["PolicyDocument"]
    files, logs = (f"arn:aws:s3:::{NAMES[name]}" for name in ("files", "logs"))
    assert [
        (statement["Action"], statement["Resource"])
        for statement in document["Statement"]
        if "kms:Decrypt" not in statement["Action"]
    ] == [
        (["s3:GetObject", "s3:GetObjectVersion"], [f"{files}/orders/*"]),
        (["s3:ListBucket"], [files]),
        (["s3:GetObject", "s3:GetObjectVersion"], [f"{files}/drafts/*"]),
        (["s3:ListBucket"], [files]),
        (WRITES, [f"{files}/drafts/*"]),
        (WRITES, [f"{logs}/*"]),
    ]
    listed = [found["Condition"] for found in document["Statement"] if found["Action"] == ["s3:ListBucket"]]
    assert listed == [{"StringLike": {"s3:prefix": [prefix, f"{prefix}*"]}} for prefix in ("orders/", "drafts/")]
    keys = {found["Sid"]: found for found in document["Statement"] if "kms:Decrypt" in found["Action"]}
    assert {sid: found["Action"] for sid, found in keys.items()} == {
        "DecryptFiles": ["kms:Decrypt"],
        "EncryptFiles": ["kms:Decrypt", "kms:GenerateDataKey"],
    }
    assert keys["DecryptFiles"]["Resource"] == [applied.outputs["key_arn"]]
    assert keys["DecryptFiles"]["Condition"] == {
        "StringEquals": {"kms:ViaService": ["s3.eu-west-1.amazonaws.com"]},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [files, f"{files}/*"]},
    }


def _mounts_reads_and_writes(applied: Applied) -> None:
    name = "acme-dev-orders-api"
    function = applied.client("lambda").get_function_configuration(FunctionName=name)
    efs, ec2 = applied.client("efs"), applied.client("ec2")
    (system,) = efs.describe_file_systems(FileSystemId=applied.outputs["shared_id"])["FileSystems"]
    (point,) = efs.describe_access_points(FileSystemId=applied.outputs["shared_id"])["AccessPoints"]
    assert function["FileSystemConfigs"] == [{"Arn": point["AccessPointArn"], "LocalMountPath": "/mnt/orders"}]
    assert function["Environment"]["Variables"] == {"FILES_BUCKET": NAMES["files"]}

    document = applied.client("iam").get_role_policy(RoleName=name, PolicyName=name)["PolicyDocument"]
    statements = {statement["Sid"]: statement for statement in document["Statement"]}
    assert statements["MountSharedOrdersReadOnly"] == {
        "Sid": "MountSharedOrdersReadOnly",
        "Effect": "Allow",
        "Action": ["elasticfilesystem:ClientMount"],
        "Resource": [system["FileSystemArn"]],
        "Condition": {"StringEquals": {"elasticfilesystem:AccessPointArn": [point["AccessPointArn"]]}},
    }
    (writes,) = [statement for sid, statement in statements.items() if sid.startswith("WriteFilesOrders")]
    assert (writes["Action"], writes["Resource"]) == (WRITES, [f"arn:aws:s3:::{NAMES['files']}/orders/*"])
    assert "EncryptFiles" in statements
    assert not [sid for sid in statements if sid.startswith(("ReadFiles", "ListFiles"))]

    (group,) = function["VpcConfig"]["SecurityGroupIds"]
    rules = ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group, applied.outputs["shared_group"]]}]
    )["SecurityGroupRules"]
    into = [rule for rule in rules if not rule["IsEgress"]]
    assert [(rule["GroupId"], rule["ReferencedGroupInfo"]["GroupId"], rule["FromPort"]) for rule in into] == [
        (applied.outputs["shared_group"], group, 2049)
    ]
    out = {rule["Description"]: rule for rule in rules if rule["IsEgress"]}
    assert set(out) == {"to shared", "to s3"}
    assert out["to shared"]["ReferencedGroupInfo"]["GroupId"] == applied.outputs["shared_group"]
    (prefixes,) = ec2.describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.eu-west-1.s3"]}]
    )["PrefixLists"]
    assert (out["to s3"]["PrefixListId"], out["to s3"]["ToPort"]) == (prefixes["PrefixListId"], 443)


WRITES = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"]


def _policy(s3: Any, name: str) -> dict[str, dict[str, Any]]:
    statements = json.loads(s3.get_bucket_policy(Bucket=NAMES[name])["Policy"])["Statement"]
    return {statement["Sid"]: statement for statement in statements}
