"""A project whose roots hold one resource of Terraform's own: it is made anew whenever the tag `release` changes.

Making it takes as many seconds as LAMBDANET_TEST_SECONDS says, half a second by default, and leaves a line in the file
that LAMBDANET_TEST_APPLIES names.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from modules.core.target import S3Backend, Target
from rollout.targets import read_targets


def root(target: Target) -> dict[str, object]:
    """The root module of a target."""
    assert isinstance(target.backend, S3Backend)
    seconds = os.environ.get("LAMBDANET_TEST_SECONDS", "0.5")
    applies = f"sleep {seconds}; echo {target.name} >> {os.environ['LAMBDANET_TEST_APPLIES']}"
    backend = {
        "bucket": target.backend.bucket, "key": f"{target.org}/{target.name}.tfstate",
        "region": target.backend.region, "encrypt": True, "kms_key_id": target.backend.kms_key_id, "use_lockfile": True,
    }  # fmt: skip
    release = {
        "triggers_replace": target.tags["release"],
        "provisioner": [{"local-exec": {"command": applies}}],
    }
    return {
        "terraform": {"backend": {"s3": backend}},
        "resource": {"terraform_data": {"release": release}},
        "output": {"release": {"value": target.tags["release"]}},
    }


def main() -> None:
    """Write every root, as the suite's own `main.py` does."""
    output = Path(os.environ["CDKTF_OUTDIR"])
    for entry in read_targets(Path(os.environ["LAMBDANET_ENVIRONMENTS"]), only=os.environ.get("LAMBDANET_TARGET", "")):
        folder = output / "stacks" / entry.target.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cdk.tf.json").write_text(json.dumps(root(entry.target)), encoding="utf-8")
    (output / "manifest.json").write_text(json.dumps({"stacks": {}}), encoding="utf-8")


if __name__ == "__main__":
    main()
