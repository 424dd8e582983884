"""Nobody may do everything: no action `*`, no service as a whole, no NotAction."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.iam import Policies, Statement
from analysis.iam.documents import policy_at
from analysis.plan import Plan, Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import cloud, merged, policy, resource, trust
from policies.shared.permissions import allowed_by, denials_among, is_for_everything
from policies.view import View

_ROLE = "aws_iam_role"
_ALONE = {
    "aws_iam_group_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_ssoadmin_permission_set_inline_policy": "inline_policy",
}
"""Resource type → argument of policies that may belong to no role."""
_ATTACHMENTS = {
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns"),
}
"""Resource type → its arguments that name the role, and the policy."""
_GIVES_ITSELF_MORE = frozenset({"iam", "organizations", "sso", "sts"})
"""Services whose actions give permissions: all of one of them is everything."""


def judge(view: View) -> Iterator[Verdict]:
    """Each role by all its policies, and each policy that belongs to no role of the plan."""
    policies, attached = Policies(view.plan), _attached(view.plan)
    for role in view.plan.of(_ROLE):
        found = policies.of(role)
        yield _judged(role, found.statements, found.unknown)
    for entry in view.plan.of(*_ALONE):
        if entry not in attached:
            alone = policy_at(view.plan, entry, _ALONE[entry.type])
            hidden = tuple(f"{part} of {entry.address}" for each in alone.statements for part in each.unknown)
            yield _judged(entry, alone.statements, (*alone.unknown, *hidden))


def _attached(plan: Plan) -> frozenset[Resource]:
    """Policies that belong to a role of the plan, with which they are judged."""
    found = set[Resource]()
    for kind, (roles, policies) in _ATTACHMENTS.items():
        for entry in plan.of(kind):
            if any(role.mode == "managed" for role in plan.links(entry, roles, _ROLE).resources):
                found.update(plan.links(entry, policies, "aws_iam_policy").resources)
    for role in plan.of(_ROLE):
        found.update(plan.links(role, "managed_policy_arns", "aws_iam_policy").resources)
    return frozenset(found)


def _judged(resource: Resource, statements: tuple[Statement, ...], unclear: tuple[str, ...]) -> Verdict:
    denials, problems, doubts = denials_among(statements), list[str](), list[str]()
    for entry in statements:
        by = "" if entry.source == resource.address else f" ({entry.source})"
        if entry.effect == "Allow" and entry.not_actions:
            problems.append(f"a statement allows all but NotAction {', '.join(sorted(entry.not_actions))}{by}")
        for action in allowed_by(entry, denials):
            is_all = _is_too_much(entry, action)
            if is_all:
                problems.append(f'a statement allows the action "{action}"{_where(action, entry)}{by}')
            elif is_all is None:
                doubts.append(
                    f'whether the action "{action}" is allowed on every resource is known only after apply{by}'
                )
    if problems:
        return failed(resource, "; ".join(dict.fromkeys(problems)))
    doubts.extend(unclear)
    return unknown(resource, "; ".join(dict.fromkeys(doubts))) if doubts else passed(resource)


def _is_too_much(statement: Statement, action: str) -> bool | None:
    service, _, name = action.lower().partition(":")
    if not set(action) - set("*:"):
        return True
    if name.strip("*"):
        return False
    if "*" in service or service in _GIVES_ITSELF_MORE:
        return True
    return False if statement.conditions or statement.operators else is_for_everything(statement)


def _where(action: str, statement: Statement) -> str:
    return " on every resource" if is_for_everything(statement) and action.strip("*:") else ""


def _role(name: str, /, **statement: object) -> Sample:
    return merged(_bare(name), _inline(name, policy(**{"Resource": "*", **statement})))


def _bare(name: str, /, **body: object) -> Sample:
    return resource(_ROLE, name, name=cloud(name), assume_role_policy=trust("lambda.amazonaws.com"), **body)


def _inline(name: str, text: str) -> Sample:
    return resource("aws_iam_role_policy", f"of_{name}", role=f"${{aws_iam_role.{name}.id}}", policy=text)


_QUEUE = resource("aws_sqs_queue", "jobs", name="sample-jobs")
_LATER = resource("terraform_data", "actions", input={"few": "sqs:SendMessage", "all": "*"})

POLICY = Policy(
    id="CKV2_LNET_701",
    title="No role or policy allows every action, or every action of a service on everything",
    severity=Severity.CRITICAL,
    types=(_ROLE, *_ALONE),
    why="Whoever makes a function run code of theirs then owns the account, or all data of the service. NotAction "
    "allows what AWS adds tomorrow too.",
    source="Security Hub controls for IAM, IAM.1 and IAM.21; IAM guide, security best practices, least-privilege "
    "permissions",
    fix="Name the actions and the ARNs that the code needs.",
    judge=judge,
    samples=(
        merged(
            _QUEUE,
            _LATER,
            _role("passes_few", Action=["sqs:SendMessage", "s3:Get*"]),
            _role("passes_service_on_one", Action="sqs:*", Resource="${aws_sqs_queue.jobs.arn}"),
            _role("passes_denied", Action="sqs:*", Effect="Deny"),
            _role("fails_all", Action="*"),
            _role("fails_all_on_one", Action=["s3:GetObject", "*:*"], Resource="${aws_sqs_queue.jobs.arn}"),
            _role("fails_service", Action="s3:*", Resource="arn:aws:s3:::*"),
            _role("fails_iam", Action="iam:*", Resource="${aws_sqs_queue.jobs.arn}"),
            _role("fails_not_action", NotAction="iam:*"),
            _bare("fails_beside_unknown"),
            _inline(
                "fails_beside_unknown",
                policy(
                    {"Action": "sqs:SendMessage", "Resource": "${aws_sqs_queue.jobs.arn}"},
                    {"Action": "*", "Resource": "*"},
                ),
            ),
            _role("unknown_then_passes_actions", Action="${terraform_data.actions.output.few}"),
            _role("unknown_then_fails_actions", Action="${terraform_data.actions.output.all}"),
        ),
        merged(
            _bare("passes_attached"),
            _bare("fails_attached"),
            resource(
                "aws_iam_role_policy_attachment",
                "network",
                role="${aws_iam_role.passes_attached.name}",
                policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
            ),
            resource(
                "aws_iam_role_policy_attachment",
                "administrator",
                role="${aws_iam_role.fails_attached.name}",
                policy_arn="arn:aws:iam::aws:policy/AdministratorAccess",
            ),
            resource("aws_iam_policy", "fails_alone", name="sample-all", policy=policy(Action="*", Resource="*")),
            resource(
                "aws_iam_policy", "of_a_role", name="sample-of-a-role", policy=policy(Action="s3:*", Resource="*")
            ),
            _bare("fails_attached_policy"),
            resource(
                "aws_iam_role_policy_attachment",
                "own",
                role="${aws_iam_role.fails_attached_policy.name}",
                policy_arn="${aws_iam_policy.of_a_role.arn}",
            ),
            resource(
                "aws_iam_policy", "passes_alone", name="sample-few", policy=policy(Action="s3:ListBucket", Resource="*")
            ),
        ),
    ),
    replaces={
        "CKV_AWS_62": "It does not see what jsonencode wrote, nor in a plan a policy that holds an unknown ARN too.",
        "CKV_AWS_63": "It does not see what jsonencode wrote, nor in a plan a policy that holds an unknown ARN too.",
        "CKV2_AWS_40": "It misses spellings of iam:* in synthesized JSON, and in a plan a policy with an unknown ARN.",
    },
)
