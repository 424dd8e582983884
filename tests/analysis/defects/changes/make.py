"""Write the plans of the changes anew: `python -m tests.analysis.defects.changes.make`.

Each folder is applied to the emulator and planned again with its change, so that the plan has a prior state. The plans
are checked in, as that takes a minute.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from local.emulator import Emulator
from rollout.adapters.terraform import Terraform
from tests.analysis.hcl import PROVIDER

FOLDER = Path(__file__).parent
PLAN = "plan.json"
CHANGES = {
    "detach": {"TF_VAR_in_vpc": "false"},
    "third_zone": {"TF_VAR_zones": '["eu-west-1a", "eu-west-1b", "eu-west-1c"]'},
}
"""Variables of each change."""


def main() -> None:
    """Write every plan."""
    with Emulator() as emulator:
        for name, variables in CHANGES.items():
            with TemporaryDirectory() as work:
                _write(name, Path(work) / name, {**os.environ, **emulator.environment("eu-west-1")}, variables)
            emulator.reset()


def _write(name: str, folder: Path, environment: dict[str, str], variables: dict[str, str]) -> None:
    shutil.copytree(FOLDER / name, folder)
    (folder / "provider.tf").write_text(PROVIDER, encoding="utf-8")
    with zipfile.ZipFile(folder / "handler.zip", "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): ...\n")
    with Terraform(folder, environment=environment) as terraform:
        terraform.init()
        terraform.apply(terraform.plan())
    with Terraform(folder, environment={**environment, **variables}) as terraform:
        document = terraform.plan().document
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    (FOLDER / name / PLAN).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
