import datetime
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.list_audit_event import ListAuditEvent
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    subject: str | Unset = UNSET,
    type_: str | Unset = UNSET,
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

    params["subject"] = subject

    params["type"] = type_

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
        "url": "/v1/audit_events",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ListAuditEvent:
    response_200 = ListAuditEvent.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    subject: str | Unset = UNSET,
    type_: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListAuditEvent:
    """List the settings history.

    A page looks at 5,000 events at most for those that the filters want: it can be short, or
    empty,
    and have a `next_href` all the same, which goes on from there.
    """

    response = client.get_httpx_client().request(
        **_get_kwargs(
            subject=subject,
            type_=type_,
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
    subject: str | Unset = UNSET,
    type_: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListAuditEvent:
    """List the settings history.

    A page looks at 5,000 events at most for those that the filters want: it can be short, or
    empty,
    and have a `next_href` all the same, which goes on from there.
    """

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            subject=subject,
            type_=type_,
            since=since,
            until=until,
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
