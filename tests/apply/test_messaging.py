"""Queue, topic, bus and stream with what they can be asked for, and a function for each."""

from __future__ import annotations

import json
from typing import Any

from modules.bus import Bus, BusConfig
from modules.core.connections import Connectable
from modules.core.iam import Role
from modules.core.statements import service_trust
from modules.queue import Queue, QueueConfig
from modules.stream import Stream, StreamConfig
from modules.topic import Topic, TopicConfig
from stacks.base import TargetStack
from tests.apply.function_base import NAME, base
from tests.apply.harness import Applied, Prove

ENDPOINTS = {"interface": ["events", "kinesis-streams", "sns", "sqs"], "subnet_attachment": "inline"}
GONE = {"removal": "destroy", "removal_reason": "made by a test"}
OTHER, ORGANIZATION = "210987654321", "o-a1b2c3d4e5"
ACCOUNT_ARN = "arn:aws:{}:eu-west-1:123456789012:{}"
SMALL = {"reserved_concurrency": 1, "alarms": {"enabled": False, "reason": "its store's alarms are looked at"}}


def build(stack: TargetStack, *, retention_hours: int = 48) -> None:
    there = base(stack, endpoints=ENDPOINTS)
    parts: dict[str, Any] = {"key": there.key, "alarm_topic": there.topic}

    orders = Queue(stack, "orders", config=QueueConfig(max_message_bytes=65_536, delay_seconds=5), **parts)
    ordered = {"content_based_deduplication": True, "high_throughput": True}
    fifo = Queue(stack, "ordered", config=QueueConfig.parse({"fifo": ordered}), **parts)
    told = Topic(
        stack,
        "told",
        config=TopicConfig.parse(
            {
                "display_name": "Orders",
                "email_subscriptions": ["orders@example.com"],
                "delivery_log": {"success_sample_percent": 10},
            }
        ),
        **parts,
    )
    told.subscribe(orders, filter_policy={"kind": ["order", "return"]}, raw=True)
    told.allow_service("s3.amazonaws.com", source="uploads", source_arn="arn:aws:s3:::uploads")
    in_order = Topic(stack, "in-order", config=TopicConfig.parse({"fifo": ordered}), **parts)
    in_order.subscribe(fifo)
    bus = Bus(
        stack,
        "events",
        config=BusConfig.parse(
            {
                "description": "What happens to orders",
                "put_events_accounts": [OTHER],
                "put_events_organization_id": ORGANIZATION,
                "archive": {"event_pattern": {"source": ["orders"]}, "retention_days": 7},
                **GONE,
            }
        ),
        **parts,
    )
    stream = Stream(
        stack,
        "records",
        config=StreamConfig.parse(
            {
                "provisioned": {"shards": 2},
                "retention_hours": retention_hours,
                "shard_level_metrics": ["IncomingBytes", "IteratorAgeMilliseconds"],
                "consumers": ["audit", "search"],
                "reader_accounts": [OTHER],
                **GONE,
            }
        ),
        **parts,
    )
    Stream(stack, "clicks", config=StreamConfig.parse(GONE), **parts)

    uses: dict[str, tuple[Connectable, str]] = {
        "worker": (orders, "send_consume"), "teller": (told, "publish"), "source": (bus, "put_events"),
        "reader": (stream, "read_write"),
    }  # fmt: skip
    letters = {"kind": "existing", "arn": told.arn, "service": "sns", "kms_key_arn": there.key.arn}
    for name, (store, access) in uses.items():
        function = there.function(name, {**SMALL, "asynchronous": {"dead_letters": letters}})
        function.connect_to(store, access=access)
    role = Role(stack, "admin", name=NAME.format("admin"), trust=service_trust("ec2.amazonaws.com"), statements=[])
    orders.grant_purge(role)
    fifo.grant_consume(role)
    in_order.grant_publish(role)
    stream.grant_write(role)
    stack.output("urls", [orders.url, fifo.url], "The queues' URLs")
    stack.output("topics", [told.arn, in_order.arn], "The topics' ARNs")
    stack.output("alarms", sorted(n for each in (orders, fifo, told, bus, stream) for n in each.alarm_names), "Alarms")


