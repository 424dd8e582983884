"""Who may mount a file system: its own policy, and what a role needs."""

from __future__ import annotations

from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement

_MOUNT, _WRITE, _ROOT = (f"elasticfilesystem:Client{action}" for action in ("Mount", "Write", "RootAccess"))
_ANYBODY = (Principal("AWS", ("*",)),)


def file_system_policy(file_system_arn: str, account_id: str) -> str:
    """The file system's own policy.

    It allows nothing, so the roles' statements decide, and nobody without a role comes in: EFS admits anonymous clients
    only while a file system has no policy (EFS guide). It denies whatever a role's statement must not open.
    """
    return PolicyDocument(
        [
            _denied("TlsOnly", file_system_arn, Condition("Bool", "aws:SecureTransport", ("false",))),
            _denied(
                "MountTargetsOnly",
                file_system_arn,
                Condition("Bool", "elasticfilesystem:AccessedViaMountTarget", ("false",)),
            ),
            _denied(
                "AccessPointsOnly", file_system_arn, Condition("Null", "elasticfilesystem:AccessPointArn", ("true",))
            ),
            _denied(
                "ThisAccountOnly", file_system_arn, Condition("StringNotEquals", "aws:PrincipalAccount", (account_id,))
            ),
        ]
    ).json


def _denied(sid: str, file_system_arn: str, condition: Condition) -> Statement:
    return Statement(
        sid=sid,
        actions=(_MOUNT, _ROOT, _WRITE),
        resources=(file_system_arn,),
        effect="Deny",
        principals=_ANYBODY,
        conditions=(condition,),
    )


def mount_statement(sid: str, *, file_system_arn: str, access_point_arn: str, writes: bool, is_root: bool) -> Statement:
    """What a role needs to mount through one access point.

    Args:
        sid: the statement's Sid.
        file_system_arn: the file system.
        access_point_arn: the access point.
        writes: without it EFS refuses every write.
        is_root: whether the access point's user or group is root, which EFS otherwise takes for nobody (EFS guide,
            enforcing a user identity).
    """
    return Statement(
        sid=sid,
        actions=(_MOUNT, *((_ROOT,) if is_root else ()), *((_WRITE,) if writes else ())),
        resources=(file_system_arn,),
        conditions=(Condition("StringEquals", "elasticfilesystem:AccessPointArn", (access_point_arn,)),),
    )
