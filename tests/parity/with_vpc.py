"""A function in subnets without a way to the internet."""

from modules.function import Function, FunctionConfig, PythonCode
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic
from stacks.base import TargetStack

NETWORK = NetworkConfig(
    cidr="10.10.0.0/16", availability_zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"), egress="endpoints_only"
)
FUNCTION = FunctionConfig(
    code=PythonCode(source="tests/parity/app"), description="My awesome lambda function", reserved_concurrency=10
)


def build(stack: TargetStack) -> None:
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    network = Network(stack, "network", config=NETWORK, key=key, alarm_topic=topic)
    Function(stack, "lambda-in-vpc", config=FUNCTION, network=network, key=key, alarm_topic=topic)
