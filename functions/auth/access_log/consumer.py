"""What other capabilities' staff see of a customer, as they tell."""

from auth.access_log import store
from common import consumer
from common.events.orders import CustomerViewed as OrderViewed
from common.events.support import CustomerViewed as TicketViewed

REACTIONS: consumer.Reactions = {OrderViewed: store.note, TicketViewed: store.note}
