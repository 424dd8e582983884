"""A service that acts for many accounts acts with a role only for the account that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.iam import Statement
from analysis.iam.documents import policy_at
from analysis.iam.statement import covers
from analysis.plan import Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import ACCOUNT_ID, cloud, data, merged, policy, resource
from policies.view import View

_ROLE = "aws_iam_role"
_ACTION = "sts:AssumeRole"
_SERVICES = {
    "logs": "CloudWatch Logs guide, confused deputy prevention",
    "monitoring.rds": "Amazon RDS guide, preventing cross-service confused deputy problems",
    "pipes": "EventBridge guide, permissions for EventBridge Pipes",
    "scheduler": "EventBridge Scheduler guide, confused deputy prevention",
    "states": "Step Functions guide, preventing cross-service confused deputy",
    "vpc-flow-logs": "Amazon VPC guide, IAM role for publishing flow logs to CloudWatch Logs",
}
"""Services that tell for whom they assume a role, and the document that asks for a condition on it. Others are not
judged: Lambda, RDS Proxy, CodeDeploy and EC2 assume roles that only a principal of the same account can have passed to
them (iam:PassRole), their guides show trust policies without such a condition, and where a service does not send the
keys a condition on them would keep it from assuming the role at all."""
_KEYS = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})


def judge(view: View) -> Iterator[Verdict]:
    """Each role that one of these services may assume, by the conditions of the statements that let it."""
    for role in view.plan.of(_ROLE):
        found = policy_at(view.plan, role, "assume_role_policy")
        lets = [(entry, _services(entry)) for entry in found.statements if _lets_assume(entry)]
        open_to = sorted({name for entry, names in lets if not _is_bound(entry) for name in names if "${" not in name})
        unclear = [name for entry, names in lets if not _is_bound(entry) for name in names if "${" in name]
        if open_to:
            yield _failed(role, open_to)
        elif found.unknown or unclear or any("Principal" in entry.unknown for entry, _ in lets):
            reason = (
                found.unknown[0] if found.unknown else "the principal of assume_role_policy is known only after apply"
            )
            yield unknown(role, reason)
        elif any(names for _, names in lets):
            yield passed(role)


def _failed(role: Resource, services: Sequence[str]) -> Verdict:
    named = ", ".join(services)
    return failed(
        role, f"{named} may assume it for whoever asks, as no condition names aws:SourceAccount or aws:SourceArn"
    )


def _lets_assume(statement: Statement) -> bool:
    return statement.effect == "Allow" and any(covers(pattern, _ACTION) for pattern in statement.actions)


def _services(statement: Statement) -> tuple[str, ...]:
    """The services of the table that a statement is for, and expressions that may be one."""
    return tuple(name for name in statement.principals.get("Service", ()) if "${" in name or _short(name) in _SERVICES)


def _short(name: str) -> str:
    """`logs` for `logs.eu-west-1.amazonaws.com`."""
    own = name.partition(".amazonaws.")[0]
    return "logs" if own.startswith("logs.") else own


def _is_bound(statement: Statement) -> bool:
    """Whether a condition names the account or resource that a service acts for."""
    return any(
        key in _KEYS and any(value.strip("*") for value in values) for key, values in statement.conditions.items()
    )


def _role(name: str, service: str, /, **conditions: object) -> Sample:
    statement = {"Action": _ACTION, "Principal": {"Service": service}}
    condition = {"Condition": {"StringEquals": conditions}} if conditions else {}
    return resource(_ROLE, name, name=cloud(name), assume_role_policy=policy(**statement, **condition))


_ACCOUNT = {"aws:SourceAccount": ACCOUNT_ID}
_LATER = policy(Action=_ACTION, Principal={"Service": "pipes.amazonaws.com"}, Condition={"StringEquals": _ACCOUNT})

POLICY = Policy(
    id="CKV2_LNET_705",
    title="Roles that services assume for many accounts name the account or resource they are for",
    severity=Severity.MEDIUM,
    types=(_ROLE,),
    why="Somebody else's schedule, pipe or flow log could name the role; without a condition the service assumes it "
    "for them, and acts in this account.",
    source="; ".join(_SERVICES[name] for name in sorted(_SERVICES)),
    fix="Add a condition on aws:SourceAccount, or on aws:SourceArn, to the statement of assume_role_policy.",
    judge=judge,
    samples=(
        merged(
            _role("passes_by_account", "scheduler.amazonaws.com", **_ACCOUNT),
            _role("passes_by_arn", "vpc-flow-logs.amazonaws.com", **{"AWS:SourceArn": f"arn:aws:ec2:*:{ACCOUNT_ID}:*"}),
            _role("fails_scheduler", "scheduler.amazonaws.com"),
            _role("fails_logs_of_a_region", "logs.eu-west-1.amazonaws.com"),
            _role("fails_by_another_key", "states.amazonaws.com", **{"aws:RequestedRegion": "eu-west-1"}),
            _role("fails_by_star", "pipes.amazonaws.com", **{"aws:SourceAccount": "*"}),
            _role("function", "lambda.amazonaws.com"),
            _role("proxy", "rds.amazonaws.com"),
            data(
                "aws_iam_policy_document",
                "monitoring",
                statement=[
                    {
                        "actions": [_ACTION],
                        "principals": [{"type": "Service", "identifiers": ["monitoring.rds.amazonaws.com"]}],
                        "condition": [
                            {"test": "StringEquals", "variable": "aws:SourceAccount", "values": [ACCOUNT_ID]}
                        ],
                    }
                ],
            ),
            resource(
                _ROLE,
                "passes_by_document",
                name="sample-by-document",
                assume_role_policy="${data.aws_iam_policy_document.monitoring.json}",
            ),
            resource("terraform_data", "services", input={"one": "states.amazonaws.com"}),
            _role("unknown_then_fails_service", "${terraform_data.services.output.one}"),
            resource("terraform_data", "trust", input=_LATER),
            resource(
                _ROLE,
                "unknown_then_passes_policy",
                name="sample-later",
                assume_role_policy="${terraform_data.trust.output}",
            ),
        ),
    ),
)
