"""The digest that ties an apply to the plan that was reviewed."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zlib
from datetime import UTC, datetime
from pathlib import PurePosixPath

from rollout.domain.errors import StoreError

CONFIGURATION, LOCK_FILE = "cdk.tf.json", ".terraform.lock.hcl"
"""Files of a Terraform root that a digest covers one by one, beside the packed root as a whole."""


def plan_digest(
    *, plan: bytes, plan_json: bytes, root: bytes, suite_version: str, planned_at: datetime, expires_at: datetime
) -> str:
    """SHA-256 over everything that decides what an apply does, in hexadecimal.

    Args:
        plan: the plan file, as Terraform wrote it.
        plan_json: what `terraform show -json` printed of it.
        root: the packed Terraform root (tar, gzip), with `cdk.tf.json` and the lock file.
        suite_version: version of the suite that planned it.
        planned_at: when, with a time zone.
        expires_at: until when it may be applied, with a time zone.

    Raises:
        StoreError: the root cannot be unpacked.
    """
    parts = {
        "plan": _hash(plan),
        "plan_json": _hash(plan_json),
        "root": _hash(root),
        **root_digests(root),
        "suite_version": suite_version,
        "planned_at": planned_at.astimezone(UTC).isoformat(),
        "expires_at": expires_at.astimezone(UTC).isoformat(),
    }
    return _hash(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode())


def root_digests(root: bytes) -> dict[str, str]:
    """SHA-256 of `cdk.tf.json` and of the lock file of a packed root, by name; empty text for one it does not have.

    Raises:
        StoreError: the root cannot be unpacked.
    """
    found = {CONFIGURATION: "", LOCK_FILE: ""}
    try:
        with tarfile.open(fileobj=io.BytesIO(root), mode="r:gz") as archive:
            for member in archive:
                path = PurePosixPath(member.name)
                if len(path.parts) == 1 and path.name in found and member.isfile():
                    content = archive.extractfile(member)
                    found[path.name] = _hash(content.read()) if content is not None else ""
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise StoreError(
            "packed root: cannot be unpacked; it is a tar file compressed by gzip, as `lambdanet rollout plan` writes "
            "it; plan the target again"
        ) from error
    return found


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
