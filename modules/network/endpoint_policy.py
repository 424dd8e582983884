"""The policy of an endpoint: who may pass it, and to what."""

from __future__ import annotations

from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target
from modules.network.endpoint_config import EndpointPolicyConfig


def endpoint_policy(target: Target, config: EndpointPolicyConfig) -> str | None:
    """The policy as JSON; None where the endpoint is meant to have none.

    The principal is always `*`, as gateway endpoints take no other; conditions say who may pass.

    Args:
        target: whose account's principals may pass, unless an organization's may.
        config: what is narrowed.
    """
    if config.full_access_reason:
        return None
    home = Condition("StringEquals", "aws:PrincipalAccount", (target.account_id,))
    if config.organization_id:
        home = Condition("StringEquals", "aws:PrincipalOrgID", (config.organization_id,))
    named = (Condition("ArnLike", "aws:PrincipalArn", config.principal_arns),) if config.principal_arns else ()
    foreign = bool(config.principal_arns) and not config.organization_id
    statement = Statement(
        sid="NamedPrincipalsOnly" if foreign else "OrganizationOnly" if config.organization_id else "ThisAccountOnly",
        actions=config.actions,
        resources=config.resources,
        principals=(Principal("AWS", ("*",)),),
        conditions=named if foreign else (home, *named),
    )
    return PolicyDocument([statement]).json
