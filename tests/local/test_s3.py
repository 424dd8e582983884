"""The extension of S3."""

from __future__ import annotations

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
