"""Alarms and their topic."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.observability import AlarmsConfig, AlarmTopicConfig
from tests.modules.core.samples import CI, KNOWN_LATER, LIST_TOKEN, fields_of, refusal, refuses_or_keeps, sentence

EMAIL = "an e-mail address reads like team@example.com; correct it"


def test_alarms_are_on_unless_a_reason_is_given() -> None:
    assert AlarmsConfig().enabled
    assert AlarmsConfig.off(reason="a demo") == AlarmsConfig(enabled=False, reason="a demo")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"enabled": False}, "enabled is False without a reason; going without alarms takes a reason; set reason"),
        ({"reason": "a demo"}, 'reason is "a demo"; a reason belongs to enabled: false; remove it'),
        ({"enabled": False, "reason": "  "}, 'reason is "  "; a reason is a sentence; write why, or remove the field'),
        ({"enabled": "no"}, 'enabled is "no"; it takes true or false; write one of them, without quotes'),
        ({"enabled": 0}, "enabled is 0; it takes true or false; write one of them, without quotes"),
        ({"enabled": False, "reason": 5}, "reason is 5; a reason is a sentence; write it in quotes"),
        (
            {"enabled": False, "reason": "a demo", "notify": False},
            "notify is False and enabled is False; alarms that there are not notify nobody; remove notify",
        ),
    ],
)
def test_alarms_are_not_switched_off_by_accident(data: dict[str, Any], expected: str) -> None:
    assert sentence(AlarmsConfig, data) == expected


@pytest.mark.parametrize(
    "address", ["team@example.com", "o'brien+alarms@a-b.example.co.uk", "a.b_c-d=e@x.io", f"{'a' * 64}@example.com"]
)
def test_an_address_that_sns_can_write_to_is_taken(address: str) -> None:
    assert AlarmTopicConfig.parse({"email_subscriptions": [address]}).email_subscriptions == (address,)


@pytest.mark.parametrize(
    "address",
    [
        "", "team", "team@", "@example.com", "team@example", "a b@example.com", "a@b@example.com", "team@example.com\n",
        "Team <team@example.com>", "team@example..com", "tëam@example.com", "team@exämple.com",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 250}.com", "team@example.com,other@example.com",
    ],
)  # fmt: skip
def test_an_address_that_sns_refuses_is_refused(address: str) -> None:
    [problem] = refusal(AlarmTopicConfig, {"email_subscriptions": ["a@example.com", address]})
    assert problem.startswith('email_subscriptions[1] is "')
    assert problem.endswith(f"; {EMAIL}")


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["a@b.io", "c@d.io", "a@b.io"], 'email_subscriptions holds "a@b.io" twice; each address once; remove one'),
        ("a@b.io", 'email_subscriptions is "a@b.io"; it takes a list; write a list, even of one value'),
        ({"a@b.io": 1}, "email_subscriptions is {'a@b.io': 1}; it takes a list; write a list, even of one value"),
        (LIST_TOKEN, f'email_subscriptions[0] is "{LIST_TOKEN[0]}"; {KNOWN_LATER}'),
        ([5], "email_subscriptions[0] is 5; an e-mail address reads like team@example.com; write it in quotes"),
    ],
)
def test_a_list_of_addresses_that_cannot_be_subscribed_is_refused(addresses: Any, expected: str) -> None:
    assert sentence(AlarmTopicConfig, {"email_subscriptions": addresses}) == expected


@pytest.mark.parametrize(
    ("endpoints", "expected"),
    [
        ({"on-call": "http://example.com"},
         ('https_subscriptions.on-call is "http://example.com"; an endpoint\'s URL begins with https://, so that '
         "messages never travel in clear text; write the endpoint's URL")),
        ({"On Call": "https://example.com"},
         "https_subscriptions.On Call is \"On Call\"; a name has words and hyphens; correct it"),
    ],
)  # fmt: skip
def test_an_endpoint_that_would_be_told_in_clear_text_is_refused(endpoints: dict[str, str], expected: str) -> None:
    assert sentence(AlarmTopicConfig, {"https_subscriptions": endpoints}) == expected
    assert AlarmTopicConfig.parse({"https_subscriptions": {"on-call": "https://example.com/x?y=1"}}).https_subscriptions


@CI
@given(fields_of(AlarmsConfig, {"enabled": st.booleans(), "reason": st.sampled_from(["", "a demo"])}))
def test_alarms_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(AlarmsConfig, data)


@CI
@given(fields_of(AlarmTopicConfig, {"email_subscriptions": st.lists(st.sampled_from(["a@b.io", "c@d.io", "e"]))}))
def test_a_topic_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(AlarmTopicConfig, data)
