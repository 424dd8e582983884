"""What still exists after a destroy, asked of every service that the stack uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rollout.readback import (
    leftovers_automation,
    leftovers_caches,
    leftovers_clusters,
    leftovers_ec2,
    leftovers_messaging,
    leftovers_observability,
    leftovers_releases,
    leftovers_services,
    leftovers_storage,
)
from rollout.readback.check import Clients
from rollout.readback.ownership import Owner

_Listing = Callable[[Clients, Owner], Iterator[str]]

_LISTINGS: tuple[_Listing, ...] = (
    leftovers_automation.automation,
    leftovers_caches.caches,
    leftovers_clusters.clusters,
    leftovers_ec2.instances,
    leftovers_ec2.network,
    leftovers_messaging.buses,
    leftovers_messaging.streams,
    leftovers_observability.observability,
    leftovers_releases.releases,
    leftovers_services.alarms,
    leftovers_services.code_signing,
    leftovers_services.databases,
    leftovers_services.functions,
    leftovers_services.keys,
    leftovers_services.log_groups,
    leftovers_services.queues,
    leftovers_services.roles,
    leftovers_services.secrets,
    leftovers_services.shares,
    leftovers_services.topics,
    leftovers_storage.buckets,
    leftovers_storage.file_systems,
    leftovers_storage.layers,
    leftovers_storage.repositories,
    leftovers_storage.scalable_targets,
    leftovers_storage.tables,
)


def leftovers(clients: Clients, *, prefix: str, vpc_id: str = "", others: Iterable[str] = ()) -> tuple[str, ...]:
    """Everything that still exists under a name prefix or in a VPC, as `type name`, sorted; empty when all is gone.

    What has no name of its own is known by the tags `org`, `env` and `stack`. What AWS only schedules for deletion
    does not count here; `scheduled` lists it.

    Args:
        clients: service name to client.
        prefix: what every name of the stack begins with, such as `acme-dev-orders-api`.
        vpc_id: the stack's VPC, to find what AWS made inside it without a name.
        others: prefixes of the other stacks in the account; needed when one of them begins with `prefix`.
    """
    owner = Owner(prefix, vpc_id, tuple(others))
    return tuple(sorted({found for listing in _LISTINGS for found in listing(clients, owner)}))


def scheduled(clients: Clients, *, prefix: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """What AWS keeps for a while after its deletion and then removes by itself, as `type name: state`, sorted.

    Arguments are those of `leftovers`.
    """
    owner = Owner(prefix, others=tuple(others))
    found = (
        *leftovers_services.scheduled_keys(clients, owner),
        *leftovers_services.canceled_profiles(clients, owner),
        *leftovers_services.scheduled_secrets(clients, owner),
    )
    return tuple(sorted(found))
