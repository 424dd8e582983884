"""Security groups and subnets that network interfaces, those of Lambda first, keep from being deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction, listed
from analysis.forecast.documented import (
    INTERFACE_USERS,
    INTERFACE_WAIT_SOURCE,
    LAMBDA_INTERFACE_MINUTES,
    PROVIDER_INTERFACE_MINUTES,
    RULES_THAT_NAME_A_GROUP,
)
from analysis.forecast.model import Wait
from analysis.plan import Resource

_FUNCTION, _GROUP, _SUBNET = "aws_lambda_function", "aws_security_group", "aws_subnet"
_WORDS = {_GROUP: "security group", _SUBNET: "subnet"}
_IDS = {_GROUP: "vpc_config.security_group_ids", _SUBNET: "vpc_config.subnet_ids"}
_TIMES = (
    f"Lambda takes up to {LAMBDA_INTERFACE_MINUTES} minutes to remove them, and the provider waits up to "
    f"{PROVIDER_INTERFACE_MINUTES} minutes"
)
_FIRST_CREATED = ("create", "delete")


class Interfaces:
    """What keeps the security groups and subnets that a plan destroys.

    Attributes:
        waits: documented waits by address.
    """

    def __init__(self, destruction: Destruction) -> None:
        self._destruction = destruction
        self.waits: dict[str, Wait] = {}

    def findings(self) -> Iterator[Finding]:
        """What waits and what is refused."""
        for thing in self._destruction.of(_GROUP, _SUBNET):
            users = tuple(
                dict.fromkeys(user for user, path in self._destruction.holders(thing) if _uses(user, path, thing))
            )
            functions = [user for user in users if user.type == _FUNCTION]
            yield from self._refused(thing, users)
            yield from self._unordered(thing, users)
            yield from self._versions(thing, functions)
            yield from self._waiting(thing, functions)

    def _refused(self, thing: Resource, users: Iterable[Resource]) -> Iterator[Finding]:
        keeping = [user for user in users if self._keeps(user, thing)]
        if not keeping:
            return
        word, names = _WORDS[thing.type], listed(keeping)
        if thing.is_replaced:
            missing = "lifecycle create_before_destroy"
            message = (
                f"the {word} is deleted before the new one exists, while {names} still uses it; EC2 refuses the "
                "deletion "
                "(DependencyViolation) until the provider gives up"
            )
            fix = f"set create_before_destroy on the {word}, with a name_prefix or another name, and apply again"
            if thing.type == _SUBNET:
                fix = f"make the new {word} in an apply of its own, move what uses the old one, then remove the old one"
        else:
            missing = f"{names} without the {word}"
            message = (
                f"{names} still uses the {word} after this plan; EC2 refuses to delete it (DependencyViolation) until "
                "the "
                "provider gives up"
            )
            fix = f"take the {word} off {names} in an apply of its own, then remove it"
        yield Finding(f"{word.replace(' ', '-')}-in-use", Level.ERROR, thing.address, missing, message, fix)

    def _unordered(self, thing: Resource, users: Iterable[Resource]) -> Iterator[Finding]:
        """What leaves a group or subnet in the plan that deletes it; functions wait for their interfaces anyway."""
        leaving = [
            user
            for user in users
            if thing.is_deleted
            and user.type != _FUNCTION
            and user.actions == ("update",)
            and not self._keeps(user, thing)
        ]
        if leaving:
            word, names = _WORDS[thing.type], listed(leaving)
            yield Finding(
                f"{word.replace(' ', '-')}-order",
                Level.UNDECIDABLE,
                thing.address,
                f"whether {names} changes before the {word} is deleted",
                f"{names} leaves the {word} in the plan that deletes it; unless the {word} was applied with "
                "create_before_destroy, most versions of Terraform delete first, which EC2 refuses "
                "(DependencyViolation)",
                f"change {names} in an apply of its own, then remove the {word}",
            )

    def _keeps(self, user: Resource, thing: Resource) -> bool:
        """Whether the user has the group or subnet when its deletion begins."""
        if "forget" in user.actions or (user.is_deleted and user.get("skip_destroy") is True):
            return True
        if "delete" in user.actions:
            return False
        if thing.is_replaced:
            return thing.actions != _FIRST_CREATED
        after = self._destruction.after(user)
        return after is not None and any(
            self._destruction.names_after(user, path, (thing.get("id"),)) for path in after.values
        )

    def _versions(self, thing: Resource, functions: Iterable[Resource]) -> Iterator[Finding]:
        for function in functions:
            if "delete" in function.actions or "forget" in function.actions or function.get("publish") is not True:
                continue
            word = _WORDS[thing.type]
            yield Finding(
                "interfaces-of-versions",
                Level.ERROR,
                thing.address,
                f"published versions of {function.address} without the {word}",
                f"version {function.get('version')} of {function.address} was published with the {word} and keeps its "
                f"network interfaces; the {word} cannot be deleted while the version exists",
                f"move the aliases, delete the old versions, wait {LAMBDA_INTERFACE_MINUTES} minutes, then remove the "
                f"{word} "
                "in an apply of its own",
            )

    def _waiting(self, thing: Resource, functions: Iterable[Resource]) -> Iterator[Finding]:
        leaving = [function for function in functions if self._leaves(function, thing)]
        if not leaving:
            return
        word, names = _WORDS[thing.type], listed(leaving)
        wait = Wait(PROVIDER_INTERFACE_MINUTES, f"network interfaces of {names}", INTERFACE_WAIT_SOURCE)
        self.waits[thing.address] = wait
        yield Finding(
            f"interfaces-of-{word.replace(' ', '-')}",
            Level.ERROR,
            thing.address,
            f"network interfaces of {names} gone before the {word}",
            f"deletion of the {word} waits for the network interfaces of {names}; {_TIMES} ({INTERFACE_WAIT_SOURCE})",
            _fix(thing, leaving),
        )

    def _leaves(self, function: Resource, thing: Resource) -> bool:
        """Whether interfaces of the function are on their way out while the group or subnet is deleted."""
        if "forget" in function.actions or (function.get("skip_destroy") is True and function.is_deleted):
            return False
        if "delete" in function.actions:
            return not (thing.type == _GROUP and self._moves(function, thing))
        if thing.is_replaced:
            return thing.actions == _FIRST_CREATED
        return not self._keeps(function, thing)

    def _moves(self, function: Resource, group: Resource) -> bool:
        """Whether the provider moves the interfaces to other groups before it deletes the function."""
        replacements = set(function.get("replacement_security_group_ids") or ())
        moved = function.get("replace_security_groups_on_destroy") is True and bool(replacements)
        return moved and group.get("id") not in replacements


def _uses(user: Resource, path: str, thing: Resource) -> bool:
    if user.type == _FUNCTION:
        moves_to = user.get("replacement_security_group_ids") if "delete" in user.actions else ()
        return thing.get("id") in (*(user.get(_IDS[thing.type]) or ()), *(moves_to or ()))
    if user.type in INTERFACE_USERS:
        return True
    return thing.type == _GROUP and path in RULES_THAT_NAME_A_GROUP.get(user.type, ())


def _fix(thing: Resource, functions: Iterable[Resource]) -> str:
    names = listed(tuple(functions))
    if thing.type == _SUBNET:
        return (
            f"destroy or detach {names} first, wait {LAMBDA_INTERFACE_MINUTES} minutes, then destroy the subnet in an "
            "apply "
            "of its own; nothing makes it faster"
        )
    if all("delete" in function.actions for function in functions):
        return (
            f"set replace_security_groups_on_destroy and replacement_security_group_ids on {names}, apply, then "
            "destroy; the "
            "replacement group must not be destroyed with them"
        )
    return f"change {names} in an apply of its own, wait {LAMBDA_INTERFACE_MINUTES} minutes, then remove the group"
