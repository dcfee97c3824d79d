"""What a type checker has to let pass, and what it has to refuse."""

from latchhook import ApiError, Gate, Latchhook, iterate
from latchhook.generated.api.events import post_events
from latchhook.generated.api.logs import get_logs
from latchhook.generated.api.webhooks import get_webhooks, get_webhooks_id
from latchhook.generated.models.post_data import PostData
from latchhook.generated.models.post_data_object import PostDataObject
from latchhook.generated.models.post_event import PostEvent

latchhook = Latchhook("http://latchhook.test", "lhop_1", account="acct_1")
gate = Gate("http://latchhook.test", "lhop_1", environment="live")


def typed() -> list[str]:
    data = PostData(object_=PostDataObject.from_dict({"id": "rep_1"}))
    body = PostEvent(type_="report.completed", environment="test", data=data)
    event = post_events.sync(client=latchhook, body=body)
    attempts: int = event.deliveries[0].attempts
    names = [str(attempts), event.id]
    names += [webhook.webhook_url for webhook in iterate(get_webhooks.sync, client=latchhook)]
    names += [row.id for row in iterate(get_logs.sync, client=latchhook, kind="api_request")]
    PostEvent(type_="report.completed", environment="prod", data=data)  # type: ignore[arg-type]
    get_webhooks_id.sync(client=latchhook)  # type: ignore[call-arg]
    iterate(get_webhooks.sync, client=latchhook, page=2)  # type: ignore[call-arg]
    for webhook in iterate(get_webhooks.sync, client=latchhook):
        names.append(webhook.name)  # type: ignore[attr-defined]
    return names


def told(error: ApiError) -> str | None:
    if error.code == "url_taken":
        return error.param
    return "never" if error.code == "url_took" else "otherwise"  # type: ignore[comparison-overlap]
