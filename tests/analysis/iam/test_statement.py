"""How patterns of actions are matched."""

from __future__ import annotations

import pytest

from analysis.iam import covers, overlaps


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("s3:*", "S3:GetObject", True),
        ("*", "s3:GetObject", True),
        ("s3:Get*", "s3:*", False),
        ("s3:*", "s3:Get*", True),
        ("s3:GetObject", "s3:getobject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Put*", "s3:GetObject", False),
        ("s3:[a-z]*", "s3:GetObject", False),
    ],
)
def test_covers(pattern: str, action: str, *, expected: bool) -> None:
    assert covers(pattern, action) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("ec2:*", "ec2:CreateNetworkInterface", True),
        ("ec2:Create*", "ec2:*Interface", True),
        ("ec2:Create*", "ec2:Delete*", False),
        ("ec2:Describe?", "ec2:DescribeX", True),
        ("*", "*", True),
        ("sqs:Send", "sqs:SendMessage", False),
        ("sqs:Send**", "sqs:send", True),
    ],
)
def test_overlaps(left: str, right: str, *, expected: bool) -> None:
    assert overlaps(left, right) is expected
    assert overlaps(right, left) is expected
