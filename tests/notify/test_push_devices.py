"""The devices that get a customer's pushes: registered, shown and given up."""

import pytest

from common import clock, ids
from notify.push import store
from notify.push.device import MOST, Device, Devices, Platform

PATH = "/v1/me/push-device"
TOKEN, OTHER = "dQw4w9WgXcQ:APA91bHun4MxP5egoKMwt2", "cXyZ4w9WgXcQ:APA91bTj4MxP5egoKMwt3"


@pytest.fixture
def person(cloud):
    return cloud.customer()


@pytest.fixture
def register(cloud, person):
    def ask(token=TOKEN, platform="android", who=person):
        body = {"platform": platform, "token": token}
        return cloud.call("PUT", PATH, body, token=who.token)

    return ask


def shown(cloud, person):
    return cloud.call("GET", f"{PATH}s", token=person.token).body["items"]


def claims(cloud):
    return [r for r in cloud.items("NotifyTable") if r["pk"].startswith("TOKEN#")]


def device(number, session=None):
    """A device as the table keeps it."""
    return Device(
        id=session or ids.new(clock.now()),
        platform=Platform.ANDROID,
        mark=f"{number:032x}",
        ending="abcd",
        registered_at=clock.now(),
        sealed="c2VhbGVk",
    )


@pytest.fixture
def acting(cloud):
    with cloud.acting("NotifyApi"):
        yield


# --- routes ---


@pytest.mark.feature(23)
def test_a_device_is_registered_for_the_session_that_is_on_it(cloud, person, register):
    answer = register()

    assert answer.status == 200
    assert answer.body["id"] == person.session_id
    assert (answer.body["platform"], answer.body["ending"]) == ("android", TOKEN[-4:])
    assert answer.body["current"] is True
    assert shown(cloud, person) == [answer.body]


@pytest.mark.feature(23)
def test_a_device_that_registers_again_is_one_device(cloud, person, register):
    register()
    cloud.clock.advance(minutes=1)
    again = register()

    assert shown(cloud, person) == [again.body]
    assert len(claims(cloud)) == 1


def test_a_new_token_takes_the_place_of_the_sessions_old_one(cloud, person, register):
    register()
    register(OTHER)

    assert [one["ending"] for one in shown(cloud, person)] == [OTHER[-4:]]
    with cloud.acting("NotifyApi"):
        mark = store.mark(Platform.ANDROID, OTHER)
    assert [row["pk"] for row in claims(cloud)] == [f"TOKEN#{mark}"]


@pytest.mark.case("N12")
def test_a_token_is_of_whoever_registered_it_last(cloud, person, register):
    other = cloud.customer()
    register()
    register(who=other)

    assert (shown(cloud, person), len(shown(cloud, other))) == ([], 1)
    assert [row["customer_id"] for row in claims(cloud)] == [other.id]


def test_the_same_text_is_another_token_on_another_platform(cloud, person, register):
    other = cloud.customer()
    register("8f3a" * 16, "ios")
    register("8f3a" * 16, "android", other)

    assert (len(shown(cloud, person)), len(shown(cloud, other))) == (1, 1)


@pytest.mark.feature(23)
def test_a_device_is_removed_by_its_owner(cloud, person, register):
    register()
    path = f"{PATH}s/{person.session_id}"

    assert cloud.call("DELETE", path, token=person.token).status == 204
    assert cloud.call("DELETE", path, token=person.token).status == 404
    assert (shown(cloud, person), claims(cloud)) == ([], [])


def test_nobody_removes_a_device_of_somebody_else(cloud, person, register):
    register()
    other = cloud.customer()

    answer = cloud.call("DELETE", f"{PATH}s/{person.session_id}", token=other.token)

    assert answer.status == 404
    assert len(shown(cloud, person)) == 1


