"""What a function's event sources mean to whatever counts on them, and to a role that exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.core.concurrency import Concurrency, ConnectionDemand
from modules.core.connections import Connection
from tests.constructs.event_sources import API, WHERE, Made, poll, refusal

pytestmark = pytest.mark.synth


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


class Pool:
    """Room for connections, which remembers what was counted in."""

    def __init__(self) -> None:
        self.most: list[int | None] = []

    def admit(self, concurrency: Concurrency, *, connections_per_environment: int) -> None:
        assert connections_per_environment == 1
        self.most.append(concurrency.most)

    def connection(self, *, event_source_maximum: int | None = None) -> Connection:
        return Connection(name="pool", port=5432, demand=ConnectionDemand(self, 1, event_source_maximum))


def test_what_event_sources_bound_is_counted_before_and_after_them(made: Made) -> None:
    pool, queue = Pool(), made.queue()
    earlier, later = made.function("earlier", reserved=None), made.function("later", reserved=None)
    earlier.connect_to(pool, event_source_maximum=4)
    poll(made, earlier, queue, "for-earlier", maximum_concurrency=4)
    poll(made, later, queue, "for-later", maximum_concurrency=4)
    later.connect_to(pool, event_source_maximum=4)
    assert pool.most == [4, 4]
    assert refusal(lambda: later.connect_to(pool, event_source_maximum=3)) == (
        f"{WHERE}/later: event_source_maximum of {WHERE}/later is 3, and its event sources may invoke it 4 times at "
        "once "
        f"({WHERE}/for-later 4); what it connects to would have too little room for it; set the maximum of each "
        "source, "
        "or event_source_maximum to their sum"
    )
    assert pool.most == [4, 4]


def test_whatever_else_invokes_a_function_is_no_event_source(made: Made) -> None:
    function = made.function()
    function.connect_to(Pool(), event_source_maximum=4)
    only = "the number holds only for a function that nothing but its event sources invokes"
    fix = "remove event_source_maximum where the function connects, and set its reserved_concurrency"
    given = f"{API}: event_source_maximum of {API} is 4"
    topic = "arn:aws:sns:eu-west-1:123456789012:news"
    allowed = {"principal": "sns.amazonaws.com", "source_arn": topic}
    assert refusal(lambda: function.allow_invoke("news", **allowed)) == (
        f'{given}, and the statement "news" invokes it too; {only}; {fix}'
    )
    assert "another function's records" in refusal(function.destination)
    public = made.function("public", url={})
    assert refusal(lambda: public.connect_to(Pool(), event_source_maximum=4)) == (
        f"{WHERE}/public: event_source_maximum of {WHERE}/public is 4, and its URL invokes it too; {only}; {fix}"
    )


def test_a_role_that_exists_has_its_grants_before_anything_is_polled(made: Made) -> None:
    role = {
        "arn": "arn:aws:iam::123456789012:role/worker",
        "attach_grants": True,
        "unchecked_reason": "its owner sees to it",
    }
    poll(made, made.function(role={"existing": role}), made.queue())
    [policy] = made.resources("aws_iam_role_policy")
    assert f"aws_iam_role_policy.{policy}" in made.mapping()["depends_on"]


def test_nothing_is_polled_for_tenants(tmp_path: Path) -> None:
    made = Made(tmp_path, aws_provider_version=">= 6.69, < 7")
    function = made.function(tenancy={})
    assert refusal(lambda: poll(made, function, made.queue(), maximum_concurrency=2)) == (
        f"{WHERE}/source: tenancy of {API} is set; an invocation without a tenant's identifier fails, and Lambda polls "
        "for no tenant (Lambda guide, tenant isolation); remove tenancy, or poll for a function without it that "
        "invokes this one"
    )
