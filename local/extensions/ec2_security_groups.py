"""EC2 security groups: rule descriptions, and groups and subnets that cannot be deleted while in use.

moto 5.2.5 returns the description of a rule only when its peer is a CIDR block, not when it is a group or a
prefix list. It deletes a security group that a network interface carries or another group's rule names, and a
subnet that holds a network interface; AWS refuses each with `DependencyViolation`. It answers
`InvalidPermission.NotFound` when a rule id to revoke is unknown; AWS answers `InvalidSecurityGroupRuleId.NotFound`,
which the provider takes for done when a repeated request finds its rule gone.
"""

from __future__ import annotations

import inspect
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ec2.exceptions import DependencyViolationError, InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.subnets import SubnetBackend

from local.extensions.patching import wrap, wrap_property

_RULE = "self ec2_backend ip_protocol group_id from_port to_port ip_range source_group prefix_list_id is_egress tags"
_REVOKE = (
    "self group_name_or_id ip_protocol from_port to_port ip_ranges "
    "source_groups prefix_list_ids security_rule_ids vpc_id"
)
_rule_signature = inspect.signature(SecurityGroupRule.__init__)


def install() -> None:
    """Extend moto."""
    wrap(SecurityGroupRule, "__init__", _RULE, _remember_description)
    wrap_property(SecurityGroupRule, "description", _description)
    wrap(SecurityGroupBackend, "_delete_security_group", "self vpc_id group_id", _delete_group)
    wrap(SecurityGroupBackend, "revoke_security_group_ingress", _REVOKE, _revoke)
    wrap(SecurityGroupBackend, "revoke_security_group_egress", _REVOKE, _revoke)
    wrap(SubnetBackend, "delete_subnet", "self subnet_id", _delete_subnet)


def _remember_description(original: Any, rule: Any, *args: Any, **kwargs: Any) -> None:
    original(rule, *args, **kwargs)
    given = _rule_signature.bind(rule, *args, **kwargs).arguments
    rule.prefix_list_description = (given.get("prefix_list_id") or {}).get("Description")


def _description(by_moto: str | None, rule: Any) -> str | None:
    return by_moto or rule.source_group.get("Description") or rule.prefix_list_description


def _revoke(original: Any, backend: Any, group_name_or_id: str, *args: Any, **kwargs: Any) -> None:
    group = backend.get_security_group_by_name_or_id(group_name_or_id, kwargs.get("vpc_id"))
    known = {rule.id for rule in (*group.ingress_rules, *group.egress_rules)} if group else set()
    for rule_id in kwargs.get("security_rule_ids") or ():
        if group is not None and rule_id not in known:
            raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
    original(backend, group_name_or_id, *args, **kwargs)


def _delete_group(original: Any, backend: Any, vpc_id: str | None, group_id: str) -> None:
    interfaces = any(group_id in [group.id for group in eni.group_set] for eni in backend.enis.values())
    if interfaces or _is_referenced(backend, group_id):
        raise DependencyViolationError(f"resource {group_id} has a dependent object")
    original(backend, vpc_id, group_id)


def _is_referenced(backend: Any, group_id: str) -> bool:
    others = [group for groups in backend.groups.values() for group in groups.values() if group.id != group_id]
    return any(
        rule.source_group.get("GroupId") == group_id
        for group in others
        for rule in (*group.ingress_rules, *group.egress_rules)
    )


def _delete_subnet(original: Any, backend: Any, subnet_id: str) -> Any:
    if any(eni.subnet_id == subnet_id for eni in backend.enis.values()):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return original(backend, subnet_id)
