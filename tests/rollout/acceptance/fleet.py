"""Three accounts with two regions each on the emulator, a project to roll out to them, and the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from local.emulator import DEFAULT_ACCOUNT, Emulator

ROOT = Path(__file__).resolve().parents[3]
PROJECTS = Path(__file__).parent / "projects"
REGIONS = ("eu-west-1", "us-east-1")
ACCOUNTS = {"sandbox": ("dev", "111111111111"), "blue": ("prod", "222222222222"), "green": ("prod", "333333333333")}
"""Environment and id of each account, by its name; credentials at hand belong to another one, as a pipeline's do."""

BUCKET = "acme-rollouts"
KEY = f"arn:aws:kms:us-east-1:{DEFAULT_ACCOUNT}:alias/rollouts"
ROLES = ("lambdanet-plan", "lambdanet-apply")
WAVES: list[dict[str, Any]] = [
    {
        "name": "canary", "select": {"environments": ["dev"]}, "region_order": list(REGIONS),
        "gate": {"bake_minutes": 0},
    },
    {
        "name": "rest", "select": {"environments": ["prod"]}, "max_concurrent": 2, "mode": "soft",
        "regions": "parallel", "gate": {"bake_minutes": 0},
    },
]  # fmt: skip
_SECONDS = 300.0


class Fleet:
    """What a platform team has: a project folder, and credentials of an account that every role trusts.

    Attributes:
        emulator: where everything runs.
        project: folder of `main.py` and `environments/`.
    """

    def __init__(self, emulator: Emulator, project: Path, *, program: str) -> None:
        """Write the project.

        Args:
            emulator: running emulator.
            project: folder to write it to.
            program: file below `projects/` that becomes `main.py`.
        """
        self.emulator, self.project = emulator, project
        self.applies = project / "applies.log"
        shutil.copytree(ROOT / "stacks" / "handlers", project / "stacks" / "handlers")
        shutil.copy(PROJECTS / program, project / "main.py")
        self.environment = {
            **emulator.environment("us-east-1"),
            "LAMBDANET_TEST_APPLIES": str(self.applies),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "160",
            "XDG_CONFIG_HOME": str(project / "home"),
            "USER": "ana",
        }
        self.environment.pop("CI", None)
        self.write_environments(release="1")

    def write_environments(self, *, release: str, **settings: Any) -> None:
        """Write `environments/` anew: the project's own settings for every target, a tag that says the release.

        Args:
            release: value of the tag `release`.
            settings: fields of `rollout.yaml` besides store and roles.
        """
        folder = self.project / "environments"
        shutil.rmtree(folder, ignore_errors=True)
        defaults = yaml.safe_load((ROOT / "environments" / "defaults.yaml").read_text(encoding="utf-8"))
        defaults["tags"] = {"release": release}
        defaults["backend"] = {"kind": "s3", "bucket": BUCKET, "region": "us-east-1", "kms_key_id": KEY}
        _write(folder / "defaults.yaml", defaults)
        for number, (account, (env, account_id)) in enumerate(ACCOUNTS.items()):
            _write(folder / env / "environment.yaml", {"env": env})
            _write(folder / env / account / "account.yaml", {"account": account, "account_id": account_id})
            for region in REGIONS:
                zones = [f"{region}a", f"{region}b"]
                network = {"cidr": f"10.{20 + number}.0.0/16", "availability_zones": zones}
                target = {"region": region, "stacks": {"orders_api": {"network": network}}}
                _write(folder / env / account / f"{region}.yaml", target)
        store = {"kind": "s3", "bucket": BUCKET, "region": "us-east-1", "kms_key_id": KEY}
        roles = dict(zip(("plan", "apply"), ROLES, strict=True))
        _write(folder / "rollout.yaml", {"store": store, "roles": roles, "waves": WAVES, **settings})

    def make_roles(self) -> None:
        """Both roles in every account; they trust the account of the credentials at hand."""
        for account in ACCOUNTS:
            for role in ROLES:
                self.client("iam", account).create_role(RoleName=role, AssumeRolePolicyDocument=trust(DEFAULT_ACCOUNT))

    def set_trust(self, account: str, role: str, trusted: str) -> None:
        """Let a role trust another account."""
        self.client("iam", account).update_assume_role_policy(RoleName=role, PolicyDocument=trust(trusted))

    def client(self, service: str, account: str = "", region: str = "us-east-1") -> Any:
        """A boto3 client in an account of the fleet; in the pipeline's by default."""
        return self.emulator.client(service, region, ACCOUNTS[account][1] if account else DEFAULT_ACCOUNT)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `lambdanet`."""
        command = (sys.executable, "-c", "from cli.main import main; main()", *arguments)
        return subprocess.Popen(
            command, cwd=self.project, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, code: int = 0) -> str:
        """What `lambdanet` says; it ends with `code`."""
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=_SECONDS)
        assert process.returncode == code, f"lambdanet {' '.join(arguments)} ended with {process.returncode}:\n{said}"
        return said

    def status(self, run: str = "latest") -> Mapping[str, Any]:
        """What `lambdanet rollout status --format json` says."""
        found: dict[str, Any] = json.loads(self.run("rollout", "status", run, "--format", "json"))
        return found

    def state(self, target: str) -> Mapping[str, Any]:
        """A target's Terraform state."""
        body = self.client("s3").get_object(Bucket=BUCKET, Key=f"acme/{target}.tfstate")["Body"].read()
        found: dict[str, Any] = json.loads(body)
        return found

    def applied(self) -> list[str]:
        """Names of the targets that the light project's applies wrote, in order."""
        return self.applies.read_text(encoding="utf-8").split() if self.applies.exists() else []


def names(accounts: Sequence[str] = tuple(ACCOUNTS), regions: Sequence[str] = REGIONS) -> list[str]:
    """Names of the targets of these accounts and regions."""
    return [f"{ACCOUNTS[account][0]}-{account}-{region}-orders_api" for account in accounts for region in regions]


def trust(account_id: str) -> str:
    """A trust policy."""
    principal = {"AWS": f"arn:aws:iam::{account_id}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _write(file: Path, content: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(dict(content), sort_keys=False), encoding="utf-8")


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
