"""Looks at accounts and regions before a rollout; it only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from analysis.concurrency.ledger import AccountLedger
from analysis.quotas import QuotaSnapshot
from modules.core.errors import TargetError
from modules.core.target import Target
from rollout.adapters.preflight_quotas import Growth, network_quotas
from rollout.adapters.preflight_subnets import chosen_subnets
from rollout.adapters.states import States
from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.preflight import PlaceFound, QuotaUse, Reached, SubnetFree, TargetFound
from rollout.quotas import read_quotas

Clients = Callable[[RunTarget, str, str], Any]
"""Makes a boto3 client of a service in a target's account and region, by the role of a purpose (`plan`, `apply`).

Raises:
    RolloutError: the role cannot be assumed.
"""

PURPOSES = ("plan", "apply")
_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""A region of each partition that every account has (AWS account management guide, regions)."""

CONCURRENCY = "reserved or provisioned executions"


@dataclass(frozen=True)
class Looks:
    """What is looked at.

    Attributes:
        roles: names of the roles by purpose; empty for the credentials at hand.
        settings: settings of each target's stack, by target name; subnets are found in them.
        ledger: concurrency of an account and region with its quotas; None where it is not counted.
        growth: what plans make, by account id and region.
        today: the day in UTC.
    """

    roles: Mapping[str, str]
    settings: Mapping[str, Mapping[str, Any]]
    ledger: Callable[[QuotaSnapshot], AccountLedger | None]
    today: date
    growth: Mapping[tuple[str, str], Growth] = field(default_factory=dict)


class Preflight:
    """Looks at accounts, regions and targets; used from several threads.

    Args:
        clients: of AWS.
        states: of targets.
        looks: what is looked at.
    """

    def __init__(self, clients: Clients, states: States, looks: Looks) -> None:
        self._clients = clients
        self._states = states
        self._looks = looks

    def place(self, targets: Iterable[RunTarget]) -> PlaceFound:
        """What holds for all targets of one account and region; raises nothing that AWS says."""
        own = tuple(targets)
        first = own[0]
        roles = {purpose: self._reached(first, purpose) for purpose in PURPOSES}
        if not _leads(roles["plan"], first.target):
            return PlaceFound(roles)
        unread: dict[str, str] = {}
        refused: dict[str, str] = {}
        opt_in = self._opt_in(first, unread)
        if opt_in == "not-opted-in":
            return PlaceFound(roles, opt_in, unread=unread)
        quotas = tuple(self._quotas(own, refused, unread))
        return PlaceFound(roles, opt_in, quotas, refused, unread)

    def target(self, target: RunTarget, place: PlaceFound) -> TargetFound:
        """What holds for one target; nothing more is asked where its account cannot be reached."""
        if not _leads(place.roles["plan"], target.target):
            return TargetFound(place)
        unread: dict[str, str] = {}
        subnets: tuple[SubnetFree, ...] = ()
        if place.opt_in != "not-opted-in":
            growth = self._looks.growth.get((target.target.account_id, target.target.region), Growth())
            settings = self._looks.settings.get(target.name, {})
            with _Asking(target, "free addresses", "ec2:DescribeSubnets and ec2:DescribeVpcs", unread):
                subnets = chosen_subnets(lambda: self._clients(target, "ec2", "plan"), settings, growth.subnets)
        return TargetFound(place, self._states.found(target), subnets, unread)

    def _reached(self, target: RunTarget, purpose: str) -> Reached:
        role = self._looks.roles.get(purpose, "")
        try:
            answer = self._clients(_at_home(target), "sts", purpose).get_caller_identity()
        except RolloutError as error:
            return Reached(role, problem=str(error))
        except (BotoCoreError, ClientError) as error:
            who = f"role {role}" if role else "the credentials at hand"
            why = _detail(error)
            return Reached(
                role,
                problem=f"{target.name}: {who} cannot be used to {purpose} ({why}); correct roles.{purpose} in "
                "rollout.yaml or its trust policy, or sign in",
            )
        return Reached(role, str(answer["Account"]))

    def _opt_in(self, target: RunTarget, unread: dict[str, str]) -> str:
        """Status of the region; asked in another one, as a region that is not enabled answers nothing."""
        region = target.target.region
        with _Asking(target, "region", "ec2:DescribeRegions", unread):
            client = self._clients(_at_home(target), "ec2", "plan")
            found = client.describe_regions(RegionNames=[region], AllRegions=True)["Regions"]
            return str(found[0].get("OptInStatus", "")) if found else ""
        return ""

    def _quotas(
        self, targets: tuple[RunTarget, ...], refused: dict[str, str], unread: dict[str, str]
    ) -> Iterable[QuotaUse]:
        first = targets[0]
        try:
            snapshot = read_quotas(
                lambda service: self._clients(first, service, "plan"),
                [each.target for each in targets],
                today=self._looks.today,
            )
        except TargetError as error:
            unread["quotas"] = str(error)
            return
        ledger = self._looks.ledger(snapshot)
        if ledger is not None:
            problems = tuple(ledger.problems())
            if problems:
                refused[CONCURRENCY] = "\n".join(map(str, problems))
            else:
                yield _concurrency(ledger)
        growth = self._looks.growth.get((first.target.account_id, first.target.region), Growth())
        with _Asking(first, "networks", "ec2:DescribeAddresses and ec2:DescribeNetworkInterfaces", unread):
            yield from network_quotas(self._clients(first, "ec2", "plan"), snapshot, growth)


def _leads(reached: Reached, target: Target) -> bool:
    return not reached.problem and reached.account_id == target.account_id


def _at_home(target: RunTarget) -> RunTarget:
    """The same account in a region that every account has."""
    return RunTarget(target.target.model_copy(update={"region": _HOME[target.target.partition]}), target.after)


def _concurrency(ledger: AccountLedger) -> QuotaUse:
    room = ledger.room or 0
    return QuotaUse(CONCURRENCY, room + ledger.claimed, ledger.claimed)


class _Asking:
    """Inside, what AWS refuses is noted and no more is asked."""

    def __init__(self, target: RunTarget, check: str, actions: str, unread: dict[str, str]) -> None:
        self._where = f"account {target.target.account_id} in {target.target.region}"
        self._check, self._actions, self._unread = check, actions, unread

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, RolloutError):
            self._unread[self._check] = str(error)
            return True
        if not isinstance(error, BotoCoreError | ClientError):
            return False
        self._unread[self._check] = (
            f"{self._where}: {self._check} cannot be read ({_detail(error)}); it takes {self._actions}; allow "
            "them to the plan role"
        )
        return True


def _detail(error: BotoCoreError | ClientError) -> str:
    """What AWS said, in a few words and without any value."""
    if isinstance(error, ClientError):
        return f"{error.operation_name}: {error.response['Error'].get('Code', '')}"
    return " ".join(str(error).split()).rstrip(".")
