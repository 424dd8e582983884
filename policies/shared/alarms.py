"""CloudWatch alarms of a plan: which metric of which resource each looks at, and whether it tells anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.plan import Plan, Resource
from policies.policy import Verdict, failed, passed, unknown
from policies.shared.alarm_actions import Actions
from policies.shared.alarm_targets import NAMES, Targets, targets_of
from policies.shared.alarm_watches import ALARM, Watch, watches_of
from policies.shared.per_plan import per_plan
from policies.view import View

FALLING, RISING = "LessThan", "GreaterThan"


@dataclass(frozen=True)
class Metric:
    """What an alarm is asked to look at.

    Attributes:
        namespace: such as `AWS/Lambda`.
        names: metrics, any of which will do.
        falls: whether a low value is the bad one.
        statistics: statistics that say nothing of it.
        of_all: whether an alarm on all resources of the region together will do.
    """

    namespace: str
    names: tuple[str, ...]
    falls: bool = False
    statistics: frozenset[str] = frozenset()
    of_all: bool = False

    def __str__(self) -> str:
        """The names as messages call them."""
        return " or ".join(self.names)


@dataclass(frozen=True)
class Coverage:
    """Which alarms look at a metric of a resource.

    Attributes:
        watches: those that do and tell somebody.
        doubts: why others may; sentences without a subject's full stop.
        silent: those that do and tell nobody, each with the reason.
    """

    watches: tuple[Watch, ...] = ()
    doubts: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether an alarm looks at it."""
        return bool(self.watches)

    @property
    def note(self) -> str:
        """What messages say of the alarms that tell nobody."""
        return f" ({'; '.join(self.silent)})" if self.silent else ""


class Alarms:
    """All alarms of one plan.

    Args:
        plan: the plan; it is not kept.

    Attributes:
        actions: who hears of each alarm.
        targets: what each metric of each alarm is of.
    """

    def __init__(self, plan: Plan) -> None:
        self.actions = Actions(plan)
        self.targets: dict[Watch, Targets] = {}
        self._of: dict[tuple[str, str, Resource], list[Watch]] = {}
        self._of_all: dict[tuple[str, str], list[Watch]] = {}
        self._named: dict[tuple[str, str, str], list[Watch]] = {}
        self._doubtful: dict[tuple[str, str], list[Watch]] = {}
        self._watches = {alarm: tuple(watches_of(plan, alarm)) for alarm in plan.of(ALARM)}
        for watches in self._watches.values():
            for watch in watches:
                found = self.targets[watch] = targets_of(plan, watch)
                self._sort(watch, found)

    def of(self, resource: Resource, metric: Metric) -> Coverage:
        """The alarms of this plan that look at a metric of a resource of it."""
        near = dict[Watch, None]()
        doubtful = dict[Watch, None]()
        for name in metric.names:
            key = (metric.namespace, name)
            near.update(dict.fromkeys(self._of.get((*key, resource), ())))
            near.update(dict.fromkeys(self._of_all.get(key, ()) if metric.of_all else ()))
            doubtful.update(dict.fromkeys(self._doubtful.get(key, ())))
        doubtful.update(dict.fromkeys(self._doubtful.get(("", name), ())))
        for key in ((metric.namespace, ""), ("", "")):
            doubtful.update(dict.fromkeys(self._doubtful.get(key, ())))
        return self._coverage(resource, metric, near, [entry for entry in doubtful if entry not in near])

    def by_name(self, name: str, metric: Metric) -> Coverage:
        """The alarms of this plan that look at a metric of something that is only named."""
        near = {watch: None for entry in metric.names for watch in self._named.get((metric.namespace, entry, name), ())}
        return self._coverage(None, metric, near, ())

    def watches(self, alarm: Resource) -> tuple[Watch, ...]:
        """The metrics that decide whether an alarm is raised."""
        return self._watches.get(alarm, ())

    def has_any(self, namespace: str, metric: str, resource: Resource) -> bool:
        """Whether any alarm, heard or not, looks at a metric of a resource, or may."""
        keys = ((namespace, metric), (namespace, ""), ("", ""))
        is_all = (namespace, metric) in self._of_all or any(key in self._doubtful for key in keys)
        return is_all or bool(self._of.get((namespace, metric, resource)))

    def has_like(self, watch: Watch, resource: Resource) -> bool:
        """Whether an alarm looks at a resource as one looks at something else: metric, dimensions and statistic."""
        return any(
            (other.dimensions, other.statistic, other.is_plain) == (watch.dimensions, watch.statistic, watch.is_plain)
            for other in self._of.get((watch.namespace, watch.metric, resource), ())
        )

    def _coverage(
        self, resource: Resource | None, metric: Metric, near: Iterable[Watch], doubtful: Iterable[Watch]
    ) -> Coverage:
        watches, doubts, silent = list[Watch](), list[str](), list[str]()
        for watch in near:
            fits = _fits(watch, metric)
            acts, reason = self.actions.of(watch.alarm)
            if fits is False:
                continue
            if acts is False:
                silent.append(f"{watch.alarm} looks at it, but {reason}")
            elif fits is None or acts is None:
                doubts.append(f"{watch.alarm} may look at it, but {reason or watch.unknown}")
            else:
                watches.append(watch)
        for watch in doubtful:
            if self.actions.of(watch.alarm)[0] is not False and _fits(watch, metric) is not False:
                what = self.targets[watch].doubt or watch.unknown
                doubts.append(f"{watch.alarm} may look at {'it' if resource is None else resource}, as {what}")
        return Coverage(tuple(watches), tuple(dict.fromkeys(doubts)), tuple(dict.fromkeys(silent)))

    def _sort(self, watch: Watch, found: Targets) -> None:
        key = (watch.namespace, watch.metric)
        if not watch.metric or found.doubt:
            self._doubtful.setdefault(key, []).append(watch)
        if found.is_all:
            self._of_all.setdefault(key, []).append(watch)
        if watch.is_of_version:
            return
        for resource in found.resources:
            self._of.setdefault((*key, resource), []).append(watch)
        for name in found.names:
            self._named.setdefault((*key, name), []).append(watch)


