"""IAM policy statements as plain data, one per reason."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Condition:
    """One condition of a statement, such as `StringEquals aws:SourceAccount [...]`."""

    test: str
    variable: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Principal:
    """Who a resource policy or trust policy speaks of: kind `Service` or `AWS`, and identifiers."""

    kind: str
    identifiers: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """One reason to allow (or deny) something.

    Attributes:
        sid: the reason, as a CamelCase word; unique within a policy.
        actions: IAM actions.
        resources: ARNs; empty only in trust policies.
        effect: `Allow` or `Deny`.
        principals: for resource and trust policies.
        conditions: all must hold.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    effect: str = "Allow"
    principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = field(default=())


def service_trust(service: str, *, account_id: str = "") -> Statement:
    """Trust for an AWS service.

    Args:
        service: service principal, such as `lambda.amazonaws.com`.
        account_id: source account that the service must pass. Only for services documented to pass it (VPC flow logs,
            enhanced monitoring); Lambda and RDS Proxy are not, and could no longer assume the role.
    """
    own_account = Condition("StringEquals", "aws:SourceAccount", (account_id,))
    return Statement(
        sid="ServiceAssumesRole",
        actions=("sts:AssumeRole",),
        principals=(Principal("Service", (service,)),),
        conditions=(own_account,) if account_id else (),
    )


def tls_only(action: str, *arns: str) -> Statement:
    """What a resource policy says first: nobody comes in over plain HTTP.

    Args:
        action: every action of the service, such as `sqs:*`.
        arns: the resource, and what lies below it.
    """
    return Statement(
        sid="DenyPlainHttp",
        effect="Deny",
        actions=(action,),
        resources=arns,
        principals=(Principal("AWS", ("*",)),),
        conditions=(Condition("Bool", "aws:SecureTransport", ("false",)),),
    )


def this_account_only(action: str, *arns: str, account_id: str) -> Statement:
    """What a resource policy denies to principals of other accounts; services of AWS have none, and are let by.

    Args:
        action: every action of the service, such as `dynamodb:*`.
        arns: the resource, and what lies below it.
        account_id: the account that may come in.
    """
    return Statement(
        sid="ThisAccountOnly",
        effect="Deny",
        actions=(action,),
        resources=arns,
        principals=(Principal("AWS", ("*",)),),
        conditions=(
            Condition("StringNotEquals", "aws:PrincipalAccount", (account_id,)),
            Condition("BoolIfExists", "aws:PrincipalIsAWSService", ("false",)),
        ),
    )
