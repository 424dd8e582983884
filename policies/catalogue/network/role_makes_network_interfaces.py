"""The role of a function in a VPC lets Lambda make its network interfaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.iam import RolePolicies, Statement, covers, overlaps
from analysis.iam.managed import INTERFACE_ACTIONS
from policies.policy import Policy, Severity, Verdict
from policies.samples import LAMBDA, cloud, function_in_vpc, merged, network, policy, resource, subnet_ids, trust
from policies.shared.network import functions_in_vpc, judged, lacking, subnets_of
from policies.shared.network_samples import LATER_NAMED, later, ref
from policies.view import View

_WITHOUT_DELETE = [action for action in INTERFACE_ACTIONS if "Delete" not in action]
_ROLE = "aws_iam_role"
_FROM_CODE = "lambda:sourcefunctionarn"
"""Condition key that only calls of the function's own code carry, and none of Lambda itself."""


def judge(view: View) -> Iterator[Verdict]:
    """Each function by every policy of its role."""
    for entry in functions_in_vpc(view):
        links = view.plan.links(entry, "role", _ROLE)
        if links.only is None:
            names = ", ".join((*map(str, links.resources), *links.literals, *links.unresolved))
            yield judged(entry, (), (f"the policies of its role ({names}) are not in the plan",))
            continue
        faults, doubts = _missing(view.allowed(links.only))
        subnets, unresolved = subnets_of(view, entry)
        if faults and not subnets:
            yield judged(entry, (), [f"{faults[0]}, and whether it is attached to one is not known: {unresolved[0]}"])
        else:
            yield lacking(view, entry, faults, doubts)


def _missing(policies: RolePolicies) -> tuple[tuple[str, ...], tuple[str, ...]]:
    role = policies.role.address
    lacking, open_ = list[str](), list[str]()
    for action in INTERFACE_ACTIONS:
        granted = [entry for allowed, entry in policies.allows() if covers(allowed, action)]
        if not granted:
            lacking.append(action)
        elif all(entry.conditions or entry.operators for entry in granted):
            open_.append(f"{granted[0].source} allows {action} under a condition, and whether it holds is not known")
        if any(_may_deny(entry, action) for entry in policies.statements):
            open_.append(f"whether {role} is denied {action} under a condition is not known")
    if not lacking:
        return (), tuple(open_)
    missing = f"{role} does not allow {', '.join(lacking)}"
    if policies.unknown:
        return (), tuple(f"{missing} as far as is known: {text}" for text in policies.unknown[:1])
    return (f"{missing}, without which Lambda cannot attach it to the VPC",), ()


def _may_deny(statement: Statement, action: str) -> bool:
    """Whether a denial under a condition may meet Lambda itself."""
    if statement.effect != "Deny" or statement.is_absolute_denial or _FROM_CODE in statement.conditions:
        return False
    if statement.not_actions:
        return not any(covers(pattern, action) for pattern in statement.not_actions)
    return statement.is_for_everything and any(overlaps(pattern, action) for pattern in statement.actions)


_MANAGED = "arn:aws:iam::aws:policy/service-role/{}"
_OWN_CODE = {"ArnEquals": {"lambda:SourceFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:*"}}
_ALL = policy(Action=list(INTERFACE_ACTIONS), Resource="*")


def _with(name: str, text: str = "", managed: str = "", subnets: Sequence[str] = ()) -> dict[str, Any]:
    """A function in a VPC with a role of its own."""
    attachment = {"role": ref(f"{_ROLE}.of_{name}", "name"), "policy_arn": managed}
    config = {"subnet_ids": [*(subnets or subnet_ids())], "security_group_ids": [ref("aws_security_group.main")]}
    return merged(
        resource(_ROLE, f"of_{name}", name=cloud(name), assume_role_policy=trust(LAMBDA)),
        resource("aws_iam_role_policy", f"of_{name}", role=ref(f"{_ROLE}.of_{name}"), policy=text) if text else {},
        resource("aws_iam_role_policy_attachment", f"of_{name}", **attachment) if managed else {},
        function_in_vpc(name, role=ref(f"{_ROLE}.of_{name}", "arn"), vpc_config=config),
    )


POLICY = Policy(
    id="CKV2_LNET_113",
    title="Role of a function in a VPC lets Lambda make and remove its network interfaces",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="Lambda makes the network interfaces of a function with the function's own role: without these permissions it "
    "refuses to make the function, or leaves its interfaces behind.",
    source="Lambda developer guide, attaching functions to a VPC: required IAM permissions",
    fix="Attach the managed policy service-role/AWSLambdaVPCAccessExecutionRole, or allow the six actions.",
    judge=judge,
    samples=(
        merged(
            network(),
            later("all", _ALL),
            later("none", policy(Action="logs:PutLogEvents", Resource="*")),
            _with("passes_by_managed_policy", managed=_MANAGED.format("AWSLambdaVPCAccessExecutionRole")),
            _with("passes_by_inline_policy", _ALL),
            _with(
                "passes_with_denial_to_its_code",
                policy(
                    {"Action": "ec2:*NetworkInterface*", "Resource": "*"},
                    {"Action": ["ec2:DescribeSubnets", "ec2:*PrivateIpAddresses"], "Resource": "*"},
                    {"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": _OWN_CODE},
                ),
            ),
            _with("fails_with_logs_only", managed=_MANAGED.format("AWSLambdaBasicExecutionRole")),
            _with("fails_without_delete", policy(Action=_WITHOUT_DELETE, Resource="*")),
            later("subnet", ref("aws_subnet.main_a")),
            _with("unknown_then_fails_by_subnet", subnets=[LATER_NAMED.format("subnet")]),
            _with("unknown_then_passes_by_policy", LATER_NAMED.format("all")),
            _with("unknown_then_fails_by_policy", LATER_NAMED.format("none")),
        ),
    ),
)
