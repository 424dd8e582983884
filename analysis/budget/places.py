"""The account and region that a resource of a plan lies in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.plan import Plan, Resource
from analysis.plan.values import known_strings

_ACCOUNT_OF_ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):", re.ASCII)
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)


@dataclass(frozen=True)
class Place:
    """An account and region.

    Attributes:
        account: account id; empty where the plan does not tell.
        region: region; empty where the plan does not tell.
        plan: the plan, where account or region is not known, as plans cannot be added up then.
    """

    account: str
    region: str
    plan: str = ""

    @property
    def words(self) -> str:
        """Such as `account 123456789012 in eu-west-1`, or `eu-west-1`."""
        if self.account:
            return f"account {self.account}{f' in {self.region}' if self.region else ''}"
        return self.region or "the provider's region"

    @property
    def note(self) -> str:
        """What is left out; empty where account and region are known."""
        missing = " and ".join(
            name for name, value in (("account", self.account), ("region", self.region)) if not value
        )
        return f"the plan does not tell the {missing}, so no other plan is added" if missing else ""


class Places:
    """Account and region of each resource of a plan.

    Args:
        plan: the plan.
        name: its name in sentences.
        account: account id to take where the plan does not tell; empty for none.
        region: region to take where the plan does not tell; empty for none.
    """

    def __init__(self, plan: Plan, name: str, *, account: str = "", region: str = "") -> None:
        self._plan, self._name, self._account, self._region = plan, name, account, region
        configuration = plan.document.get("configuration") or {}
        self._providers: Mapping[str, Mapping[str, Any]] = configuration.get("provider_config") or {}
        self._accounts: dict[str, str] = {}
        self._learn()

    def of(self, resource: Resource) -> Place:
        """Where a resource lies."""
        account = _own_account(resource) or self._account_of(resource.provider)
        region = self._plan.region(resource) or self._region
        return Place(account, region, "" if account and region else self._name)

    def _account_of(self, provider: str) -> str:
        if provider not in self._accounts:
            self._accounts[provider] = next(self._configured(provider), self._account)
        return self._accounts[provider]

    def _learn(self) -> None:
        """Take accounts from what is known already: who calls, and resources that exist."""
        for caller in self._plan.of("aws_caller_identity", mode="data"):
            account = caller.get("account_id")
            if isinstance(account, str) and not next(self._configured(caller.provider), ""):
                self._accounts[caller.provider] = account
        owned: dict[str, set[str]] = {}
        for resource in self._plan.of():
            if account := _own_account(resource):
                owned.setdefault(resource.provider, set()).add(account)
        for provider, accounts in owned.items():
            if len(accounts) == 1 and not next(self._configured(provider), ""):
                self._accounts.setdefault(provider, accounts.pop())

    def _configured(self, provider: str) -> Iterator[str]:
        expressions = (self._providers.get(provider) or {}).get("expressions") or {}
        allowed = list(known_strings(self._value(expressions.get("allowed_account_ids"))))
        if len(allowed) == 1 and _ACCOUNT.fullmatch(allowed[0]):
            yield allowed[0]
        roles = expressions.get("assume_role") or []
        for role in roles[-1:] if isinstance(roles, list) else [roles]:
            for text in known_strings(self._value((role or {}).get("role_arn"))):
                if found := _ACCOUNT_OF_ARN.match(text):
                    yield found[1]

    def _value(self, expression: Any) -> Any:
        """A constant of a provider's configuration, or the value of the variable that it names."""
        expression = expression if isinstance(expression, Mapping) else {}
        if "constant_value" in expression:
            return expression["constant_value"]
        variables = self._plan.document.get("variables") or {}
        names = [str(text) for text in expression.get("references") or ()]
        known = [(variables.get(name.removeprefix("var.")) or {}).get("value") for name in names]
        return known[0] if len(known) == 1 else None


def _own_account(resource: Resource) -> str:
    arn = resource.get("arn")
    found = _ACCOUNT_OF_ARN.match(arn) if isinstance(arn, str) and not arn.startswith("arn:aws:iam::aws:") else None
    return found[1] if found else ""
