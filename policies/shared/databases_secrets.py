"""Which secrets a proxy uses, and which of them a statement of a policy names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from analysis.iam import Statement
from analysis.plan import UNKNOWN, Plan, Resource
from policies.view import View

SECRET = "aws_secretsmanager_secret"  # noqa: S105  # a resource type
_PARTS = (f"{SECRET}_version", f"{SECRET}_rotation")
_WITH_SECRETS = ("aws_db_instance", "aws_rds_cluster")
_SUFFIXES = ("", "-??????", "-*")
"""How policies name a secret whose ARN ends in six characters that Secrets Manager adds."""


@dataclass(frozen=True)
class Secrets:
    """Secrets.

    Attributes:
        resources: secrets of the plan, and databases whose master password RDS keeps in one.
        arns: ARNs that are known, of secrets of the plan or not.
        unknown: what cannot be told; empty when all is known.
    """

    resources: tuple[Resource, ...]
    arns: tuple[str, ...]
    unknown: str = ""

    def strangers(self, plan: Plan, statement: Statement) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a statement names that is none of these secrets, and what of it cannot be told."""
        named, doubts = statement.resources, list(statement.resources.unresolved)
        found = [text for text in named.literals if not self._is_own(text)]
        for entry in named.resources:
            secret = secret_of(plan, entry)
            if secret is None:
                doubts.append(entry.address)
            elif secret not in self.resources:
                found.append(secret.address)
        return tuple(sorted(found)), tuple(sorted(doubts))

    def _is_own(self, text: str) -> bool:
        return text in self.arns or any(_names(text, entry) for entry in self.resources)


def secrets_of(view: View, proxy: Resource) -> Secrets:
    """The secrets of a proxy's auth blocks."""
    resources, arns, unknown = dict[Resource, None](), dict[str, None](), ""
    if view.setting(proxy, "auth", []) is UNKNOWN:
        unknown = f"auth of {proxy}"
    for block in proxy.blocks("auth"):
        path = f"{block.path}.secret_arn"
        links = view.plan.links(proxy, path, SECRET, *_PARTS, *_WITH_SECRETS)
        resources.update((found, None) for entry in links.resources if (found := secret_of(view.plan, entry)))
        arns.update(dict.fromkeys(links.literals))
        if not links.is_complete:
            unknown = f"{path} of {proxy}"
    return Secrets(tuple(resources), tuple(arns), unknown)


def secret_of(plan: Plan, entry: Resource) -> Resource | None:
    """The secret that a resource is, is part of, or keeps its password in; None where it is nothing of a secret."""
    if entry.type in _PARTS:
        return plan.links(entry, "secret_id", SECRET, *_WITH_SECRETS).only
    return entry if entry.type in {SECRET, *_WITH_SECRETS} else None


def reads(plan: Plan, statement: Statement, secret: Resource, arns: tuple[str, ...]) -> bool:
    """Whether a statement names a secret."""
    named = statement.resources
    if statement.not_resources or "*" in named.literals:
        return True
    if any(secret_of(plan, entry) is secret for entry in named.resources):
        return True
    known = tuple(_arns(secret)) or (arns if secret.type != SECRET else ())
    return any(_names(text, secret) or any(fnmatchcase(arn, text) for arn in known) for text in named.literals)


def _arns(secret: Resource) -> Iterator[str]:
    arn = secret.get("arn")
    if secret.type == SECRET and isinstance(arn, str):
        yield arn


def _names(text: str, secret: Resource) -> bool:
    """Whether an ARN or a pattern names this secret only."""
    name = secret.get("name")
    if secret.type != SECRET or not isinstance(name, str):
        return False
    return text.partition(":secret:")[2] in {f"{name}{suffix}" for suffix in _SUFFIXES}
