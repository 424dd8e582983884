"""What the configuration says about the stack orders_api, as plain values; no stack, module or engine is imported."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rollout.readback.expected_release import ReleaseExpected


@dataclass(frozen=True)
class Expected:
    """Values that a target's configuration decides; everything else is stated by the checks themselves.

    Attributes:
        prefix: what every name begins with, such as `acme-dev-orders-api`.
        account_id: twelve digits.
        region: such as `us-east-1`.
        code_sha256: SHA-256 of the package, in base64, as Lambda reports it in `CodeSha256`.
        cidr: range of the VPC.
        zones: availability zones in use.
        nat_zones: zones that have a NAT gateway; empty without egress.
        gateway_endpoints: services with a gateway endpoint.
        interface_endpoints: services with an interface endpoint.
        flow_log_retention_days: retention of the VPC's flow log.
        function: the function's settings, fields as in its configuration.
        database: the database's settings, likewise.
        proxy: the proxy's settings, likewise.
        key_rotation_days: days between rotations of the stack's key.
        partition: AWS partition.
        others: prefixes of the other stacks in the account; needed when one of them begins with `prefix`.
        release: how a new version of the function takes over; None where CodeDeploy moves no alias.
    """

    prefix: str
    account_id: str
    region: str
    code_sha256: str
    cidr: str
    zones: tuple[str, ...]
    nat_zones: tuple[str, ...]
    gateway_endpoints: tuple[str, ...]
    interface_endpoints: tuple[str, ...]
    flow_log_retention_days: int
    function: FunctionExpected
    database: DatabaseExpected
    proxy: ProxyExpected
    key_rotation_days: int = 365
    partition: str = "aws"
    others: tuple[str, ...] = ()
    release: ReleaseExpected | None = None

    @classmethod
    def from_config(
        cls,
        config: Mapping[str, Any],
        *,
        prefix: str,
        account_id: str,
        region: str,
        code_sha256: str,
        partition: str = "aws",
        others: Iterable[str] = (),
    ) -> Expected:
        """Take the values out of a checked configuration.

        Args:
            config: `OrdersApiConfig.model_dump()`; values are `Any`, as pydantic dumps them.
            prefix: `Target.naming.prefix`.
            account_id: `Target.account_id`.
            region: `Target.region`.
            code_sha256: the function's `source_code_hash` in the reviewed plan.
            partition: `Target.partition`.
            others: `Target.naming.prefix` of the account's other targets.
        """
        network, function = config["network"], config["function"]
        zones = tuple(sorted(network["availability_zones"]))
        return cls(
            prefix=prefix,
            account_id=account_id,
            region=region,
            code_sha256=code_sha256,
            cidr=str(ipaddress.IPv4Network(network["cidr"])),
            zones=zones,
            nat_zones=_nat_zones(network["egress"], zones),
            gateway_endpoints=tuple(network["endpoints"]["gateway"]),
            interface_endpoints=tuple(network["endpoints"]["interface"]),
            flow_log_retention_days=network["flow_log"]["retention_days"],
            function=FunctionExpected.from_config(function),
            database=DatabaseExpected.from_config(config["database"]),
            proxy=ProxyExpected.from_config(config["proxy"]),
            key_rotation_days=config["key"]["rotation_period_days"],
            partition=partition,
            others=tuple(others),
            release=ReleaseExpected.from_config(config),
        )

    def arn(self, service: str, resource: str) -> str:
        """An ARN in the target's partition, region and account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def nat_zone(self, zone: str) -> str:
        """The zone of the NAT gateway that the private subnet of `zone` leaves through; empty without egress."""
        if not self.nat_zones:
            return ""
        return zone if zone in self.nat_zones else self.nat_zones[0]


def _nat_zones(egress: Mapping[str, Any], zones: tuple[str, ...]) -> tuple[str, ...]:
    """Zones with a NAT gateway."""
    return {"nat_single": (egress.get("zone", ""),), "nat_per_zone": zones}.get(egress["strategy"], ())


@dataclass(frozen=True)
class FunctionExpected:
    """Settings of the function; fields read as in its configuration."""

    reserved_concurrency: int
    runtime: str
    architecture: str
    handler: str
    memory_mb: int
    timeout_seconds: int
    ephemeral_storage_mb: int
    log_retention_days: int
    application_log_level: str
    system_log_level: str
    max_event_age_seconds: int
    max_retries: int
    dead_letter_retention_seconds: int
    untrusted_artifact: str
    reaches_internet: bool
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> FunctionExpected:
        """Take the values out of a checked `FunctionConfig`, dumped."""
        code, logging, asynchronous = config["code"], config["logging"], config["asynchronous"]
        return cls(
            reserved_concurrency=config["reserved_concurrency"],
            runtime=code["runtime"],
            architecture=code["architecture"],
            handler=code["handler"],
            memory_mb=config["memory_mb"],
            timeout_seconds=config["timeout_seconds"],
            ephemeral_storage_mb=config["ephemeral_storage_mb"],
            log_retention_days=logging["retention_days"],
            application_log_level=logging["application_level"],
            system_log_level=logging["system_level"],
            max_event_age_seconds=asynchronous["max_event_age_seconds"],
            max_retries=asynchronous["max_retries"],
            dead_letter_retention_seconds=asynchronous["dead_letter_retention_seconds"],
            untrusted_artifact=config["code_signing"]["untrusted_artifact"],
            reaches_internet=bool(config["internet_egress_reason"]),
            environment=dict(config["environment"]),
        )


@dataclass(frozen=True)
class DatabaseExpected:
    """Settings of the database; fields read as in its configuration."""

    database_name: str
    master_username: str
    engine_version: str
    instance_class: str
    port: int
    multi_az: bool
    deletion_protection: bool
    backup_retention_days: int
    monitoring_interval_seconds: int
    log_retention_days: int
    master_password_rotation_days: int

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> DatabaseExpected:
        """Take the values out of a checked `DatabaseConfig`, dumped; `removal: keep` means deletion protection."""
        own = {name: config[name] for name in cls.__dataclass_fields__ if name != "deletion_protection"}
        return cls(**own, deletion_protection=config["removal"] == "keep")


@dataclass(frozen=True)
class ProxyExpected:
    """Settings of the proxy; fields read as in its configuration."""

    max_connections_percent: int
    max_idle_connections_percent: int
    connection_borrow_timeout_seconds: int
    idle_client_timeout_seconds: int
    log_retention_days: int

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ProxyExpected:
        """Take the values out of a checked `DatabaseProxyConfig`, dumped."""
        return cls(**{name: config[name] for name in cls.__dataclass_fields__})
