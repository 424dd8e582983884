"""What a variable's expression refers to: a password itself, or only what names one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from analysis.plan import UNKNOWN, Links, Resource
from policies.shared.secret_values import secret_name

_SECRETS = {
    "aws_api_gateway_api_key": {"value"},
    "aws_appsync_api_key": {"key"},
    "aws_cognito_user_pool_client": {"client_secret"},
    "aws_db_instance": {"password"},
    "aws_docdb_cluster": {"master_password"},
    "aws_ecr_authorization_token": {"authorization_token", "password"},
    "aws_elasticache_replication_group": {"auth_token"},
    "aws_elasticache_user": {"passwords"},
    "aws_iam_access_key": {"secret", "ses_smtp_password_v4"},
    "aws_iam_user_login_profile": {"password"},
    "aws_kms_secrets": {"plaintext"},
    "aws_memorydb_user": {"authentication_mode"},
    "aws_neptune_cluster": {"master_password"},
    "aws_rds_cluster": {"master_password"},
    "aws_redshift_cluster": {"master_password"},
    "aws_secretsmanager_random_password": {"random_password"},
    "aws_secretsmanager_secret_version": {"secret_binary", "secret_string"},
    "random_password": {"bcrypt_hash", "result"},
    "tls_private_key": {"private_key_openssh", "private_key_pem", "private_key_pem_pkcs8"},
}
"""Attributes that hold a secret, by resource type or type of data source."""
_PARTS = re.compile(r"jsondecode\(.*\)(?:\.|\[\\?\")(?P<part>\w+)", re.DOTALL)
_WHOLE = "aws_secretsmanager_secret_version"
_PARAMETER, _SECURE = "aws_ssm_parameter", "SecureString"


class Kind(Enum):
    """What a reference is."""

    SECRET = "a secret"  # noqa: S105  # a word for a kind of reference
    HARMLESS = "none"
    UNKNOWN = "not known"


def kind_of(resource: Resource, attribute: str, text: str) -> Kind:
    """What an attribute of a resource is.

    Args:
        resource: what is referred to.
        attribute: which attribute of it, such as `password`.
        text: the expression as it is written; empty where a plan does not tell it.
    """
    name = re.split(r"[.\[]", attribute)[0]
    if resource.type == _PARAMETER and name == "value":
        kind = resource.get("type")
        return Kind.UNKNOWN if kind is UNKNOWN else Kind.SECRET if kind == _SECURE else Kind.HARMLESS
    if name not in _SECRETS.get(resource.type, ()):
        return Kind.HARMLESS if not resource.type.startswith("terraform_") else Kind.UNKNOWN
    if resource.type == _WHOLE:
        part = _PARTS.search(text)
        if part is not None:
            return Kind.SECRET if secret_name(part["part"]) else Kind.HARMLESS
        return Kind.SECRET if text else Kind.UNKNOWN
    return Kind.SECRET


def secrets_among(links: Links, text: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The references of an expression that are secrets, and those that may be, each as `<address>.<attribute>`."""
    found = {kind: list[str]() for kind in Kind}
    for resource, attribute in links.sources:
        found[kind_of(resource, attribute, text)].append(f"{resource}.{attribute}")
    return tuple(_sorted(found[Kind.SECRET])), tuple(_sorted((*found[Kind.UNKNOWN], *links.unresolved)))


def _sorted(texts: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(texts))
