"""What a proxy refuses of its surroundings that tests of constructs do not show already."""

from __future__ import annotations

from typing import Any

from modules.core.errors import Problem
from modules.database import DatabaseProxyConfig
from modules.database.proxy_checks import UserSecret, address_problems, database_problems, user_problems

FINE: dict[str, Any] = {
    "is_paused_when_idle": False, "is_cluster": True, "has_reader": True, "is_replica": False, "zones": ["a", "b"],
    "subnets": 2, "is_dual_stack": True,
}  # fmt: skip


def sentences(config: dict[str, Any], **different: Any) -> list[str]:
    return list(map(str, database_problems(DatabaseProxyConfig.parse(config), **{**FINE, **different})))


def test_a_cluster_in_two_zones_is_fine() -> None:
    assert sentences({"endpoints": {"reader": {}}}) == []


def test_a_cluster_without_a_reader() -> None:
    assert sentences({"endpoints": {"reader": {}, "jobs": {}}}, has_reader=False) == [
        "endpoints jobs, reader are READ_ONLY; the cluster has no reader; add a reader to the cluster"
    ]


def test_a_network_without_isolated_subnets() -> None:
    assert sentences({}, subnets=0) == [
        (
            "the network has 0 isolated subnets; an RDS Proxy needs subnets in 2 availability zones (RDS guide); name "
            "isolated subnets of the network"
        )
    ]


def test_ipv6_in_a_network_without() -> None:
    fields = {"endpoint_network_type": "IPV6", "target_connection_network_type": "IPV6"}
    assert sentences(fields, is_dual_stack=False) == [
        'endpoint_network_type is "IPV6"; the network has no IPv6; give the network ipv6, or remove it',
        'target_connection_network_type is "IPV6"; the network has no IPv6; give the network ipv6, or remove it',
    ]


def of_users(config: dict[str, Any], count: int, *, has_master_secret: bool = True) -> list[Problem]:
    users = {f"user{number}": UserSecret() for number in range(count)}
    made = DatabaseProxyConfig.parse(config)
    return list(user_problems(made, users, master_username="owner", has_master_secret=has_master_secret))


def test_a_proxy_takes_200_secrets() -> None:
    assert of_users({}, 199) == of_users({}, 200, has_master_secret=False) == []
    assert list(map(str, of_users({}, 200))) == [
        "users has 200 secrets, beside the master user's; a proxy takes 200 (RDS guide); make another proxy"
    ]
    assert list(map(str, of_users({}, 201, has_master_secret=False))) == [
        "users has 201 secrets; a proxy takes 200 (RDS guide); make another proxy"
    ]


def test_somebody_must_be_able_to_sign_in() -> None:
    assert list(map(str, of_users({}, 0, has_master_secret=False))) == [
        "users is empty; the database has no master secret either; pass users={name: secret}"
    ]


def test_end_to_end_takes_no_secret() -> None:
    config = {"default_auth_scheme": "IAM_AUTH", "iam_users": ["web"]}
    assert of_users(config, 0, has_master_secret=False) == []
    assert list(map(str, of_users(config, 1))) == [
        'users has secrets for user0; default_auth_scheme "IAM_AUTH" takes no secret; name them in iam_users instead'
    ]


def test_addresses_are_not_compared_with_what_is_not_known() -> None:
    assert list(address_problems({"proxy": 215}, None)) == []
    assert list(address_problems({"proxy": 22}, 22)) == []
