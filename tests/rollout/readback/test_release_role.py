"""CodeDeploy's role of a release."""

from __future__ import annotations

import pytest

from rollout.readback.release import release_checks
from tests.rollout.readback import sample_policies as policies
from tests.rollout.readback.breaking import Case, Step, call, listed, verify
from tests.rollout.readback.breaking_release import ROLE, permissions
from tests.rollout.readback.sample_stack import ACCOUNT, FUNCTION, REGION, SampleStack

ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTION}"
SIDS = ("EncryptAlarms", "MoveAlias", "PublishAlarms", "SeeAlarms", "SeeWhatIsReady")


def trusts(service: str) -> Step:
    document = policies.trust(service)
    return call("iam", "update_assume_role_policy", RoleName=ROLE, PolicyDocument=document)


def assumed(service: str) -> str:
    principal = f'{{"Service": ["{service}.amazonaws.com"]}}'
    return f'[{{"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {principal}}}]'


def moves(alias: str) -> str:
    actions = '["lambda:GetAlias", "lambda:UpdateAlias"]'
    return f'{{"Action": {actions}, "Effect": "Allow", "Resource": ["{ARN}", "{ARN}:{alias}"]}}'


def sees(region: str) -> str:
    condition = f'{{"StringEquals": {{"aws:RequestedRegion": ["{region}"]}}}}'
    action = '"Action": ["cloudwatch:DescribeAlarms"]'
    return f'{{{action}, "Condition": {condition}, "Effect": "Allow", "Resource": ["*"]}}'


def invokes(*hooks: str) -> str:
    return f'{{"Action": ["lambda:InvokeFunction"], "Effect": "Allow", "Resource": {listed(*hooks)}}}'


CASES = [
    Case(
        "moves every alias",
        permissions(alias="*"),
        permissions(),
        lambda _: [(f"role {ROLE}: statement MoveAlias", moves("live"), moves("*"))],
    ),
    Case(
        "sees alarms elsewhere",
        permissions(alarms_in="eu-west-1"),
        permissions(),
        lambda _: [(f"role {ROLE}: statement SeeAlarms", sees(REGION), sees("eu-west-1"))],
    ),
    Case(
        "invokes every function",
        permissions(policies.allow("InvokeHooks", "lambda:InvokeFunction", "*")),
        permissions(),
        lambda _: [(f"role {ROLE}: statements", listed(*SIDS), listed("InvokeHooks", *SIDS))],
    ),
    Case(
        "cannot wait for what is ready",
        permissions(without=("SeeWhatIsReady",)),
        permissions(),
        lambda _: [
            (f"role {ROLE}: statements", listed(*SIDS), listed(*SIDS[:-1])),
            (
                f"role {ROLE}: statement SeeWhatIsReady",
                f'{{"Action": ["lambda:GetProvisionedConcurrencyConfig"], "Effect": "Allow", "Resource": ["{ARN}:*"]}}',
                "(nothing)",
            ),
        ],
    ),
    Case(
        "another service assumes the role",
        trusts("lambda.amazonaws.com"),
        trusts("codedeploy.amazonaws.com"),
        lambda _: [(f"role {ROLE}: trust", assumed("codedeploy"), assumed("lambda"))],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_role(case: Case, stack: SampleStack) -> None:
    verify(case, stack, release_checks)


@pytest.mark.parametrize(
    ("before", "after", "resources"),
    [
        (f"{ARN}-before:live", "", (f"{ARN}-before:live",)),
        ("", f"{ARN}-after:live", (f"{ARN}-after:live",)),
        (f"{ARN}-both:live", f"{ARN}-both:live", (f"{ARN}-both:live",)),
        (f"{ARN}-before:live", f"{ARN}-after:live", (f"{ARN}-before:live", f"{ARN}-after:live")),
    ],
)
def test_hooks_are_invoked_by_the_role(stack: SampleStack, before: str, after: str, resources: tuple[str, ...]) -> None:
    hooks = {"before_traffic": before, "after_traffic": after}
    outputs = {**stack.outputs, "releases": [{**stack.outputs["releases"][0], **hooks}]}

    def broken() -> list[str]:
        return [str(check) for check in release_checks(stack.client, outputs, stack.expected) if not check.held]

    assert broken() == [
        f"FAILED role {ROLE}: statements: expected {listed('InvokeHooks', *SIDS)}, found {listed(*SIDS)}",
        f"FAILED role {ROLE}: statement InvokeHooks: expected {invokes(*resources)}, found (nothing)",
    ]
    permissions(policies.allow("InvokeHooks", "lambda:InvokeFunction", list(resources)))(stack)
    try:
        assert broken() == []
    finally:
        permissions()(stack)