def test_sns_forgets_the_token_of_a_device_that_was_removed(cloud, person, register):
    endpoint = "arn:aws:sns:eu-central-1:123456789012:endpoint/GCM/kabinet/1"
    register()
    with cloud.acting("NotifyApi"):
        known = store.find(person.id)
        store.save(person.id, known, known.ready(known.known[0], endpoint))

    cloud.call("DELETE", f"{PATH}s/{person.session_id}", token=person.token)

    asked = [call.arguments for call in cloud.calls if call.name == "sns.DeleteEndpoint"]
    assert asked == [{"EndpointArn": endpoint}]


@pytest.mark.parametrize(
    "broken",
    [
        {"platform": "web"},
        {"token": "short"},
        {"token": "with a space in it, and long"},
        {"token": "t" * 2049},
        {"token": None},
        {"owner": "somebody"},
    ],
)
def test_what_is_no_device_is_refused(cloud, person, broken):
    body = {"platform": "android", "token": TOKEN} | broken

    answer = cloud.call("PUT", PATH, body, token=person.token)

    assert answer.status == 422
    assert str(broken.get("token")) not in repr(answer.body) or broken.get("token") is None


def test_staff_have_no_devices(cloud):
    body = {"platform": "android", "token": TOKEN}

    assert cloud.call("PUT", PATH, body, token=cloud.staff("agent").token).status == 403


@pytest.mark.feature(79)
def test_preferences_show_pushes_as_letters_until_they_are_chosen(cloud, person):
    def put(**switches):
        body = {"topics": [{"topic": "orders", "sms": False} | switches]}
        topics = cloud.call("PUT", "/v1/preferences", body, token=person.token).body["topics"]
        [found] = [one for one in topics if one["topic"] == "orders"]
        return found["push"]

    assert put(email=True) is True
    assert put(email=False) is False
    assert put(email=False, push=True) is True
    assert put(email=False) is True  # left out, it stays


# --- pure ---


def test_the_eleventh_device_takes_the_place_of_the_oldest():
    devices = Devices()
    for number in range(MOST + 1):
        devices = devices.with_(device(number, f"s-{number}"))

    assert [one.id for one in devices.known] == [f"s-{n}" for n in range(1, MOST + 1)]
    assert devices.version == MOST + 1


def test_what_is_not_there_changes_nothing():
    devices = Devices().with_(device(1))

    assert devices.without(["another"]) is devices
    assert devices.ready(device(2), "arn") is devices


def test_a_device_that_registered_anew_is_not_given_up_for_what_it_was(cloud):
    old = device(1, "s-1")
    cloud.clock.advance(seconds=1)
    devices = Devices().with_(device(1, "s-1"))

    assert devices.as_known([old]) == []
    assert devices.as_known(devices.known) == list(devices.known)


# --- the store ---


def test_devices_are_read_as_they_were_kept(acting, person):
    after = Devices().with_(device(1)).with_(device(2))
    store.save(person.id, Devices(), after)

    assert store.find(person.id) == after


def test_only_who_read_the_last_version_may_write(acting, person):
    after = Devices().with_(device(1))
    store.save(person.id, Devices(), after)

    with pytest.raises(store.table.ConditionFailed):
        store.save(person.id, Devices(), Devices().with_(device(2)))
    assert store.find(person.id) == after


def test_a_token_is_claimed_from_the_holder_that_was_read_and_no_other(acting, person):
    mark, other = f"{1:032x}", ids.new(clock.now())
    store.table.commit(store.claim(person.id, mark, None))

    for holder in (None, other):
        with pytest.raises(store.table.ConditionFailed):
            store.table.commit(store.claim(other, mark, holder))
    store.table.commit(store.claim(other, mark, person.id))

    assert store.holder(mark) == other
    with pytest.raises(store.table.ConditionFailed):
        store.table.commit(store.still(person.id, mark))


def test_nothing_is_registered_for_who_is_erased(cloud, acting, person):
    erased = {"pk": f"CUSTOMER#{person.id}", "sk": "ERASED"}
    store.table.apply(store.table.put(erased))

    with pytest.raises(store.table.ConditionFailed):
        store.save(person.id, Devices(), Devices().with_(device(1)))
