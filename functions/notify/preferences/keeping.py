"""A change of preferences carried out, whichever route asks for it."""

from collections.abc import Callable, Mapping
from datetime import datetime
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
    """`carry_out` for whoever asks by a request."""
    address = api.current_event["requestContext"]["http"]["sourceIp"]
    return carry_out(customer_id, Where(source, _network(address)), choose)


def carry_out(
    customer_id: str, where: Where, choose: Choose, new_id: Callable[[datetime], str] = ids.new
) -> Preferences:
    """The preferences once what *choose* makes of them holds; *new_id* names each proof. Busy when
    others keep changing them."""
    for _ in range(ATTEMPTS):
        before = store.find(customer_id)
        found = change(customer_id, before, choose(before), where, clock.now(), new_id)
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
