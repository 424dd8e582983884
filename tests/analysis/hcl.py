"""Plans of Terraform written by hand, made by the real Terraform and provider."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from analysis.plan import Plan, read_plan
from tests.provider_process import AttachedTerraform, ProviderProcesses

OFFLINE = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}

PROVIDER = """\
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
"""
"""A provider that plans without an account; `plan_of` adds it to folders that configure none."""


def plan_of(folder: Path, work: Path, providers: ProviderProcesses) -> Plan:
    """The plan of the Terraform files in `folder`, for an account that holds nothing of it."""
    copy = shutil.copytree(folder, work / folder.name)
    if not any('provider "aws"' in file.read_text(encoding="utf-8") for file in copy.glob("*.tf")):
        (copy / "provider.tf").write_text(PROVIDER, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with AttachedTerraform(copy, environment=kept | OFFLINE, providers=providers) as terraform:
        terraform.init()
        document = terraform.plan().document
    path = work / f"{folder.name}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_plan(path)
