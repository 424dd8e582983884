"""SQL over HTTPS: what a role needs for the Data API of an Aurora cluster."""

from __future__ import annotations

from collections.abc import Iterator

from modules.core.errors import Problem
from modules.core.statements import Statement

HTTPS = 443
_ACTIONS = (
    "rds-data:BatchExecuteStatement",
    "rds-data:BeginTransaction",
    "rds-data:CommitTransaction",
    "rds-data:ExecuteStatement",
    "rds-data:RollbackTransaction",
)


def run_statement(word: str, cluster_arn: str) -> Statement:
    """Run SQL on a cluster.

    Args:
        word: ends the statement's Sid.
        cluster_arn: the cluster.
    """
    return Statement(f"RunSqlOn{word}", _ACTIONS, (cluster_arn,))


def data_api_problems(*, enabled: bool, has_secret: bool, reason: str, has_master_secret: bool) -> Iterator[Problem]:
    """A cluster without the Data API, and a user's secret or a reason for the master user's.

    Args:
        enabled: the cluster's `data_api`.
        has_secret: whether a secret is given.
        reason: `master_password_reason`.
        has_master_secret: whether the cluster has a secret of its master user.
    """
    if not enabled:
        yield Problem("", "data_api is True", "the cluster's Data API is off", "set data_api of the cluster")
    if has_secret is bool(reason):
        given = f'secret is {"given" if has_secret else "missing"} and master_password_reason is "{reason}"'
        allowed = "the Data API signs in with the secret of a user, or with that of the master user"
        yield Problem("", given, allowed, "set one of the two")
    if reason and not has_master_secret:
        given = "the master user's password is asked for"
        yield Problem("", given, "the cluster has no secret of it", "give the secret of a user")
