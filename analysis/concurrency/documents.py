"""Functions of a synthesized stack (`cdk.tf.json`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.concurrency.ledger import FunctionConcurrency
from analysis.wiring.document import Document, Resource, kind_of
from modules.core.errors import ConfigError

_FUNCTION, _ALIAS = "aws_lambda_function", "aws_lambda_alias"
_PROVISIONED = "aws_lambda_provisioned_concurrency_config"
_TARGET, _SCHEDULED = "aws_appautoscaling_target", "aws_appautoscaling_scheduled_action"
_WHOLE = re.compile(r"\$\{([a-z][a-z0-9_]*\.[A-Za-z_][\w-]*)\.(\w+)\}")
_NO_RESERVATION = -1


def functions_of_document(
    document: Mapping[str, Any], *, account_id: str, region: str, place: str
) -> tuple[FunctionConcurrency, ...]:
    """Every function of a synthesized stack, with what it reserves and at most provisions.

    A function that the stack provisions for and does not make is taken to reserve nothing.

    Args:
        document: the stack's Terraform JSON.
        account_id: account of its target.
        region: region of its target.
        place: the target, for sentences, such as `dev/main/us-east-1/orders_api`.

    Raises:
        ConfigError: a number is known only to Terraform.
    """
    read = _Reader(Document(document), place)
    reserved, provisioned = read.reserved(), read.provisioned()
    return tuple(
        FunctionConcurrency(account_id, region, f"{place} {name}", reserved.get(name), provisioned.get(name, 0))
        for name in sorted({*reserved, *provisioned})
    )


class _Reader:
    """A document with its references between functions, aliases and what scales them followed."""

    def __init__(self, document: Document, place: str) -> None:
        self._document = document
        self._place = place

    def reserved(self) -> dict[str, int | None]:
        """Reserved concurrency by function name; None where the function reserves nothing."""
        return {
            self._name_of(address): self._reservation(address, body)
            for address, body in self._document.of_type(_FUNCTION)
        }

    def _reservation(self, address: str, body: Resource) -> int | None:
        given = body.get("reserved_concurrent_executions")
        if given is None:
            return None
        number = self._number(address, "reserved_concurrent_executions", given)
        return None if number == _NO_RESERVATION else number

    def provisioned(self) -> dict[str, int]:
        """Most provisioned concurrency by function name: all its aliases and versions together."""
        most: dict[tuple[str, str], int] = {}
        for key, number in self._provisions():
            most[key] = max(number, most.get(key, 0))
        together: dict[str, int] = {}
        for (name, _), number in most.items():
            together[name] = together.get(name, 0) + number
        return together

    def _provisions(self) -> Iterator[tuple[tuple[str, str], int]]:
        """Function and qualifier with each number of environments that somebody sets for them."""
        count = "provisioned_concurrent_executions"
        for address, body in self._document.of_type(_PROVISIONED):
            name = self._text(body["function_name"]).rpartition(":function:")[2]
            yield (name, self._text(body["qualifier"])), self._number(address, count, body[count])
        for address, body in self._document.of_type(_TARGET):
            yield from self._scaled(address, body, body.get("max_capacity"))
        for address, body in self._document.of_type(_SCHEDULED):
            for action in _each(body.get("scalable_target_action")):
                yield from self._scaled(address, body, action.get("max_capacity"))

    def _scaled(self, address: str, body: Resource, most: object) -> Iterator[tuple[tuple[str, str], int]]:
        kind, _, rest = self._text(body.get("resource_id", "")).partition(":")
        if kind == "function" and most is not None:
            name, _, qualifier = rest.rpartition(":")
            yield (name, qualifier), self._number(address, "max_capacity", most)

    def _text(self, value: object) -> str:
        """Text in which references are replaced by what the document says, as far as it does."""

        def told(reference: re.Match[str]) -> str:
            address, argument = reference.groups()
            if not self._document.references(reference[0]):
                return reference[0]
            found = self._document[address].get(argument)
            if isinstance(found, str):
                return self._text(found)
            # what Terraform alone knows of a function, such as its ARN, still says which function it is
            return self._name_of(address) if kind_of(address) == _FUNCTION and argument != "version" else reference[0]

        return _WHOLE.sub(told, str(value))

    def _name_of(self, address: str) -> str:
        return self._text(self._document[address].get("function_name", address))

    def _number(self, address: str, argument: str, value: object) -> int:
        try:
            return int(str(value))
        except ValueError:
            raise ConfigError.single(
                f"{self._place} {address}",
                f"{argument} is {value}",
                "what an account has to share out is counted before anything is planned",
                "write the number",
            ) from None


def _each(value: object) -> Iterable[Mapping[str, Any]]:
    return [value] if isinstance(value, Mapping) else value if isinstance(value, list) else []
