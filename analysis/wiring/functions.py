"""A function of a stack: what it is told of, what its role may do, and where its security groups lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.wiring.document import Document, Resource, listed, policy_statements

_VIA = "kms:viaservice"
_WITH_THE_ROLE = ("event_source_arn", "destination_config")
_ALIAS, _CONSUMER = "aws_lambda_alias", "aws_kinesis_stream_consumer"
_WAYS = {
    "aws_db_proxy_endpoint": "db_proxy_name",
    "aws_efs_access_point": "file_system_id",
    "aws_rds_cluster_endpoint": "cluster_identifier",
}
"""Type of what leads to a store, and its argument that refers to the store."""


class FunctionWiring:
    """One function with everything that belongs to it.

    Attributes:
        address: its Terraform address.
        has_network: whether it is attached to a VPC; without one, Lambda's own way leads to every service.
        groups: its security groups that the stack makes.
    """

    def __init__(self, document: Document, address: str) -> None:
        self.address = address
        self._document, body = document, document[address]
        self.has_network = bool(body.get("vpc_config"))
        self.groups = document.references((body.get("vpc_config") or {}).get("security_group_ids"))
        self._variables = document.references((body.get("environment") or {}).get("variables"))
        self._mounts = document.references(body.get("file_system_config"))
        self._statements = tuple(_statements(document, document.references(body.get("role"))))

    def is_told_of(self, store: str) -> bool:
        """Whether its code learns of a store: a variable, a mount, or an event source."""
        told = self._variables | self._mounts
        ways = (
            way
            for kind, argument in _WAYS.items()
            for way, body in self._document.of_type(kind)
            if store in self._document.references(body.get(argument))
        )
        return store in self._variables or any(way in told for way in ways)

    def sends_through_lambda(self, store: str) -> bool:
        """Whether Lambda itself uses the store with the function's role: dead letters, destinations, event sources."""
        if store in self._document.references(self._document[self.address].get("dead_letter_config")):
            return True
        kinds = ("aws_lambda_event_source_mapping", "aws_lambda_function_event_invoke_config")
        return any(
            self._is_meant_by(body.get("function_name")) and store in self._used_by(body)
            for _, body in self._document.of_type(*kinds)
        )

    def _is_meant_by(self, value: object) -> bool:
        """Whether a value refers to the function, or to one of its aliases."""
        named = self._document.references(value)
        aliases = (body for alias, body in self._document.of_type(_ALIAS) if alias in named)
        return self.address in named.union(*(self._document.references(body.get("function_name")) for body in aliases))

    def _used_by(self, body: Resource) -> frozenset[str]:
        """What Lambda polls, by a stream's consumer too, and where it sends, both with the function's role."""
        used = self._document.references([body.get(argument) for argument in _WITH_THE_ROLE])
        consumers = (body for consumer, body in self._document.of_type(_CONSUMER) if consumer in used)
        return used.union(*(self._document.references(consumer.get("stream_arn")) for consumer in consumers))

    def actions_on(self, resource: str) -> frozenset[str]:
        """What its role may do with a resource that the stack makes; use of a key through a service is not counted."""
        return frozenset(
            action
            for statement in self._statements
            if not _via_services(statement)
            and resource in self._document.references(list(listed(statement.get("Resource"))))
            for action in listed(statement.get("Action"))
        )

    def may_use_key(self, key: str, service: str) -> bool:
        """Whether its role may use a key through a service, such as `sqs`."""
        return any(
            key in self._document.references(list(listed(statement.get("Resource"))))
            and any(str(action).lower().startswith("kms:") for action in listed(statement.get("Action")))
            and all(via.startswith(f"{service}.") for via in _via_services(statement))
            for statement in self._statements
        )


def _statements(document: Document, roles: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    for _, body in document.of_type("aws_iam_role_policy", "aws_iam_role_policy_attachment"):
        if not roles & document.references(body.get("role")):
            continue
        texts = [body.get("policy")]
        texts += [document[policy].get("policy") for policy in document.references(body.get("policy_arn"))]
        for text in texts:
            for statement in policy_statements(text or ""):
                if statement.get("Effect") == "Allow":
                    yield statement


def _via_services(statement: Mapping[str, Any]) -> tuple[str, ...]:
    """The services that a statement's condition names."""
    return tuple(
        str(value)
        for test in (statement.get("Condition") or {}).values()
        for variable, values in test.items()
        if variable.lower() == _VIA
        for value in listed(values)
    )


def functions_of(document: Document) -> tuple[FunctionWiring, ...]:
    """Every function of a stack."""
    return tuple(FunctionWiring(document, address) for address, _ in document.of_type("aws_lambda_function"))


def store_groups(document: Document, store: str, argument: str, elsewhere: tuple[str, str]) -> frozenset[str]:
    """Security groups of a store, which may stand on another resource."""
    bodies: list[Resource] = list(document.related(*elsewhere, store)) if elsewhere[0] else [document[store]]
    return frozenset().union(*(document.references(body.get(argument)) for body in bodies))
