"""Small stacks to scan; the names of the resources say what must happen to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

QUEUES: dict[str, Any] = {
    "passes_with_a_key": {"name": "orders", "kms_master_key_id": "alias/orders"},
    "fails_without_encryption": {"name": "jobs"},
}
PROXY_GROUP: dict[str, Any] = {
    "database_proxy": {"name": "proxy", "description": "Database proxy", "vpc_id": "vpc-1"},
    "fails_unattached": {"name": "idle", "description": "Nothing uses it", "vpc_id": "vpc-1"},
}
PROXY: dict[str, Any] = {
    "orders": {
        "name": "orders",
        "engine_family": "POSTGRESQL",
        "role_arn": "arn:aws:iam::123456789012:role/proxy",
        "vpc_subnet_ids": ["subnet-1", "subnet-2"],
        "vpc_security_group_ids": ["${aws_security_group.database_proxy.id}"],
    }
}
RESOURCES = {"aws_sqs_queue": QUEUES, "aws_security_group": PROXY_GROUP, "aws_db_proxy": PROXY}


def write_synthesized(folder: Path, resources: dict[str, Any], **more: Any) -> Path:
    """A folder as synthesis leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {"resource": resources, **more}
    (folder / "cdk.tf.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    return folder


def write_plan(file: Path, resources: dict[str, Any]) -> Path:
    """The output of `terraform show -json` for a first plan of these resources."""
    planned, changes, configuration = [], [], []
    for kind, named in resources.items():
        for name, body in named.items():
            head = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}
            known = {key: value for key, value in body.items() if "${" not in json.dumps(value)}
            unknown = {key: True for key in body if key not in known}
            planned.append(head | {"values": known})
            change = {"actions": ["create"], "before": None, "after": known, "after_unknown": unknown}
            changes.append(head | {"change": change})
            configuration.append(head | {"expressions": {key: _expression(value) for key, value in body.items()}})
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": configuration}},
    }
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def _expression(value: Any) -> dict[str, Any]:
    first = value[0] if isinstance(value, list) else value
    if isinstance(first, str) and first.startswith("${"):
        reference = first.removeprefix("${").removesuffix("}")
        return {"references": [reference, reference.rpartition(".")[0]]}
    return {"constant_value": value}
