"""Why goods come back, and why they are refused. Pure."""

from enum import StrEnum

from common.language import Text


class Reason(StrEnum):
    CHANGED_MIND = "changed_mind"
    DOES_NOT_FIT = "does_not_fit"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    DEFECT = "defect"
    SHORTAGE = "shortage"


REASONS = {
    Reason.CHANGED_MIND: Text(ru="Передумал(а)", en="Changed my mind"),
    Reason.DOES_NOT_FIT: Text(ru="Не подошло", en="It does not fit"),
    Reason.NOT_AS_DESCRIBED: Text(ru="Не соответствует описанию", en="Not as described"),
    Reason.WRONG_ITEM: Text(ru="Прислали не то", en="Something else came"),
    Reason.DEFECT: Text(ru="Брак или повреждение", en="A defect or damage"),
    Reason.SHORTAGE: Text(ru="Не хватает в посылке", en="Missing from the parcel"),
}
COMPLAINTS = (Reason.DEFECT, Reason.SHORTAGE)
SHOPS_FAULT = (Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.DEFECT, Reason.SHORTAGE)


class Rejection(StrEnum):
    """Why a return is refused."""

    USED = "used"
    INCOMPLETE = "incomplete"
    NOT_CONFIRMED = "not_confirmed"
    NEVER_CAME = "never_came"
    OTHER = "other"
