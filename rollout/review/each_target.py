"""What the page says of each target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rollout.review.model import Group, Loss, Notice, Review, Section


@dataclass
class About:
    """What there is to say of one target.

    Attributes:
        group: number of its group, from 1; 0 where nothing changes.
        alike: the group; None where nothing changes.
        losses: what it loses.
        notices: what is told anew.
    """

    group: int = 0
    alike: Group | None = None
    losses: list[Loss] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def each_target(review: Review) -> Mapping[str, About]:
    """What there is to say of each target, by its name."""
    found = {target: About() for target in review.targets}
    for number, group in enumerate(review.groups, start=1):
        for target in group.targets:
            found[target].group, found[target].alike = number, group
    for loss in review.losses:
        for target in loss.targets:
            found.setdefault(target, About()).losses.append(loss)
    for section in (review.policies or Section(), review.reach, review.forecast):
        for notice in section.new:
            for target in notice.targets:
                found.setdefault(target, About()).notices.append(notice)
    return found
