"""Iterators over all rows of a list, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import ParamSpec, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

P = ParamSpec("P")
Row = TypeVar("Row")


class Page(Protocol[Row]):
    """Page of a list, as the routes of lists answer."""

    data: list[Row]
    next_href: str | None


def iterate(
    fetch: Callable[P, Page[Row]], /, *arguments: P.args, **named: P.kwargs
) -> Iterator[Row]:
    """Yields each row of a list: `iterate(get_webhooks.sync, client=latchhook, environment="test")`.

    A page is asked for when its first row is.
    """
    while True:
        page = fetch(*arguments, **named)
        yield from page.data
        if page.next_href is None:
            return
        named["cursor"] = _cursor(page.next_href)


async def iterate_async(
    fetch: Callable[P, Awaitable[Page[Row]]], /, *arguments: P.args, **named: P.kwargs
) -> AsyncIterator[Row]:
    """Yields each row of a list; `iterate` for the functions `asyncio` of routes."""
    while True:
        page = await fetch(*arguments, **named)
        for row in page.data:
            yield row
        if page.next_href is None:
            return
        named["cursor"] = _cursor(page.next_href)


def _cursor(href: str) -> str:
    return parse_qs(urlsplit(href).query)["cursor"][0]
