"""Provisioned concurrency: its bounds, and when they change.

Complaints of users that end here: a schedule that Application Auto Scaling refuses after the function is made, or runs
in another time zone than it was meant for; bounds the wrong way round.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.function import ProvisionedConcurrencyConfig, ScheduledProvisionedConcurrencyConfig
from modules.function import provisioned_schedules as schedules
from tests.modules.core.samples import CI, around, fields_of, refusal, refuses_or_keeps, sentence

SOURCE = "(Application Auto Scaling API)"


def provisioned(**fields: Any) -> ProvisionedConcurrencyConfig:
    return ProvisionedConcurrencyConfig.parse({"minimum": 2, **fields})


def scheduled(schedule: str, **fields: Any) -> dict[str, Any]:
    return {"schedule": schedule, "minimum": 1, **fields}


def test_a_minimum_alone_is_fixed() -> None:
    config = provisioned()
    assert (config.most, config.tracks_utilization, config.is_scaled) == (2, False, False)
    same = provisioned(maximum=2)
    assert (same.most, same.is_scaled) == (2, False)


def test_a_maximum_is_reached_by_utilization() -> None:
    config = provisioned(maximum=8)
    assert (config.most, config.tracks_utilization, config.is_scaled) == (8, True, True)
    assert config.target_utilization_percent == 70


def test_schedules_scale_even_where_nothing_tracks() -> None:
    config = provisioned(schedules={"sale": scheduled("at(2030-11-29T00:00:00)", minimum=9)})
    assert (config.most, config.tracks_utilization, config.is_scaled) == (9, False, True)
    tracked = provisioned(schedules={"day": scheduled("rate(1 day)", minimum=1, maximum=4)})
    assert (tracked.most, tracked.tracks_utilization) == (4, True)


@pytest.mark.parametrize("minimum", [0, -1, 100_001])
def test_at_least_one_environment_is_kept(minimum: int) -> None:
    assert sentence(ProvisionedConcurrencyConfig, {"minimum": minimum}) == (
        f"minimum is {minimum}; an alias's provisioned concurrency takes 1 to 100000 executions (lambda API model; "
        "the account quota bounds it); set a value from 1 to 100000"
    )


def test_bounds_are_in_order() -> None:
    told = "minimum is 5 and maximum is 4; the fewest environments are not more than the most; swap them"
    assert sentence(ProvisionedConcurrencyConfig, {"minimum": 5, "maximum": 4}) == told
    data = {"minimum": 1, "schedules": {"sale": scheduled("rate(1 day)", minimum=5, maximum=4)}}
    assert sentence(ProvisionedConcurrencyConfig, data) == f"schedules.sale: {told}"


@pytest.mark.parametrize("percent", [9, 91])
def test_a_target_that_lambda_does_not_track_is_refused(percent: int) -> None:
    data = {"minimum": 1, "maximum": 2, "target_utilization_percent": percent}
    assert sentence(ProvisionedConcurrencyConfig, data) == (
        f"target_utilization_percent is {percent}; a target utilization of provisioned concurrency takes 10 to 90 "
        "percent (Lambda guide, provisioned concurrency); set a value from 10 to 90"
    )


def test_a_target_belongs_to_a_number_that_follows_it() -> None:
    data = {"minimum": 2, "target_utilization_percent": 80, "scale_in": False, "scale_in_cooldown_seconds": 60}
    assert refusal(ProvisionedConcurrencyConfig, data) == [
        f"{field} is set and the number of environments does not follow their utilization; it does with a maximum "
        f"above the minimum; set maximum, or remove {field}"
        for field in ("target_utilization_percent", "scale_in_cooldown_seconds", "scale_in")
    ]


@pytest.mark.parametrize("name", ["Morning", "a_b", "-a", "a" * 33, ""])
def test_a_schedule_has_a_name_fit_for_ids(name: str) -> None:
    data = {"minimum": 1, "schedules": {name: scheduled("rate(1 day)")}}
    assert sentence(ProvisionedConcurrencyConfig, data).endswith(
        f'is "{name}"; a schedule\'s name has lower-case letters, digits and single hyphens, 32 at most; rename it, '
        "such as morning"
    )


@pytest.mark.parametrize(
    "schedule",
    [
        "cron(0 7 ? * MON-FRI *)", "cron(0/15 8-18 * JAN,JUN ? 2027)", "cron(0 0 L * ? *)", "cron(0 0 ? * 6L *)",
        "cron(0 0 ? * MON#1 *)", "cron(0 0 15W * ? *)", "cron(*/5 * ? * fri-mon 2027-2030)",
        "rate(1 minute)", "rate(12 hours)", "rate(1 day)", "at(2028-02-29T23:59:59)",
    ],
)  # fmt: skip
def test_a_schedule_that_is_understood(schedule: str) -> None:
    assert ScheduledProvisionedConcurrencyConfig.parse(scheduled(schedule)).schedule == schedule


@pytest.mark.parametrize("schedule", ["", "0 7 * * *", "every(1 day)", "cron()", "rate(1 day) ", "at(a(b))"])
def test_a_schedule_is_one_of_three_kinds(schedule: str) -> None:
    assert sentence(ScheduledProvisionedConcurrencyConfig, scheduled(schedule)) == (
        f'schedule is "{schedule}"; a schedule reads like cron(0 7 ? * MON-FRI *), rate(1 day) or '
        f"at(2027-01-04T07:00:00) {SOURCE}; correct it"
    )


@pytest.mark.parametrize("schedule", ["cron(0 7 * * *)", "cron(0 0 7 ? * MON *)"])
def test_cron_has_six_fields(schedule: str) -> None:
    assert sentence(ScheduledProvisionedConcurrencyConfig, scheduled(schedule)) == (
        f'schedule is "{schedule}"; a cron expression has six fields: minutes, hours, day of month, month, day of '
        f"week, year {SOURCE}; write all six"
    )


@pytest.mark.parametrize(
    ("schedule", "field", "value", "takes"),
    [
        ("cron(60 7 ? * MON *)", "minutes", "60", "0 to 59"),
        ("cron(0 7-5 ? * MON *)", "hours", "7-5", "0 to 23"),
        ("cron(0 7 32 * ? *)", "day of month", "32", "1 to 31"),
        ("cron(0 7 ? 0 MON *)", "month", "0", "1 to 12, or JAN to DEC"),
        ("cron(0 7 ? * MONDAY *)", "day of week", "MONDAY", "1 to 7, or SUN to SAT"),
        ("cron(0 7 ? * MON#6 *)", "day of week", "MON#6", "1 to 7, or SUN to SAT"),
        ("cron(0 7 ? * MON 2200)", "year", "2200", "1970 to 2199"),
        ("cron(0/0 7 ? * MON *)", "minutes", "0/0", "0 to 59"),
        ("cron(? 7 ? * MON *)", "minutes", "?", "0 to 59"),
        ("cron(\N{ARABIC-INDIC DIGIT SEVEN} 7 ? * MON *)", "minutes", "\N{ARABIC-INDIC DIGIT SEVEN}", "0 to 59"),
    ],
)
def test_a_field_of_cron_is_in_its_range(schedule: str, field: str, value: str, takes: str) -> None:
    assert sentence(ScheduledProvisionedConcurrencyConfig, scheduled(schedule)) == (
        f'schedule is "{schedule}", and its {field} is "{value}"; it takes {takes}, with * , - and / {SOURCE}; '
        "correct it"
    )


@pytest.mark.parametrize("schedule", ["cron(0 7 1 * MON *)", "cron(0 7 ? * ? *)", "cron(0 7 * * * *)"])
def test_cron_names_days_of_the_month_or_of_the_week(schedule: str) -> None:
    assert sentence(ScheduledProvisionedConcurrencyConfig, scheduled(schedule)) == (
        f'schedule is "{schedule}"; exactly one of day of month and day of week is ? {SOURCE}; write ? for the '
        "other one"
    )


@pytest.mark.parametrize(
    "schedule", ["rate(0 minutes)", "rate(1 days)", "rate(2 day)", "rate(1.5 hours)", "rate(1 week)", "rate(day)"]
)
def test_a_rate_counts_whole_units(schedule: str) -> None:
    assert sentence(ScheduledProvisionedConcurrencyConfig, scheduled(schedule)) == (
        f'schedule is "{schedule}"; a rate is a whole number above 0 and minute, hour or day, in the plural above 1 '
        f"{SOURCE}; write it like rate(1 day) or rate(12 hours)"
    )


@pytest.mark.parametrize("schedule", ["at(2027-02-29T07:00:00)", "at(2027-01-04)", "at(2027-01-04T24:00:00)"])
def test_once_is_at_a_time_that_comes(schedule: str) -> None:
    assert sentence(ScheduledProvisionedConcurrencyConfig, scheduled(schedule)) == (
        f'schedule is "{schedule}"; it runs once, at a time such as at(2027-01-04T07:00:00) {SOURCE}; correct it'
    )


def test_a_time_zone_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "_zones", lambda: frozenset({"UTC", "Europe/Berlin"}))
    data = scheduled("cron(0 7 ? * MON-FRI *)", timezone="Europe/Hamburg")
    assert sentence(ScheduledProvisionedConcurrencyConfig, data) == (
        f'timezone is "Europe/Hamburg"; it is an IANA time zone, such as Europe/Berlin {SOURCE}; correct it'
    )
    assert ScheduledProvisionedConcurrencyConfig.parse({**data, "timezone": "Europe/Berlin"}).timezone
    monkeypatch.setattr(schedules, "_zones", frozenset)  # no time zone database on this machine
    assert ScheduledProvisionedConcurrencyConfig.parse(data).timezone == "Europe/Hamburg"


def test_a_rate_has_no_time_zone() -> None:
    data = scheduled("rate(1 day)", timezone="Europe/Berlin")
    assert sentence(ScheduledProvisionedConcurrencyConfig, data) == (
        f'timezone is "Europe/Berlin" and schedule is "rate(1 day)"; a rate has no time zone {SOURCE}; remove '
        "timezone, or use cron(…)"
    )


@CI
@given(
    fields_of(
        ProvisionedConcurrencyConfig,
        {
            "minimum": around(1, 100_000),
            "maximum": st.none() | around(1, 100_000),
            "target_utilization_percent": around(10, 90),
            "scale_out_cooldown_seconds": around(0, 86_400),
            "scale_in_cooldown_seconds": around(0, 86_400),
            "scale_in": st.booleans(),
            "schedules": st.dictionaries(
                st.sampled_from(["morning", "Bad"]),
                st.fixed_dictionaries({
                    "schedule": st.sampled_from(["rate(1 day)", "rate(0 days)", "cron(0 7 ? * MON *)"])
                    | st.text(alphabet="cronate() *?/-,#0123456789MONL", max_size=30),
                    "minimum": around(1, 10),
                }),
                max_size=2,
            ),
        },
    )
)  # fmt: skip
def test_any_provisioned_concurrency_is_refused_in_sentences_or_kept(data: dict[str, Any]) -> None:
    kept = refuses_or_keeps(ProvisionedConcurrencyConfig, data)
    if isinstance(kept, ProvisionedConcurrencyConfig):
        assert 1 <= kept.minimum <= kept.most
        assert kept.is_scaled or kept.most == kept.minimum
