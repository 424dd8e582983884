"""Endpoints of a network: what AWS has none of, what conflicts, what is of no use alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.network import EndpointPolicyConfig, EndpointsConfig
from modules.network.endpoint_catalogue import (
    CATALOGUE_DATE,
    ENDPOINT_SERVICES,
    GATEWAY_ENDPOINTS,
    INTERFACE_ENDPOINTS,
)
from modules.network.endpoint_policy import endpoint_policy
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

AN_ENDPOINT = f"an interface endpoint is one of {', '.join(INTERFACE_ENDPOINTS)}"
ECR = "ecr.dkr is of no use without ecr.api (ECR guide)"
LAYERS = "ECR keeps the layers of images in S3, which need a way of their own (ECR guide)"


def target(region: str = "eu-west-1") -> Target:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "owner": "me"}
    return Target.parse({**fields, "stack": "orders", "region": region})


def statement(**policy: Any) -> dict[str, Any]:
    text = endpoint_policy(target(), EndpointPolicyConfig.parse(policy))
    assert text is not None
    [only] = json.loads(text)["Statement"]
    found: dict[str, Any] = only
    return found


def test_the_catalogue_is_dated_sorted_and_typed() -> None:
    assert date.fromisoformat(CATALOGUE_DATE) < date(2026, 11, 21)
    assert list(ENDPOINT_SERVICES) == sorted(ENDPOINT_SERVICES)
    assert len(ENDPOINT_SERVICES) == 53
    assert GATEWAY_ENDPOINTS == ("dynamodb", "s3")
    assert all(set(entry.companions) <= set(ENDPOINT_SERVICES) for entry in ENDPOINT_SERVICES.values())
    assert [name for name, entry in ENDPOINT_SERVICES.items() if not entry.has_private_dns] == ["dynamodb"]


@pytest.mark.parametrize(
    ("service", "region", "name"),
    [
        ("sqs", "eu-west-1", "com.amazonaws.eu-west-1.sqs"),
        ("ecr.dkr", "us-gov-west-1", "com.amazonaws.us-gov-west-1.ecr.dkr"),
        ("iam", "eu-west-1", "com.amazonaws.iam"),
        ("s3files", "eu-west-1", "aws.api.eu-west-1.s3files"),
        ("sqs", "cn-north-1", "cn.com.amazonaws.cn-north-1.sqs"),
        ("s3", "cn-north-1", "cn.com.amazonaws.cn-north-1.s3"),
        ("kms", "cn-north-1", "com.amazonaws.cn-north-1.kms"),
    ],
)
def test_service_names(service: str, region: str, name: str) -> None:
    assert ENDPOINT_SERVICES[service].service_name(target(region), interface=True) == name


def test_gateway_endpoints_have_the_same_name_in_every_partition() -> None:
    name = ENDPOINT_SERVICES["s3"].service_name(target("cn-north-1"), interface=False)
    assert name == "com.amazonaws.cn-north-1.s3"


def test_both_gateway_endpoints_stand_by_default_as_they_cost_nothing() -> None:
    assert EndpointsConfig().gateway == ("dynamodb", "s3")


@pytest.mark.parametrize(
    ("endpoints", "expected"),
    [
        ({"gateway": ["sqs"]}, ['gateway[0] is "sqs"; a gateway endpoint is one of dynamodb, s3; choose one of them']),
        ({"interface": ["redis"]}, [f'interface[0] is "redis"; {AN_ENDPOINT}; choose one of them']),
        ({"gateway": ["s3", "s3"]}, ['gateway holds "s3" twice; a service has one endpoint; remove one']),
        ({"interface": ["kms", "sts", "kms"]}, ['interface holds "kms" twice; a service has one endpoint; remove one']),
        ({"interface": LIST_TOKEN}, [f'interface[0] is "{LIST_TOKEN[0]}"; {KNOWN_LATER}']),
        ({"gateway": STRING_TOKEN},
         [f'gateway is "{STRING_TOKEN}"; it takes a list; write a list, even of one value']),
        ({"interface": None}, ["interface is None; it takes a list; write a list, even of one value"]),
        ({"interface": ["ecr.dkr"]},
         [f'interface holds "ecr.dkr" without "ecr.api"; {ECR}; add "ecr.api" to interface']),
        ({"gateway": [], "interface": ["ecr.api", "ecr.dkr"]}, [
            f'interface holds "ecr.api", and gateway has no "s3"; {LAYERS}; add "s3" to gateway',
            f'interface holds "ecr.dkr", and gateway has no "s3"; {LAYERS}; add "s3" to gateway',
        ]),
        ({"gateway": ["dynamodb"], "interface": ["s3"]}, [
            ('interface holds "s3", s3_private_dns is "inbound_resolver", and gateway has no "s3"; private DNS for '
            'inbound resolvers only takes a gateway endpoint of S3 in the VPC (S3 guide); add "s3" to gateway, or set '
            "s3_private_dns to vpc or none"),
        ]),
        ({"zones": {"sqs": []}}, ["zones.sqs is empty; an endpoint stands in at least one zone; name it"]),
        ({"zones": {"sqs": ["eu-west-1a", "eu-west-1a"]}},
         ['zones.sqs holds "eu-west-1a" twice; each zone once; remove one']),
        ({"policies": {"redis": {}}}, [f'policies.redis is "redis"; {AN_ENDPOINT}; choose one of them']),
        ({"subnet_attachment": "none"},
         ['subnet_attachment is "none"; subnet_attachment is one of association, inline; choose one of them']),
    ],
)  # fmt: skip
def test_endpoints_that_cannot_be_made_are_refused(endpoints: dict[str, Any], expected: list[str]) -> None:
    assert refusal(EndpointsConfig, endpoints) == expected


@pytest.mark.parametrize(
    "endpoints",
    [
        {"interface": ["s3"]},
        {"gateway": [], "interface": ["s3"], "s3_private_dns": "vpc"},
        {"gateway": [], "interface": ["s3"], "s3_private_dns": "none"},
        {"gateway": [], "interface": ["dynamodb"]},
        {"interface": ["ecr.api"]},
        {"interface": list(INTERFACE_ENDPOINTS)},
    ],
)
def test_endpoints_that_go_together(endpoints: dict[str, Any]) -> None:
    assert EndpointsConfig.parse(endpoints).interface == tuple(endpoints["interface"])


def test_zones_of_another_region() -> None:
    config = EndpointsConfig.parse({"zones": {"sqs": ["us-east-1a"]}})
    assert [str(problem) for problem in config.target_checks(target())] == [
        "endpoints: zones.sqs holds us-east-1a; the target's region is eu-west-1; name zones of that region"
    ]


def test_a_policy_admits_this_account_unless_it_is_told_otherwise() -> None:
    assert statement() == {
        "Sid": "ThisAccountOnly",
        "Effect": "Allow",
        "Principal": {"AWS": ["*"]},
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": {"StringEquals": {"aws:PrincipalAccount": ["123456789012"]}},
    }


def test_a_policy_names_principals_actions_and_resources() -> None:
    role, queue = "arn:aws:iam::210987654321:role/orders-*", "arn:aws:sqs:eu-west-1:123456789012:orders"
    found = statement(principal_arns=[role], actions=["sqs:SendMessage"], resources=[queue])
    assert found["Condition"] == {"ArnLike": {"aws:PrincipalArn": [role]}}
    assert (found["Sid"], found["Action"], found["Resource"]) == ("NamedPrincipalsOnly", ["sqs:SendMessage"], [queue])


def test_a_policy_admits_an_organization_or_some_principals_of_it() -> None:
    role = "arn:aws:iam::210987654321:role/orders"
    assert statement(organization_id="o-exampleorgid")["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": ["o-exampleorgid"]}
    }
    assert statement(organization_id="o-exampleorgid", principal_arns=[role])["Condition"] == {
        "StringEquals": {"aws:PrincipalOrgID": ["o-exampleorgid"]},
        "ArnLike": {"aws:PrincipalArn": [role]},
    }


def test_an_endpoint_without_a_policy_takes_a_reason() -> None:
    config = EndpointPolicyConfig.parse({"full_access_reason": "the service takes none"})
    assert endpoint_policy(target(), config) is None


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"principal_arns": ["*"]},
         ('principal_arns[0] is "*"; a principal is the ARN of an account\'s root, a role or a user; write it like '
         "arn:aws:iam::123456789012:role/orders")),
        ({"actions": ["SendMessage"]},
         'actions[0] is "SendMessage"; an IAM action reads like sqs:SendMessage; write service:Action'),
        ({"resources": ["orders"]},
         'resources[0] is "orders"; a resource is an ARN, in which * stands for anything; write its ARN'),
        ({"actions": []}, "actions is empty; a policy that admits nothing closes the endpoint; name some"),
        ({"organization_id": "acme"},
         'organization_id is "acme"; an organization\'s id reads like o-exampleorgid; copy it from Organizations'),
        ({"full_access_reason": "x", "actions": ["sqs:*"]},
         "full_access_reason stands beside actions; without a policy nothing is narrowed; remove one or the other"),
    ],
)  # fmt: skip
def test_policies_that_aws_would_refuse(policy: dict[str, Any], expected: str) -> None:
    assert sentence(EndpointPolicyConfig, policy) == expected


@CI
@given(fields_of(EndpointsConfig, {"gateway": st.lists(st.sampled_from(GATEWAY_ENDPOINTS))}))
def test_endpoints_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(EndpointsConfig, data)


@CI
@given(fields_of(EndpointPolicyConfig, {"actions": st.just(["sqs:*"]), "full_access_reason": st.just("")}))
def test_a_policy_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(EndpointPolicyConfig, data)
