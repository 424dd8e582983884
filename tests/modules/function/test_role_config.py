"""A function's role: nothing broader than it says, and as much as IAM takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function.existing_config import ExistingFunctionConfig
from modules.function.role_config import ExistingRoleConfig, RoleConfig
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    LIST_TOKEN,
    NUMBER_TOKEN,
    STRING_TOKEN,
    fields_of,
    refuses_or_keeps,
    sentence,
)

TARGET = Target(
    org="acme", env="dev", account="main", account_id="123456789012", region="eu-west-1", stack="orders_api", owner="me"
)
POLICY = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
READ = {"sid": "Read", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::orders/*"]}
DEBUG = {"sid": "Debug", "principal": "arn:aws:iam::123456789012:role/dev"}
ROLE = "arn:aws:iam::123456789012:role/teams/orders"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:orders"


def document(**change: Any) -> str:
    statement = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": {**statement, **change}})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"eni_permissions": "managed_policy", "managed_policy_arns": {"tracing": POLICY}},
        {"permissions_boundary_arn": "arn:aws:iam::123456789012:policy/boundaries/functions"},
        {"permissions_boundary_arn": STRING_TOKEN},
        {"path": "/teams/orders/", "description": "Reads orders", "max_session_seconds": 43_200},
        {"max_session_seconds": NUMBER_TOKEN},
        {"statements": [READ], "policies": [document(Sid="Write", Action="s3:PutObject")]},
        {"trusts": [DEBUG]},
        {"existing": {"arn": ROLE, "unchecked_reason": "the platform team checks it"}},
        {"existing": {"arn": STRING_TOKEN, "policies": [document()]}},
        {"existing": {"arn": STRING_TOKEN, "name": "orders", "policies": [document()], "attach_grants": True}},
    ],
)
def test_what_is_taken(fields: dict[str, Any]) -> None:
    assert RoleConfig.parse(fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"eni_permissions": "all"},
            ('eni_permissions is "all"; eni_permissions is one of scoped, managed_policy; choose one of them'),
        ),
        (
            {"permissions_boundary_arn": "boundary"},
            (
                'permissions_boundary_arn is "boundary"; a managed policy\'s ARN '
                "reads like arn:aws:iam::123456789012:policy/name; copy it from IAM"
            ),
        ),
        ({"path": "teams"}, 'path is "teams"; a role\'s path begins and ends with / (IAM); write it like /service/'),
        ({"path": STRING_TOKEN}, f'path is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        (
            {"description": "☃"},
            ('description is "☃"; a role\'s description has at most 1000 Latin-1 characters (IAM); shorten it'),
        ),
        (
            {"max_session_seconds": 3_599},
            (
                "max_session_seconds is 3599; a role's longest session takes 3600 to 43200 "
                "seconds (iam API model); set a value from 3600 to 43200"
            ),
        ),
        (
            {"managed_policy_arns": {"one": POLICY, "two": POLICY}},
            (f'managed_policy_arns holds "{POLICY}" twice; each policy once; remove one'),
        ),
        (
            {"managed_policy_arns": {"vpc": VPC_ACCESS}},
            (
                f'managed_policy_arns holds "vpc" ({VPC_ACCESS}); eni_permissions attaches '
                "it, and denies what it allows too much; remove it, and set eni_permissions to managed_policy"
            ),
        ),
        (
            {"managed_policy_arns": {f"p{number}": f"{POLICY}{number}" for number in range(11)}},
            ("the role has 11 managed policies; IAM attaches 10 to a role (IAM quotas); merge some"),
        ),
        (
            {
                "managed_policy_arns": {f"p{number}": f"{POLICY}{number}" for number in range(10)},
                "eni_permissions": "managed_policy",
            },
            "the role has 11 managed policies; IAM attaches 10 to a role (IAM quotas); merge some",
        ),
        (
            {"statements": [READ, READ]},
            ('statements and policies hold the sid "Read" twice; each reason once; rename one'),
        ),
        (
            {"statements": [READ], "policies": [document()]},
            ('statements and policies hold the sid "Read" twice; each reason once; rename one'),
        ),
        (
            {"statements": [{**READ, "actions": ["*"]}]},
            (
                'statements[0] statement "Read": actions holds "*"; it stands '
                "for every action of all services; name the actions"
            ),
        ),
        (
            {"policies": [document(Action="s3:*")]},
            (
                'policies statement "Read": actions holds "s3:*"; it stands for every '
                "action of the service; name the actions"
            ),
        ),
        (
            {"policies": [document(Resource="*")]},
            (
                'policies statement "Read": resources holds "*"; it allows the actions '
                "on everything the account has; name the ARNs, or set wildcard_resource_reason"
            ),
        ),
        ({"policies": ["{}"]}, "policies[0] is no policy document; it has no Statement; write it as IAM shows it"),
        (
            {"policies": [STRING_TOKEN]},
            ("policies[0] is known only later; what it allows is checked before anything is made; write the JSON"),
        ),
        (
            {"policies": LIST_TOKEN},
            ("policies[0] is known only later; what it allows is checked before anything is made; write the JSON"),
        ),
        ({"trusts": [DEBUG, DEBUG]}, 'trusts holds the sid "Debug" twice; each reason once; rename one'),
        (
            {"existing": {"arn": ROLE, "unchecked_reason": "x"}, "path": "/x/"},
            ("existing and path are set; a role that exists already is left as it is; remove existing, or the others"),
        ),
        (
            {"existing": {"arn": ROLE}},
            (
                "existing: policies is empty; Lambda cannot make a function whose role lacks the "
                "permissions for its network interfaces; give the role's policies, or set unchecked_reason"
            ),
        ),
        (
            {"existing": {"arn": ROLE, "policies": [document()], "unchecked_reason": "x"}},
            (
                "existing: policies and "
                "unchecked_reason are both set; Lambda cannot make a function whose role lacks the permissions "
                "for its network "
                "interfaces; give the role's policies, or set unchecked_reason"
            ),
        ),
        (
            {"existing": {"arn": "orders", "unchecked_reason": "x"}},
            (
                'existing.arn is "orders"; a role\'s ARN reads like '
                "arn:aws:iam::123456789012:role/name; copy it from IAM"
            ),
        ),
        (
            {"existing": {"arn": STRING_TOKEN, "unchecked_reason": "x", "attach_grants": True}},
            (
                "existing: attach_grants "
                "is true, arn is known only later, and name is empty; the inline policy is attached to the role "
                "by its name; "
                "set name"
            ),
        ),
        ({"name": "mine"}, "name is not a field; remove it, or check its spelling"),
    ],
)
def test_what_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(RoleConfig, fields) == expected


def test_an_existing_role_lies_in_the_targets_account() -> None:
    foreign = {"arn": "arn:aws:iam::210987654321:role/orders", "unchecked_reason": "x"}
    [problem] = RoleConfig.parse({"existing": foreign}).target_checks(TARGET)
    assert str(problem) == (
        'role.existing: arn is "arn:aws:iam::210987654321:role/orders"; a function\'s role lies in its own account, '
        "123456789012 (CreateFunction); name a role of that account"
    )
    for arn in (ROLE, STRING_TOKEN):
        known = RoleConfig.parse({"existing": {"arn": arn, "unchecked_reason": "x"}})
        assert not list(known.target_checks(TARGET))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"function_arn": f"{FUNCTION}:live"},
            (
                f'function_arn is "{FUNCTION}:live"; a function\'s ARN reads like '
                "arn:aws:lambda:eu-west-1:123456789012:function:name, without a qualifier; copy it from Lambda"
            ),
        ),
        (
            {"function_arn": FUNCTION, "attach_grants": True},
            ("attach_grants is true and role_arn is missing; an inline policy needs a role; set role_arn"),
        ),
        (
            {"function_arn": FUNCTION, "role_arn": STRING_TOKEN, "attach_grants": True},
            (
                "attach_grants is true, role_arn "
                "is known only later, and role_name is empty; the inline policy is attached to the role by its "
                "name; set "
                "role_name"
            ),
        ),
        (
            {"function_arn": FUNCTION, "role_arn": "arn:aws:iam::210987654321:role/x"},
            (
                'role_arn is "arn:aws:iam::210987654321:role/x"; a function\'s role lies in its own account, '
                "123456789012 "
                "(CreateFunction); correct one of the two"
            ),
        ),
        (
            {"function_arn": FUNCTION, "role_arn": ROLE, "attach_grants": True, "granted_elsewhere_reason": "by hand"},
            (
                "attach_grants is true and granted_elsewhere_reason is set; the role gets its permissions in one "
                "way; remove "
                "one"
            ),
        ),
        (
            {"function_arn": FUNCTION, "security_group_id": "default"},
            (
                'security_group_id is "default"; a security '
                "group's id reads like sg-0a1b2c3d4e5f60718; copy it from EC2"
            ),
        ),
    ],
)
def test_an_existing_function_that_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(ExistingFunctionConfig, fields) == expected


def test_an_existing_function_lies_where_the_target_does() -> None:
    elsewhere = ExistingFunctionConfig(function_arn=FUNCTION.replace("eu-west-1", "us-east-1"))
    [problem] = elsewhere.target_checks(TARGET)
    assert str(problem) == (
        'function_arn is "arn:aws:lambda:us-east-1:123456789012:function:orders"; the target is account 123456789012 '
        "in eu-west-1; name a function there"
    )
    assert not list(ExistingFunctionConfig(function_arn=STRING_TOKEN).target_checks(TARGET))


@CI
@given(
    fields_of(
        RoleConfig,
        {
            "statements": st.lists(st.just(READ), max_size=2),
            "policies": st.lists(st.sampled_from([document(), document(Resource="*"), "{}", STRING_TOKEN]), max_size=2),
            "managed_policy_arns": st.dictionaries(st.just("tracing"), st.sampled_from([POLICY, VPC_ACCESS])),
            "eni_permissions": st.sampled_from(["scoped", "managed_policy"]),
            "path": st.just("/x/"),
        },
    )
)
def test_any_role_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(RoleConfig, data)


@CI
@given(fields_of(ExistingRoleConfig, {"arn": st.just(ROLE), "policies": st.lists(st.just(document()), max_size=2)}))
def test_any_existing_role_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(ExistingRoleConfig, data)


@CI
@given(fields_of(ExistingFunctionConfig, {"function_arn": st.just(FUNCTION), "role_arn": st.just(ROLE)}))
def test_any_existing_function_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(ExistingFunctionConfig, data)
