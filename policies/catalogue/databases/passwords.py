"""Passwords of databases and caches stand neither in code nor in state."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource
from analysis.plan.addresses import references_in
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import merged, network, resource, subnet_ids
from policies.shared.databases_samples import database, known_later, later
from policies.view import View

_KEPT = {
    "aws_db_instance": ("password",),
    "aws_docdb_cluster": ("master_password",),
    "aws_elasticache_replication_group": ("auth_token",),
    "aws_elasticache_user": ("authentication_mode.passwords", "passwords"),
    "aws_memorydb_user": ("authentication_mode.passwords",),
    "aws_rds_cluster": ("master_password",),
    "aws_redshift_cluster": ("master_password",),
}
"""Attributes that Terraform keeps in its state."""

_WRITE_ONLY = {
    "aws_db_instance": "password_wo",
    "aws_docdb_cluster": "master_password_wo",
    "aws_elasticache_replication_group": "auth_token_wo",
    "aws_rds_cluster": "master_password_wo",
    "aws_redshift_cluster": "master_password_wo",
}
"""Attributes that Terraform sends and does not keep (AWS provider, write-only arguments)."""

_VALUES = frozenset(
    {
        ("aws_secretsmanager_random_password", "random_password"),
        ("aws_secretsmanager_secret_version", "secret_string"),
        ("aws_ssm_parameter", "value"),
        ("random_password", "result"),
        ("random_string", "result"),
    }
)
"""Attributes that are never null where the resource exists."""


def judge(view: View) -> Iterator[Verdict]:
    """Each database and cache by its attributes that hold a password."""
    for entry in view.plan.of(*_KEPT):
        found = [_kept(view, entry, path) for path in _KEPT[entry.type]] + [_written(view, entry)]
        wrong = [message for is_certain, message in found if message and is_certain]
        doubts = [message for is_certain, message in found if message and not is_certain]
        if wrong:
            yield failed(entry, "; ".join(wrong))
        elif doubts:
            yield unknown(entry, "; ".join(doubts))
        else:
            yield passed(entry)


def _kept(view: View, entry: Resource, path: str) -> tuple[bool, str]:
    """Whether it is certain that an attribute holds a password, and what it means; empty where it holds none."""
    value = view.setting(entry, path)
    if value is not UNKNOWN:
        holds = bool(value)
        sources = sorted({str(source) for source, _ in view.plan.links(entry, path).sources})
        origin = f", which {' and '.join(sources)} gives it," if sources else ""
        return True, f"{path} is set, and its value{origin} is kept in the state in the clear" if holds else ""
    texts = view.plan.texts(entry, path)
    is_plain = all(text == f"${{{references_in(text)[0]}}}" for text in texts if references_in(text))
    for source, attribute in view.plan.links(entry, path).sources:
        if (source.type, attribute) in _VALUES and is_plain:
            return True, f"{path} is the {attribute} of {source}, which is kept in the state in the clear"
    return False, f"whether {path} is set is known only after apply; where it is, the state keeps it in the clear"


def _written(view: View, entry: Resource) -> tuple[bool, str]:
    """Whether a write-only attribute stands in the code as a constant."""
    path = _WRITE_ONLY.get(entry.type, "")
    constants = [text for text in view.plan.texts(entry, path) if text and "${" not in text] if path else []
    return True, f"{path} is a constant in the code" if constants else ""


_EXAMPLE = "not-a-secret-at-all"

POLICY = Policy(
    id="CKV2_LNET_309",
    title="Passwords of databases and caches stand neither in code nor in state",
    severity=Severity.HIGH,
    types=tuple(_KEPT),
    why="Terraform keeps what it sends as password, master_password or auth_token in its state in the clear; whoever "
    "reads the state, or a plan, reads it too.",
    source="Terraform documentation, sensitive data in state; RDS guide, password management with AWS Secrets Manager",
    fix="Set manage_master_user_password = true, use the write-only argument with an ephemeral value, or let "
    "clients of a cache sign in by IAM.",
    judge=judge,
    samples=(
        merged(
            database("passes_with_managed_password"),
            database("fails_with_constant", manage_master_user_password=None, password=_EXAMPLE),
            database(
                "fails_with_constant_that_is_written",
                manage_master_user_password=None,
                password_wo=_EXAMPLE,
                password_wo_version=1,
            ),
            later(password=_EXAMPLE),
            database(
                "unknown_then_fails_by_variable", manage_master_user_password=None, password=known_later("password")
            ),
        ),
        merged(
            network(),
            resource("aws_elasticache_subnet_group", "main", name="sample-main", subnet_ids=subnet_ids()),
            resource(
                "aws_elasticache_replication_group",
                "fails_with_token",
                replication_group_id="sample-token",
                description="Sample",
                engine="valkey",
                engine_version="8.0",
                node_type="cache.t4g.micro",
                num_cache_clusters=1,
                subnet_group_name="${aws_elasticache_subnet_group.main.name}",
                transit_encryption_enabled=True,
                auth_token=_EXAMPLE,
            ),
            resource(
                "aws_elasticache_replication_group",
                "passes_without_token",
                replication_group_id="sample-plain",
                description="Sample",
                engine="valkey",
                engine_version="8.0",
                node_type="cache.t4g.micro",
                num_cache_clusters=1,
                subnet_group_name="${aws_elasticache_subnet_group.main.name}",
                transit_encryption_enabled=True,
            ),
        ),
    ),
)
