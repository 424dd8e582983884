"""CloudWatch Logs: saved queries, and subscription filters with a distribution or to a destination.

moto 5.2.5 has no `PutQueryDefinition`, `DescribeQueryDefinitions` nor `DeleteQueryDefinition`; it forgets
`distribution`, takes the ARN of a destination for that of a log group, admits a Lambda function that CloudWatch Logs
may not invoke, and refuses to change one of two filters.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.utils import get_backend
from moto.core.utils import unix_time_millis, utcnow
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend, SubscriptionFilter, logs_backends
from moto.logs.responses import LogsResponse
from moto.moto_api._internal import mock_random

from local.extensions.patching import add_action, add_attribute, state, wrap

_PUT = "self log_group_name filter_name filter_pattern destination_arn role_arn"
_BY_STREAM = "ByLogStream"
_DISTRIBUTIONS = (_BY_STREAM, "Random")
_QUERY_FIELDS = ("queryLanguage", "name", "queryString", "logGroupNames")
_REGION, _ACCOUNT = 3, 4
"""Places in an ARN."""


def install() -> None:
    """Extend moto."""
    for action in (put_query_definition, describe_query_definitions, delete_query_definition):
        add_action(LogsResponse, action)
    add_attribute(SubscriptionFilter, "distribution", _BY_STREAM)
    wrap(SubscriptionFilter, "to_json", "self", _filter_as_json)
    wrap(LogsBackend, "put_subscription_filter", _PUT, _check_destination)
    wrap(LogGroup, "put_subscription_filter", "self filter_name filter_pattern destination_arn role_arn", _put_filter)
    wrap(LogsResponse, "put_subscription_filter", "self", _keep_distribution)


def put_query_definition(response: Any) -> str:
    """Save a query, or change the one whose id is given; what is not given of a changed one is gone."""
    saved = state(response.logs_backend, "queries")
    query_id = _parameter(response, "queryDefinitionId") or str(mock_random.uuid4())
    if _parameter(response, "queryDefinitionId") and query_id not in saved:
        raise ResourceNotFoundException
    given = {name: _parameter(response, name) for name in _QUERY_FIELDS}
    saved[query_id] = {
        "queryLanguage": "CWLI",
        **{name: value for name, value in given.items() if value},
        "queryDefinitionId": query_id,
        "lastModified": int(unix_time_millis(utcnow())),
    }
    return json.dumps({"queryDefinitionId": query_id})


def describe_query_definitions(response: Any) -> str:
    """All saved queries whose names begin with a prefix."""
    prefix = _parameter(response, "queryDefinitionNamePrefix") or ""
    saved = state(response.logs_backend, "queries").values()
    found = sorted((query for query in saved if query["name"].startswith(prefix)), key=lambda query: query["name"])
    return json.dumps({"queryDefinitions": found})


def delete_query_definition(response: Any) -> str:
    """Forget a saved query."""
    if state(response.logs_backend, "queries").pop(_parameter(response, "queryDefinitionId"), None) is None:
        raise ResourceNotFoundException
    return json.dumps({"success": True})


def _filter_as_json(original: Any, found: Any) -> dict[str, Any]:
    given = {**original(found), "distribution": found.distribution}
    return {name: value for name, value in given.items() if value is not None}


def _keep_distribution(original: Any, response: Any) -> Any:
    distribution = _parameter(response, "distribution") or _BY_STREAM
    if distribution not in _DISTRIBUTIONS:
        raise InvalidParameterException(f"distribution is one of {', '.join(_DISTRIBUTIONS)}")
    answer = original(response)
    group = response.logs_backend.groups[_parameter(response, "logGroupName")]
    group.subscription_filters[_parameter(response, "filterName")].distribution = distribution
    return answer


def _check_destination(original: Any, backend: Any, *given: Any) -> Any:
    log_group_name, filter_name, filter_pattern, destination_arn, role_arn = given
    if ":destination:" in destination_arn:
        group = backend.groups.get(log_group_name)
        if group is None:
            raise ResourceNotFoundException
        parts = destination_arn.split(":")
        destination = logs_backends[parts[_ACCOUNT]][parts[_REGION]].destinations.get(destination_arn)
        if destination is None or not _admits(destination, backend.account_id):
            raise InvalidParameterException(
                f"{destination_arn} does not exist, or its policy does not admit the account"
            )
        return group.put_subscription_filter(filter_name, filter_pattern, destination_arn, role_arn)
    answer = original(backend, *given)
    if ":lambda:" in destination_arn and not _may_invoke(backend, destination_arn):
        del backend.groups[log_group_name].subscription_filters[filter_name]
        raise InvalidParameterException(
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute "
            "your function."
        )
    return answer


def _admits(destination: Any, account_id: str) -> bool:
    """Whether the destination's policy names the account, or everybody of an organisation."""
    policy = destination.access_policy or ""
    return account_id in policy or "aws:PrincipalOrgID" in policy


def _may_invoke(backend: Any, arn: str) -> bool:
    """Whether the policy lets CloudWatch Logs invoke what the ARN names: a function, or one of its aliases."""
    statements = get_backend(backend.account_id, backend.region_name).get_function(arn).policy.statements
    return any(statement["Resource"] == arn and "logs." in str(statement["Principal"]) for statement in statements)


def _put_filter(original: Any, group: Any, filter_name: str, *given: Any) -> Any:
    if filter_name in group.subscription_filters:
        return group.subscription_filters[filter_name].update(*given)
    return original(group, filter_name, *given)


def _parameter(response: Any, name: str) -> Any:
    return response._get_param(name)  # noqa: SLF001  # moto gives parameters no public name
