"""What functions reach, as text for people, programs and pictures."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.finding import Finding, Level
from analysis.plan import Resource
from analysis.reach.model import Destination, Hop, Kind, Need, Origin, Pair, Reach, Verdict
from benchmarks.plan_documents import creating
from cli.app import app
from cli.plan_diagrams import mermaid, svg
from cli.plan_output import as_markdown
from cli.plan_reach import result_of

API = Resource('module.api["eu"].aws_lambda_function.this', "managed", "aws_lambda_function", "this")
DATABASE = Resource("aws_db_instance.orders", "managed", "aws_db_instance", "orders")
HOPS = (
    Hop("security group rule", "aws_vpc_security_group_egress_rule.api", "443 to 0.0.0.0/0"),
    Hop("nat gateway", "aws_nat_gateway.a"),
)


def pair(destination: Destination, verdict: Verdict, *hops: Hop, missing: str = "", fix: str = "") -> Pair:
    return Pair(Need(API, Origin(API), destination, ("a reason",)), verdict, hops, missing, fix)


REACH = Reach(
    (
        pair(Destination(Kind.SERVICE, "secretsmanager"), Verdict.REACHABLE, *HOPS),
        pair(Destination(Kind.SERVICE, "sqs", "us-east-1"), Verdict.REACHABLE, *HOPS),
        pair(
            Destination(Kind.RESOURCE, DATABASE.address, resource=DATABASE, ports=(5432,)),
            Verdict.UNREACHABLE,
            HOPS[0],
            missing='ingress "5432" <tcp> of aws_security_group.db',
            fix="add it",
        ),
        pair(Destination(Kind.INTERNET, ""), Verdict.UNDECIDABLE, missing="local.routes"),
    ),
    (Finding("no-path", Level.ERROR, API.address, "ingress", "it cannot reach *it*", "add it"),),
)


def test_pairs_stand_in_a_table() -> None:
    sheet = result_of("plan.json", REACH).sheets[0]

    assert sheet.columns == ("function", "needs", "verdict", "missing")
    assert [row[1:] for row in sheet.rows] == [
        ("secretsmanager port 443", "reachable", ""),
        ("sqs in us-east-1 port 443", "reachable", ""),
        ("aws_db_instance.orders port 5432", "unreachable", 'ingress "5432" <tcp> of aws_security_group.db'),
        ("the internet port 443", "undecidable", "local.routes"),
    ]


def test_json_of_a_pair() -> None:
    assert result_of("plan.json", REACH).body["pairs"][2] == {
        "function": API.address,
        "origin": API.address,
        "destination": {
            "kind": "resource",
            "name": "aws_db_instance.orders",
            "region": "",
            "resource": "aws_db_instance.orders",
            "ports": [5432],
        },
        "reasons": ["a reason"],
        "verdict": "unreachable",
        "hops": [
            {
                "kind": "security group rule",
                "address": "aws_vpc_security_group_egress_rule.api",
                "note": "443 to 0.0.0.0/0",
            }
        ],
        "missing": 'ingress "5432" <tcp> of aws_security_group.db',
        "fix": "add it",
    }


def test_markdown_holds_the_flowchart_and_escapes_text() -> None:
    text = as_markdown("reach", [result_of("plan.json", REACH)])

    assert f"- **error** `{API.address}`: it cannot reach \\*it\\*; add it" in text
    assert "```mermaid\nflowchart LR\n" in text
    assert 'ingress "5432" &lt;tcp> of aws\\_security\\_group.db' in text


def test_the_flowchart_shares_hops_and_marks_what_is_missing() -> None:
    assert mermaid([("plan.json", REACH)]).splitlines() == [
        "flowchart LR",
        '  subgraph p0["plan.json"]',
        '    p0n0(["module.api[#34;eu#34;].aws_lambda_function.this"])',
        '    p0n1["security group rule: aws_vpc_security_group_egress_rule.api"]',
        "    p0n0 --> p0n1",
        '    p0n2["nat gateway: aws_nat_gateway.a"]',
        "    p0n1 --> p0n2",
        '    p0n3[["secretsmanager"]]',
        "    p0n2 --> p0n3",
        '    p0n4[["sqs in us-east-1"]]',
        "    p0n2 --> p0n4",
        '    p0n5[["aws_db_instance.orders"]]:::unreachable',
        '    p0n1 -. "✗ ingress #34;5432#34; #60;tcp#62; of aws_security_group.db" .-> p0n5',
        '    p0n6[["the internet"]]:::undecidable',
        '    p0n0 -. "? local.routes" .-> p0n6',
        "  end",
        "  classDef unreachable stroke:#cf222e,stroke-width:2px,stroke-dasharray:4",
        "  classDef undecidable stroke:#bf8700,stroke-width:2px,stroke-dasharray:4",
    ]


def test_the_picture_is_well_formed_and_names_everything() -> None:
    root = ET.fromstring(svg([("plan.json", REACH), ("empty.json", Reach(()))]))  # noqa: S314  # our own text
    told = "\n".join(element.text or "" for element in root.iter())

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "plan.json" in told
    assert 'missing: ingress "5432" <tcp> of aws_security_group.db' in told
    assert "✗ unreachable: aws_db_instance.orders" in told
    assert "no function needs anything" in told
    boxes = [element for element in root.iter() if element.tag.endswith("rect")]
    width = int(root.attrib["width"])
    assert len(boxes) == 4 + 4 + 3 + 2
    assert all(int(box.attrib["x"]) + int(box.attrib["width"]) <= width for box in boxes)


def test_what_others_open_for_a_function_goes_through_them() -> None:
    proxy = Resource("aws_db_proxy.orders", "managed", "aws_db_proxy", "orders")
    need = Need(
        API, Origin(proxy, "vpc_subnet_ids"), Destination(Kind.RESOURCE, DATABASE.address, resource=DATABASE), ()
    )
    through = Reach((Pair(need, Verdict.REACHABLE),))

    assert result_of("plan.json", through).sheets[0].rows[0][1] == (
        "aws_db_instance.orders port 443 through aws_db_proxy.orders"
    )
    assert '    p0n1["through: aws_db_proxy.orders"]' in mermaid([("plan.json", through)]).splitlines()
    assert "through: aws_db_proxy.orders" in svg([("plan.json", through)])


@pytest.mark.parametrize(("diagram", "begins"), [("mermaid", "flowchart LR"), ("svg", "<svg")])
def test_reach_draws_its_paths(diagram: str, begins: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(creating(91)), encoding="utf-8")

    result = CliRunner().invoke(app, ["reach", str(plan), "--diagram", diagram])

    assert result.stdout.startswith(begins)
    assert "aws_lambda_function" in result.stdout
