import datetime
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.environment import Environment
from ...models.get_logs_kind import GetLogsKind
from ...models.list_log import ListLog
from ...types import UNSET, Unset


def _get_kwargs(
    *,
    kind: GetLogsKind | Unset = UNSET,
    environment: Environment | Unset = UNSET,
    status: str | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    event_id: str | Unset = UNSET,
    event_type: str | Unset = UNSET,
    object_id: str | Unset = UNSET,
    api_key_id: str | Unset = UNSET,
    method: str | Unset = UNSET,
    path: str | Unset = UNSET,
    request_id: str | Unset = UNSET,
    ip: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    written_since: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(latchhook_account, Unset):
        headers["Latchhook-Account"] = latchhook_account

    params: dict[str, Any] = {}

    json_kind: str | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = kind

    params["kind"] = json_kind

    json_environment: str | Unset = UNSET
    if not isinstance(environment, Unset):
        json_environment = environment

    params["environment"] = json_environment

    params["status"] = status

    params["webhook_id"] = webhook_id

    params["event_id"] = event_id

    params["event_type"] = event_type

    params["object_id"] = object_id

    params["api_key_id"] = api_key_id

    params["method"] = method

    params["path"] = path

    params["request_id"] = request_id

    params["ip"] = ip

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    json_written_since: str | Unset = UNSET
    if not isinstance(written_since, Unset):
        json_written_since = written_since.isoformat()
    params["written_since"] = json_written_since

    params["per_page"] = per_page

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/logs",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(response: httpx.Response) -> ListLog:
    response_200 = ListLog.from_dict(response.json())

    return response_200


def sync(
    *,
    client: AuthenticatedClient | Client,
    kind: GetLogsKind | Unset = UNSET,
    environment: Environment | Unset = UNSET,
    status: str | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    event_id: str | Unset = UNSET,
    event_type: str | Unset = UNSET,
    object_id: str | Unset = UNSET,
    api_key_id: str | Unset = UNSET,
    method: str | Unset = UNSET,
    path: str | Unset = UNSET,
    request_id: str | Unset = UNSET,
    ip: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    written_since: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListLog:
    """List log rows."""

    response = client.get_httpx_client().request(
        **_get_kwargs(
            kind=kind,
            environment=environment,
            status=status,
            webhook_id=webhook_id,
            event_id=event_id,
            event_type=event_type,
            object_id=object_id,
            api_key_id=api_key_id,
            method=method,
            path=path,
            request_id=request_id,
            ip=ip,
            since=since,
            until=until,
            written_since=written_since,
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    kind: GetLogsKind | Unset = UNSET,
    environment: Environment | Unset = UNSET,
    status: str | Unset = UNSET,
    webhook_id: str | Unset = UNSET,
    event_id: str | Unset = UNSET,
    event_type: str | Unset = UNSET,
    object_id: str | Unset = UNSET,
    api_key_id: str | Unset = UNSET,
    method: str | Unset = UNSET,
    path: str | Unset = UNSET,
    request_id: str | Unset = UNSET,
    ip: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    written_since: datetime.datetime | Unset = UNSET,
    per_page: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    latchhook_account: str | Unset = UNSET,
) -> ListLog:
    """List log rows."""

    response = await client.get_async_httpx_client().request(
        **_get_kwargs(
            kind=kind,
            environment=environment,
            status=status,
            webhook_id=webhook_id,
            event_id=event_id,
            event_type=event_type,
            object_id=object_id,
            api_key_id=api_key_id,
            method=method,
            path=path,
            request_id=request_id,
            ip=ip,
            since=since,
            until=until,
            written_since=written_since,
            per_page=per_page,
            cursor=cursor,
            latchhook_account=latchhook_account,
        )
    )
    return _parse_response(response)
