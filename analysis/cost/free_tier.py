"""What AWS gives every account each month for nothing, for as long as it exists."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Allowance:
    """Units that are free each month.

    Attributes:
        items: items that share it, the cheapest first: what is credited is then never more than AWS credits.
        quantity: units a month.
        title: what is free, in words.
        source: document that states it.
    """

    items: tuple[str, ...]
    quantity: Decimal
    title: str
    source: str


ALLOWANCES = (
    Allowance(("lambda.requests",), Decimal(1_000_000), "Lambda requests", "AWS Lambda pricing"),
    Allowance(
        ("lambda.duration.arm64", "lambda.duration.x86_64"),
        Decimal(400_000),
        "GB-seconds of Lambda, of both architectures together",
        "AWS Lambda pricing",
    ),
    Allowance(("alarms.metrics",), Decimal(10), "alarm metrics", "CloudWatch pricing"),
    Allowance(("metrics.custom",), Decimal(10), "custom metrics", "CloudWatch pricing"),
    Allowance(("dashboards",), Decimal(3), "dashboards", "CloudWatch pricing"),
    Allowance(("internet.gb",), Decimal(100), "GB to the internet", "Amazon EC2 pricing"),
    Allowance(("sqs.standard", "sqs.fifo"), Decimal(1_000_000), "requests to queues", "Amazon SQS pricing"),
    Allowance(("kms.requests",), Decimal(20_000), "KMS requests", "AWS KMS pricing"),
    Allowance(
        ("scheduler.invocations",), Decimal(14_000_000), "EventBridge Scheduler invocations", "EventBridge pricing"
    ),
)
"""Free tiers that never end; those of an account's first months are left out. An account has each once, in whichever
regions it is used."""
