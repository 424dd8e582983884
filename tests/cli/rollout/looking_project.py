"""A project with two targets whose roots need no provider, and the command line in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.app import app
from modules.core.errors import SuiteError

REPOSITORY = Path(__file__).parents[3]
DEV, PROD = "dev-main-us-east-1-orders_api", "prod-main-us-east-1-orders_api"

_MAIN = f"""
import json, os, sys
from pathlib import Path
sys.path.insert(0, {str(REPOSITORY)!r})
from rollout.targets import read_targets
folder, out = Path(__file__).parent, Path(os.environ["CDKTF_OUTDIR"])
content = json.loads((folder / "content.json").read_text())
for entry in read_targets(Path(os.environ["LAMBDANET_ENVIRONMENTS"])):
    target = entry.target
    backend = {{"local": {{"path": f"../../../terraform.{{target.name}}.tfstate"}}}}
    if target.backend.kind == "s3":
        key = f"{{target.org}}/{{target.name}}.tfstate"
        s3 = {{"bucket": target.backend.bucket, "key": key, "region": target.backend.region, "use_lockfile": True}}
        backend = {{"s3": s3}}
    root = out / "stacks" / target.name
    root.mkdir(parents=True)
    resources = {{name: {{"input": value}} for name, value in content.items()}}
    document = {{"terraform": {{"backend": backend}}, "resource": {{"terraform_data": resources}}}}
    (root / "cdk.tf.json").write_text(json.dumps(document))
(out / "manifest.json").write_text(json.dumps({{"stacks": {{}}}}))
"""
_ROLLOUT = "waves: [{name: all, select: {}, max_concurrent: 2, gate: {bake_minutes: 0, off_reason: a test}}]\n"


class Project:
    """Two targets, in dev and prod of one account.

    Args:
        folder: where it is made.
        environment: variables of every command.
        defaults: further lines of `defaults.yaml`.
    """

    def __init__(self, folder: Path, *, environment: dict[str, str] | None = None, defaults: str = "") -> None:
        self.folder, self.environments = folder, folder / "environments"
        self.variables = {"COLUMNS": "200", "XDG_CONFIG_HOME": str(folder / "config"), **(environment or {})}
        shutil.copytree(
            REPOSITORY / "environments", self.environments, ignore=shutil.ignore_patterns("quotas", "rollout*")
        )
        own = self.environments / "defaults.yaml"
        own.write_text(own.read_text(encoding="utf-8") + defaults, encoding="utf-8")
        prod = self.environments / "prod"
        shutil.copytree(self.environments / "dev", prod)
        (prod / "environment.yaml").write_text("env: prod\n", encoding="utf-8")
        (self.environments / "rollout.yaml").write_text(_ROLLOUT, encoding="utf-8")
        (folder / "main.py").write_text(_MAIN, encoding="utf-8")

    def holds(self, **content: str) -> None:
        """The stacks' resources, by name."""
        (self.folder / "content.json").write_text(json.dumps(content), encoding="utf-8")

    def without_prod(self) -> None:
        """The target is taken out of the configuration."""
        shutil.rmtree(self.environments / "prod")

    def call(self, *arguments: str) -> Result:
        return CliRunner().invoke(
            app, ["rollout", *arguments, "--environments", str(self.environments)], env=self.variables
        )

    def ends(self, code: int, *arguments: str) -> str:
        """What a command said that ended with that code; the sentences of an error last."""
        result = self.call(*arguments)
        error = result.exception
        assert error is None or isinstance(error, SuiteError | SystemExit), result.exception
        found = error.exit_code if isinstance(error, SuiteError) else result.exit_code
        told = result.output + (str(error) if isinstance(error, SuiteError) else "")
        assert found == code, (found, told)
        return told

    def json(self, code: int, *arguments: str) -> Any:
        """What a command printed as JSON."""
        result = self.call(*arguments, "--format", "json")
        error = result.exception
        found = error.exit_code if isinstance(error, SuiteError) else result.exit_code
        assert found == code, (found, result.output, error)
        return json.loads(result.stdout)

    def state(self, target: str) -> dict[str, str]:
        """Values of a target's resources, by name, where its state is a file."""
        content = json.loads((self.folder / f"terraform.{target}.tfstate").read_text(encoding="utf-8"))
        return {each["name"]: each["instances"][0]["attributes"]["input"]["value"] for each in content["resources"]}
