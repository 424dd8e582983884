"""Endpoints of S3, DynamoDB and Secrets Manager have a policy that says who may pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.iam import Statement, covers
from analysis.iam.documents import policy_at
from analysis.network.lookups import ENDPOINT
from policies.policy import Policy, Severity, Verdict
from policies.samples import ACCOUNT_ID, merged, network, policy, resource
from policies.shared.network import AFTER_APPLY, judged, lacking
from policies.shared.network_samples import LATER_NAMED, gateway_endpoint, interface_endpoint, later, ref
from policies.view import View

_ENDPOINT, _POLICY = "aws_vpc_endpoint", "aws_vpc_endpoint_policy"
_SERVICES = ("dynamodb", "s3", "secretsmanager")


def judge(view: View) -> Iterator[Verdict]:
    """Each such endpoint by what its policy allows to everybody."""
    network = view.network
    strays = [
        entry for entry in view.plan.of(_POLICY) if network.lookups.parts(entry, "vpc_endpoint_id", ENDPOINT).unknown
    ]
    for endpoint in network.endpoints.every:
        if endpoint.resource.mode != "managed" or endpoint.service not in (*_SERVICES, ""):
            continue
        statements, doubts = list[Statement](), list[str]()
        holders = network.endpoints.policies(endpoint)
        for holder in holders:
            found = policy_at(view.plan, holder, "policy")
            statements += found.statements
            doubts += [f"the policy of {holder} is {AFTER_APPLY}"] if found.unknown or not found.statements else []
        wide = [entry for entry in statements if _is_full_access(entry, endpoint.service)]
        narrow = any(entry.effect == "Deny" for entry in statements)
        faults = [] if holders else ["it has no policy, so that whoever gets into the VPC reaches every account by it"]
        faults += [f"its policy {_named(entry)} allows everything to everybody" for entry in wide if not narrow]
        if not holders and strays:
            doubts.append(f"whether {strays[0]} is its policy is {AFTER_APPLY}")
            faults = []
        if not endpoint.service and (faults or doubts):
            doubts, faults = [*doubts, f"service_name is {AFTER_APPLY}"], []
        yield (
            judged(endpoint.resource, faults, doubts) if holders else lacking(view, endpoint.resource, faults, doubts)
        )


def _is_full_access(statement: Statement, service: str) -> bool:
    """Whether a statement lets every principal do everything with every resource, as the default policy does."""
    is_everything = any(covers(pattern, f"{service or '*'}:*") for pattern in statement.actions)
    is_plain = not (statement.conditions or statement.operators or statement.unknown or statement.not_principals)
    everybody = any("*" in names for names in statement.principals.values())
    return statement.effect == "Allow" and is_everything and statement.is_for_everything and is_plain and everybody


def _named(statement: Statement) -> str:
    return f"statement {statement.sid} of {statement.source}" if statement.sid else f"in {statement.source}"


_WIDE = policy(Action="*", Resource="*", Principal="*")
_NARROW = policy(
    Action="*", Resource="*", Principal="*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT_ID}}
)
_READS = policy(Action="s3:GetObject", Resource="arn:aws:s3:::invoices/*", Principal={"AWS": "*"})
_DENIES = policy(
    {"Action": "*", "Resource": "*", "Principal": "*"},
    {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Principal": "*",
        "Condition": {"StringNotEquals": {"aws:ResourceAccount": ACCOUNT_ID}},
    },
)


def _apart(name: str, endpoint: str, text: str) -> dict[str, Any]:
    return resource(_POLICY, name, vpc_endpoint_id=ref(f"{_ENDPOINT}.{endpoint}"), policy=text)


POLICY = Policy(
    id="CKV2_LNET_109",
    title="Endpoint of S3, DynamoDB or Secrets Manager has a policy of its own",
    severity=Severity.MEDIUM,
    types=(_ENDPOINT,),
    why="The default policy of an endpoint allows everything to everybody, in every account: code that is taken over "
    "can carry data into a bucket of a stranger through it.",
    source="AWS PrivateLink guide, control access to VPC endpoints using endpoint policies",
    fix="Give the endpoint a policy that names the account (aws:PrincipalAccount, aws:ResourceAccount), or the actions "
    "and resources that the functions use.",
    judge=judge,
    samples=(
        merged(
            network(),
            later("narrow", _NARROW),
            later("wide", _WIDE),
            interface_endpoint("of_another_service", "sqs"),
            gateway_endpoint("passes_for_one_account", "s3", policy=_NARROW),
            gateway_endpoint("passes_for_named_objects", "s3", policy=_READS),
            gateway_endpoint("passes_with_a_denial", "dynamodb", policy=_DENIES),
            gateway_endpoint("passes_by_a_policy_apart", "dynamodb"),
            _apart("narrow", "passes_by_a_policy_apart", _NARROW),
            gateway_endpoint("fails_by_default", "s3"),
            gateway_endpoint("fails_with_full_access", "dynamodb", policy=_WIDE),
            interface_endpoint("fails_for_secrets", "secretsmanager", private_dns_enabled=False),
            gateway_endpoint("fails_by_a_policy_apart", "s3"),
            _apart("wide", "fails_by_a_policy_apart", _WIDE),
            gateway_endpoint("unknown_then_passes_by_policy", "s3", policy=LATER_NAMED.format("narrow")),
            gateway_endpoint("unknown_then_fails_by_policy", "s3", policy=LATER_NAMED.format("wide")),
        ),
    ),
)
