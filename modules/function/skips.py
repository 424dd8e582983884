"""Checks that a function skips, by the reason that its configuration gives for the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction

from modules.core.invocation import ASYNCHRONOUS_SERVICES
from modules.core.skips import skip
from modules.function.config import FunctionConfig
from modules.function.destinations_config import NoDeadLettersConfig

if TYPE_CHECKING:
    from modules.function.alias import FunctionAlias
    from modules.network import NetworkBase

CONCURRENCY = ("CKV2_LNET_402",)
RUNTIME = ("CKV2_LNET_803",)
ZONES = ("CKV2_LNET_102",)
DETACHED = ("CKV_AWS_117",)
SIGNATURE = ("CKV_AWS_272",)
UNCHECKED_ROLE, CALLS_BY_ENDPOINT, CALLS_BY_INTERNET = "CKV2_LNET_113", "CKV2_LNET_106", "CKV2_LNET_103"
LOST_EVENTS = ("CKV2_LNET_505",)
ALARMS = ("CKV2_LNET_601", "CKV2_LNET_602")
ALARM_OF_RESERVED = ("CKV2_LNET_607",)
ALARM_OF_LOST_EVENTS = ("CKV2_LNET_604",)

UNSIGNED_IMAGE = (
    "Lambda checks signatures of zip packages only; a container image has none (Lambda guide, code signing)"
)


class FunctionSkips:
    """Writes the skips of one function.

    Attributes:
        alarms: why it has no alarms; empty where it has.
    """

    def __init__(
        self,
        function: LambdaFunction,
        config: FunctionConfig,
        *,
        network: NetworkBase | None,
        single_zone_reason: str,
        is_image: bool,
    ) -> None:
        """Write those that follow from the configuration alone.

        Args:
            function: the resource.
            config: the function's configuration.
            network: where it is attached; None without one.
            single_zone_reason: why its subnets lie in one zone; empty where they lie in several.
            is_image: whether its code is a container image.
        """
        self._function, self._config = function, config
        self.alarms = config.alarms.off_reason
        self._informed: set[str] = set()
        letters = config.asynchronous.dead_letters
        self._lost = letters.reason if isinstance(letters, NoDeadLettersConfig) else ""
        if config.capacity_provider is None:
            reserved = config.reserved_concurrency
            skip(function, config.disabled_reason if reserved == 0 else config.unreserved_reason, *CONCURRENCY)
            if reserved:
                skip(function, self.alarms, *ALARM_OF_RESERVED)
        skip(function, config.deprecated_runtime_reason, *RUNTIME)
        skip(function, single_zone_reason, *ZONES)
        skip(function, config.attachment.detaching_applied, *DETACHED)
        if network is not None and config.attachment.state == "attached" and config.role.existing is not None:
            calls = CALLS_BY_INTERNET if network.reaches_internet else CALLS_BY_ENDPOINT
            skip(function, config.role.existing.unchecked_reason, UNCHECKED_ROLE, calls)
        skip(function, UNSIGNED_IMAGE if is_image else "", *SIGNATURE)
        skip(function, self.alarms, *ALARMS)
        if not self._lost:
            skip(function, self.alarms, *ALARM_OF_LOST_EVENTS)

    def have_destinations(self) -> None:
        """Records of some of its events go somewhere."""
        skip(self._function, self.alarms, *ALARM_OF_LOST_EVENTS)

    def inform(self, qualifier: str, live: FunctionAlias | None) -> None:
        """Failed events are told of, so that none is lost.

        Args:
            qualifier: of which version or alias; empty for the unqualified function and its alias.
            live: its alias.
        """
        self._informed |= {qualifier, live.name} if live is not None and not qualifier else {qualifier}

    def invoked_by(self, principal: str, qualifier: str) -> None:
        """A service may invoke it, which may lose events.

        Args:
            principal: such as `events.amazonaws.com`.
            qualifier: version or alias; empty for the unqualified function.
        """
        service = principal.removesuffix(".cn").removesuffix(".amazonaws.com")
        is_asynchronous = service in ASYNCHRONOUS_SERVICES or service.startswith("logs.")  # logs.eu-west-1
        if is_asynchronous and qualifier not in self._informed:
            skip(self._function, self._lost, *LOST_EVENTS)
