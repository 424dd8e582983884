"""Networks that reach each other must not have the same addresses."""

from __future__ import annotations

import time
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from analysis.overlaps import Addresses, AddressOverlaps, Routed, _overlapping
from modules.core.config import ConfigModel
from modules.core.target import Target
from modules.network.config import NetworkConfig
from tests.modules.core.samples import CI

IDS = {"main": "111111111111", "shop": "222222222222", "bank": "333333333333"}
GATEWAY = "tgw-0123456789abcdef0"
SHARE = f"they share the transit gateway {GATEWAY}"
FIX = "so each address may stand once; give each a range of its own, or have IPAM do it"


class Stack(ConfigModel):
    """A stack with a network."""

    network: NetworkConfig | None = None
    others: dict[str, NetworkConfig] = Field(default_factory=dict)


def at(account: str, stack: str = "api") -> Target:
    return Target(
        org="acme", env="dev", account=account, account_id=IDS[account], region="us-east-1", stack=stack, owner="me"
    )


def network(cidr: str, *secondary: str, gateway: str = GATEWAY) -> NetworkConfig:
    egress = {"strategy": "transit_gateway", "transit_gateway_id": gateway} if gateway else "none"
    zones = ["us-east-1a", "us-east-1b"]
    return NetworkConfig.parse(
        {"cidr": cidr, "secondary_cidrs": secondary, "availability_zones": zones, "egress": egress}
    )


def sentences(*stacks: tuple[Target, NetworkConfig], routed: tuple[Routed, ...] = ()) -> list[str]:
    found = AddressOverlaps(routed)((target, Stack(network=config)) for target, config in stacks)
    return [str(problem) for problem in found]


def test_the_same_range_behind_one_transit_gateway_is_refused() -> None:
    told = sentences((at("main"), network("10.0.0.0/16")), (at("shop"), network("10.0.0.0/16")))
    assert told == [
        (
            "dev/main/us-east-1/api: network.cidr 10.0.0.0/16 has addresses of 10.0.0.0/16 of dev/shop/us-east-1/api "
            f"network.cidr; {SHARE}, {FIX}"
        )
    ]


def test_a_range_within_another_is_refused_and_the_widest_tells_all() -> None:
    told = sentences(
        (at("main"), network("10.0.128.0/18")),
        (at("shop"), network("10.0.0.0/16")),
        (at("bank"), network("10.9.0.0/16", "10.0.64.0/24")),
    )
    assert told == [
        (
            "dev/shop/us-east-1/api: network.cidr 10.0.0.0/16 has addresses of 10.0.64.0/24 of dev/bank/us-east-1/api "
            f"network.secondary_cidrs[0], 10.0.128.0/18 of dev/main/us-east-1/api network.cidr; {SHARE}, {FIX}"
        )
    ]


def test_ranges_apart_are_fine_and_so_are_other_gateways_and_none() -> None:
    assert not sentences((at("main"), network("10.0.0.0/16")), (at("shop"), network("10.1.0.0/16")))
    other = network("10.0.0.0/16", gateway="tgw-0123456789abcdef1")
    assert not sentences((at("main"), network("10.0.0.0/16")), (at("shop"), other))
    alone = network("10.0.0.0/16", gateway="")
    assert not sentences((at("main"), alone), (at("shop"), alone))


def test_routed_networks_are_held_against_each_other_without_a_gateway() -> None:
    main, shop, bank = ((at(account), network("10.0.0.0/16", gateway="")) for account in IDS)
    routed = Routed("rollout.yaml routed[0]", frozenset({main[0].name, shop[0].name}))
    assert sentences(main, shop, bank, routed=(routed,)) == [
        (
            "dev/main/us-east-1/api: network.cidr 10.0.0.0/16 has addresses of 10.0.0.0/16 of dev/shop/us-east-1/api "
            f"network.cidr; they reach each other (rollout.yaml routed[0]), {FIX}"
        )
    ]


def test_the_same_overlap_is_told_once() -> None:
    main, shop = ((at(account), network("10.0.0.0/16")) for account in ("main", "shop"))
    routed = Routed("rollout.yaml routed[0]", frozenset({main[0].name, shop[0].name}))
    assert len(sentences(main, shop, routed=(routed,))) == 1


def test_shared_address_space_is_used_again_behind_a_gateway_but_not_between_peers() -> None:
    main = at("main"), network("10.0.0.0/16", "100.64.0.0/18")
    shop = at("shop"), network("10.1.0.0/16", "100.64.0.0/18")
    assert not sentences(main, shop)
    routed = Routed("rollout.yaml routed[0]", frozenset({main[0].name, shop[0].name}))
    [told] = sentences(main, shop, routed=(routed,))
    assert told.startswith("dev/main/us-east-1/api: network.secondary_cidrs[0] 100.64.0.0/18 has addresses of ")


def test_networks_anywhere_in_a_configuration_count_and_ipam_does_not() -> None:
    zones = ["us-east-1a", "us-east-1b"]
    ipam = NetworkConfig.parse(
        {"ipam": {"pool_id": "ipam-pool-0123456789abcdef0", "netmask_length": 20}, "availability_zones": zones}
    )
    stack = Stack(network=ipam, others={"left": network("10.0.0.0/16"), "right": network("10.0.0.0/16")})
    [told] = map(str, AddressOverlaps()([(at("main"), stack)]))
    assert told.startswith(
        "dev/main/us-east-1/api: others.left.cidr 10.0.0.0/16 has addresses of 10.0.0.0/16 of dev/main/us-east-1/api "
        "others.right.cidr; "
    )


def test_many_are_counted() -> None:
    stacks = [(at("main", f"s{number}"), network("10.0.0.0/16")) for number in range(8)]
    [told] = sentences(*stacks)
    assert " and 2 more; " in told


def test_a_large_fleet_takes_no_time() -> None:
    """Comparing each with each would take a minute for three thousand networks, all of them the same."""
    stack = Stack(network=network("10.0.0.0/16"))
    base = at("main")
    fleet = [(base.model_copy(update={"account": f"a{number}"}), stack) for number in range(3000)]
    begin = time.process_time()
    [_] = AddressOverlaps()(fleet)
    assert time.process_time() - begin < 2.0


@st.composite
def ranges(draw: st.DrawFn) -> list[Addresses]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        size = 2 ** draw(st.integers(0, 5))
        first = size * draw(st.integers(0, 64 // size))
        found.append(Addresses(first, first + size - 1, f"{first}+{size}", f"place {number:02}", f"t{number}", ""))
    return found


@CI
@given(ranges())
def test_a_range_is_told_exactly_when_it_overlaps_another(given_ranges: list[Addresses]) -> None:
    told = {each.place for widest, inside in _overlapping(given_ranges) for each in (widest, *inside)}
    expected = {
        each.place
        for a, b in combinations(given_ranges, 2)
        if a.first <= b.last and b.first <= a.last
        for each in (a, b)
    }
    assert told == expected
