"""Function URLs that answer 403, for want of one of the two permissions that callers need."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.plan import UNKNOWN, Plan, Resource
from analysis.triggers.functions import ALIAS, functions_of

_RULE = "function-url-permission"
_URL, _FUNCTION = "lambda:InvokeFunctionUrl", "lambda:InvokeFunction"
_ENOUGH = (_FUNCTION, "lambda:*")
_EVERYBODY = "*"
_SERVICE = ".amazonaws.com"


def url_findings(plan: Plan) -> Iterator[Finding]:
    """URLs that lack `lambda:InvokeFunction`, which callers need since October 2025 (Lambda guide, function URLs).

    The provider adds `lambda:InvokeFunctionUrl` to a URL without authorization by itself; provider 6 may add the
    other too. Callers in the function's account may have both in their own policies, which services do not have.
    """
    for url in plan.of("aws_lambda_function_url"):
        functions = functions_of(plan, url)
        permissions = [entry for entry in plan.of("aws_lambda_permission") if _is_for(plan, entry, url, functions)]
        for principal in _principals(url, permissions):
            maybe = [entry for entry in permissions if entry.get("principal") in (principal, UNKNOWN)]
            maybe = [entry for entry in maybe if entry.get("action") in (*_ENOUGH, UNKNOWN)]
            certain = [entry for entry in maybe if UNKNOWN not in (entry.get("principal"), entry.get("action"))]
            if maybe and not certain:
                yield _doubt(url, maybe[0], principal)
            elif not maybe:
                yield _finding(url, functions, principal)


def _is_for(plan: Plan, permission: Resource, url: Resource, functions: tuple[Resource, ...]) -> bool:
    same = set(functions_of(plan, permission)) & set(functions) or (
        isinstance(url.get("function_name"), str) and permission.get("function_name") == url.get("function_name")
    )
    return bool(same) and _qualifier(plan, permission) == _qualifier(plan, url)


def _qualifier(plan: Plan, resource: Resource) -> str:
    value = resource.get("qualifier", "")
    if isinstance(value, str):
        return value
    return " ".join(alias.address for alias in plan.links(resource, "qualifier", ALIAS).resources)


def _principals(url: Resource, permissions: list[Resource]) -> tuple[str, ...]:
    if url.get("authorization_type") == "NONE":
        return (_EVERYBODY,)
    named = (entry.get("principal") for entry in permissions if entry.get("action") == _URL)
    return tuple(sorted({who for who in named if isinstance(who, str) and who.endswith(_SERVICE)}))


def _finding(url: Resource, functions: tuple[Resource, ...], principal: str) -> Finding:
    who = "everybody" if principal == _EVERYBODY else principal
    fix = f"add an aws_lambda_permission of {_FUNCTION} for {principal} with invoked_via_function_url = true"
    if principal == _EVERYBODY and _is_provider_6(functions):
        message = (
            f"whether callers get 403 is not known, as no permission of the plan lets {who} do {_FUNCTION}, "
            "which newer AWS providers add by themselves when the URL is made"
        )
        return Finding(_RULE, Level.UNDECIDABLE, url.address, "version of the AWS provider", message, fix)
    message = f"callers get 403, as no permission lets {who} do {_FUNCTION}, which a function URL takes beside {_URL}"
    return Finding(_RULE, Level.ERROR, url.address, f"{_FUNCTION} for {principal}", message, fix)


def _doubt(url: Resource, permission: Resource, principal: str) -> Finding:
    who = "everybody" if principal == _EVERYBODY else principal
    unknown = f"{permission.address}.{'principal' if permission.get('principal') is UNKNOWN else 'action'}"
    message = f"whether callers get 403 is not known, as whether {permission.address} lets {who} do {_FUNCTION} is not"
    fix = "write principal and action into the configuration"
    return Finding(_RULE, Level.UNDECIDABLE, url.address, unknown, message, fix)


def _is_provider_6(functions: tuple[Resource, ...]) -> bool:
    """Whether the resources have the argument `region`, which provider 5 does not know."""
    return any("region" in entry.values or "region" in entry.unknown for entry in functions)
