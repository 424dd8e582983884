"""Network interfaces of functions and of everything else, and the addresses they take."""

from __future__ import annotations

from analysis.budget import Verdict, budget
from tests.analysis.budget.samples import LATER, counted, function, group, subnet, told, vpc
from tests.analysis.documents import plan, ref, resource

NETWORK = (vpc(), subnet("a", "10.0.0.0/24"), subnet("b", "10.0.1.0/24"), group("x"), group("y"))


def shares(rule: str, *entries: object, scope: str = "") -> dict[str, tuple[int, int]]:
    row = counted(plan(*NETWORK, *entries)).row(rule, scope)  # type: ignore[arg-type]  # entries of `documents`
    assert row
    return {share.address: (share.before, share.after) for share in row.shares}


def test_functions_with_the_same_subnets_and_groups_share_interfaces() -> None:
    entries = (function("one", ["a", "b"], ["x"]), function("two", ["b", "a"], ["x"]))
    assert shares("interfaces-per-vpc", *entries) == {"aws_lambda_function.one": (0, 2)}


def test_another_set_of_groups_takes_other_interfaces() -> None:
    entries = (
        function("one", ["a", "b"], ["x"]),
        function("three", ["a"], ["y", "x"]),
        function("two", ["a"], ["x", "y"]),
    )
    expected = {"aws_lambda_function.one": (0, 2), "aws_lambda_function.three": (0, 1)}
    assert shares("interfaces-per-vpc", *entries) == expected


def test_twelve_functions_with_groups_of_their_own_exceed_a_quota_of_thirty() -> None:
    names = [f"f{number:02}" for number in range(12)]
    entries = (
        vpc(),
        *(subnet(name, f"10.0.{index}.0/24") for index, name in enumerate("abc")),
        *(group(name) for name in names),
        *(function(name, ["a", "b", "c"], [name]) for name in names),
    )
    assert told(*entries, L_9FEE3D26=30) == [
        (
            "error interfaces-per-vpc: aws_lambda_function.f00: aws_vpc.main has 36 network interfaces after the plan "
            "and had 0 before, and at most 30 (Elastic network interfaces per VPC, read on 2026-11-21) fit: "
            "aws_lambda_function.f00 adds 3, aws_lambda_function.f01 adds 3, aws_lambda_function.f02 adds 3, "
            "aws_lambda_function.f03 adds 3, aws_lambda_function.f04 adds 3 and 7 more; let functions share security "
            "groups and subnets, or ask for more by `aws service-quotas request-service-quota-increase --service-code "
            "lambda --quota-code L-9FEE3D26 --desired-value 36 --region eu-west-1`"
        )
    ]
    assert told(*entries, L_9FEE3D26=500) == []


def test_published_versions_keep_the_interfaces_they_have() -> None:
    was = {
        "function_name": "api",
        "publish": True,
        "vpc_config": [{"subnet_ids": ["subnet-0a"], "security_group_ids": ["sg-0old"], "vpc_id": "vpc-0main"}],
    }
    moved = function("api", ["a"], ["x"], publish=True, before=was, actions=("update",))
    unpublished = function("api", ["a"], ["x"], before={**was, "publish": False}, actions=("update",))
    kept = counted(plan(*NETWORK, moved)).row("interfaces-per-region")
    assert kept
    assert (kept.before, kept.after) == (1, 2)
    assert [str(share) for share in kept.shares] == [
        "aws_lambda_function.api adds 1 to its 1 (published versions keep the subnets and security groups they have)"
    ]
    gone = counted(plan(*NETWORK, unpublished)).row("interfaces-per-region")
    assert gone
    assert (gone.before, gone.after) == (1, 1)


def test_endpoints_mount_targets_and_proxies_share_the_quota_of_functions() -> None:
    entries = (
        resource(
            "aws_vpc_endpoint.sqs",
            {"vpc_endpoint_type": "Interface"},
            unknown={**LATER, "subnet_ids": True, "vpc_id": True},
            expressions={"subnet_ids": ref("aws_subnet.a.id", "aws_subnet.b.id"), "vpc_id": ref("aws_vpc.main.id")},
        ),
        resource(
            "aws_efs_mount_target.a", unknown={"subnet_id": True}, expressions={"subnet_id": ref("aws_subnet.a.id")}
        ),
        resource(
            "aws_db_proxy.orders",
            unknown={**LATER, "vpc_subnet_ids": True},
            expressions={"vpc_subnet_ids": ref("aws_subnet.a.id", "aws_subnet.b.id")},
        ),
        resource("aws_nat_gateway.a", unknown={"subnet_id": True}, expressions={"subnet_id": ref("aws_subnet.a.id")}),
    )
    hyperplane = {"aws_vpc_endpoint.sqs": (0, 2), "aws_efs_mount_target.a": (0, 1), "aws_db_proxy.orders": (0, 10)}
    assert shares("interfaces-per-vpc", *entries) == hyperplane
    assert shares("interfaces-per-region", *entries) == {**hyperplane, "aws_nat_gateway.a": (0, 1)}
    addresses = {
        "aws_vpc_endpoint.sqs": (0, 1),
        "aws_efs_mount_target.a": (0, 1),
        "aws_db_proxy.orders": (0, 5),
        "aws_nat_gateway.a": (0, 1),
    }
    assert shares("addresses-per-subnet", *entries, scope="aws_subnet.a") == addresses


def test_subnets_that_are_not_known_are_never_none() -> None:
    entry = resource(
        "aws_lambda_function.api",
        {"vpc_config": [{}]},
        unknown={"vpc_config": [{"subnet_ids": True, "security_group_ids": True}]},
        expressions={
            "vpc_config": [
                {"subnet_ids": ref("local.subnets"), "security_group_ids": ref("aws_security_group.x.id")},
            ]
        },
    )
    found = counted(plan(*NETWORK, entry))
    row = found.row("interfaces-per-vpc", "aws_vpc.main")
    assert row
    assert row.verdict is Verdict.UNDECIDABLE
    assert [str(finding) for finding in found.findings] == [
        (
            "aws_lambda_function.api: whether the network interfaces of aws_vpc.main stay within 500 (AWS's default, "
            "Lambda quotas) cannot be told, as the plan does not tell vpc_config.subnet_ids of "
            "aws_lambda_function.api (local.subnets); write it so that the plan tells it: as a reference to a "
            "resource, or as a known value"
        )
    ]


def test_more_than_a_default_is_undecidable_without_a_snapshot() -> None:
    addresses = [resource(f"aws_eip.{name}", unknown=LATER) for name in "abcdef"]
    found = budget([plan(*addresses)])
    assert [(str(finding.level), str(finding)) for finding in found.findings] == [
        (
            "undecidable",
            (
                "aws_eip.a: eu-west-1 has 6 Elastic IP addresses after the plan and had 0 before, more than 5 (AWS's "
                "default, EC2 endpoints and quotas), which may have been raised for the account: aws_eip.a adds 1, "
                "aws_eip.b adds 1, aws_eip.c adds 1, aws_eip.d adds 1, aws_eip.e adds 1 and 1 more; share NAT "
                "gateways, or take a snapshot of the account's quotas with `lambdanet quotas snapshot`"
            ),
        )
    ]
    [error] = counted(plan(*addresses), L_0263D0A3=5).findings
    assert error.level == "error"
