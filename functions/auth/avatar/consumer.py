"""What is left of pictures that are shown no longer, tidied up."""

from auth.avatar import file_store, store
from common import clock
from common.events.auth import ProfileChanged


def tidy(event: ProfileChanged) -> None:
    """Delete the files of the customer's earlier pictures, and of tries that died."""
    if "picture" not in event.fields:
        return
    for picture in store.over(event.customer_id, clock.now()):
        file_store.drop(picture)
        store.forget(event.customer_id, picture)
