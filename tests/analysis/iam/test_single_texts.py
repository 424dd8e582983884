"""What a policy may spell as one text instead of a list."""

from __future__ import annotations

import json

from analysis.iam.documents import policy_at
from tests.analysis.documents import plan, resource


def test_an_action_and_a_resource_as_one_text_each() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    found = plan(resource("aws_vpc_endpoint.s3", {"policy": policy}))
    endpoint = found.at("aws_vpc_endpoint.s3")
    assert endpoint is not None
    (read,) = policy_at(found, endpoint, "policy").statements
    assert read.actions == ("s3:GetObject",)
    assert read.is_for_everything
