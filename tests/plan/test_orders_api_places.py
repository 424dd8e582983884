"""Every resource of the demo target is traced to the line of the stack that makes it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from policies.places import read_places

pytestmark = pytest.mark.synth
SOURCE = "stacks/orders_api.py"


def line(stack: Path, kind: str, name: str) -> str:
    """The line of the stack that makes the resources of a type whose names match."""
    found = {place for address, place in read_places(stack).items() if re.match(rf"{kind}\.{name}", address)}
    assert len(found) == 1, found
    [place] = found
    return Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1].strip()


def test_each_resource_has_a_place(stack: Path) -> None:
    document = json.loads((stack / "cdk.tf.json").read_bytes())
    places = json.loads((stack / "places.json").read_bytes())

    assert set(places) == {
        f"{prefix}{kind}.{name}"
        for prefix, section in (("", "resource"), ("data.", "data"))
        for kind, named in document[section].items()
        for name in named
    }
    assert {place["file"] for place in places.values()} == {SOURCE}


@pytest.mark.parametrize(
    ("kind", "name", "begin"),
    [
        ("aws_vpc", "network", "network = Network("),
        ("aws_db_instance", "database", "database = Database("),
        ("aws_iam_role", "proxy", "proxy = DatabaseProxy("),
        ("aws_lambda_function", "api", "api = Function("),
        ("aws_vpc_security_group_egress_rule", "network_application_to-database", "api.connect_to(proxy"),
    ],
)
def test_it_is_the_line_that_makes_it(stack: Path, kind: str, name: str, begin: str) -> None:
    assert line(stack, kind, name).startswith(begin)
