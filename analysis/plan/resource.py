"""One resource instance of a plan, and its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.plan.values import UNKNOWN, at, merged

InstanceKey = str | int | None
Step = tuple[str, InstanceKey]


@dataclass(frozen=True)
class Block:
    """One block of a resource, such as one `route` of a route table.

    Attributes:
        path: where it stands, such as `route.0`; `Plan.links` takes it as the beginning of a path.
        values: its values, with UNKNOWN in place of what is known only after apply.
    """

    path: str
    values: Mapping[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an attribute; `default` where it is not set, UNKNOWN where it is not known."""
        value = self.values.get(name)
        return default if value is None else value


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource instance as the plan leaves it (or, for one that is destroyed, as it was).

    Two instances are the same only if they are the same object.

    Attributes:
        address: such as `module.orders["eu"].aws_subnet.private[0]`.
        mode: `managed`, or `data` for a data source.
        type: such as `aws_subnet`.
        name: such as `private`.
        key: its index or key when it has `count` or `for_each`.
        module: the module calls it lies in, outermost first, each with its key.
        actions: what the plan does: `("no-op",)`, `("create",)`, `("update",)`, `("delete", "create")`, `("read",)`, …
        provider: provider configuration it uses, such as `aws` or `aws.west`.
        values: after values; what is unknown is missing.
        unknown: same shape as `values`, true where a value is known only after apply.
        before: values before the plan; None when it did not exist.
    """

    address: str
    mode: str
    type: str
    name: str
    key: InstanceKey = None
    module: tuple[Step, ...] = ()
    actions: tuple[str, ...] = ("no-op",)
    provider: str = ""
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False)
    before: Mapping[str, Any] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """The address."""
        return self.address

    @property
    def is_deleted(self) -> bool:
        """Whether the plan destroys it for good."""
        return self.actions == ("delete",)

    @property
    def is_replaced(self) -> bool:
        """Whether the plan destroys it and makes it anew, in either order."""
        return set(self.actions) == {"create", "delete"}

    @property
    def module_address(self) -> str:
        """The module it lies in, such as `module.orders["eu"]`; empty for the root module."""
        return ".".join(f"module.{name}{key_text(key)}" for name, key in self.module)

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path, such as `vpc_config.subnet_ids` or `route.1.cidr_block`.

        A name looks into the first member of a list, as a block that may stand once is a list of one.

        Returns:
            the value, with UNKNOWN in place of each part known only after apply; `default` where nothing is set.
        """
        value = at(self.values, self.unknown, path)
        return default if value is None else value

    def blocks(self, name: str) -> tuple[Block, ...]:
        """The blocks at a dotted path; empty where there are none, and where not even their number is known."""
        value = self.get(name)
        if value is UNKNOWN or not isinstance(value, list):
            return ()
        return tuple(
            Block(f"{name}.{index}", merged(block, None))
            for index, block in enumerate(value)
            if isinstance(block, Mapping)
        )


def key_text(key: InstanceKey) -> str:
    """How an instance key stands in an address."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f'["{key}"]'
