"""Sentences of hundreds of targets, as somebody reads them."""

from __future__ import annotations

from rollout.domain.naming import named, said_once

ACCOUNTS = [f"{number:012}" for number in range(1, 501)]
PLACES = [(account, region) for account in ACCOUNTS for region in ("eu-west-1", "us-east-1", "ap-southeast-2")]


def name(account: str, region: str) -> str:
    return f"prod-a{int(account)}-{region}-orders_api"


def test_names_are_counted_beyond_five() -> None:
    assert named([]) == "none"
    assert named(["a", "b", "c", "d", "e"]) == "a, b, c, d, e"
    assert named([str(number) for number in range(1_500)]) == "0, 1, 2, 3, 4 and 1,495 more"


def test_one_reason_of_many_targets_is_said_once() -> None:
    names = [f"t{number}" for number in range(1_498)]
    sentences = [f"{each}: has no plan; plan it" for each in names]
    assert said_once([*sentences, "u: its plan expired"]) == (
        "1,498 targets (t0, t1, t2, t3, t4 and 1,493 more): has no plan; plan it",
        "u: its plan expired",
    )


def test_sentences_of_their_own_and_of_no_target_stay_as_they_are() -> None:
    sentences = ("a: its plan expired", "b: has no plan", "a: has no state", "nothing is planned", "x\ny: z")
    assert said_once(sentences) == sentences
    assert said_once(["nothing is planned"] * 2) == ("nothing is planned",)


def test_a_reason_that_names_its_target_again_is_the_same_reason() -> None:
    assert said_once(["a: a: is locked", "b: b: is locked"]) == ("2 targets (a, b): is locked",)


def test_a_few_reasons_keep_account_and_region() -> None:
    sentences = [f"{name(*place)}: the role of {place[0]} cannot be assumed" for place in PLACES[:6]]
    first, second = (", ".join(name(*place) for place in places) for places in (PLACES[:3], PLACES[3:6]))
    assert said_once(sentences) == (
        f"3 targets ({first}): the role of 000000000001 cannot be assumed",
        f"3 targets ({second}): the role of 000000000002 cannot be assumed",
    )


def test_many_reasons_that_differ_by_what_is_each_targets_own_are_one() -> None:
    lock = "0b7b3a1e-0000-4000-8000-{}"
    sentences = [
        f"{name(*place)}: {place[0]} in {place[1]} is locked by {lock.format(place[0])}; "
        f"`lambdanet rollout unlock {name(*place)}`"
        for place in PLACES
    ]
    first = ", ".join(name(*place) for place in PLACES[:5])
    assert said_once(sentences) == (
        (
            f"1,500 targets ({first} and 1,495 more): <account> in <region> is locked by <id>; "
            "`lambdanet rollout unlock <target>`"
        ),
    )


def test_accounts_are_no_targets() -> None:
    sentences = [
        f"account {account} in {region}: no quotas; `lambdanet quotas snapshot --target {name(account, region)}`"
        for account, region in PLACES
    ]
    first = ", ".join(f"account {account} in {region}" for account, region in PLACES[:5])
    assert said_once(sentences) == (
        f"{first} and 1,495 more: no quotas; `lambdanet quotas snapshot --target <target>`",
    )


def test_refused_fields_of_configurations_are_told_by_field() -> None:
    sentences = [f"prod/a{number}/eu-west-1/orders_api network.cidr: is no CIDR" for number in range(7)]
    first = ", ".join(f"prod/a{number}/eu-west-1/orders_api" for number in range(5))
    assert said_once(sentences) == (f"7 targets ({first} and 2 more) network.cidr: is no CIDR",)


def test_hundreds_of_reasons_are_counted() -> None:
    sentences = [f"t{number}: fails in way {'x' * number}" for number in range(25)]
    found = said_once(sentences, more="`lambdanet rollout status --all` lists them")
    assert found[:20] == tuple(sentences[:20])
    assert found[20:] == ("and 5 more with 5 other reasons; `lambdanet rollout status --all` lists them",)
