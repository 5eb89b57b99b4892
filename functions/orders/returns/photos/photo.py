"""What a complaint may show. Pure."""

from dataclasses import replace

from common.errors import Refusal
from common.language import Text
from orders.returns.parts import Photo
from orders.returns.reasons import COMPLAINTS
from orders.returns.returns import Return, ReturnNotReady

MOST = 5
# Of the longer side, in pixels: a scratch can be seen.
SIDE = 2048


class TooManyPhotos(Refusal):
    code = "too_many_photos"
    title = Text(
        ru="К жалобе уже приложено пять фотографий: больше не нужно.",
        en="The complaint has five photos already: no more are needed.",
    )


class NotComplainedOf(Refusal):
    """The return has no defect or shortage of that product."""

    code = "not_complained_of"
    title = Text(
        ru="Фотографии нужны к браку или недостаче: такой строки в возврате нет.",
        en="Photos go with a defect or a shortage: the return has no such line.",
    )


def awaited(one: Return) -> None:
    """Raise ReturnNotReady once nothing more is decided, NotComplainedOf where it is no complaint,
    TooManyPhotos."""
    if not one.next_states:
        raise ReturnNotReady(state=one.state, next_states=[])
    if not one.is_complaint:
        raise NotComplainedOf
    if len(one.photos) >= MOST:
        raise TooManyPhotos(most=MOST)


def shown(one: Return, photo: Photo) -> Return:
    """The return with one more *photo*. Raise as `awaited` does."""
    awaited(one)
    if photo.sku not in {item.sku for item in one.items if item.reason in COMPLAINTS}:
        raise NotComplainedOf(sku=photo.sku)
    return replace(one, version=one.version + 1, photos=(*one.photos, photo))
