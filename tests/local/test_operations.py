"""The extensions of SQS, CloudWatch, CloudWatch Logs, KMS and Service Quotas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, Clients

KEY = f"arn:aws:kms:{REGION}:123456789012:key/11111111-1111-1111-1111-111111111111"
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}],
    }
)


def attributes(client: Any, url: str) -> dict[str, str]:
    found: dict[str, str] = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return found


def test_a_queue_keeps_its_policy_when_another_attribute_changes(clients: Clients) -> None:
    client = clients("sqs")
    url = client.create_queue(QueueName="q", Attributes={"Policy": POLICY})["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    assert (attributes(client, url)["Policy"], attributes(client, url)["VisibilityTimeout"]) == (POLICY, "60")
    client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Policy" not in attributes(client, url)


@pytest.mark.parametrize(("key", "own"), [("", "true"), (KEY, "false")])
def test_a_queue_is_encrypted_with_one_key(clients: Clients, key: str, own: str) -> None:
    client = clients("sqs")
    url = client.create_queue(QueueName="q", Attributes={"KmsMasterKeyId": key})["QueueUrl"]
    assert attributes(client, url)["SqsManagedSseEnabled"] == own


def test_redrive_policies_are_written_as_aws_writes_them(clients: Clients) -> None:
    client = clients("sqs")
    target = client.create_queue(QueueName="dlq")["QueueUrl"]
    arn = attributes(client, target)["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    url = client.create_queue(QueueName="q", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    assert attributes(client, url)["RedrivePolicy"] == (f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":3}}')


def test_redrive_allow_policies_are_kept_and_removed(clients: Clients) -> None:
    client = clients("sqs")
    url = client.create_queue(QueueName="dlq")["QueueUrl"]
    allow = '{"redrivePermission":"denyAll"}'
    client.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": allow})
    named = client.get_queue_attributes(QueueUrl=url, AttributeNames=["RedriveAllowPolicy"])
    assert named["Attributes"] == {"RedriveAllowPolicy": allow}
    client.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": ""})
    assert "RedriveAllowPolicy" not in attributes(client, url)


def metric_alarm(client: Any, threshold: float) -> None:
    client.put_metric_alarm(
        AlarmName="errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=threshold,
        ComparisonOperator="GreaterThanThreshold",
    )


def test_an_alarm_starts_without_data_and_keeps_its_state_when_changed(clients: Clients) -> None:
    client = clients("cloudwatch")

    def read() -> tuple[str, float]:
        found = client.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]
        return found["StateValue"], found["Threshold"]

    metric_alarm(client, 1.0)
    assert read() == ("INSUFFICIENT_DATA", 1.0)
    client.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="r")
    metric_alarm(client, 2.0)
    assert read() == ("ALARM", 2.0)


def test_a_composite_alarm_is_made_changed_and_deleted(clients: Clients) -> None:
    client = clients("cloudwatch")
    topic = f"arn:aws:sns:{REGION}:123456789012:t"
    rule = {"AlarmName": "down", "AlarmRule": 'ALARM("errors")'}
    client.put_composite_alarm(
        **rule,
        AlarmDescription="d",
        AlarmActions=[topic],
        OKActions=[topic],
        ActionsSuppressor="maintenance",
        ActionsSuppressorWaitPeriod=60,
        ActionsSuppressorExtensionPeriod=30,
        Tags=[{"Key": "Team", "Value": "orders"}],
    )

    def read() -> dict[str, Any]:
        found: dict[str, Any] = client.describe_alarms(AlarmNames=["down"], AlarmTypes=["CompositeAlarm"])[
            "CompositeAlarms"
        ][0]
        return found

    made = read()
    expected = {
        **rule,
        "AlarmDescription": "d",
        "AlarmActions": [topic],
        "OKActions": [topic],
        "InsufficientDataActions": [],
        "ActionsEnabled": True,
        "ActionsSuppressor": "maintenance",
        "ActionsSuppressorWaitPeriod": 60,
        "ActionsSuppressorExtensionPeriod": 30,
        "StateValue": "INSUFFICIENT_DATA",
    }
    assert {name: made[name] for name in expected} == expected
    assert client.list_tags_for_resource(ResourceARN=made["AlarmArn"])["Tags"] == [{"Key": "Team", "Value": "orders"}]
    client.put_composite_alarm(AlarmName="down", AlarmRule="TRUE", ActionsEnabled=False)
    changed = read()
    assert (changed["AlarmRule"], changed["ActionsEnabled"], changed["AlarmActions"]) == ("TRUE", False, [])
    client.delete_alarms(AlarmNames=["down"])
    assert client.describe_alarms(AlarmNames=["down"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


@pytest.mark.parametrize("group_class", ["STANDARD", "INFREQUENT_ACCESS"])
def test_a_log_group_keeps_its_class(clients: Clients, group_class: str) -> None:
    client = clients("logs")
    client.create_log_group(logGroupName="g", logGroupClass=group_class)
    assert client.describe_log_groups()["logGroups"][0]["logGroupClass"] == group_class


def test_a_log_group_is_of_the_standard_class_by_default(clients: Clients) -> None:
    client = clients("logs")
    client.create_log_group(logGroupName="g")
    assert client.describe_log_groups()["logGroups"][0]["logGroupClass"] == "STANDARD"


@pytest.mark.parametrize(
    "named",
    [
        {"logGroupName": "g"},
        {"resourceIdentifier": f"arn:aws:logs:{REGION}:123456789012:log-group:g"},
    ],
)
def test_a_log_group_is_given_a_key_and_takes_it_back(clients: Clients, named: dict[str, str]) -> None:
    client = clients("logs")
    client.create_log_group(logGroupName="g")
    client.associate_kms_key(**named, kmsKeyId=KEY)
    assert client.describe_log_groups()["logGroups"][0]["kmsKeyId"] == KEY
    client.disassociate_kms_key(**named)
    assert "kmsKeyId" not in client.describe_log_groups()["logGroups"][0]


def test_an_unknown_log_group_gets_no_key(clients: Clients) -> None:
    client = clients("logs")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.associate_kms_key(logGroupName="none", kmsKeyId=KEY)
    assert caught.value.response["Error"]["Message"] == "The specified log group does not exist."


def test_a_key_keeps_its_rotation_period(clients: Clients) -> None:
    client = clients("kms")
    key = client.create_key()["KeyMetadata"]
    assert client.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is False
    client.enable_key_rotation(KeyId=key["KeyId"])
    assert client.get_key_rotation_status(KeyId=key["KeyId"])["RotationPeriodInDays"] == 365
    client.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=180)
    status = client.get_key_rotation_status(KeyId=key["Arn"])
    assert (status["RotationPeriodInDays"], status["KeyId"]) == (180, key["Arn"])
    assert (status["NextRotationDate"] - key["CreationDate"]).days == 180
    client.disable_key_rotation(KeyId=key["KeyId"])
    assert "RotationPeriodInDays" not in client.get_key_rotation_status(KeyId=key["KeyId"])


def test_lambdas_quotas_are_known(clients: Clients) -> None:
    client = clients("service-quotas")
    by_code = {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384"}
    assert client.get_service_quota(**by_code)["Quota"]["Value"] == 1000.0
    assert client.get_aws_default_service_quota(**by_code)["Quota"]["QuotaName"] == "Concurrent executions"
    listed = client.list_service_quotas(ServiceCode="lambda")["Quotas"]
    assert listed == client.list_aws_default_service_quotas(ServiceCode="lambda")["Quotas"]
    assert {each["QuotaCode"] for each in listed} == {"L-B99A9384", "L-9FEE3D26", "L-2ACBD22F"}
    [addresses] = client.list_service_quotas(ServiceCode="ec2")["Quotas"]
    assert (addresses["QuotaCode"], addresses["Value"]) == ("L-0263D0A3", 5.0)
    assert [each["ServiceCode"] for each in client.list_services()["Services"]] == ["ec2", "lambda", "vpc"]


@pytest.mark.parametrize("service", ["lambda", "vpc", "none"])
def test_an_unknown_quota_is_an_error(clients: Clients, service: str) -> None:
    with pytest.raises(ClientError) as caught:
        clients("service-quotas").get_service_quota(ServiceCode=service, QuotaCode="L-00000000")
    assert caught.value.response["Error"]["Code"] == "NoSuchResourceException"


def test_signing_profiles_are_listed_and_cancelled_ones_only_when_asked_for(clients: Clients) -> None:
    signer = clients("signer")
    for name in ("kept", "gone"):
        signer.put_signing_profile(profileName=name, platformId="AWSLambda-SHA384-ECDSA")
    signer.cancel_signing_profile(profileName="gone")
    assert [p["profileName"] for p in signer.list_signing_profiles()["profiles"]] == ["kept"]
    listed = signer.list_signing_profiles(includeCanceled=True)["profiles"]
    assert {p["profileName"]: p["status"] for p in listed} == {"kept": "Active", "gone": "Canceled"}
