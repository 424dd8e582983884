"""Where the value is known, it tells which of the resources that an expression names is meant."""

from __future__ import annotations

from tests.analysis.documents import plan, ref, resource


def test_the_known_id_decides_between_several_that_are_named() -> None:
    subnets = [resource(f"aws_subnet.private[{i}]", {"id": f"subnet-0000000{i}"}, actions=("no-op",)) for i in (0, 1)]
    table = resource(
        "aws_route_table_association.first",
        {"subnet_id": "subnet-00000001"},
        expressions={"subnet_id": ref("aws_subnet.private", "local.index")},
    )
    made = plan(*subnets, table)
    found = made.at("aws_route_table_association.first")
    assert found
    only = made.links(found, "subnet_id", "aws_subnet").only
    assert only is made.at("aws_subnet.private[1]")


def test_a_value_that_is_only_a_part_of_what_is_named_keeps_all() -> None:
    bucket = resource("aws_s3_bucket.files", {"arn": "arn:aws:s3:::files"}, actions=("no-op",))
    policy = resource(
        "aws_iam_role_policy.api",
        {"policy": "arn:aws:s3:::files/*"},
        expressions={"policy": ref("aws_s3_bucket.files.arn")},
    )
    made = plan(bucket, policy)
    found = made.at("aws_iam_role_policy.api")
    assert found
    assert [str(entry) for entry in made.links(found, "policy").resources] == ["aws_s3_bucket.files"]
