"""Writes what the AWS provider takes each name of a resource for, as synthesized JSON does not tell it.

`python -m rollout.provider_schema` asks the provider through Terraform and writes `analysis/plan/provider_schema.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.plan.shapes import table_of
from rollout.adapters.terraform import Terraform

_SOURCE, _VERSION = "hashicorp/aws", "5.100.0"
_FILE = Path("analysis/plan/provider_schema.json")


def table_text(schema: str) -> str:
    """The file, with a line for each shape and each type.

    Args:
        schema: output of `terraform providers schema -json`.
    """
    providers = json.loads(schema)["provider_schemas"]
    table = table_of(next(raw for name, raw in providers.items() if name.endswith(f"/{_SOURCE}")))
    return json.dumps({"provider": f"{_SOURCE} {_VERSION}", **table}, indent=0, sort_keys=True) + "\n"


def main() -> None:
    """Ask the provider and write the file."""
    aws = {"source": _SOURCE, "version": _VERSION}
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "main.tf.json").write_text(json.dumps({"terraform": {"required_providers": {"aws": aws}}}))
        with Terraform(root) as terraform:
            terraform.init()
            _FILE.write_text(table_text(terraform.schemas()), encoding="utf-8")


if __name__ == "__main__":
    main()
