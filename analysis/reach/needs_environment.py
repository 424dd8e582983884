"""What a function's environment names: hosts of the plan and of others, and what services keep."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from analysis.iam import RolePolicies
from analysis.plan import UNKNOWN, Plan, Resource
from analysis.plan.values import has_unknown, known_strings
from analysis.reach.model import Destination, Kind
from analysis.reach.needs_evidence import Evidence
from analysis.reach.needs_hosts import HOSTS, host_of, is_public, ports_of
from analysis.reach.needs_services import ARN_SERVICES, ENDPOINTS, IDENTIFYING, TYPES, is_by_data_api
from modules.core import limits

_VARIABLES = "environment.variables"
_URL = re.compile(r"^(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[^@/\s]*@)?(?P<host>[^/:?#\s]+)(?::(?P<port>\d+))?")
_AWS_HOST = re.compile(r"^(?P<labels>[\w.-]+)\.amazonaws\.com(?:\.cn)?(?::(?P<port>\d+))?$")
_REGION = re.compile(limits.REGION)
_AMAZON = (".amazonaws.com", ".amazonaws.com.cn")
_IN_A_VPC = frozenset({"rds", "cache", "elb", "redshift", "docdb", "neptune", "kafka", "mq", "vpce", "es", "efs"})
_LOCAL = (".internal", ".local", ".localdomain", ".svc")
_NOT_CALLED = re.compile(
    r"(?:^|_)(?:ALLOWED|AUDIENCE|CALLBACK|CONSOLE|CORS|DASHBOARD|DOCS|FRONTEND|HOMEPAGE|ISSUER|NAMESPACE|ORIGINS?|"
    r"PUBLIC|REDIRECT|SCHEMA|SITE|SUPPORT|WEBSITE)(?:_|$)"
)
_OWN = ("localhost", "127.0.0.1", "169.254.169.254")
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_INTERNET = {
    "aws_apigatewayv2_api": frozenset({"api_endpoint"}),
    "aws_apigatewayv2_stage": frozenset({"invoke_url"}),
    "aws_cloudfront_distribution": frozenset({"domain_name"}),
    "aws_lambda_function_url": frozenset({"function_url"}),
}
_APIS = {"aws_api_gateway_deployment": "invoke_url", "aws_api_gateway_stage": "invoke_url"}


def environment_evidence(plan: Plan, function: Resource, policies: RolePolicies | None) -> Iterator[Evidence]:
    """What the environment of a function says of where its requests go."""
    variables = function.get(_VARIABLES)
    links = plan.links(function, _VARIABLES)
    named: dict[Resource, dict[str, None]] = {}
    for entry, attribute in links.sources:
        named.setdefault(entry, {})[attribute] = None
    for name, text in _texts(variables):
        owner = plan.owner(text)
        if owner is None:
            yield from _Variable(function, name, plan.region(function) or "").evidence(text)
        else:
            attribute = next((key for key, value in owner.values.items() if value == text), "")
            named.setdefault(owner, {})[attribute] = None
    for entry in sorted(named, key=lambda entry: entry.address):
        yield from _of_resource(plan, function, entry, frozenset(named[entry]), policies)
    if _unknown_texts(variables) > len({entry for entry, attribute in links.sources if _is_unknown(entry, attribute)}):
        for text in links.unresolved:
            target = Destination(Kind.RESOURCE, text, ports=())
            reason = f"the environment of {function.address} names {text}"
            yield Evidence(function, target, reason, f"{text} is known only after apply, and what it names is not told")


def _unknown_texts(value: object) -> int:
    """How many variables are known only after apply; more than there are, where not even their names are known."""
    if value is UNKNOWN:
        return sys.maxsize
    return sum(has_unknown(inner) for inner in value.values()) if isinstance(value, dict) else 0


def _is_unknown(resource: Resource, attribute: str) -> bool:
    return has_unknown(resource.get(attribute)) if attribute else True


def is_host(resource: Resource, attributes: frozenset[str]) -> bool:
    """Whether these attributes tell the host of a resource; the whole resource does."""
    return resource.type in HOSTS and ("" in attributes or bool(attributes & HOSTS[resource.type].attributes))


def _of_resource(
    plan: Plan, function: Resource, entry: Resource, attributes: frozenset[str], policies: RolePolicies | None
) -> Iterator[Evidence]:
    shown = ", ".join(f"{entry.address}.{name}" if name else entry.address for name in sorted(attributes))
    reason = f"the environment of {function.address} names {shown}"
    if is_host(entry, attributes):
        host = host_of(plan, entry)
        ports = ports_of(plan, host, attributes)
        kind = Kind.INTERNET if is_public(host) else Kind.RESOURCE
        yield Evidence(function, Destination(kind, host.address, resource=host, ports=ports), reason)
    elif attributes & _INTERNET.get(entry.type, frozenset()):
        yield Evidence(function, Destination(Kind.INTERNET, entry.address, resource=entry), reason)
    elif _APIS.get(entry.type) in attributes:
        yield Evidence(function, Destination(Kind.SERVICE, "execute-api", objects=(entry,)), reason)
    elif entry.type in TYPES and attributes & IDENTIFYING:
        service = TYPES[entry.type]
        own, theirs = plan.region(function), plan.region(entry)
        region = theirs if own and theirs and own != theirs else ""
        unknown = _doubt(service, entry, policies)
        yield Evidence(function, Destination(Kind.SERVICE, service, region, objects=(entry,)), reason, unknown)


def _doubt(service: str, entry: Resource, policies: RolePolicies | None) -> str:
    """Why a function that is told of something may not call its service; empty where its role names it too."""
    if service == "secretsmanager" and is_by_data_api(policies):
        return "whether the function reads the secret itself, or RDS does where the Data API is called"
    if policies is None or (entry not in policies.named and not policies.is_complete):
        return f"whether its role allows an action of {service}"
    return "" if entry in policies.named else f"no policy of its role allows an action of {service}"


def _texts(variables: object) -> Iterator[tuple[str, str]]:
    if isinstance(variables, dict):
        for name in sorted(variables):
            for text in known_strings(variables[name]):
                yield str(name), text


@dataclass(frozen=True)
class _Variable:
    """An environment variable whose value is known; the value itself may be a secret, and is never shown.

    Attributes:
        function: whose it is.
        name: its name.
        region: region of the function; empty where the plan does not tell.
    """

    function: Resource
    name: str
    region: str

    def evidence(self, text: str) -> Iterator[Evidence]:
        """What a value, or each of several with commas between them, says."""
        for part in text.split(","):
            url = _URL.match(part.strip())
            host = url["host"] if url else part.strip()
            aws = _AWS_HOST.match(host)
            if host.startswith("arn:"):
                yield from self._of_arn(host)
            elif aws:
                yield from self._of_aws_host(aws, url)
            elif url and host not in _OWN and "." in host:
                yield self._of_url(url)

    def _of_arn(self, arn: str) -> Iterator[Evidence]:
        service, region = (*arn.split(":"), "", "", "", "")[2:4]
        if service in ARN_SERVICES:
            place = self._service(ENDPOINTS[service], region)
            yield self._found(place, arn, f"no policy of its role names {arn}")

    def _of_aws_host(self, aws: re.Match[str], url: re.Match[str] | None) -> Iterator[Evidence]:
        labels = aws["labels"].split(".")
        at = next((index for index, label in enumerate(labels) if _REGION.fullmatch(label)), len(labels))
        service = labels[-1] if at < len(labels) - 1 else labels[at - 1]
        host, port = aws[0].partition(":")[0], aws["port"] or (url["port"] if url else None)
        if service in _IN_A_VPC:
            yield self._elsewhere(host, (int(port),) if port else ())
        elif service in ENDPOINTS or service in ENDPOINTS.values():
            region = labels[at] if at < len(labels) else ""
            yield self._found(self._service(ENDPOINTS.get(service, service), region), host)

    def _of_url(self, url: re.Match[str]) -> Evidence:
        host, scheme = url["host"], url["scheme"]
        port = int(url["port"]) if url["port"] else _PORTS.get(scheme)
        ports = (port,) if port else ()
        if host.endswith((*_LOCAL, *_AMAZON)) or _is_private(host):
            return self._elsewhere(host, ports)
        called = scheme in _PORTS and not _NOT_CALLED.search(self.name.upper())
        return self._found(
            Destination(Kind.INTERNET, host, ports=ports), host, "" if called else f"whether {host} is called"
        )

    def _elsewhere(self, host: str, ports: tuple[int, ...]) -> Evidence:
        place = Destination(Kind.RESOURCE, host, ports=ports)
        return self._found(place, host, f"{host} belongs to no resource of the plan")

    def _service(self, suffix: str, region: str) -> Destination:
        return Destination(Kind.SERVICE, suffix, region if self.region and region != self.region else "")

    def _found(self, place: Destination, shown: str, unknown: str = "") -> Evidence:
        reason = f"environment variable {self.name} of {self.function.address} names {shown}"
        return Evidence(self.function, place, reason, unknown)


def _is_private(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_private
    except ValueError:
        return False