def test_queue_topic_bus_and_stream_with_a_function_for_each(prove: Prove) -> None:
    with prove(build) as applied:
        _queues(applied)
        _topics(applied)
        _bus(applied)
        _streams(applied)
        _functions(applied)
        _alarms(applied)
        plan = applied.plan_of(lambda stack: build(stack, retention_hours=72))
        changed = [change.address for change in plan.resource_changes if not change.is_quiet]
        assert [address.partition(".")[0] for address in changed] == ["aws_kinesis_stream"]


def _attributes(applied: Applied, name: str) -> dict[str, Any]:
    sqs = applied.client("sqs")
    url = sqs.get_queue_url(QueueName=NAME.format(name))["QueueUrl"]
    found: dict[str, Any] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return found


def _queues(applied: Applied) -> None:
    orders, letters = _attributes(applied, "orders"), _attributes(applied, "orders-dead-letters")
    assert {name: orders[name] for name in (
        "VisibilityTimeout", "DelaySeconds", "MaximumMessageSize", "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds", "KmsDataKeyReusePeriodSeconds",
    )} == {
        "VisibilityTimeout": "180", "DelaySeconds": "5", "MaximumMessageSize": "65536",
        "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "20",
        "KmsDataKeyReusePeriodSeconds": "300",
    }  # fmt: skip
    assert json.loads(orders["RedrivePolicy"]) == {"deadLetterTargetArn": letters["QueueArn"], "maxReceiveCount": 5}
    assert json.loads(letters["RedriveAllowPolicy"]) == {
        "redrivePermission": "byQueue", "sourceQueueArns": [orders["QueueArn"]],
    }  # fmt: skip
    assert letters["MessageRetentionPeriod"] == "1209600"
    assert orders["KmsMasterKeyId"] == letters["KmsMasterKeyId"]
    policy = {each["Sid"]: each for each in json.loads(orders["Policy"])["Statement"]}
    assert policy["DenyPlainHttp"]["Condition"] == {"Bool": {"aws:SecureTransport": ["false"]}}
    sends = policy["SnsSendsTold"]
    assert (sends["Principal"], sends["Action"]) == ({"Service": ["sns.amazonaws.com"]}, ["sqs:SendMessage"])
    assert sends["Condition"] == {"ArnLike": {"aws:SourceArn": [ACCOUNT_ARN.format("sns", NAME.format("told"))]}}
    fifo = _attributes(applied, "ordered.fifo")
    assert {name: fifo[name] for name in (
        "FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit",
    )} == {
        "FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
    }  # fmt: skip
    assert _attributes(applied, "ordered-dead-letters.fifo")["FifoQueue"] == "true"


def _topics(applied: Applied) -> None:
    sns, sqs = applied.client("sns"), applied.client("sqs")
    told, in_order = applied.outputs["topics"]
    attributes = sns.get_topic_attributes(TopicArn=told)["Attributes"]
    assert (attributes["DisplayName"], attributes["SignatureVersion"]) == ("Orders", "2")
    policy = {each["Sid"]: each for each in json.loads(attributes["Policy"])["Statement"]}
    assert set(policy) == {"DenyPlainHttp", "S3PublishesUploads"}
    assert policy["S3PublishesUploads"]["Condition"] == {
        "ArnLike": {"aws:SourceArn": ["arn:aws:s3:::uploads"]}, "StringEquals": {"aws:SourceAccount": ["123456789012"]},
    }  # fmt: skip
    role = applied.client("iam").get_role(RoleName=NAME.format("told-delivery-log"))["Role"]["Arn"]
    for protocol in ("HTTP", "Lambda", "SQS"):
        assert attributes[f"{protocol}FailureFeedbackRoleArn"] == role
        assert attributes[f"{protocol}SuccessFeedbackSampleRate"] == "10"
    groups = applied.client("logs").describe_log_groups(logGroupNamePrefix="sns/")["logGroups"]
    path = f"sns/eu-west-1/123456789012/{NAME.format('told')}"
    assert {group["logGroupName"]: group["retentionInDays"] for group in groups} == {path: 365, f"{path}/Failure": 365}

    by_protocol = {each["Protocol"]: each for each in sns.list_subscriptions_by_topic(TopicArn=told)["Subscriptions"]}
    assert by_protocol["email"]["Endpoint"] == "orders@example.com"
    found = sns.get_subscription_attributes(SubscriptionArn=by_protocol["sqs"]["SubscriptionArn"])["Attributes"]
    assert (found["RawMessageDelivery"], found["FilterPolicyScope"]) == ("true", "MessageAttributes")
    letters = _attributes(applied, "told-dead-letters")
    assert json.loads(found["RedrivePolicy"]) == {"deadLetterTargetArn": letters["QueueArn"]}
    assert "SnsSendsTold" in letters["Policy"]

    url = applied.outputs["urls"][0]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
    for kind in ("order", "parcel"):
        sns.publish(
            TopicArn=told, Message=kind, MessageAttributes={"kind": {"DataType": "String", "StringValue": kind}}
        )
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0)["Messages"]
    assert [message["Body"] for message in messages] == ["order"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})

    ordered = sns.get_topic_attributes(TopicArn=in_order)["Attributes"]
    assert (ordered["FifoTopic"], ordered["FifoThroughputScope"]) == ("true", "MessageGroup")
    sns.publish(TopicArn=in_order, Message="first", MessageGroupId="one")
    [message] = sqs.receive_message(QueueUrl=applied.outputs["urls"][1], WaitTimeSeconds=0)["Messages"]
    assert json.loads(message["Body"])["Message"] == "first"


