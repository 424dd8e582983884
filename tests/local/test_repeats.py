"""A request that is sent again because its answer was lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import Clients


@pytest.fixture
def ec2(clients: Clients) -> Any:
    return clients("ec2")


def create(ec2: Any, invocation: str, attempt: int, cidr: str = "10.0.0.0/16") -> str:
    def headers(request: Any, **_: object) -> None:
        request.headers["amz-sdk-invocation-id"] = invocation
        request.headers["amz-sdk-request"] = f"attempt={attempt}; max=25"

    ec2.meta.events.register_last("before-send.ec2.CreateVpc", headers, unique_id="send")
    try:
        return str(ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"])
    finally:
        ec2.meta.events.unregister("before-send.ec2.CreateVpc", unique_id="send")


def test_a_second_attempt_gets_the_first_ones_answer(ec2: Any) -> None:
    assert create(ec2, "lost", 1) == create(ec2, "lost", 2)


def test_another_request_is_run(ec2: Any) -> None:
    assert create(ec2, "one", 1) != create(ec2, "other", 1)


def test_a_second_attempt_whose_first_never_arrived_is_run(ec2: Any) -> None:
    made = create(ec2, "never arrived", 2)

    assert ec2.describe_vpcs(VpcIds=[made])["Vpcs"][0]["CidrBlock"] == "10.0.0.0/16"


def test_a_failed_first_attempt_is_run_again(ec2: Any) -> None:
    with pytest.raises(ec2.exceptions.ClientError):
        create(ec2, "failed", 1, cidr="10.0.0.0/8")

    assert create(ec2, "failed", 2).startswith("vpc-")
