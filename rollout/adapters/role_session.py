"""Credentials of an assumed role for Terraform, made anew before they end: a program and what it is told.

A role that was assumed by a role lasts an hour at most (IAM guide, role chaining), and the provider waits two hours for
some databases: an apply with credentials that end meanwhile could not write its state. Terraform asks this program
(`credential_process`) whenever its credentials have ended, also when the process that started Terraform is gone.

What it is told stands in a folder that only the user may read, and goes with it.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PROFILE = "lambdanet-target"
SPARE = timedelta(minutes=10)
"""Credentials that end sooner are made anew."""

SECRETS = frozenset(
    {
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    }
)  # fmt: skip
"""Variables that credentials come from (SDK reference guide)."""

_CONFIG, _REQUEST, _SESSION = "aws-config", "aws-request.json", "aws-session.json"


def prepare(
    folder: Path,
    *,
    environment: Mapping[str, str],
    region: str,
    asked: Mapping[str, Any],
    credentials: Mapping[str, Any],
) -> dict[str, str]:
    """Write what the program needs, and return the environment in which Terraform asks it.

    Args:
        folder: readable by the user only.
        environment: in which the role is assumed.
        region: whose STS is asked.
        asked: arguments of AssumeRole.
        credentials: what AssumeRole answered the last time.
    """
    source = {name: value for name, value in environment.items() if name.startswith("AWS_")}
    _write(folder / _REQUEST, {"environment": source, "region": region, "asked": dict(asked)})
    _write(folder / _SESSION, _told(credentials))
    program = shlex.join((sys.executable, "-P", str(Path(__file__).absolute()), str(folder)))
    (folder / _CONFIG).write_text(f"[profile {PROFILE}]\ncredential_process = {program}\n", encoding="utf-8")
    kept = {name: value for name, value in environment.items() if name not in SECRETS}
    return {**kept, "AWS_CONFIG_FILE": str(folder / _CONFIG), "AWS_PROFILE": PROFILE}


def session(folder: Path) -> dict[str, Any]:
    """Credentials that last for a while, as `credential_process` gives them."""
    known: dict[str, Any] = json.loads((folder / _SESSION).read_text(encoding="utf-8"))
    if datetime.fromisoformat(known["Expiration"]) - datetime.now(UTC) > SPARE:
        return known
    import boto3  # noqa: PLC0415  # half a second, which no command waits for while its credentials last

    request = json.loads((folder / _REQUEST).read_text(encoding="utf-8"))
    for name in SECRETS | {"AWS_CONFIG_FILE"}:
        os.environ.pop(name, None)
    os.environ.update(request["environment"])
    client = boto3.session.Session().client("sts", region_name=request["region"])
    told = _told(client.assume_role(**request["asked"])["Credentials"])
    _write(folder / _SESSION, told)
    return told


def _told(credentials: Mapping[str, Any]) -> dict[str, Any]:
    """As `credential_process` gives it (SDK reference guide, process credential provider)."""
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    return {
        "Version": 1,
        **{name: credentials[name] for name in names},
        "Expiration": credentials["Expiration"].isoformat(),
    }


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all, as two programs of Terraform may ask at once."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as written:
        json.dump(content, written)
    new.replace(file)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(session(Path(sys.argv[1]))))
