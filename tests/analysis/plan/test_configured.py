"""What a configuration says, and what AWS gives where it says nothing."""

from __future__ import annotations

from tests.analysis.documents import plan, ref, resource


def test_an_attribute_that_the_configuration_sets_is_told_from_one_that_aws_gives() -> None:
    read = plan(
        resource("aws_security_group.bare", unknown={"ingress": True}),
        resource("aws_security_group.ruled", unknown={"ingress": True}, expressions={"ingress": ref("local.rules")}),
    )
    configured = {entry.name: read.is_configured(entry, "ingress") for entry in read.resources}
    assert configured == {"bare": False, "ruled": True}


def test_a_dynamic_block_is_configured() -> None:
    """The plan holds the block, and its configuration does not."""
    unknown = {"vpc_config": [{"subnet_ids": True}]}
    found = plan(resource("aws_lambda_function.api", {"vpc_config": [{}]}, unknown=unknown))
    function = found.at("aws_lambda_function.api")
    assert function is not None
    assert found.is_configured(function, "vpc_config.subnet_ids")
    assert not found.is_configured(function, "tracing_config.mode")
