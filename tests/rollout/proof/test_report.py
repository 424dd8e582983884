"""The report's pages and the picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from modules.core.target import Target
from rollout.proof import ProofReport, StepResult
from rollout.proof.diagram import draw
from rollout.proof.placement import Path as Way
from rollout.proof.placement import Placement
from rollout.proof.release import environments_with
from rollout.proof.render import write_report
from rollout.readback.check import Check
from rollout.targets import TargetEntry

SVG = "{http://www.w3.org/2000/svg}"
ZONE = "eu-west-1a"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def resource(address: str, **values: Any) -> dict[str, Any]:
    return {"address": address, "type": address.split(".", maxsplit=1)[0], "mode": "managed", "values": values}


def refers(address: str, **expressions: Any) -> dict[str, Any]:
    return {"address": address, "expressions": {k: {"references": v} for k, v in expressions.items()}}


PLAN: dict[str, Any] = {
    "planned_values": {
        "root_module": {
            "resources": [
                resource("aws_vpc.v", cidr_block="10.0.0.0/16"),
                resource("aws_subnet.p", tags={"tier": "private"}, availability_zone=ZONE, cidr_block="10.0.0.0/20"),
                resource("aws_lambda_function.f", function_name="a<b"),
                resource("aws_db_proxy.x", name="pool"),
                resource("aws_vpc_security_group_egress_rule.e", from_port=5432, cidr_ipv4=None),
                resource("aws_vpc_security_group_egress_rule.i", from_port=443, cidr_ipv4="0.0.0.0/0"),
            ]
        }
    },
    "configuration": {
        "root_module": {
            "resources": [
                refers("aws_lambda_function.f", vpc_config=["aws_subnet.p.id", "aws_security_group.f.id"]),
                refers("aws_db_proxy.x", vpc_security_group_ids=["aws_security_group.x.id"]),
                refers(
                    "aws_vpc_security_group_egress_rule.e",
                    security_group_id=["aws_security_group.f.id"],
                    referenced_security_group_id=["aws_security_group.x.id"],
                ),
                refers("aws_vpc_security_group_egress_rule.i", security_group_id=["aws_security_group.f.id"]),
            ]
        }
    },
}  # fmt: skip


def report(**other: Any) -> ProofReport:
    made = ProofReport(
        target="dev-main",
        steps=[StepResult("apply", 1.25, held=False, summary="PlanError", details=("a | b", "<script>"))],
        versions={"terraform": "1.11.4"},
        planned={"aws_vpc": 1, "aws_subnet": 2},
        checks=[Check("pipe | in", "1", "<b>", held=False)],
    )
    for name, value in other.items():
        setattr(made, name, value)
    return made


def test_the_picture_shows_what_stands_where_and_escapes_names() -> None:
    svg = draw(PLAN)

    texts = [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314  # our own
    assert texts[:3] == ["private", "10.0.0.0/20", "Lambda function a<b"]
    assert "VPC 10.0.0.0/16" in texts
    assert "Lambda function a<b → RDS Proxy pool :5432" in texts
    assert "Lambda function a<b → internet :443" in texts


def test_the_ways_are_read_from_security_group_references() -> None:
    assert Placement(PLAN).paths() == (
        Way("Lambda function a<b", "RDS Proxy pool", 5432),
        Way("Lambda function a<b", "internet", 443),
    )


def test_functions_of_one_group_each_have_its_ways_and_associations_place_endpoints() -> None:
    plan = deepcopy(PLAN)
    values = plan["planned_values"]["root_module"]["resources"]
    values.append(resource("aws_lambda_function.g", function_name="second"))
    values.append(resource("aws_vpc_endpoint.s", service_name="com.amazonaws.eu-west-1.sqs"))
    configured = plan["configuration"]["root_module"]["resources"]
    configured.append(refers("aws_lambda_function.g", vpc_config=["aws_security_group.f.id"]))
    configured.append(refers("aws_vpc_endpoint.s"))
    association = "aws_vpc_endpoint_subnet_association.a"
    configured.append(refers(association, subnet_id=["aws_subnet.p.id"], vpc_endpoint_id=["aws_vpc_endpoint.s.id"]))

    assert Way("Lambda function second", "RDS Proxy pool", 5432) in Placement(plan).paths()
    assert Way("Lambda function a<b", "RDS Proxy pool", 5432) in Placement(plan).paths()
    assert "interface endpoint sqs" in Placement(plan).subnets()[0].contents


def test_both_pages_and_the_picture_are_written(tmp_path: Path) -> None:
    files = write_report(report(plan=PLAN), tmp_path / "out", now=NOW)

    assert [file.name for file in files] == ["report.md", "report.html", "stack.svg"]
    assert all(file.stat().st_size for file in files)


def test_markdown_tables_survive_pipes(tmp_path: Path) -> None:
    text = write_report(report(), tmp_path, now=NOW)[0].read_text(encoding="utf-8")

    assert text.startswith("# dev-main: not every step held\n\n2026-11-21 12:00 UTC · terraform 1.11.4\n")
    assert "| pipe \\| in | 1 | <b> | **no** |" in text
    assert "| apply | 1.2 | **no** | PlanError |" in text
    assert "3 resources of 2 types:\naws_vpc, aws_subnet ×2.\n" in text  # noqa: RUF001  # the sign is meant
    assert "Not known: no second plan was empty." in text


def test_an_empty_second_plan_is_told(tmp_path: Path) -> None:
    text = write_report(report(second_plan_changes=0), tmp_path, now=NOW)[0].read_text(encoding="utf-8")

    assert "Nothing: the second plan is empty without any exception." in text


def test_html_is_escaped(tmp_path: Path) -> None:
    text = write_report(report(), tmp_path, now=NOW)[1].read_text(encoding="utf-8")

    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;" in text


def test_the_change_is_laid_over_the_targets_own_file_and_nothing_else_is_touched(tmp_path: Path) -> None:
    source = tmp_path / "environments"
    (source / "dev" / "main").mkdir(parents=True)
    (source / "defaults.yaml").write_text("org: acme\n", encoding="utf-8")
    region = source / "dev" / "main" / "us-east-1.yaml"
    region.write_text("stacks: {x: {database: {port: 1200}, network: {cidr: a}}, y: null}\n", encoding="utf-8")
    before = region.read_text(encoding="utf-8")
    target = Target(
        org="acme", env="dev", account="main", account_id="123456789012", region="us-east-1", stack="x", owner="me"
    )

    copy = environments_with(
        {"database": {"removal": "destroy"}},
        of=TargetEntry(target, {}, "dev/main/us-east-1.yaml"),
        source=source,
        copy=tmp_path / "copy",
    )

    assert yaml.safe_load((copy / "dev/main/us-east-1.yaml").read_text(encoding="utf-8")) == {
        "stacks": {"x": {"database": {"port": 1200, "removal": "destroy"}, "network": {"cidr": "a"}}, "y": None}
    }
    assert (copy / "defaults.yaml").read_text(encoding="utf-8") == "org: acme\n"
    assert region.read_text(encoding="utf-8") == before
