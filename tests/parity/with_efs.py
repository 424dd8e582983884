"""A function that keeps files in EFS."""

from modules.filesystem import AccessPointConfig, FileSystem, FileSystemConfig
from modules.function import Function, FunctionConfig, PythonCode
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic
from stacks.base import TargetStack

NETWORK = NetworkConfig(cidr="10.10.0.0/16", availability_zones=("eu-west-1a", "eu-west-1b"), egress="endpoints_only")
FILES = FileSystemConfig(access_points={"lambda": AccessPointConfig(path="/lambda", uid=1000, gid=1000)})
FUNCTION = FunctionConfig(
    code=PythonCode(source="tests/parity/app"), description="My awesome lambda function", reserved_concurrency=10
)


def build(stack: TargetStack) -> None:
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    network = Network(stack, "network", config=NETWORK, key=key, alarm_topic=topic)
    files = FileSystem(stack, "shared", config=FILES, network=network, key=key, alarm_topic=topic)
    function = Function(stack, "lambda-in-vpc", config=FUNCTION, network=network, key=key, alarm_topic=topic)
    function.connect_to(files, access_point="lambda", path="/mnt/shared-storage")
