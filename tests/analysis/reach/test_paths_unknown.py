"""What becomes unknown never turns one certain verdict into the other: it stays, or becomes undecidable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from analysis.reach.model import Destination
from tests.analysis.documents import Entry
from tests.analysis.network.houses import (
    host,
    house,
    isolated,
    planned,
    service,
    target,
    verdict,
    without,
)
from tests.analysis.network.wings import (
    BACK,
    DATABASE,
    DATABASE_IN,
    DATABASE_OUT,
    HTTPS,
    OVER,
    PORT,
    acl,
    database,
    files,
    gateway,
    interface,
    peering,
    two_vpcs,
    ways,
)

PRIVATE = ["private_a", "private_b"]


def listed(*entries: Any) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if "address" in entry:
            found[entry["address"]] = entry
        else:
            values = entry.values() if isinstance(entry, dict) else entry
            found.update({each["address"]: each for each in values})
    return found


DESIGNS: dict[str, tuple[dict[str, Entry], Any]] = {
    "nat": (listed(house(), acl(PRIVATE, HTTPS, BACK)), host()),
    "no nat": (without(house(), "aws_route.b"), host()),
    "no answers": (listed(house(), acl(PRIVATE, HTTPS)), host()),
    "endpoint": (listed(isolated(), interface()), service("secretsmanager")),
    "no endpoint": (isolated(), service("secretsmanager")),
    "endpoint without rule": (
        without(listed(isolated(), interface()), "aws_vpc_security_group_ingress_rule.endpoint"),
        service("secretsmanager"),
    ),
    "gateway endpoint": (listed(isolated(), gateway("private_a", "private_b")), service("s3")),
    "gateway endpoint on one table": (listed(isolated(), gateway("private_a")), service("s3")),
    "database": (listed(house(), database(), DATABASE_OUT, DATABASE_IN), (DATABASE, PORT)),
    "database without rule": (listed(house(), database(), DATABASE_OUT), (DATABASE, PORT)),
    "files": (listed(house(), files("a", "b")), ("aws_efs_file_system.files", 2049)),
    "files in one zone": (listed(house(), files("a")), ("aws_efs_file_system.files", 2049)),
    "peering": (listed(two_vpcs(), peering(), ways(*OVER)), (DATABASE, PORT)),
    "peering without way back": (listed(two_vpcs(), peering(), ways(*OVER, back=False)), (DATABASE, PORT)),
}  # fmt: skip


def judged(entries: dict[str, Entry], wanted: Any) -> tuple[str, str]:
    given = planned(entries)
    destination = wanted if isinstance(wanted, Destination) else target(given, *wanted)
    return verdict(given, destination)


def forgetting(entries: dict[str, Entry]) -> Iterator[tuple[str, dict[str, Entry]]]:
    """The design once for each attribute, which a local value of Terraform takes the place of."""
    for address, entry in entries.items():
        for name in entry["expressions"]:
            values = {key: value for key, value in entry["values"].items() if key != name}
            change = entry["change"]
            changed = {
                **entry,
                "values": values,
                "expressions": {**entry["expressions"], name: {"references": ["local.something"]}},
                "change": {
                    **change,
                    "after": values,
                    "after_unknown": {**change["after_unknown"], name: True},
                },
            }
            yield f"{address}.{name}", {**entries, address: changed}


@pytest.mark.parametrize("name", DESIGNS)
def test_what_is_unknown_is_never_guessed(name: str) -> None:
    entries, wanted = DESIGNS[name]
    certain, _ = judged(entries, wanted)
    assert certain in {"reachable", "unreachable"}
    found = {path: judged(changed, wanted) for path, changed in forgetting(entries)}
    assert {path: got for path, got in found.items() if got[0] not in {certain, "undecidable"}} == {}
    if certain == "reachable":  # what is unknown of it is named
        assert all(missing for got, missing in found.values() if got == "undecidable")
        assert sum(got == "undecidable" for got, _ in found.values()) > 5  # the ways it depends on


def test_the_designs_are_sound_and_broken() -> None:
    verdicts = {name: judged(*DESIGNS[name])[0] for name in DESIGNS}
    sound = {"nat", "endpoint", "gateway endpoint", "database", "files", "peering"}
    assert {name for name, got in verdicts.items() if got == "reachable"} == sound
