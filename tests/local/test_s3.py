"""The extension of S3: notifications, access logs, metrics."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, Clients

NAME = "acme-dev-orders-files"


def test_events_that_go_to_eventbridge_are_read_back(clients: Clients) -> None:
    s3 = clients("s3")
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": REGION})

    def read() -> set[str]:
        return set(s3.get_bucket_notification_configuration(Bucket=NAME)) - {"ResponseMetadata"}

    assert read() == set()
    s3.put_bucket_notification_configuration(Bucket=NAME, NotificationConfiguration={"EventBridgeConfiguration": {}})
    assert read() == {"EventBridgeConfiguration"}
    s3.put_bucket_notification_configuration(Bucket=NAME, NotificationConfiguration={})
    assert read() == set()


@pytest.mark.parametrize("listed", [True, False], ids=["lists", "text"])
def test_access_logs_go_to_a_bucket_whose_policy_lets_them_in(clients: Clients, *, listed: bool) -> None:
    s3 = clients("s3")
    for name in (NAME, "logs"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    status = {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "files/"}}
    with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
        s3.put_bucket_logging(Bucket=NAME, BucketLoggingStatus=status)

    def let_in(service: str, resource: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": [service] if listed else service},
            "Action": ["s3:PutObject"],
            "Resource": [resource] if listed else resource,
        }
        anybody = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [anybody, statement]}
        s3.put_bucket_policy(Bucket="logs", Policy=json.dumps(policy))

    for service, resource in (("delivery.logs.amazonaws.com", "files/*"), ("logging.s3.amazonaws.com", "other/*")):
        let_in(service, f"arn:aws:s3:::logs/{resource}")
        with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
            s3.put_bucket_logging(Bucket=NAME, BucketLoggingStatus=status)
    let_in("logging.s3.amazonaws.com", "arn:aws:s3:::logs/files/*")
    s3.put_bucket_logging(Bucket=NAME, BucketLoggingStatus=status)
    assert s3.get_bucket_logging(Bucket=NAME)["LoggingEnabled"]["TargetBucket"] == "logs"


def test_metrics_of_requests_come_and_go(clients: Clients) -> None:
    s3 = clients("s3")
    s3.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": REGION})
    configuration = {"Id": "EntireBucket"}
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_metrics_configuration(Bucket=NAME, Id="EntireBucket")
    s3.put_bucket_metrics_configuration(Bucket=NAME, Id="EntireBucket", MetricsConfiguration=configuration)
    read = s3.get_bucket_metrics_configuration(Bucket=NAME, Id="EntireBucket")
    assert read["MetricsConfiguration"] == configuration
    s3.delete_bucket_metrics_configuration(Bucket=NAME, Id="EntireBucket")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.delete_bucket_metrics_configuration(Bucket=NAME, Id="EntireBucket")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [NAME]
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.get_bucket_metrics_configuration(Bucket="another", Id="EntireBucket")