def _bus(applied: Applied) -> None:
    events, name = applied.client("events"), NAME.format("events")
    bus = events.describe_event_bus(Name=name)
    assert bus["Description"] == "What happens to orders"
    letters = _attributes(applied, "events-dead-letters")
    assert bus["DeadLetterConfig"] == {"Arn": letters["QueueArn"]}
    assert bus["KmsKeyIdentifier"] == letters["KmsMasterKeyId"]
    policy = {each["Sid"]: each for each in json.loads(bus["Policy"])["Statement"]}
    assert policy["AccountsPutEvents"]["Principal"] == {"AWS": [f"arn:aws:iam::{OTHER}:root"]}
    assert policy["OrganizationPutsEvents"]["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": [ORGANIZATION]}}
    assert policy["DenyPlainHttp"]["Effect"] == "Deny"
    sends = {each["Sid"]: each for each in json.loads(letters["Policy"])["Statement"]}["EventsSendsEvents"]
    assert sends["Condition"] == {"ArnLike": {"aws:SourceArn": [bus["Arn"]]}}
    archive = events.describe_archive(ArchiveName=name)
    assert (archive["RetentionDays"], archive["EventSourceArn"]) == (7, bus["Arn"])
    assert json.loads(archive["EventPattern"]) == {"source": ["orders"]}
    for source in ("orders", "parcels"):
        entry = {"Source": source, "DetailType": "Made", "Detail": "{}", "EventBusName": name}
        assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    assert events.describe_archive(ArchiveName=name)["EventCount"] == 1
    kms = applied.client("kms")
    text = kms.get_key_policy(KeyId=letters["KmsMasterKeyId"], PolicyName="default")["Policy"]
    statements = {each["Sid"]: each for each in json.loads(text)["Statement"]}
    assert statements["EventsEncryptsEvents"]["Condition"] == {
        "StringEquals": {
            "aws:SourceAccount": ["123456789012"],
            "kms:EncryptionContext:aws:events:event-bus:arn": [bus["Arn"]],
        }
    }
    assert {"SnsEncryptsMessages", "EventsEncryptsMessages", "S3EncryptsNotifications", "AccountsDecryptRecords"} < set(
        statements
    )


