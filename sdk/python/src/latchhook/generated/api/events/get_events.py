import datetime
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.delivery_status import DeliveryStatus
from ...models.environment import Environment
from ...models.get_events_order import GetEventsOrder
from ...models.list_event import ListEvent
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    environment: Environment | Unset = UNSET,
    type_: str | Unset = UNSET,
    object_id: str | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    status: DeliveryStatus | Unset = UNSET,
    order: GetEventsOrder | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    params: dict[str, Any] = {}

    json_environment: str | Unset = UNSET
    if not isinstance(environment, Unset):
        json_environment = environment

    params["environment"] = json_environment

    params["type"] = type_

    params["object_id"] = object_id

    params["webhook_id"] = webhook_id

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    params["per_page"] = per_page

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/events",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ListEvent:
    response_200 = ListEvent.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    environment: Environment | Unset = UNSET,
    type_: str | Unset = UNSET,
    object_id: str | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    status: DeliveryStatus | Unset = UNSET,
    order: GetEventsOrder | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListEvent:
    """List events."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            environment=environment,
            type_=type_,
            object_id=object_id,
            webhook_id=webhook_id,
            status=status,
            order=order,
            since=since,
            until=until,
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    environment: Environment | Unset = UNSET,
    type_: str | Unset = UNSET,
    object_id: str | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    status: DeliveryStatus | Unset = UNSET,
    order: GetEventsOrder | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListEvent:
    """List events."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            environment=environment,
            type_=type_,
            object_id=object_id,
            webhook_id=webhook_id,
            status=status,
            order=order,
            since=since,
            until=until,
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
