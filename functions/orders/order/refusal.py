"""Why an order does not go where it was to go. Pure."""

from common.errors import Refusal
from common.language import Text


class TransitionNotAllowed(Refusal):
    """The order is in a state that does not lead where it was to go."""

    code = "transition_not_allowed"
    title = Text(
        ru="В нынешнем состоянии заказа этого сделать нельзя.",
        en="The order's present state does not allow this.",
    )
