"""What preflight says of what was found, sentence by sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rollout.domain.preflight import PlaceFound, QuotaUse, Reached, SubnetFree, TargetFound, Verdict
from rollout.domain.preflight_judging import judged
from rollout.domain.states import StateFound, StateLock, StatePlace
from tests.modules.core.test_target import target

NAME = "dev-main-eu-west-1-orders_api"
ACCOUNT = "123456789012"
PLACE = StatePlace("acme-state", f"acme/{NAME}.tfstate", "eu-west-1")
BOTH = {"plan": Reached("planner", ACCOUNT), "apply": Reached("applier", ACCOUNT)}


def told(place: PlaceFound | None = None, **fields: object) -> dict[str, tuple[Verdict, str]]:
    found = TargetFound(place or PlaceFound({}), **fields)  # type: ignore[arg-type]  # any of its fields
    return {each.check: (each.verdict, each.told) for each in judged(target(), found)}


def test_what_holds_is_told_in_a_few_words() -> None:
    quotas = (QuotaUse("Elastic IP addresses", 5, 1, 2),)
    place = PlaceFound(BOTH, "opt-in-not-required", quotas)
    found = TargetFound(place, StateFound(PLACE, exists=True), (SubnetFree("subnet-0123456789abcdef0", 200, 1),))
    assert [(each.check, each.verdict, each.told) for each in judged(target(), found)] == [
        ("plan role", Verdict.HOLDS, "planner"),
        ("apply role", Verdict.HOLDS, "applier"),
        ("region", Verdict.HOLDS, "opt-in-not-required"),
        ("state", Verdict.HOLDS, f"s3://acme-state/acme/{NAME}.tfstate"),
        ("state lock", Verdict.HOLDS, "free"),
        ("Elastic IP addresses", Verdict.HOLDS, "1 of 5 Elastic IP addresses, and the plans make 2 more"),
        ("free addresses", Verdict.HOLDS, "subnet-0123456789abcdef0: 200, and the plan takes 1"),
    ]


def test_a_role_in_another_account() -> None:
    other = {"plan": Reached("planner", "210987654321"), "apply": Reached("", "210987654321")}
    found = told(PlaceFound(other))
    assert found["plan role"] == (
        Verdict.FAILS,
        (
            f"{NAME}: role planner is in account 210987654321; the target's account is {ACCOUNT}; set roles.plan in "
            "rollout.yaml, or use credentials of the account"
        ),
    )
    assert found["apply role"] == (
        Verdict.FAILS,
        (
            f"{NAME}: the credentials at hand are in account 210987654321; the target's account is {ACCOUNT}; set "
            "roles.apply in rollout.yaml, or use credentials of the account"
        ),
    )


def test_a_role_that_cannot_be_assumed_is_told_as_it_was_refused() -> None:
    found = told(PlaceFound({"plan": Reached("planner", problem="refused; do this")}))
    assert found == {"plan role": (Verdict.FAILS, "refused; do this")}


def test_a_region_that_is_not_enabled() -> None:
    assert told(PlaceFound({}, "not-opted-in"))["region"] == (
        Verdict.FAILS,
        (
            f"account {ACCOUNT}: region eu-west-1 is not enabled; AWS refuses every request there; enable it by `aws "
            "account enable-region --region-name eu-west-1`, which takes minutes to hours, or remove the targets there"
        ),
    )


def test_a_state_nothing_was_applied_to() -> None:
    assert told(state=StateFound(PLACE))["state"] == (
        Verdict.HOLDS,
        f"s3://acme-state/acme/{NAME}.tfstate (nothing applied yet)",
    )


def test_a_locked_state() -> None:
    lock = StateLock("5c0d", "OperationTypeApply", "ci@runner", datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    assert told(state=StateFound(PLACE, exists=True, lock=lock))["state lock"] == (
        Verdict.WARNS,
        (
            f"{NAME}: s3://acme-state/acme/{NAME}.tfstate is locked (lock 5c0d of OperationTypeApply, held by "
            "ci@runner since 2026-11-21 09:30 UTC); an apply waits for it; let that run end, or, if it is surely dead, "
            f"run `lambdanet rollout unlock {NAME} --lock-id 5c0d --reason REASON`"
        ),
    )


def test_a_locked_file() -> None:
    place = StatePlace("", f"terraform.{NAME}.tfstate")
    assert told(state=StateFound(place, exists=True, lock=StateLock("5c0d")))["state lock"] == (
        Verdict.WARNS,
        (
            f"{NAME}: terraform.{NAME}.tfstate is locked (lock 5c0d, held by somebody); an apply waits for it; let "
            "that run end, or, if it is surely dead, end its process"
        ),
    )


def test_a_state_that_cannot_be_read() -> None:
    assert told(state=StateFound(PLACE, problem="no; do this")) == {"state": (Verdict.FAILS, "no; do this")}


@pytest.mark.parametrize(
    ("used", "needed", "verdict"),
    [(3, 2, Verdict.WARNS), (3, 3, Verdict.FAILS), (4, 0, Verdict.WARNS), (5, 0, Verdict.WARNS), (3, 0, Verdict.HOLDS)],
)
def test_quotas_fail_only_for_what_the_plans_make(used: int, needed: int, verdict: Verdict) -> None:
    quotas = (QuotaUse("Elastic IP addresses", 5, used, needed),)
    assert told(PlaceFound({}, quotas=quotas))["Elastic IP addresses"][0] is verdict


def test_what_does_not_fit_is_told_with_how_to_ask_for_more() -> None:
    quotas = (QuotaUse("Elastic IP addresses", 5, 4, 2, "ask by `aws x`"),)
    assert told(PlaceFound({}, quotas=quotas))["Elastic IP addresses"] == (
        Verdict.FAILS,
        (
            f"account {ACCOUNT} in eu-west-1 has 4 of 5 Elastic IP addresses, and the plans make 2 more; AWS "
            "refuses the last; remove some, or ask by `aws x`"
        ),
    )


@pytest.mark.parametrize(
    ("free", "needed", "verdict", "sentence"),
    [
        (
            None,
            0,
            Verdict.FAILS,
            (
                f"{NAME}: subnet subnet-1 does not exist in account {ACCOUNT} in eu-west-1; a network that stands "
                "outside the stack is named by what is there; correct the id"
            ),
        ),
        (
            0,
            0,
            Verdict.FAILS,
            (
                f"{NAME}: subnet subnet-1 has 0 free addresses; a function takes one in each subnet for each set of "
                "security groups; choose a larger subnet, or free addresses"
            ),
        ),
        (
            9,
            10,
            Verdict.FAILS,
            (
                f"{NAME}: subnet subnet-1 has 9 free addresses, and the plan takes 10; a function takes one in each "
                "subnet for each set of security groups; choose a larger subnet, or free addresses"
            ),
        ),
        (
            9,
            2,
            Verdict.WARNS,
            (
                f"{NAME}: subnet subnet-1 has 9 free addresses, and the plan takes 2; fewer than 8 leave no room for a "
                "load balancer or a scaling proxy; choose a larger subnet"
            ),
        ),
        (8, 0, Verdict.HOLDS, "subnet-1: 8"),
    ],
)
def test_free_addresses(free: int | None, needed: int, verdict: Verdict, sentence: str) -> None:
    assert told(subnets=(SubnetFree("subnet-1", free, needed),))["free addresses"] == (verdict, sentence)


def test_what_could_not_be_read_warns_and_what_is_refused_fails() -> None:
    place = PlaceFound({}, refused={"executions": "too many"}, unread={"quotas": "hidden"})
    assert told(place, unread={"free addresses": "hidden too"}) == {
        "executions": (Verdict.FAILS, "too many"),
        "free addresses": (Verdict.WARNS, "hidden too"),
        "quotas": (Verdict.WARNS, "hidden"),
    }
