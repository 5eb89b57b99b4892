"""HTTP routes of the devices that take pushes."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, StringConstraints

from common import access
from common import api as shell
from notify.push import keeping, store
from notify.push.device import Device, Platform

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# What FCM and APNs give an application: letters, digits and few marks, no spaces.
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_:.=-]{16,2048}$")]


class DeviceBody(shell.Body):
    """`token` is what Firebase or Apple gave the application for this device."""

    platform: Platform
    token: Token


class DeviceView(shell.View):
    """`id` is that of the session on the device; of its token, `ending` is all that is shown."""

    id: str
    platform: Platform
    ending: str
    registered_at: AwareDatetime
    current: bool


class DevicesView(shell.View):
    items: list[DeviceView]


@router.put("/v1/me/push-device")
def register_device(request: DeviceBody) -> DeviceView:
    """Get pushes on the device you call from, while you are signed in on it.

    Call again at each start of the application and whenever its token changes. A token that
    somebody else had registered is theirs no longer; of more than ten devices the oldest goes.
    """
    caller = access.customer(router)
    device = keeping.register(caller.id, caller.session_id, request.platform, request.token)
    return _view(device, caller)


@router.get("/v1/me/push-devices")
def list_devices() -> DevicesView:
    """List the devices that get your pushes."""
    caller = access.customer(router)
    known = store.find(caller.id).known
    return DevicesView(items=[_view(device, caller) for device in reversed(known)])


@router.delete(
    "/v1/me/push-devices/<device_id>", responses={204: {"description": "No more pushes go there"}}
)
def remove_device(device_id: shell.Id) -> Response[Any]:
    """Get no more pushes on one of your devices; you stay signed in there."""
    caller = access.customer(router)
    keeping.remove(caller.id, device_id)
    return Response(HTTPStatus.NO_CONTENT)


def _view(device: Device, caller: access.Caller) -> DeviceView:
    return DeviceView(
        id=device.id,
        platform=device.platform,
        ending=device.ending,
        registered_at=device.registered_at,
        current=device.id == caller.session_id,
    )
