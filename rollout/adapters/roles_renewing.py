"""An AWS config file with which Terraform assumes a role itself, and again before the session ends.

A role that was assumed by a role lasts an hour at most (IAM guide, role chaining), and the provider waits two hours for
some databases: an apply whose credentials were made before it began could not write its state.
"""

from __future__ import annotations

from collections.abc import Mapping

PROFILE = "lambdanet-target"
_SOURCE = "lambdanet-source"
SECRETS = frozenset(
    {
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    }
)  # fmt: skip
"""Variables that credentials come from (SDK reference guide)."""

_CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")


def renewing(environment: Mapping[str, str], *, arn: str, external_id: str, minutes: int) -> str:
    """The config file's content, or nothing where the credentials at hand come from the user's own files.

    Args:
        environment: what the credentials at hand come from.
        arn: the role.
        external_id: what its trust policy asks for; empty for none.
        minutes: how long a session lasts.
    """
    source, before = _source(environment)
    if not source:
        return ""
    lines = [
        f"[profile {PROFILE}]",
        f"role_arn = {arn}",
        source,
        "role_session_name = lambdanet-rollout",
        f"duration_seconds = {minutes * 60}",
        *((f"external_id = {external_id}",) if external_id else ()),
    ]
    return "\n".join([*before, *lines, ""])


def _source(environment: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Where the role is assumed from, and the profile that this needs; nothing where only the user's files say it."""
    if environment.get("AWS_ACCESS_KEY_ID"):
        return "credential_source = Environment", ()
    if environment.get("AWS_PROFILE"):
        return "", ()
    token, role = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE"), environment.get("AWS_ROLE_ARN")
    if token and role:
        profile = (f"[profile {_SOURCE}]", f"role_arn = {role}", f"web_identity_token_file = {token}", "")
        return f"source_profile = {_SOURCE}", profile
    if any(environment.get(name) for name in _CONTAINER):
        return "credential_source = EcsContainer", ()
    return "", ()
