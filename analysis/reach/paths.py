"""The path from one subnet of an origin to a destination."""

from __future__ import annotations

from analysis.reach.model import Destination, Kind, Verdict
from analysis.reach.paths_internet import over_ipv4, over_ipv6
from analysis.reach.paths_resource import ports_of, to_resource
from analysis.reach.paths_service import better, to_service
from analysis.reach.start import Start
from analysis.reach.surroundings import in_surroundings
from analysis.reach.trail import Outcome


def path_of(start: Start, destination: Destination) -> Outcome:
    """What comes of the way from one subnet to a destination."""
    return in_surroundings(start, destination, _path(start, destination))


def _path(start: Start, destination: Destination) -> Outcome:
    if destination.kind is Kind.SERVICE:
        return to_service(start, destination)
    if destination.kind is Kind.RESOURCE and not _is_public(destination):
        return to_resource(start, destination)
    return _to_internet(start, destination)


def _to_internet(start: Start, destination: Destination) -> Outcome:
    ports = ports_of(destination)
    four = over_ipv4(start, destination.name or "the internet", ports)
    if four.is_reachable:
        return four
    six = over_ipv6(start, destination.name or "the internet", ports)
    return six if six.verdict is Verdict.REACHABLE else better(start, four, six)


def _is_public(destination: Destination) -> bool:
    """Whether a resource stands on the internet and in no VPC."""
    resource = destination.resource
    if resource is None:
        return False
    if resource.type == "aws_lb":
        return resource.get("internal") is False
    return resource.type == "aws_opensearch_domain" and resource.get("vpc_options") in (None, [])
