"""Terraform roots without a resource: what reaches a target's state, and no more."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from modules.core.target import S3Backend, Target
from rollout.adapters.root import CONFIGURATION, pack
from rollout.domain.states import state_place


def backend_root(target: Target) -> bytes:
    """A packed root with the target's backend alone."""
    return _packed(target, {"terraform": {"backend": _backend(target)}})


def empty_root(target: Target) -> bytes:
    """A packed root with the target's backend and provider, and nothing of its stack."""
    required = {"aws": {"source": "hashicorp/aws", "version": target.aws_provider_version}}
    provider = {
        "region": target.region,
        "allowed_account_ids": [target.account_id],
        "default_tags": [{"tags": target.all_tags}],
    }
    return _packed(
        target,
        {
            "terraform": {"backend": _backend(target), "required_providers": required},
            "provider": {"aws": [provider]},
        },
    )


def _backend(target: Target) -> dict[str, Any]:
    """As the target's stack writes it."""
    place, backend = state_place(target), target.backend
    if not isinstance(backend, S3Backend):
        return {"local": {"path": f"../../../{place.key}"}}
    key = {"kms_key_id": backend.kms_key_id} if backend.kms_key_id else {}
    where = {"bucket": place.bucket, "key": place.key, "region": place.region}
    return {"s3": {**where, **key, "encrypt": True, "use_lockfile": True}}


def _packed(target: Target, document: dict[str, Any]) -> bytes:
    with TemporaryDirectory(prefix="lambdanet-rollout-") as parent:
        folder = Path(parent, target.name)
        folder.mkdir()
        (folder / CONFIGURATION).write_text(json.dumps(document, indent=2, sort_keys=True), encoding="utf-8")
        return pack(folder)
