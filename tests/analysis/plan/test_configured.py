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
