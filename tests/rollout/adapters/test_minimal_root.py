"""Roots that reach a target's state and hold nothing of its stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from modules.core.target import Target
from rollout.adapters.minimal_root import backend_root, empty_root
from rollout.adapters.root import unpack
from tests.modules.core.test_target import target

KEY = "arn:aws:kms:eu-west-1:123456789012:alias/state"
S3 = {"kind": "s3", "bucket": "acme-state", "region": "eu-west-1"}


def document(root: bytes, folder: Path) -> Any:
    unpack(root, folder)
    return json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))


def test_the_backend_is_the_one_that_stacks_write(tmp_path: Path) -> None:
    name = target().name
    s3 = {"bucket": "acme-state", "key": f"acme/{name}.tfstate", "region": "eu-west-1"}
    always = {"encrypt": True, "use_lockfile": True}
    for number, (given, written) in enumerate(
        [
            (target(), {"local": {"path": f"../../../terraform.{name}.tfstate"}}),
            (target(backend=S3), {"s3": {**s3, **always}}),
            (target(backend={**S3, "kms_key_id": KEY}), {"s3": {**s3, **always, "kms_key_id": KEY}}),
        ]
    ):
        assert document(backend_root(given), tmp_path / str(number)) == {"terraform": {"backend": written}}


def test_an_empty_root_has_the_target_s_provider(tmp_path: Path) -> None:
    given: Target = target(backend=S3)
    found = document(empty_root(given), tmp_path)
    assert found["provider"] == {
        "aws": [
            {
                "region": "eu-west-1",
                "allowed_account_ids": ["123456789012"],
                "default_tags": [{"tags": given.all_tags}],
            }
        ]
    }
    assert found["terraform"]["required_providers"] == {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}
    assert set(found) == {"terraform", "provider"}
