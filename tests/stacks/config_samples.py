"""Accepted configurations of orders_api with values at the ends of every range, for the provider to judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from modules.core import limits
from modules.core.limits import Range
from modules.core.target import Target
from modules.database.config import POSTGRESQL_VERSIONS
from modules.function.code import ARCHITECTURES
from modules.function.code.fields import names_of
from modules.function.runtimes import RUNTIMES
from modules.network.endpoint_catalogue import ENDPOINT_SERVICES, GATEWAY_ENDPOINTS
from stacks.orders_api_config import OrdersApiConfig

RETENTION = st.sampled_from(limits.LOG_RETENTION_DAYS)
TEXT = st.sampled_from(["", "d" * 256, "Bücher & \"Hefte\" für 5 $; <b>100 %</b> \\ 'x'"])
RUNS_WITH_PROVIDER_5 = [
    name for name in names_of("python") if not RUNTIMES[name].is_deprecated and RUNTIMES[name].lowest_provider == 5
]
LONGEST = "a-b-" + "c" * 12
SERVICES = [name for name, entry in ENDPOINT_SERVICES.items() if not entry.companions]


def ends(bounds: Range) -> st.SearchStrategy[int]:
    """Both ends of a range, and anything between."""
    return st.sampled_from([bounds.minimum, bounds.maximum]) | st.integers(bounds.minimum, bounds.maximum)


def targets() -> st.SearchStrategy[dict[str, Any]]:
    """Fields of targets, with short and with the longest names, in each partition."""
    return st.fixed_dictionaries(
        {
            "org": st.sampled_from(["a", LONGEST]),
            "env": st.sampled_from(["1", LONGEST]),
            "account": st.sampled_from(["main", LONGEST]),
            "account_id": st.just("123456789012"),
            "region": st.sampled_from(["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-5"]),
            "stack": st.sampled_from(["orders_api", "s" * 31, "a_1"]),
            "owner": st.sampled_from(["x", "Équipe @commandes", "o" * 128]),
            "tags": st.sampled_from([{}, {f"key-{number}": "v" * 256 for number in range(43)}, {"k" * 128: ""}]),
            "aws_provider_version": st.sampled_from([">= 5.100, < 7", "~> 5.100", "5.100.0"]),
        }
    )


def ways_out(zones: list[str]) -> st.SearchStrategy[Any]:
    """Every way out that AWS provider 5 knows and that needs no IPv6."""
    zone = {"zone": st.sampled_from(zones)}
    transit = {"transit_gateway_id": st.just("tgw-0123456789abcdef0"), "appliance_mode": st.booleans()}
    return st.one_of(
        st.sampled_from(["none", "endpoints_only", "nat_per_zone"]),
        st.fixed_dictionaries({"strategy": st.sampled_from(["nat_single", "nat_instance"]), **zone}),
        st.fixed_dictionaries({"strategy": st.just("transit_gateway"), **transit}),
    )


@st.composite
def networks(draw: st.DrawFn, region: str) -> dict[str, Any]:
    """Networks of two to six zones, with every way out."""
    zones = [f"{region}{letter}" for letter in draw(st.sampled_from(["abcdef", "ab", "abc", "gh"]))]
    egress = draw(ways_out(zones))
    services = st.lists(
        st.sampled_from([name for name, entry in ENDPOINT_SERVICES.items() if not entry.companions]), unique=True
    ).map(lambda some: [*{*some, "secretsmanager"}])
    return {
        "cidr": draw(st.sampled_from(["10.0.0.0/16", "192.168.248.0/21", "100.64.128.0/17", "172.31.224.0/19"])),
        "availability_zones": zones,
        "egress": egress,
        "endpoints": {"gateway": draw(st.sampled_from([["s3"], list(GATEWAY_ENDPOINTS)])), "interface": draw(services)},
        "flow_log": {"retention_days": draw(RETENTION), "aggregation_seconds": draw(st.sampled_from([60, 600]))},
    }


@st.composite
def databases(draw: st.DrawFn) -> dict[str, Any]:
    """Databases at the ends of every range, kept and not."""
    most = limits.RDS_ALLOCATED_STORAGE_GB.maximum
    first = draw(st.sampled_from([20, most * 10 // 11]) | st.integers(20, most * 10 // 11))
    multi_az, removal = draw(st.booleans()), draw(st.sampled_from(["keep", "destroy"]))
    return {
        "database_name": draw(st.sampled_from(["d", "d" * 63, "order_2"])),
        "master_username": draw(st.sampled_from(["u", "u" * 16, "order_2"])),
        "engine_version": draw(st.sampled_from(POSTGRESQL_VERSIONS)),
        "instance_class": draw(st.sampled_from(["db.t4g.micro", "db.x2iedn.32xlarge"])),
        "allocated_storage_gb": first,
        "max_allocated_storage_gb": draw(st.sampled_from([-(-first * 11 // 10), most])),
        "port": draw(ends(limits.RDS_PORT)),
        "multi_az": multi_az,
        "multi_az_off_reason": "" if multi_az else "a demo",
        "backup_retention_days": draw(ends(limits.RDS_BACKUP_RETENTION_DAYS)),
        "monitoring_interval_seconds": draw(st.sampled_from(limits.RDS_MONITORING_INTERVALS_SECONDS)),
        "performance_insights_retention_days": draw(st.sampled_from(limits.PERFORMANCE_INSIGHTS_RETENTION_DAYS)),
        "log_retention_days": draw(RETENTION),
        "slow_query_milliseconds": draw(st.sampled_from([1, 2_147_483_647])),
        "removal": removal,
        "removal_reason": "" if removal == "keep" else "a demo",
    }


@st.composite
def functions(draw: st.DrawFn, source: Path) -> dict[str, Any]:
    """Functions at the ends of every range."""
    return {
        "code": {
            "source": source,
            "runtime": draw(st.sampled_from(RUNS_WITH_PROVIDER_5)),
            "architecture": draw(st.sampled_from(ARCHITECTURES)),
        },
        "reserved_concurrency": draw(ends(limits.LAMBDA_RESERVED_CONCURRENCY)),
        "disabled_reason": "a demo",
        "description": draw(TEXT),
        "memory_mb": draw(ends(limits.LAMBDA_MEMORY_MB)),
        "timeout_seconds": draw(st.sampled_from([1, 900]) | st.integers(1, 900)),
        "ephemeral_storage_mb": draw(ends(limits.LAMBDA_EPHEMERAL_STORAGE_MB)),
        "environment": draw(st.sampled_from([{}, {"AB": "x" * 3_700}, {"LEVEL": 'ü\n\t"$${x}"', "a1": ""}])),
        "internet_egress_reason": draw(st.sampled_from(["", "r" * 232, "._-:/()#,@[]+=&;{}!$* 09 az AZ"])),
        "attachment": {"replace_security_groups_on_destroy": draw(st.booleans())},
        "logging": {
            "retention_days": draw(RETENTION),
            "application_level": draw(st.sampled_from(["TRACE", "FATAL", "INFO"])),
            "system_level": draw(st.sampled_from(["DEBUG", "INFO", "WARN"])),
        },
        "asynchronous": {
            "max_event_age_seconds": draw(ends(limits.LAMBDA_ASYNC_EVENT_AGE_SECONDS)),
            "max_retries": draw(ends(limits.LAMBDA_ASYNC_RETRIES)),
            "dead_letter_retention_seconds": draw(ends(limits.SQS_RETENTION_SECONDS)),
        },
        "code_signing": {
            "untrusted_artifact": draw(st.sampled_from(["Warn", "Enforce"])),
            "signing_profile_version_arns": [
                f"arn:aws:signer:eu-west-1:123456789012:/signing-profiles/acme_dev/{number:010d}"
                for number in range(draw(st.sampled_from([0, 1, 20])))
            ],
        },
    }


@st.composite
def settings_of_orders_api(draw: st.DrawFn, region: str, source: Path) -> dict[str, Any]:
    """Whole configurations of the stack; the model itself says whether they hold."""
    network, function = draw(networks(region)), draw(functions(source))
    if network["egress"] in ("none", "endpoints_only"):
        function["internet_egress_reason"] = ""
    pool = draw(ends(limits.PROXY_CONNECTIONS_PERCENT))
    longest_wait = min(function["timeout_seconds"] - 1, limits.PROXY_BORROW_TIMEOUT_SECONDS.maximum)
    return {
        "network": network,
        "database": draw(databases()),
        "function": function,
        "proxy": {
            "max_connections_percent": pool,
            "oversubscription_reason": "drawn at random",
            "max_idle_connections_percent": draw(st.sampled_from([0, pool])),
            "connection_borrow_timeout_seconds": draw(st.sampled_from([0, longest_wait])),
            "idle_client_timeout_seconds": draw(ends(limits.PROXY_IDLE_CLIENT_TIMEOUT_SECONDS)),
            "log_retention_days": draw(RETENTION),
        },
        "alarm_topic": {
            "email_subscriptions": draw(st.sampled_from([[], ["o'brien+a/b=c@a-b.example.com", "a@b.io"]]))
        },
        "key": {
            "deletion_window_days": draw(ends(limits.KMS_DELETION_WINDOW_DAYS)),
            "rotation_period_days": draw(ends(limits.KMS_ROTATION_DAYS)),
        },
    }


def drawn(count: int, source: Path) -> list[tuple[Target, OrdersApiConfig]]:
    """The same `count` targets and configurations on every run, each target once."""
    found: dict[str, tuple[Target, OrdersApiConfig]] = {}

    @settings(max_examples=count * 4, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        target = Target.parse(data.draw(targets()))
        config = OrdersApiConfig.parse(data.draw(settings_of_orders_api(target.region, source)))
        found.setdefault(target.name, (target, config))

    collect()
    return list(found.values())[:count]
