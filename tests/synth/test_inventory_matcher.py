from __future__ import annotations

from typing import Any

import pytest

from tests.synth.inventory import Inventory, counted, differences, elements
from tests.synth.refresh import refreshed


def resource(path: str, **attributes: Any) -> dict[str, Any]:
    return {"//": {"metadata": {"path": f"stack/{path}"}}, **attributes}


POLICY = (
    '{"Version":"2012-10-17","Statement":['
    '{"Sid":"One","Effect":"Allow","Resource":["a:${element(split(":", x.arn), 6)}"]},{"Sid":"Two","Effect":"Deny"}]}'
)
DOCUMENT: dict[str, Any] = {
    "resource": {
        "aws_db_instance": {"db": resource("database/db", port=5432, public=False, zones=["a", "b"])},
        "aws_security_group": {"open": resource("api/open", ingress=[{"cidr_blocks": ["0.0.0.0/0"]}])},
    },
    "data": {"aws_iam_policy_document": {"policy": resource("api/policy", policy=POLICY)}},
    "output": {"name": {"value": "x"}},
    "provider": {"aws": [{"region": "eu-west-1"}]},
    "terraform": {"backend": {"local": {"path": "state"}}},
}


def found(values: dict[str, Any] | None = None, counts: dict[str, int] | None = None, *absent: str) -> list[str]:
    return differences(Inventory("test", "", values or {}, counts or {}, absent), DOCUMENT)


def test_a_subset_of_attributes_is_enough() -> None:
    assert found({"aws_db_instance.db": {"port": 5432}, "output.name": {"value": "x"}, "provider.aws.0": {}}) == []


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ({"aws_db_instance.other": {}}, "aws_db_instance.other is missing"),
        ({"aws_db_instance.db": {"size": 1}}, "aws_db_instance.db.size is missing"),
        ({"aws_db_instance.db": {"port": 5433}}, "aws_db_instance.db.port is 5432, not 5433"),
        ({"aws_db_instance.db": {"port": "5432"}}, "aws_db_instance.db.port is 5432, not '5432'"),
        ({"aws_db_instance.db": {"public": 0}}, "aws_db_instance.db.public is False, not 0"),
        ({"aws_db_instance.db": {"zones": ["a"]}}, "aws_db_instance.db.zones is ['a', 'b'], not ['a']"),
        ({"aws_db_instance.db": {"zones": ["b", "b"]}}, "aws_db_instance.db.zones.0 is 'a', not 'b'"),
        ({"aws_db_instance.db": {"port": {"x": 1}}}, "aws_db_instance.db.port is 5432, not {'x': 1}"),
        (
            {"data.aws_iam_policy_document.policy": {"policy": {"Statement": {"One": {"Effect": "Deny"}}}}},
            "data.aws_iam_policy_document.policy.policy.Statement.One.Effect is 'Allow', not 'Deny'",
        ),
        (
            {"data.aws_iam_policy_document.policy": {"policy": {"Statement": {"Three": {}}}}},
            "data.aws_iam_policy_document.policy.policy.Statement.Three is missing",
        ),
    ],
)
def test_every_difference_is_told(expected: dict[str, Any], sentence: str) -> None:
    assert found(expected) == [sentence]


def test_counts_are_compared_in_the_scope_only() -> None:
    assert counted(elements(DOCUMENT)) == {
        "total": 3, "aws_db_instance": 1, "aws_security_group": 1, "data.aws_iam_policy_document": 1
    }  # fmt: skip
    assert found({}, {"total": 3, "aws_subnet": 1}) == ["aws_subnet: there are 0, not 1"]
    assert set(elements(DOCUMENT, "api")) == {"aws_security_group.open", "data.aws_iam_policy_document.policy"}


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ("aws_security_group.*.ingress", "aws_security_group.open.ingress"),
        ("*=0.0.0.0/0", "aws_security_group.open.ingress.0.cidr_blocks.0=0.0.0.0/0"),
        ("aws_db_*.port=5432", "aws_db_instance.db.port=5432"),
        (
            "*.Resource.*split*",
            'data.aws_iam_policy_document.policy.policy.Statement.0.Resource.0=a:${element(split(":", x.arn), 6)}',
        ),
        ("terraform.backend.local", "terraform.backend.local"),
    ],
)
def test_what_must_be_absent_is_found_wherever_it_is(pattern: str, place: str) -> None:
    assert found({}, {}, pattern) == [f"{place} is there, against {pattern}"]


def test_what_is_absent_is_no_difference() -> None:
    assert found({}, {}, "*.password", "*.lifecycle.ignore_changes*", "aws_db_instance.*.ingress") == []


def test_an_unknown_section_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^network: value is not a section of an inventory$"):
        Inventory.parse("network", "value: {}\nvalues: {}\ncounts: {}\n")


def test_refreshing_takes_new_values_in_the_old_shape_and_keeps_the_comment() -> None:
    old = "# Why.\nscope: database\nvalues:\n  aws_db_instance.db:\n    port: 1\ncounts:\n  total: 9\nabsent: []\n"

    assert refreshed("test", old, DOCUMENT) == (
        old.replace("port: 1", "port: 5432").replace("total: 9", "total: 1"),
        [],
    )


def test_refreshing_drops_nothing_that_is_gone() -> None:
    old = "scope: ''\nvalues:\n  aws_vpc.gone:\n    cidr_block: 10.0.0.0/16\ncounts: {}\nabsent:\n- '*.ingress'\n"

    assert refreshed("test", old, DOCUMENT) == (
        old, ["aws_vpc.gone is missing", "aws_security_group.open.ingress is there, against *.ingress"]
    )  # fmt: skip