def _streams(applied: Applied) -> None:
    kinesis, name = applied.client("kinesis"), NAME.format("records")
    stream = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    assert stream["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
    assert (stream["OpenShardCount"], stream["RetentionPeriodHours"], stream["EncryptionType"]) == (2, 48, "KMS")
    metrics = set(stream["EnhancedMonitoring"][0]["ShardLevelMetrics"])
    assert metrics == {"IncomingBytes", "IteratorAgeMilliseconds"}
    consumers = kinesis.list_stream_consumers(StreamARN=stream["StreamARN"])["Consumers"]
    assert {each["ConsumerName"] for each in consumers} == {"audit", "search"}
    policy = json.loads(kinesis.get_resource_policy(ResourceARN=stream["StreamARN"])["Policy"])["Statement"]
    assert [(each["Sid"], each["Principal"]) for each in policy] == [
        ("AccountsRead", {"AWS": [f"arn:aws:iam::{OTHER}:root"]})
    ]
    tags = {tag["Key"] for tag in kinesis.list_tags_for_stream(StreamName=name)["Tags"]}
    assert {"env", "org", "owner", "stack"} < tags
    shard = kinesis.put_record(StreamName=name, Data=b"made", PartitionKey="one")["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert [record["Data"] for record in records] == [b"made"]
    clicks = kinesis.describe_stream_summary(StreamName=NAME.format("clicks"))["StreamDescriptionSummary"]
    assert clicks["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}


def _functions(applied: Applied) -> None:
    made, told = applied.client("lambda"), applied.outputs["topics"][0]
    url, stream = applied.outputs["urls"][0], ACCOUNT_ARN.format("kinesis", f"stream/{NAME.format('records')}")
    orders, bus = ACCOUNT_ARN.format("sqs", NAME.format("orders")), ACCOUNT_ARN.format("events", "event-bus/{}")
    expected = {
        "worker": ({"ORDERS_QUEUE_URL": url}, {"SendOrders": orders, "ConsumeOrders": orders}, "sqs"),
        "teller": ({"TOLD_TOPIC_ARN": told}, {"PublishToTold": told}, "sns"),
        "source": (
            {"EVENTS_BUS": NAME.format("events")}, {"PutEventsOnEvents": bus.format(NAME.format("events"))}, "events",
        ),
        "reader": (
            {"RECORDS_STREAM": NAME.format("records")},
            {"ReadRecords": stream, "SubscribeToRecords": f"{stream}/consumer/*", "WriteRecords": stream},
            "kinesis",
        ),
    }  # fmt: skip
    for name, (variables, granted, service) in expected.items():
        function = made.get_function_configuration(FunctionName=NAME.format(name))
        assert function["Environment"]["Variables"] == variables
        statements = _statements(applied, name)
        assert {sid: statements[sid]["Resource"] for sid in granted} == {sid: [arn] for sid, arn in granted.items()}
        through = {"StringEquals": {"kms:ViaService": [f"{service}.eu-west-1.amazonaws.com"]}}
        keys = {sid: each for sid, each in statements.items() if each.get("Condition") == through}
        # EventBridge uses the bus's key itself
        assert any("kms:GenerateDataKey" in each["Action"] for each in keys.values()) == (service != "events")
    admin = _statements(applied, "admin")
    assert admin["PurgeOrders"]["Action"] == ["sqs:PurgeQueue"]
    assert {"ConsumeOrdered", "DecryptOrdered", "PublishToInOrder", "EncryptForInOrder", "WriteRecords"} < set(admin)


def _statements(applied: Applied, name: str) -> dict[str, Any]:
    role = NAME.format(name)
    document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {statement["Sid"]: statement for statement in document["Statement"]}


def _alarms(applied: Applied) -> None:
    names = applied.outputs["alarms"]
    alarms = applied.client("cloudwatch").describe_alarms(AlarmNames=names, MaxRecords=100)["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in sorted(alarms, key=lambda each: str(each["AlarmName"]))] == names
    metrics = {alarm.get("MetricName") for alarm in alarms}
    assert metrics >= {
        "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible",
        "NumberOfNotificationsFailed", "NumberOfNotificationsRedrivenToDlq", "GetRecords.IteratorAgeMilliseconds",
        "ReadProvisionedThroughputExceeded", "WriteProvisionedThroughputExceeded",
    }  # fmt: skip
    queries = [
        metric for alarm in alarms for metric in alarm.get("Metrics", ()) if "SELECT" in metric.get("Expression", "")
    ]
    assert {metric["Period"] for metric in queries} == {60}
    assert any("FailedInvocations" in metric["Expression"] for metric in queries)
