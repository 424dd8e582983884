"""Managed policies that are still attached: IAM deletes none, moto 5.2.5 deletes any."""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.iam.exceptions import DeleteConflictException
from moto.iam.models import IAMBackend

from local.extensions.patching import wrap


def install() -> None:
    """Extend moto."""
    wrap(IAMBackend, "delete_policy", "self policy_arn", _delete_policy)


def _delete_policy(original: Any, backend: Any, policy_arn: str) -> None:
    policy = backend.managed_policies.get(policy_arn)
    if policy is not None and policy.attachment_count > 0:
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    original(backend, policy_arn)
