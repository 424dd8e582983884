"""A function has a role of its own."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import cloud, function, merged, resource, trust
from policies.view import View

_ROLE = "aws_iam_role"
_MOST_NAMED = 3


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the other functions that have its role."""
    sharing, roles = dict[Resource | str, list[Resource]](), dict[Resource, Resource | str | None]()
    for entry in view.functions:
        links = view.plan.links(entry, "role", _ROLE)
        named: list[Resource | str] = [*links.resources, *links.literals]
        role = named[0] if len(named) == 1 and not links.unresolved else None
        roles[entry] = role
        if role is not None:
            sharing.setdefault(role, []).append(entry)
    for entry, role in roles.items():
        if role is None:
            yield unknown(entry, "role is known only after apply")
            continue
        others = [str(other) for other in sharing[role] if other is not entry]
        if others:
            more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
            yield failed(entry, f"it shares the role {role} with {', '.join(others[:_MOST_NAMED])}{more}")
        else:
            yield passed(entry)


def _role(name: str) -> Sample:
    return resource(_ROLE, name, name=cloud(name), assume_role_policy=trust("lambda.amazonaws.com"))


_LATER = resource(
    "terraform_data", "roles", input={"own": "${aws_iam_role.later.arn}", "shared": "${aws_iam_role.shared.arn}"}
)

POLICY = Policy(
    id="CKV2_LNET_703",
    title="Every function has a role of its own",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function",),
    why="A role that functions share allows each of them what any of them needs, and cannot be narrowed without "
    "breaking another.",
    source="Lambda operator guide, applying the principles of least privilege: an execution role for each function",
    fix="Give the function an aws_iam_role of its own.",
    judge=judge,
    samples=(
        merged(
            _role("own"),
            function("passes_alone", role="${aws_iam_role.own.arn}"),
            _role("shared"),
            function("fails_first", role="${aws_iam_role.shared.arn}"),
            function("fails_second", role="${aws_iam_role.shared.arn}"),
            _role("later"),
            _LATER,
            function("unknown_then_passes_role", role="${terraform_data.roles.output.own}"),
            function("unknown_then_fails_role", role="${terraform_data.roles.output.shared}"),
        ),
    ),
)
