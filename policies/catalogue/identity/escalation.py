"""A function cannot make itself more powerful, nor open every key."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.iam import Policies, Statement
from analysis.iam.statement import covers
from analysis.plan import Plan, Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import cloud, function, merged, policy, resource, trust
from policies.shared.permissions import allowed_by, denials_among, is_for_everything
from policies.view import View

_ROLE = "aws_iam_role"
_DANGERS = {
    "iam:PassRole": "lets it hand any role to a service, and so act with it",
    "kms:Decrypt": "lets it open what any key encrypts",
    "lambda:*": "lets it change and call every function",
    "sts:AssumeRole": "lets it take any role that trusts the account",
}


def judge(view: View) -> Iterator[Verdict]:
    """Each role of a function by what it allows on every resource, without a condition."""
    policies = Policies(view.plan)
    for role in sorted(_roles(view.plan), key=str):
        found = policies.of(role)
        yield _judged(role, found.statements, found.unknown)


def _roles(plan: Plan) -> frozenset[Resource]:
    named = (plan.links(entry, "role", _ROLE).resources for entry in plan.of("aws_lambda_function"))
    return frozenset(role for roles in named for role in roles if role.mode == "managed")


def _judged(role: Resource, statements: tuple[Statement, ...], unclear: tuple[str, ...]) -> Verdict:
    denials, problems, doubts = denials_among(statements), list[str](), list[str]()
    for entry in statements:
        for action, danger in _dangers(entry, denials):
            on_all = is_for_everything(entry)
            if on_all:
                problems.append(f'"{action}" on every resource ({entry.source}) {danger}')
            elif on_all is None:
                doubts.append(
                    f'whether "{action}" is allowed on every resource is known only after apply ({entry.source})'
                )
    if problems:
        return failed(role, "; ".join(dict.fromkeys(problems)))
    doubts.extend(unclear)
    return unknown(role, "; ".join(dict.fromkeys(doubts))) if doubts else passed(role)


def _dangers(statement: Statement, denials: tuple[Statement, ...]) -> Iterator[tuple[str, str]]:
    """Actions that a statement allows without a condition, and what they let a function do; `*` has its own policy."""
    if statement.conditions or statement.operators:
        return
    for action in allowed_by(statement, denials):
        if action.strip("*:"):
            for danger, text in _DANGERS.items():
                if covers(action, danger):
                    yield action, text


def _function(name: str, /, **statement: object) -> Sample:
    """A function with a role of its own, which `name` is the name of."""
    return merged(
        resource(_ROLE, name, name=cloud(name), assume_role_policy=trust("lambda.amazonaws.com")),
        resource("aws_iam_role_policy", name, role=f"${{aws_iam_role.{name}.id}}", policy=policy(**statement)),
        function(f"of_{name}", role=f"${{aws_iam_role.{name}.arn}}"),
    )


def _without_prefix(sample: Sample) -> Sample:
    """The policies of roles named apart, as only roles are judged."""
    found = merged(sample)
    named = found["resource"].pop("aws_iam_role_policy")
    found["resource"]["aws_iam_role_policy"] = {f"of_{name}": body for name, body in named.items()}
    return found


_KEY = resource("aws_kms_key", "orders", deletion_window_in_days=7)
_LATER = resource("terraform_data", "actions", input={"few": "kms:Describe*", "all": "kms:Decrypt"})

POLICY = Policy(
    id="CKV2_LNET_702",
    title="Roles of functions pass no role, assume no role, change no function and open no key at will",
    severity=Severity.HIGH,
    types=(_ROLE,),
    why="Each of iam:PassRole, sts:AssumeRole and lambda:* on every resource is a way to every permission of the "
    "account, and kms:Decrypt on every key makes encryption worth nothing.",
    source="Security Hub controls for KMS, KMS.1 and KMS.2; IAM guide, grant a user permissions to pass a role",
    fix="Name the ARN of the role, function or key, or add a condition such as iam:PassedToService or kms:ViaService.",
    judge=judge,
    samples=(
        _without_prefix(
            merged(
                _KEY,
                _LATER,
                _function("passes_one_key", Action="kms:Decrypt", Resource="${aws_kms_key.orders.arn}"),
                _function(
                    "passes_by_condition",
                    Action="kms:Decrypt",
                    Resource="*",
                    Condition={"StringEquals": {"kms:ViaService": "sqs.eu-west-1.amazonaws.com"}},
                ),
                _function("passes_one_role", Action="iam:PassRole", Resource="arn:aws:iam::123456789012:role/jobs"),
                _function("fails_every_key", Action=["kms:D*"], Resource="*"),
                _function(
                    "fails_every_key_of_the_account",
                    Action="kms:Decrypt",
                    Resource="arn:aws:kms:eu-west-1:123456789012:key/*",
                ),
                _function("fails_passing", Action="iam:PassRole", Resource="*"),
                _function("fails_assuming", Action="sts:AssumeRole", Resource="arn:aws:iam::123456789012:role/*"),
                _function("fails_functions", Action="lambda:*", Resource="*"),
                _function("unknown_then_passes_actions", Action="${terraform_data.actions.output.few}", Resource="*"),
                _function("unknown_then_fails_actions", Action="${terraform_data.actions.output.all}", Resource="*"),
            )
        ),
    ),
)
