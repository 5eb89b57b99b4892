"""A cursor opens one list of one owner, and nothing else."""

import pytest

from common import cursors
from common.errors import Invalid

LAST = {"pk": "CUSTOMER#c-1", "sk": "ORDER#o-9"}


@pytest.fixture(autouse=True)
def orders(cloud):
    with cloud.acting("OrdersApi"):
        yield


def test_a_cursor_leads_back_to_where_the_page_ended():
    assert cursors.unseal("c-1", "orders", cursors.seal("c-1", "orders", LAST)) == LAST
    assert cursors.seal("c-1", "orders", None) is None
    assert cursors.unseal("c-1", "orders", None) is None


@pytest.mark.case("Z6")
@pytest.mark.parametrize(("owner", "listing"), [("c-2", "orders"), ("c-1", "inbox")])
def test_a_cursor_of_another_owner_or_list_is_refused(owner, listing):
    cursor = cursors.seal("c-1", "orders", LAST)

    with pytest.raises(Invalid):
        cursors.unseal(owner, listing, cursor)


@pytest.mark.case("Z6")
@pytest.mark.parametrize("forge", ["", "a", "AAAA" * 20, "é", "=", "x" * 2000])
def test_a_forged_cursor_is_refused(forge):
    with pytest.raises(Invalid):
        cursors.unseal("c-1", "orders", forge)


@pytest.mark.case("Z6")
def test_no_character_of_a_cursor_may_change():
    cursor = cursors.seal("c-1", "orders", LAST)
    for n, character in enumerate(cursor[:-1]):
        changed = cursor[:n] + ("A" if character != "A" else "B") + cursor[n + 1 :]
        with pytest.raises(Invalid):
            cursors.unseal("c-1", "orders", changed)
