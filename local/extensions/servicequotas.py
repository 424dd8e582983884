"""Service Quotas: the quotas of Lambda, EC2's of addresses, defaults, and lists.

moto 5.2.5 knows the quotas of `vpc` only, and has neither `GetAWSDefaultServiceQuota` nor `ListServiceQuotas` nor
`ListServices`.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

from local.extensions.lambda_settings import CONCURRENT_EXECUTIONS
from local.extensions.patching import add_action, wrap

_SERVICES = {
    "ec2": "Amazon Elastic Compute Cloud (Amazon EC2)",
    "lambda": "AWS Lambda",
    "vpc": "Amazon Virtual Private Cloud (Amazon VPC)",
}
_OURS = {
    "ec2": {"L-0263D0A3": ("EC2-VPC Elastic IPs", 5.0)},
    "lambda": {
        "L-B99A9384": ("Concurrent executions", float(CONCURRENT_EXECUTIONS)),
        "L-9FEE3D26": ("Elastic network interfaces per VPC", 500.0),
        "L-2ACBD22F": ("Function and layer storage", 75.0),
    },
}


def install() -> None:
    """Extend moto."""
    wrap(ServiceQuotasBackend, "list_aws_default_service_quotas", "self service_code", _list)
    wrap(ServiceQuotasBackend, "get_service_quota", "self service_code quota_code", _get)
    for action in (get_aws_default_service_quota, list_service_quotas, list_services):
        add_action(ServiceQuotasResponse, action)


def get_aws_default_service_quota(response: Any) -> str:
    """Describe a quota as every account has it at first; no quota is ever raised here."""
    answer: str = response.get_service_quota()
    return answer


def list_service_quotas(response: Any) -> str:
    """Describe the quotas of a service."""
    answer: str = response.list_aws_default_service_quotas()
    return answer


def list_services(_response: Any) -> str:
    """List the services whose quotas are known."""
    services = [{"ServiceCode": code, "ServiceName": name} for code, name in _SERVICES.items()]
    return json.dumps({"Services": services})


def _list(original: Any, backend: Any, service_code: str) -> Any:
    if service_code not in _OURS:
        return original(backend, service_code)
    return [
        {
            "ServiceCode": service_code,
            "ServiceName": _SERVICES[service_code],
            "QuotaArn": f"arn:{backend.partition}:servicequotas:{backend.region_name}:{backend.account_id}:"
            f"{service_code}/{code}",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
        for code, (name, value) in _OURS[service_code].items()
    ]


def _get(original: Any, backend: Any, service_code: str, quota_code: str) -> Any:
    if service_code in _OURS:
        for quota in _list(original, backend, service_code):
            if quota["QuotaCode"] == quota_code:
                return quota
    return original(backend, service_code, quota_code)
