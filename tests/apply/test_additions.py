"""What is added changes nothing that exists: a zone, a function, an endpoint."""

from __future__ import annotations

from collections import Counter

from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic, AlarmTopicConfig
from stacks.base import TargetStack
from tests.apply.harness import Build, Prove, described

ZONES = ("eu-west-1a", "eu-west-1c")


def built(
    *, zones: tuple[str, ...] = ZONES, interface: tuple[str, ...] = (), functions: tuple[str, ...] = ("api",)
) -> Build:
    """A stack with a NAT gateway, IPv6, a tier for functions, endpoints and functions."""

    def build(stack: TargetStack) -> None:
        key = Key(stack, "key")
        people = AlarmTopicConfig(email_subscriptions=("on-call@example.com",))
        topic = AlarmTopic(stack, "alarm-topic", key=key, config=people)
        config = NetworkConfig.parse(
            {
                "cidr": "10.30.0.0/16",
                "availability_zones": zones,
                "lambda_tier": True,
                "ipv6": True,
                "egress": {"strategy": "nat_single", "zone": "eu-west-1a"},
                "endpoints": {"interface": interface},
            }
        )
        network = Network(stack, "network", config=config, key=key, alarm_topic=topic)
        for name in functions:
            function = FunctionConfig.parse(
                {
                    "code": {"kind": "inline", "text": "def handler(event, context):\n    return event\n"},
                    "reserved_concurrency": 5,
                    "asynchronous": {"dead_letters": {"kind": "none", "reason": "nothing is ever invoked here"}},
                    "attachment": {"zones": ZONES},
                    "aws_services": ["s3", "sqs"],
                }
            )
            Function(stack, name, config=function, network=network, key=key, alarm_topic=topic)
        stack.output("vpc_id", network.vpc_id, "The VPC")

    return build


def test_a_zone_a_function_and_an_endpoint_change_nothing_else(prove: Prove) -> None:
    zones = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
    more = built(zones=zones, functions=("another", "api"), interface=("kms",))
    with prove(built(), unscanned_reason="a queue for dead letters, which Checkov asks for, takes 50 s") as applied:
        plan = applied.plan_of(more)
    assert [line for line in described(plan) if " create " not in line] == []
    made = Counter(change.type for change in plan.resource_changes if change.actions == ("create",))
    assert made["aws_subnet"] == len(("isolated", "lambda", "private", "public"))
    assert made["aws_lambda_function"] == made["aws_vpc_endpoint"] == 1
    assert made["aws_vpc_endpoint_subnet_association"] == len(zones)
