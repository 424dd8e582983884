"""Attachments: subnets and groups together or neither, as many as Lambda takes, and no step of detaching left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function.attachment_config import AttachmentConfig
from modules.network.interfaces import InterfacePair, interface_pairs
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    LIST_TOKEN,
    STRING_TOKEN,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

TARGET = Target(
    org="acme", env="dev", account="main", account_id="123456789012", region="eu-west-1", stack="orders_api", owner="me"
)
A = {"id": "subnet-0a1b2c3d", "availability_zone": "eu-west-1a"}
B = {"id": "subnet-0a1b2c3e", "availability_zone": "eu-west-1b"}
GROUPS = [f"sg-0000000{number}" for number in range(6)]
TIER = (
    "a function's tier is function (lambda if the network has that tier, else private), lambda, private or "
    "isolated; in "
    "a public subnet it would have neither a public address nor a way to the internet (Lambda guide, VPC access); "
    "choose one of them"
)


def test_by_default_functions_share_a_group_and_hand_their_interfaces_over() -> None:
    config = AttachmentConfig()
    assert (config.state, config.tier, config.security_group) == ("attached", "function", "application")
    assert config.replace_security_groups_on_destroy is True
    assert config.ipv6_allowed_for_dual_stack is False


def test_a_public_subnet_is_refused() -> None:
    assert sentence(AttachmentConfig, {"tier": "public"}) == f'tier is "public"; {TIER}'


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"security_group": "none"},
            (
                'security_group is "none" and security_group_ids is empty; Lambda takes subnets and '
                "security groups together or neither (lambda API model); name a group, or set security_group to "
                "application "
                "or own"
            ),
        ),
        (
            {"security_group_ids": GROUPS[:5]},
            (
                "security_group_ids has 5 entries; Lambda takes 5 groups, the one of "
                "security_group among them (lambda API model); remove some"
            ),
        ),
        (
            {"security_group": "none", "security_group_ids": GROUPS},
            ("security_group_ids has 6 entries; Lambda takes 5 groups (lambda API model); remove some"),
        ),
        (
            {"security_group_ids": GROUPS[:1] * 2},
            ('security_group_ids holds "sg-00000000" twice; each group once; remove one'),
        ),
        (
            {"security_group_ids": ["default"]},
            (
                'security_group_ids[0] is "default"; a security group\'s id reads like '
                "sg-0a1b2c3d4e5f60718; copy it from EC2"
            ),
        ),
        (
            {"security_group_ids": LIST_TOKEN},
            (
                "security_group_ids is a list that is known only later; Lambda takes 5 "
                "groups (lambda API model), so they are counted; name each group by itself"
            ),
        ),
        (
            {"replacement_security_group_ids": LIST_TOKEN},
            (
                "replacement_security_group_ids is a list that is known only "
                "later; Lambda takes 5 groups (lambda API model), so they are counted; name each group by itself"
            ),
        ),
        (
            {"replacement_security_group_ids": GROUPS},
            ("replacement_security_group_ids has 6 entries; Lambda takes 5 groups (lambda API model); remove some"),
        ),
        (
            {"replacement_security_group_ids": GROUPS[:1], "replace_security_groups_on_destroy": False},
            (
                "replacement_security_group_ids is set and replace_security_groups_on_destroy is false; "
                "Terraform takes both "
                "or neither (aws_lambda_function); remove the ids, or set replace_security_groups_on_destroy to true"
            ),
        ),
        (
            {"subnets": [A]},
            (
                "subnets are all in eu-west-1a; a VPC function needs 2 availability zones (a zone outage "
                "stops it); add a subnet in another zone, or set single_zone_reason"
            ),
        ),
        (
            {"subnets": [A, B], "tier": "isolated"},
            ('tier is "isolated" and subnets is set; one of them says where the function is; remove one'),
        ),
        (
            {"subnets": [A, B, {**B, "id": A["id"]}]},
            ('subnets holds "subnet-0a1b2c3d" twice; each subnet once; remove one'),
        ),
        (
            {"subnets": [{**(A if number % 2 else B), "id": f"subnet-{number:08x}"} for number in range(17)]},
            "subnets has 17 entries; Lambda takes 16 (lambda API model); remove some",
        ),
        (
            {"subnets": [A, {**B, "has_ipv6": True}], "ipv6_allowed_for_dual_stack": True},
            (
                "ipv6_allowed_for_dual_stack is true, and has_ipv6 is not for subnet-0a1b2c3d; every subnet of "
                "the function "
                "has to have IPv4 and IPv6 (Lambda guide); set has_ipv6 where it is so, or "
                "ipv6_allowed_for_dual_stack to "
                "false"
            ),
        ),
        (
            {"subnets": [{**A, "id": "vpc-1"}, B]},
            ('subnets[0].id is "vpc-1"; a subnet\'s id reads like subnet-0a1b2c3d4e5f60718; copy it from EC2'),
        ),
        ({"subnets": [{"id": A["id"]}, B]}, "subnets[0].availability_zone is missing; it has no default; set it"),
        (
            {"subnets": LIST_TOKEN},
            (f'subnets[0] is "{LIST_TOKEN[0]}"; it takes a mapping of fields; write its fields below it'),
        ),
        (
            {"subnets": [{**A, "availability_zone": STRING_TOKEN}, B]},
            f'subnets[0].availability_zone is "{STRING_TOKEN}"; {KNOWN_LATER}',
        ),
        (
            {"state": "detached"},
            (
                'state is "detached" and detaching_applied is empty; without the permissions that state '
                "detaching leaves for one apply, Lambda can never delete the function's network interfaces; "
                "apply state "
                "detaching first, wait 20 minutes, then say so in detaching_applied"
            ),
        ),
        (
            {"detaching_applied": "yesterday"},
            (
                'state is "attached" and detaching_applied is set; it goes with state '
                "detached; remove it, or set state to detached"
            ),
        ),
        (
            {"state": "detaching", "detaching_applied": "yesterday"},
            (
                'state is "detaching" and detaching_applied is set; '
                "it goes with state detached; remove it, or set state to detached"
            ),
        ),
        (
            {"state": "gone"},
            ('state is "gone"; an attachment\'s state is one of attached, detaching, detached; choose one of them'),
        ),
        ({"state": STRING_TOKEN}, f'state is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"tier": STRING_TOKEN}, f'tier is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"security_group": STRING_TOKEN}, f'security_group is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"vpc_id": "vpc-1"}, "vpc_id is not a field; remove it, or check its spelling"),
    ],
)
def test_what_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(AttachmentConfig, fields) == expected


def test_everything_at_once() -> None:
    assert len(refusal(AttachmentConfig, {"state": "detached", "security_group": "none", "subnets": [A]})) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"security_group": "none", "security_group_ids": GROUPS[:5]},
        {"security_group_ids": GROUPS[:4]},
        {"security_group_ids": [STRING_TOKEN]},
        {"subnets": [A], "single_zone_reason": "a trial"},
        {"subnets": [{**A, "id": STRING_TOKEN}, B]},
        {"subnets": [{**(A if number % 2 else B), "id": f"subnet-{number:08x}"} for number in range(16)]},
        {"subnets": [{**A, "has_ipv6": True}, {**B, "has_ipv6": True}], "ipv6_allowed_for_dual_stack": True},
        {"state": "detaching"},
        {"state": "detached", "detaching_applied": "2026-11-20, in every target"},
        {"replace_security_groups_on_destroy": False},
    ],
)
def test_what_is_taken(fields: dict[str, Any]) -> None:
    assert AttachmentConfig.parse(fields)


def test_subnets_lie_in_the_targets_region() -> None:
    config = AttachmentConfig.parse({"subnets": [A, {**B, "availability_zone": "us-east-1b"}]})
    [problem] = config.target_checks(TARGET)
    assert str(problem) == ("subnets are in us-east-1b; the target's region is eu-west-1; name subnets of that region")


@CI
@given(
    fields_of(
        AttachmentConfig,
        {
            "subnets": st.lists(st.sampled_from([A, B]), max_size=3),
            "security_group_ids": st.lists(st.sampled_from(GROUPS), max_size=6),
            "state": st.sampled_from(["attached", "detaching", "detached"]),
            "security_group": st.sampled_from(["own", "none", "application"]),
        },
    )
)
def test_any_attachment_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(AttachmentConfig, data)


def test_an_interface_is_a_subnet_and_a_set_of_groups() -> None:
    api = interface_pairs(("a", "b"), ("app", "extra"))
    worker = interface_pairs(("b", "c"), ("extra", "app"))
    lonely = interface_pairs(("a",), ("own",))

    assert api == {InterfacePair("a", frozenset({"app", "extra"})), InterfacePair("b", frozenset({"app", "extra"}))}
    assert len(api | worker) == 3
    assert len(api | worker | lonely) == 4
    assert interface_pairs((), ()) == frozenset()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"zones": ["eu-west-1a"]},
            (
                "zones holds eu-west-1a only; a VPC function needs 2 availability zones (a zone outage stops it); add "
                "another zone, or set single_zone_reason"
            ),
        ),
        ({"zones": ["eu-west-1a"] * 2}, 'zones holds "eu-west-1a" twice; each zone once; remove one'),
        (
            {"zones": ["eu-west-1a", "eu-west-1b"], "subnets": [A, B]},
            "zones and subnets are both set; one of them says where the function is; remove one",
        ),
        (
            {"zones": ["west"]},
            'zones[0] is "west"; an availability zone is a region and a letter, like eu-west-1a; write its name',
        ),
    ],
)
def test_zones_of_the_tier(fields: dict[str, Any], expected: str) -> None:
    assert sentence(AttachmentConfig, fields) == expected


def test_zones_of_another_region() -> None:
    config = AttachmentConfig(zones=("us-east-1a", "us-east-1b"))
    assert [str(problem) for problem in config.target_checks(TARGET)] == [
        "zones holds us-east-1a, us-east-1b; the target's region is eu-west-1; name zones of that region"
    ]
