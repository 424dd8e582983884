"""A function without a way to the internet that writes to a bucket, and an endpoint that lets nothing else pass."""

from modules.bucket import Bucket, BucketConfig
from modules.function import Function, FunctionConfig, PythonCode
from modules.key import Key
from modules.network import EndpointPolicyConfig, EndpointsConfig, Network, NetworkConfig
from modules.observability import AlarmTopic
from stacks.base import TargetStack

FUNCTION = FunctionConfig(
    code=PythonCode(source="tests/parity/app"),
    description="Lambda demonstrating writes to an S3 bucket from within a VPC without Internet access",
    reserved_concurrency=10,
)


def network_config(stack: TargetStack, bucket: Bucket) -> NetworkConfig:
    writer = f"arn:aws:iam::{stack.target.account_id}:role/{stack.target.naming.name('writer')}"
    passing = EndpointPolicyConfig(principal_arns=(writer,), actions=("s3:PutObject",), resources=(f"{bucket.arn}/*",))
    return NetworkConfig(
        cidr="10.0.0.0/16",
        availability_zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"),
        egress="none",
        endpoints=EndpointsConfig(gateway=("s3",), policies={"s3": passing}),
    )


def build(stack: TargetStack) -> None:
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    bucket = Bucket(stack, "uploads", config=BucketConfig(), key=key)
    network = Network(stack, "network", config=network_config(stack, bucket), key=key, alarm_topic=topic)
    function = Function(stack, "writer", config=FUNCTION, network=network, key=key, alarm_topic=topic)
    function.connect_to(bucket, access="write")
