"""Statements about a build project: what its role does, and what others may do with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from modules.core.grants import sid_word
from modules.core.statements import Condition, Statement
from modules.core.target import Target

ACCESS = ("start",)
"""What a function may be connected for."""

_DESCRIBE = (
    "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)  # fmt: skip


def log_statement(log_group_arn: str) -> Statement:
    """Write to the project's own log group."""
    return Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (f"{log_group_arn}:*",))


def network_statements(target: Target, subnet_ids: Sequence[str], group_id: str) -> tuple[Statement, ...]:
    """Network interfaces for CodeBuild, in these subnets and this group only (CodeBuild guide, access to a VPC).

    Describe actions know no resources; a subnet is told by a condition only where the interface is lent to CodeBuild.
    """
    in_region = Condition("StringEquals", "aws:RequestedRegion", (target.region,))
    subnets = tuple(target.arn("ec2", f"subnet/{subnet_id}") for subnet_id in subnet_ids)
    return (
        Statement("DescribeNetwork", _DESCRIBE, ("*",), conditions=(in_region,)),
        Statement(
            "MakeInterfaces",
            ("ec2:CreateNetworkInterface",),
            (*subnets, target.arn("ec2", "network-interface/*"), target.arn("ec2", f"security-group/{group_id}")),
        ),
        Statement("DeleteInterfaces", ("ec2:DeleteNetworkInterface",), (target.arn("ec2", "network-interface/*"),)),
        Statement(
            "LendInterfaces",
            ("ec2:CreateNetworkInterfacePermission",),
            (target.arn("ec2", "network-interface/*"),),
            conditions=(
                Condition("StringEquals", "ec2:Subnet", subnets),
                Condition("StringEquals", "ec2:AuthorizedService", ("codebuild.amazonaws.com",)),
            ),
        ),
    )


def image_statements(found: re.Match[str], target: Target) -> tuple[Statement, ...]:
    """Pull an image of a private ECR repository; signing in knows no resources.

    Args:
        found: the image, as `ECR_IMAGE` matches it.
        target: where the project is.
    """
    in_region = Condition("StringEquals", "aws:RequestedRegion", (found["region"],))
    arn = f"arn:{target.partition}:ecr:{found['region']}:{found['account']}:repository/{found['repository']}"
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    return (
        Statement("SignInToRegistry", ("ecr:GetAuthorizationToken",), ("*",), conditions=(in_region,)),
        Statement("PullImage", pull, (arn,)),
    )


def access_statements(word: str, arn: str) -> tuple[Statement, ...]:
    """Start builds, and see how they end."""
    return (Statement(f"Build{sid_word(word)}", ("codebuild:BatchGetBuilds", "codebuild:StartBuild"), (arn,)),)
