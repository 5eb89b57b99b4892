"""A change of preferences carried out, whichever route asks for it."""

from collections.abc import Callable, Mapping
from ipaddress import ip_network

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from common import clock, ids, pepper, table
from common.errors import Busy
from notify.message import Topic
from notify.preferences import store
from notify.preferences.change import Where, change
from notify.preferences.preferences import Choice, Preferences

ATTEMPTS = 3
# Of an address, what names the network and not the household (IPv4, IPv6).
PREFIXES = {4: 24, 6: 48}

type Choose = Callable[[Preferences], Mapping[Topic, Choice]]


def change_choices(api: BaseRouter, customer_id: str, source: str, choose: Choose) -> Preferences:
    """The preferences once what *choose* makes of them holds. Busy when others keep changing
    them."""
    where = Where(source, _network(api.current_event["requestContext"]["http"]["sourceIp"]))
    for _ in range(ATTEMPTS):
        before = store.find(customer_id)
        found = change(customer_id, before, choose(before), where, clock.now(), ids.new)
        if found.is_none:
            return before
        try:
            store.save(customer_id, before, found.after, found.consents, found.events)
        except table.ConditionFailed:
            continue
        return found.after
    raise Busy


def _network(address: str) -> str:
    """A mark of the caller's network that tells nothing but whether it is the same."""
    version = 6 if ":" in address else 4
    network = ip_network(f"{address}/{PREFIXES[version]}", strict=False)
    return pepper.mac("consent-network", str(network)).hex()[:32]
