"""What is wrong with waves and targets together: accounts, names, waves, order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from modules.core.errors import Problem
from modules.core.target import Target
from rollout.domain.selectors import Fleet, listed, selects
from rollout.domain.settings import RolloutSettings
from rollout.domain.wave_settings import WaveSettings


def account_problems(targets: Sequence[Target]) -> Iterator[Problem]:
    """One account under two names, and one name for two accounts of an environment."""
    names: dict[str, str] = {}
    ids: dict[tuple[str, str], str] = {}
    told: set[tuple[str, ...]] = set()
    for target in targets:
        name = names.setdefault(target.account_id, target.account)
        if name != target.account and (target.account_id, target.account) not in told:
            told.add((target.account_id, target.account))
            given = f"the account id {target.account_id} is that of {name} and of {target.account}"
            yield Problem("", given, "an account has one name", "correct account_id or account in one of them")
        account_id = ids.setdefault((target.env, target.account), target.account_id)
        if account_id != target.account_id and (target.env, target.account, target.account_id) not in told:
            told.add((target.env, target.account, target.account_id))
            given = f"the account {target.account} of {target.env} has the ids {account_id} and {target.account_id}"
            yield Problem("", given, "an account has one id", "correct account_id or account in one of them")


def name_problems(settings: RolloutSettings, fleet: Fleet, only: Sequence[str]) -> Iterator[Problem]:
    """Names and patterns that no target has."""
    for index, wave in enumerate(settings.waves):
        yield from fleet.selector_problems(wave.select, f"waves[{index}].select")
        regions = {target.region for target in fleet.targets}
        for place, region in enumerate(wave.region_order):
            if region not in regions:
                given = f'waves[{index}].region_order[{place}] is "{region}"'
                allowed = f"no target has that region; there are {listed(sorted(regions))}"
                yield Problem("", given, allowed, "correct it")
    for index, group in enumerate(settings.routed):
        for place, pattern in enumerate(group):
            yield from fleet.pattern_problems(pattern, f"routed[{index}][{place}]")
    for index, allowed_destroy in enumerate(settings.allow_destroy):
        yield from fleet.pattern_problems(allowed_destroy.target, f"allow_destroy[{index}].target")
    for pattern in only:
        yield from fleet.pattern_problems(pattern, "the wanted target")


def wave_problems(
    waves: Sequence[WaveSettings], chosen: Sequence[Sequence[Target]], targets: Sequence[Target]
) -> Iterator[Problem]:
    """Waves without a target, targets without a wave, and tolerances above the number of targets."""
    for index, wave in enumerate(waves):
        if not chosen[index]:
            fitting = sum(selects(wave.select, target) for target in targets)
            why = f"waves before it have taken all {fitting} that fit" if fitting else "no target fits it"
            given = f"waves[{index}] ({wave.name}) selects nothing: {why}"
            yield Problem("", given, "a wave holds at least one target", "widen its select, or remove it")
            continue
        tolerance = wave.failure_tolerance
        for region, batch in by_region(wave, chosen[index]):
            if isinstance(tolerance, int) and tolerance > len(batch):
                held = f"{len(batch)} target{'s' if len(batch) > 1 else ''}{f' in {region}' if region else ''}"
                given = f"waves[{index}] ({wave.name}).failure_tolerance is {tolerance}"
                allowed = f"the wave has {held}"
                yield Problem("", given, allowed, f"set it to at most {len(batch)}, or write a percentage")
    taken = {target.name for members in chosen for target in members}
    left = sorted(target.name for target in targets if target.name not in taken)
    if left:
        given = f"no wave selects {listed(left)}"
        yield Problem("", given, "every target goes in a wave", "add a wave with select: {} at the end, or widen one")


def order_problems(
    waves: Sequence[WaveSettings], chosen: Sequence[Sequence[Target]], before: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    """Targets that build on one of a later wave; one sentence for each pair of waves."""
    index_of = {target.name: index for index, members in enumerate(chosen) for target in members}
    found: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for name, upstreams in before.items():
        for upstream in upstreams:
            if index_of[upstream] > index_of[name]:
                found.setdefault((index_of[name], index_of[upstream]), []).append((name, upstream))
    for (early, late), pairs in sorted(found.items()):
        name, upstream = min(pairs)
        more = f" (and {len(pairs) - 1} more like it)" if len(pairs) > 1 else ""
        yield Problem(
            "",
            f"{name} of wave {waves[early].name} builds on {upstream} of the later wave {waves[late].name}{more}",
            "what a target builds on is applied before it",
            "select it in the same wave or an earlier one",
        )


def by_region(wave: WaveSettings, targets: Sequence[Target]) -> Iterator[tuple[str, list[Target]]]:
    """Batches of a wave: regions in their order, or all targets with no region."""
    if wave.regions == "parallel":
        yield "", list(targets)
        return
    by_region: dict[str, list[Target]] = {}
    for target in targets:
        by_region.setdefault(target.region, []).append(target)
    place = {region: index for index, region in enumerate(wave.region_order)}
    for region in sorted(by_region, key=lambda region: (place.get(region, len(place)), region)):
        yield region, by_region[region]
