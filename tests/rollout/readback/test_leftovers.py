"""Leftovers, most in an account of their own, so that the sample stack does not show up among them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from rollout.readback import leftovers, scheduled
from tests.rollout.readback import sample_stack
from tests.rollout.readback.sample_policies import trust
from tests.rollout.readback.sample_stack import PREFIX, REGION, Clients, SampleStack

PROFILE = "acme_dev_orders_api_api_1"


def test_an_account_without_the_stack(empty: Clients) -> None:
    assert leftovers(empty, prefix=PREFIX, vpc_id="vpc-0123456789abcdef0") == ()
    assert scheduled(empty, prefix=PREFIX) == ()


def test_a_whole_stack(stack: SampleStack) -> None:
    clients = stack.client
    found = leftovers(clients, prefix=PREFIX, vpc_id=stack.network.vpc)
    assert list(found) == sorted(found)
    assert Counter(kind_of(line) for line in found) == {
        "NAT gateway": 2, "alarm": 2, "code signing config": 1, "dashboard": 1, "database": 1, "database backup": 1,
        "database parameter group": 1, "database snapshot": 1, "database subnet group": 1,
        "deployment application": 1, "elastic IP": 2,
        "endpoint": 2, "flow log": 1, "function": 1, "internet gateway": 1, "key": 1, "key alias": 1, "log group": 5,
        "network interface": 6, "proxy": 1, "queue": 1,
        "role": 4, "route table": 7, "secret": 1, "security group": 5,
        "signing profile": 1, "subnet": 6, "topic": 1, "vpc": 1,
    }  # fmt: skip
    assert {
        f"alarm {PREFIX}-api-errors",
        f"function {PREFIX}-api",
        f"key {stack.key.rpartition('/')[2]}",
        f"key alias alias/{PREFIX}",
        f"log group /aws/rds/proxy/{PREFIX}-proxy",
        f"role {PREFIX}-flow-log",
        f"secret {stack.secret.rpartition(':')[2].rpartition('-')[0]}",
        f"signing profile {stack.signing_profile}",
        f"vpc {stack.network.vpc} {PREFIX}",
    } < set(found)
    assert scheduled(clients, prefix=PREFIX) == ()


KINDS = (
    "NAT gateway", "alarm", "code signing config", "dashboard", "database backup", "database parameter group",
    "database snapshot", "database subnet group", "database", "deployment application",
    "elastic IP", "endpoint", "flow log", "function",
    "internet gateway", "key alias", "key", "log group", "network interface", "proxy", "queue", "role",
    "route table", "secret", "security group", "signing profile", "subnet", "topic", "vpc",
)  # fmt: skip


def kind_of(line: str) -> str:
    return next(kind for kind in KINDS if line.startswith(f"{kind} "))


def test_another_stack_does_not_count(stack: SampleStack) -> None:
    clients = stack.client
    assert leftovers(clients, prefix="acme-prod-orders-api") == ()
    assert leftovers(clients, prefix="acme-dev-orders", others=[PREFIX]) == ()


def test_names_alone_do_not_tell_a_stack_from_one_that_begins_like_it(stack: SampleStack) -> None:
    clients = stack.client
    assert f"role {PREFIX}-flow-log" in leftovers(clients, prefix="acme-dev-orders")


def test_what_lies_in_the_vpc_without_a_name(empty: Clients) -> None:
    ec2 = empty("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.0.0/24")["Subnet"]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert leftovers(empty, prefix=PREFIX) == ()
    found = leftovers(empty, prefix=PREFIX, vpc_id=vpc)
    assert {f"vpc {vpc}", f"subnet {subnet}", f"network interface {interface}", f"internet gateway {gateway}"} < set(
        found
    )


def test_a_deleted_nat_gateway_does_not_count(empty: Clients) -> None:
    ec2 = empty("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.30.0.0/24")["Subnet"]["SubnetId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    assert f"NAT gateway {nat}" in leftovers(empty, prefix=PREFIX, vpc_id=vpc)
    ec2.delete_nat_gateway(NatGatewayId=nat)
    assert ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]["State"] == "deleted"
    assert f"NAT gateway {nat}" not in leftovers(empty, prefix=PREFIX, vpc_id=vpc)


def test_a_log_group_that_a_service_made_again(empty: Clients) -> None:
    empty("logs").create_log_group(logGroupName=f"/aws/lambda/{PREFIX}-api")
    empty("logs").create_log_group(logGroupName=f"/aws/lambda/{PREFIX}2-api")
    assert leftovers(empty, prefix=PREFIX) == (f"log group /aws/lambda/{PREFIX}-api",)


def test_a_role(empty: Clients) -> None:
    empty("iam").create_role(RoleName=f"{PREFIX}-api", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    assert leftovers(empty, prefix=PREFIX) == (f"role {PREFIX}-api",)


def test_a_key_that_is_scheduled_for_deletion(empty: Clients) -> None:
    kms = empty("kms")
    tags = [{"TagKey": key, "TagValue": value} for key, value in sample_stack.TAGS.items()]
    key = kms.create_key(Tags=tags)["KeyMetadata"]["KeyId"]
    kms.create_key(Tags=[{"TagKey": "stack", "TagValue": "orders_api"}])
    assert leftovers(empty, prefix=PREFIX) == (f"key {key}",)
    assert scheduled(empty, prefix=PREFIX) == ()
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    date = kms.describe_key(KeyId=key)["KeyMetadata"]["DeletionDate"]
    assert date - datetime.now(UTC) <= timedelta(days=7)
    assert leftovers(empty, prefix=PREFIX) == ()
    assert scheduled(empty, prefix=PREFIX) == (f"key {key}: deleted on {date:%Y-%m-%d}",)


def test_a_secret_in_its_recovery_window(empty: Clients) -> None:
    secrets = empty("secretsmanager")
    secrets.create_secret(Name=f"{PREFIX}-token", SecretString="x")
    secrets.create_secret(Name=f"{PREFIX}2-token", SecretString="x")
    assert leftovers(empty, prefix=PREFIX) == (f"secret {PREFIX}-token",)
    secrets.delete_secret(SecretId=f"{PREFIX}-token", RecoveryWindowInDays=7)
    assert leftovers(empty, prefix=PREFIX) == ()
    (line,) = scheduled(empty, prefix=PREFIX)
    assert line.startswith(f"secret {PREFIX}-token: deleted on 20")


def test_a_canceled_signing_profile(empty: Clients) -> None:
    signer = empty("signer")
    signer.put_signing_profile(profileName=PROFILE, platformId="AWSLambda-SHA384-ECDSA")
    clients = empty
    assert leftovers(clients, prefix=PREFIX) == (f"signing profile {PROFILE}",)
    signer.cancel_signing_profile(profileName=PROFILE)
    assert leftovers(clients, prefix=PREFIX) == ()
    assert scheduled(clients, prefix=PREFIX) == (f"signing profile {PROFILE}: canceled",)


def test_a_code_signing_config_is_known_by_its_tags(empty: Clients) -> None:
    publishers = {
        "SigningProfileVersionArns": [f"arn:aws:signer:{REGION}:123456789012:/signing-profiles/{PROFILE}/abc"]
    }
    arns = [
        empty("lambda").create_code_signing_config(AllowedPublishers=publishers, Tags=tags)["CodeSigningConfig"]
        for tags in (sample_stack.TAGS, {**sample_stack.TAGS, "env": "prod"})
    ]
    assert leftovers(empty, prefix=PREFIX) == (f"code signing config {arns[0]['CodeSigningConfigId']}",)


def test_alarms_topics_and_queues(empty: Clients) -> None:
    for suffix in ("", "2"):
        topic = empty("sns").create_topic(Name=f"{PREFIX}{suffix}-alarms")["TopicArn"]
        empty("sqs").create_queue(QueueName=f"{PREFIX}{suffix}-dead-letters")
        empty("cloudwatch").put_metric_alarm(**sample_stack.alarm(f"{PREFIX}{suffix}-errors", topic))
    assert leftovers(empty, prefix=PREFIX) == (
        f"alarm {PREFIX}-errors",
        f"queue {PREFIX}-dead-letters",
        f"topic {PREFIX}-alarms",
    )
