"""A project of several targets whose roots need no provider, so that planning takes a tenth of a second each."""

from __future__ import annotations

import shutil
from pathlib import Path

IDS = {"main": "123456789012", "shop": "222222222222", "bank": "333333333333"}

_MAIN = """\
import json, os, sys
from pathlib import Path

output = Path(os.environ["CDKTF_OUTDIR"])
project = Path(__file__).parent
for name in (project / "targets.txt").read_text().split():
    folder = output / "stacks" / name
    folder.mkdir(parents=True)
    resources = {"orders": {"input": "${data_of_nobody.x}" if name in (project / "broken.txt").read_text() else name}}
    if name in (project / "more.txt").read_text():
        resources["refunds"] = {"input": "on"}
    document = {
        "terraform": {"backend": {"local": {"path": f"{name}.tfstate"}}},
        "resource": {"terraform_data": resources},
        "output": {"stage": {"value": "live"}},
    }
    (folder / "cdk.tf.json").write_text(json.dumps(document))
annotations = [{"level": "@cdktf/warn", "message": "a stack warns"}]
(output / "manifest.json").write_text(json.dumps({"stacks": {"one": {"annotations": annotations}}}))
"""


def make(folder: Path, *accounts: str, rollout: str = "", broken: str = "", more: str = "") -> Path:
    """Write the project, and return its environments folder.

    Args:
        folder: where.
        accounts: an account for each target, all in one region.
        rollout: the file rollout.yaml.
        broken: names of targets that cannot be planned.
        more: names of targets that get one resource more.
    """
    environments = folder / "environments"
    region = Path("environments/dev/main/us-east-1.yaml").read_text(encoding="utf-8")
    shutil.copytree("environments", environments, ignore=shutil.ignore_patterns("main", "quotas"))
    for account in accounts:
        place = environments / "dev" / account
        place.mkdir(parents=True)
        (place / "account.yaml").write_text(f'account: {account}\naccount_id: "{IDS[account]}"\n', encoding="utf-8")
        (place / "us-east-1.yaml").write_text(region, encoding="utf-8")
    (environments / "rollout.yaml").write_text(rollout, encoding="utf-8")
    (folder / "main.py").write_text(_MAIN, encoding="utf-8")
    names = [name_of(account) for account in accounts]
    for file, text in (("targets.txt", "\n".join(names)), ("broken.txt", broken), ("more.txt", more)):
        (folder / file).write_text(text, encoding="utf-8")
    return environments


def name_of(account: str) -> str:
    """The name of an account's target."""
    return f"dev-{account}-us-east-1-orders_api"
