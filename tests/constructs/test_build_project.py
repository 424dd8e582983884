"""What the construct of build projects makes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.bucket import Bucket
from modules.build_project import BuildProject, BuildProjectConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.queue import Queue, QueueConfig
from stacks.base import TargetStack
from tests.constructs.bare import only, refusal, resources

pytestmark = pytest.mark.synth

WHERE = "dev-main-eu-west-1-orders/docs"
OFF = {"enabled": False, "reason": "not what this test is about"}
SPEC = "version: 0.2\nphases:\n  build:\n    commands: [make]\n"


def config(**fields: Any) -> BuildProjectConfig:
    return BuildProjectConfig.parse({"buildspec": SPEC, "alarms": OFF, **fields})


def network(stack: TargetStack, key: Key, **fields: Any) -> Network:
    given = {"cidr": "10.0.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"], "egress": "none", "alarms": OFF}
    return Network(stack, "network", config=NetworkConfig.parse({**given, **fields}), key=key)


def policy(stack: TargetStack) -> dict[str, dict[str, Any]]:
    (found,) = (each for name, each in resources(stack, "aws_iam_role_policy").items() if name.startswith("docs_role"))
    return {each["Sid"]: each for each in json.loads(found["policy"])["Statement"]}


def test_a_project_logs_and_has_no_privileges(stack: TargetStack, key: Key) -> None:
    docs = BuildProject(stack, "docs", config=config(environment={"B": "2", "A": "1"}), key=key)
    project = only(stack, "aws_codebuild_project")
    assert project["name"] == "acme-dev-orders-docs"
    assert project["source"] == {"buildspec": SPEC, "type": "NO_SOURCE"}
    assert project["artifacts"] == {"type": "NO_ARTIFACTS"}
    assert not project["environment"]["privileged_mode"]
    assert [each["name"] for each in project["environment"]["environment_variable"]] == ["A", "B"]
    assert "vpc_config" not in project
    assert only(stack, "aws_cloudwatch_log_group")["name"] == "/aws/codebuild/acme-dev-orders-docs"
    assert set(policy(stack)) == {"WriteLogs"}
    assert docs.alarm_names == ()
    assert docs.security_group is None


def test_an_archive_is_read_from_its_folder(stack: TargetStack, key: Key) -> None:
    bucket = Bucket(stack, "code", key=key)
    BuildProject(stack, "docs", config=config(buildspec="", source={"kind": "s3"}), key=key, source_bucket=bucket)
    source = only(stack, "aws_codebuild_project")["source"]
    (name,) = resources(stack, "aws_s3_bucket")
    assert source == {"location": f"${{aws_s3_bucket.{name}.id}}/source/project.zip", "type": "S3"}
    assert policy(stack)["ReadCodeSource11c4d1"]["Resource"] == [f"${{aws_s3_bucket.{name}.arn}}/source/*"]


def test_an_image_of_ecr_is_pulled_by_the_projects_role(stack: TargetStack, key: Key) -> None:
    image = "210987654321.dkr.ecr.us-east-1.amazonaws.com/acme/build:v1"
    BuildProject(stack, "docs", config=config(image=image), key=key)
    box = only(stack, "aws_codebuild_project")["environment"]
    assert (box["image"], box["image_pull_credentials_type"]) == (image, "SERVICE_ROLE")
    assert policy(stack)["PullImage"]["Resource"] == ["arn:aws:ecr:us-east-1:210987654321:repository/acme/build"]
    assert policy(stack)["SignInToRegistry"]["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["us-east-1"]}}


def test_builds_in_a_network_stand_in_its_private_subnets_and_reach_what_they_need(
    stack: TargetStack, key: Key
) -> None:
    there = network(stack, key, endpoints={"gateway": ["s3"], "interface": ["logs", "sts"]})
    bucket = Bucket(stack, "code", key=key)
    given = config(source={"kind": "s3"}, aws_services=["sts"])
    docs = BuildProject(stack, "docs", config=given, key=key, network=there, source_bucket=bucket)
    vpc = only(stack, "aws_codebuild_project")["vpc_config"]
    subnets = [f"${{aws_subnet.{name}.id}}" for name in resources(stack, "aws_subnet") if "_private_" in name]
    assert vpc["subnets"] == subnets
    assert docs.security_group is not None
    assert vpc["security_group_ids"][0].startswith("${aws_security_group.docs_network_security-group_")
    rules = resources(stack, "aws_vpc_security_group_egress_rule")
    assert sorted(each["description"] for name, each in rules.items() if name.startswith("docs")) == [
        "to logs", "to s3", "to sts",
    ]  # fmt: skip
    group = vpc["security_group_ids"][0]
    assert f"arn:aws:ec2:eu-west-1:123456789012:security-group/{group}" in policy(stack)["MakeInterfaces"]["Resource"]
    lend = policy(stack)["LendInterfaces"]["Condition"]["StringEquals"]
    assert lend["ec2:Subnet"] == [f"arn:aws:ec2:eu-west-1:123456789012:subnet/{subnet}" for subnet in subnets]


def test_a_build_uses_what_it_is_connected_to(stack: TargetStack, key: Key) -> None:
    there = network(stack, key, endpoints={"interface": ["logs", "sqs"]})
    docs = BuildProject(stack, "docs", config=config(environment={"STAGE": "dev"}), key=key, network=there)
    jobs = Queue(stack, "jobs", config=QueueConfig.parse({"alarms": OFF}), key=key)
    docs.connect_to(jobs, access="send")
    variables = only(stack, "aws_codebuild_project")["environment"]["environment_variable"]
    (url, stage) = variables
    assert (url["name"], url["value"].startswith("${aws_sqs_queue.jobs_queue_")) == ("JOBS_QUEUE_URL", True)
    assert (stage["name"], stage["value"]) == ("STAGE", "dev")
    assert policy(stack)["SendJobs"]["Action"] == ["sqs:SendMessage"]
    assert refusal(lambda: docs.connect_to(jobs, environment_name="STAGE")) == (
        f"{WHERE}: environment already holds STAGE; the connection jobs sets it to another value; rename yours, or "
        "connect to one of the two"
    )


def test_source_and_bucket_belong_together(stack: TargetStack, key: Key) -> None:
    archive = config(source={"kind": "s3"})
    assert refusal(lambda: BuildProject(stack, "docs", config=archive, key=key)) == (
        f'{WHERE}: source.kind is "s3" and source_bucket is missing; the archive lies in a bucket; pass '
        "source_bucket=Bucket(...)"
    )
    bucket = Bucket(stack, "code", key=key)
    assert refusal(lambda: BuildProject(stack, "other", config=config(), key=key, source_bucket=bucket)) == (
        'dev-main-eu-west-1-orders/other: source_bucket is given and source.kind is "none"; no build would read it; '
        "set source to {kind: s3, key: ...}, or leave out the bucket"
    )


def test_what_needs_a_network_is_refused_without_one(stack: TargetStack, key: Key) -> None:
    given = config(aws_services=["sts"])
    assert refusal(lambda: BuildProject(stack, "docs", config=given, key=key)) == (
        f"{WHERE}: aws_services is set and network is missing; builds outside of a VPC reach everything; pass "
        "network=..., or remove it"
    )


def test_the_internet_is_refused_where_no_route_leads_there(stack: TargetStack, key: Key) -> None:
    there = network(stack, key, endpoints={"interface": ["logs"]})
    given = config(internet_egress_reason="fetches packages")
    assert refusal(lambda: BuildProject(stack, "docs", config=given, key=key, network=there)) == (
        f'{WHERE}: HTTPS to the internet is asked for ("fetches packages"); the network has no route there, so each '
        "call would hang until the build times out; choose an egress of the network that leads there, or name what is "
        "called in aws_services"
    )