@per_plan
def alarms_of(plan: Plan) -> Alarms:
    """The alarms of a plan."""
    return Alarms(plan)


def name_of(resource: Resource) -> str:
    """The name by which dimensions name a resource; empty where it is not known."""
    name = resource.get(NAMES[resource.type])
    return name if isinstance(name, str) else ""


def coverage(view: View, resource: Resource, metric: Metric, name: str = "") -> Coverage:
    """The alarms that look at a metric of a resource: of its own plan, or by its name in a plan beside it.

    Args:
        view: what is judged.
        resource: what is to be looked at.
        metric: what of it.
        name: its name in the dimension, where it is known.
    """
    found = alarms_of(view.plan).of(resource, metric)
    return found if found.is_certain else _with_beside(view, found, metric, name)


def coverage_by_name(view: View, name: str, metric: Metric) -> Coverage:
    """The alarms that look at a metric of something outside the plan."""
    return _with_beside(view, alarms_of(view.plan).by_name(name, metric), metric, name)


def judged(resource: Resource, wanted: Mapping[str, Coverage], fix: str = "") -> Verdict:
    """The verdict where each thing that is to be watched, such as `Errors`, is covered or not."""
    gaps = {what: found for what, found in wanted.items() if not found.is_certain}
    certain = [f"{what}{found.note}" for what, found in gaps.items() if not found.doubts]
    if certain:
        return failed(resource, f"no alarm that tells somebody watches {', nor '.join(certain)}", fix)
    doubts = dict.fromkeys(doubt for found in gaps.values() for doubt in found.doubts)
    return unknown(resource, "; ".join(doubts), fix) if doubts else passed(resource)


def _with_beside(view: View, found: Coverage, metric: Metric, name: str) -> Coverage:
    for plan in view.beside if name else ():
        if found.is_certain:
            break
        other = alarms_of(plan).by_name(name, metric)
        found = Coverage(other.watches, (*found.doubts, *other.doubts), (*found.silent, *other.silent))
    return found


def _fits(watch: Watch, metric: Metric) -> bool | None:
    if watch.statistic in metric.statistics:
        return False
    if not watch.is_plain:
        return True
    if not watch.comparison:
        return None
    return watch.comparison.startswith(FALLING if metric.falls else RISING)
