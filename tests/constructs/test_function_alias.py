"""What an alias becomes in Terraform's JSON, and what follows it.

Complaints of users that end here: an alias that Terraform puts back in the middle of a shift; a trigger that invokes
the unqualified function although there is an alias; an alias whose name is not the one that was given.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from modules.function import AsynchronousInvocationConfig, ExistingFunctionConfig, Function
from modules.secret import Secret, SecretConfig
from tests.constructs.functions import API, Made, address, alias_name, refusal

pytestmark = pytest.mark.synth
RULE = {"principal": "events.amazonaws.com", "source_arn": "arn:aws:events:eu-west-1:123456789012:rule/nightly"}
LEGACY = "arn:aws:lambda:eu-west-1:123456789012:function:legacy"
PROVIDER_6 = ">= 6.69, < 7"


def test_an_alias_of_what_was_published_last(source: Path) -> None:
    made = Made(source)
    api = made.function(alias={"name": "Stable_1", "description": "for everybody"})
    function = address(made, "aws_lambda_function")
    found = made.only("aws_lambda_alias")
    assert {name: value for name, value in found.items() if name != "//"} == {
        "name": "Stable_1",
        "description": "for everybody",
        "function_name": f"${{{function}.function_name}}",
        "function_version": f"${{{function}.version}}",
    }
    assert found["//"]["metadata"]["path"] == f"{API}/alias/lambda-alias"
    assert made.only("aws_lambda_function")["publish"] is True
    assert api.live is not None
    assert (api.live.name, api.live.shift, api.live.provisioned) == ("Stable_1", "at_once", None)
    assert (api.invocation.qualifier, api.invocation.arn) == ("Stable_1", api.live.arn)
    assert (api.invocation.invoke_arn, api.invocation.function_name) == (api.live.invoke_arn, api.function_name)
    assert api.invocation.dependencies == (api.live.resource,)


def test_a_function_without_an_alias_is_invoked_as_it_is(source: Path) -> None:
    made = Made(source)
    api = made.function()
    assert api.live is None
    assert (api.invocation.qualifier, api.invocation.dependencies) == ("", ())
    assert (api.invocation.arn, api.invocation.invoke_arn) == (api.arn, api.invoke_arn)
    assert made.resources("aws_lambda_alias") == {}


def test_an_alias_changes_nothing_of_the_function_but_what_it_publishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[dict[str, dict[str, Any]]] = []
    choices: dict[str, Any] = {"without": None, "with": {"provisioned_concurrency": {"minimum": 1}}}
    for name, alias in choices.items():
        work = tmp_path / name
        (work / "src").mkdir(parents=True)
        (work / "src" / "handler.py").write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
        monkeypatch.chdir(work)
        made = Made(work / "src")
        api = made.function(url={}, alias=alias)
        api.allow_invoke("nightly", qualifier="", **RULE)
        made.resources("aws_lambda_function")
        [document] = work.glob("out/stacks/*/cdk.tf.json")
        found.append(json.loads(document.read_text(encoding="utf-8"))["resource"])
    without, with_alias = found
    [function] = with_alias["aws_lambda_function"].values()
    assert function.pop("publish") is True
    assert {kind: sorted(names.keys() - without.get(kind, {}).keys()) for kind, names in with_alias.items()
            if names.keys() - without.get(kind, {}).keys()} == {
        "aws_lambda_alias": ["api_alias_lambda-alias_66D1AC83"],
        "aws_lambda_function_event_invoke_config": ["api_asynchronous-alias_0C43DF42"],
        "aws_lambda_provisioned_concurrency_config": ["api_alias_provisioned-concurrency_05DCCE78"],
    }  # fmt: skip
    [url] = with_alias["aws_lambda_function_url"].values()
    assert url.pop("qualifier")
    for kind, resources in without.items():
        assert {name: with_alias[kind][name] for name in resources} == resources


def test_two_versions_share_by_weight(source: Path) -> None:
    made = Made(source)
    made.function(alias={"version": 3, "routing": {"additional_version": 4, "additional_version_percent": 5}})
    found = made.only("aws_lambda_alias")
    assert found["function_version"] == "3"
    assert found["routing_config"] == {"additional_version_weights": {"4": 0.05}}
    assert "lifecycle" not in found


def test_codedeploy_moves_version_and_weights(source: Path) -> None:
    made = Made(source)
    api = made.function(alias={"shift": "codedeploy"})
    found = made.only("aws_lambda_alias")
    assert found["lifecycle"] == {"ignore_changes": ["function_version", "routing_config"]}
    assert found["function_version"] == f"${{{address(made, 'aws_lambda_function')}.version}}"  # the first one
    assert api.live is not None
    assert api.live.shift == "codedeploy"


def test_who_may_invoke_the_function_may_invoke_its_alias(source: Path) -> None:
    made = Made(source)
    api = made.function(alias={})
    for statement_id, chosen in {"live": None, "live-too": "live", "function": "", "other": "blue", "old": "7"}.items():
        api.allow_invoke(statement_id, qualifier=chosen, **RULE)
    found = {each["statement_id"]: each.get("qualifier") for each in made.resources("aws_lambda_permission").values()}
    token = alias_name(made)
    assert found == {"live": token, "live-too": token, "function": None, "other": "blue", "old": "7"}


def test_the_alias_has_a_policy_document_of_its_own(source: Path) -> None:
    made = Made(source, provider=PROVIDER_6)
    api = made.function(alias={}, resource_policy={"form": "whole_document"})
    api.allow_invoke("nightly", **RULE)
    api.allow_invoke("weekly", qualifier="", **RULE)
    arn = f"${{{address(made, 'aws_lambda_function')}.arn}}"
    found = {each["resource_arn"]: each["policy"] for each in made.resources("aws_lambda_resource_policy").values()}
    assert found.keys() == {arn, f"{arn}:{alias_name(made)}"}
    [statement] = json.loads(found[f"{arn}:{alias_name(made)}"])["Statement"]
    assert (statement["Sid"], statement["Resource"]) == ("nightly", [f"{arn}:{alias_name(made)}"])


@pytest.mark.parametrize(("chosen", "follows"), [("", True), ("live", True), ("$LATEST", False), ("blue", False)])
def test_a_url_calls_the_alias(source: Path, chosen: str, *, follows: bool) -> None:
    made = Made(source)
    api = made.function(alias={}, url={"qualifier": chosen})
    wanted = alias_name(made) if follows else None if chosen == "$LATEST" else chosen
    assert made.only("aws_lambda_function_url").get("qualifier") == wanted
    assert api.url is not None
    resources = {statement.resources for statement in api.url.invoke_statements()}
    named = api.live.qualifier if follows and api.live is not None else wanted
    assert resources == {(f"{api.arn}:{named}" if named else api.arn,)}


def test_callers_in_other_accounts_get_the_alias_by_its_url(source: Path) -> None:
    made = Made(source, provider=PROVIDER_6)
    made.function(alias={}, url={"principals": ["210987654321"]})
    found = made.resources("aws_lambda_permission").values()
    assert [each["qualifier"] for each in found] == [alias_name(made)] * 2


def test_records_of_another_function_go_to_the_alias(source: Path) -> None:
    made = Made(source)
    audit = made.function("audit", alias={})
    destination = audit.destination()
    assert (destination.arn, destination.dependencies) == (audit.invocation.arn, audit.invocation.dependencies)
    assert [statement.resources for statement in destination.statements] == [(audit.invocation.arn,)]
    assert audit.live is not None
    assert destination.arn == audit.live.arn


def test_the_alias_tries_events_as_the_function_does(source: Path) -> None:
    made = Made(source)
    asynchronous = {"max_retries": 1, "on_failure": {"arn": "arn:aws:sqs:eu-west-1:123456789012:failed"}}
    made.function(alias={}, asynchronous=asynchronous)
    found = made.resources("aws_lambda_function_event_invoke_config").values()
    paths = {each.get("qualifier"): {**each, "//": None, "qualifier": None} for each in found}
    assert paths.keys() == {None, alias_name(made)}
    assert paths[None] == paths[alias_name(made)]
    assert paths[None]["maximum_retry_attempts"] == 1
    policy = json.loads(made.resources("aws_iam_role_policy").popitem()[1]["policy"])
    sent = [each["Sid"] for each in policy["Statement"] if "sqs:SendMessage" in each["Action"]]
    assert sorted(sent) == ["OnFailureSend", "WriteDeadLetters"]  # the second path needs no statement of its own


def test_the_functions_alias_has_one_asynchronous_path(source: Path) -> None:
    api = Made(source).function(alias={})
    assert api.live is not None
    config = AsynchronousInvocationConfig()
    for qualifier in ("live", api.live.qualifier):
        assert refusal(partial(api.add_asynchronous, "live", qualifier=qualifier, config=config)) == (
            f'{API}: asynchronous path "live" is for live; that is the function\'s alias, and Lambda keeps one '
            "configuration for it (PutFunctionEventInvokeConfig); set it in the function's asynchronous"
        )


def test_a_secret_is_rotated_by_the_unqualified_function(source: Path) -> None:
    made = Made(source, endpoints={"interface": ["secretsmanager"]})
    api = made.function(alias={})
    value = {"kind": "generated", "username": "orders"}
    config = SecretConfig.parse({"value": value, "rotation": {"kind": "single_user"}})
    Secret(made.stack, "password", config=config, key=made.key, rotation_function=api)
    assert "qualifier" not in made.only("aws_lambda_permission")
    assert made.only("aws_secretsmanager_secret_rotation")["rotation_lambda_arn"].endswith(".arn}")


def test_an_existing_function_is_invoked_by_its_alias(source: Path) -> None:
    made = Made(source)
    legacy = Function.from_existing(
        made.stack, "legacy", config=ExistingFunctionConfig(function_arn=LEGACY, alias="live")
    )
    assert (legacy.invocation.qualifier, legacy.invocation.arn) == ("live", f"{LEGACY}:live")
    assert legacy.invocation.invoke_arn == (
        f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{LEGACY}:live/invocations"
    )
    for statement_id, chosen in {"nightly": None, "weekly": ""}.items():
        legacy.allow_invoke(statement_id, qualifier=chosen, **RULE)
    found = {each["statement_id"]: each.get("qualifier") for each in made.resources("aws_lambda_permission").values()}
    assert found == {"nightly": "live", "weekly": None}


def test_an_existing_functions_alias_is_one_that_lambda_takes(source: Path) -> None:
    del source
    assert refusal(lambda: ExistingFunctionConfig.parse({"function_arn": LEGACY, "alias": "12"})) == (
        'alias is "12"; an alias has 1 to 128 letters, digits, hyphens and underscores, not digits alone (lambda API '
        "model); copy it from Lambda, or remove it"
    )
