"""Errors, retries and pages."""

import unittest

import httpx
from fakes import ACCOUNT, Server, client, error, ok

from latchhook import ApiError, UnreachableError, iterate
from latchhook.generated.api.accounts import (
    delete_accounts_id,
    get_account,
    get_accounts,
    patch_accounts_id,
    post_accounts,
)
from latchhook.generated.api.portal_sessions import post_portal_sessions_redeem
from latchhook.generated.models.create_account import CreateAccount
from latchhook.generated.models.redeem_code import RedeemCode
from latchhook.generated.models.update_account import UpdateAccount


class Errors(unittest.TestCase):
    def test_an_error_has_its_code_param_and_request(self):
        server = Server(error(422, "invalid_field", "name"))
        with self.assertRaises(ApiError) as raised:
            get_account.sync(client=client(server))
        failure = raised.exception
        self.assertEqual(
            (failure.status, failure.code, failure.param, failure.request_id),
            (422, "invalid_field", "name", "req_1"),
        )
        self.assertEqual(str(failure), "422 invalid_field (name): No. [req_1]")

    def test_an_answer_of_somebody_else_is_an_error_without_a_code(self):
        server = Server(httpx.Response(403, text="<h1>proxy</h1>"))
        with self.assertRaises(ApiError) as raised:
            get_account.sync(client=client(server))
        self.assertIsNone(raised.exception.code)

    def test_no_text_of_a_client_or_an_error_has_the_token(self):
        latchhook = client(Server(httpx.ConnectError("lhop_token")), tries=1)
        with self.assertRaises(UnreachableError) as raised:
            get_account.sync(client=latchhook)
        self.assertNotIn("lhop_token", repr(latchhook) + str(raised.exception))


class Retrying(unittest.TestCase):
    def post(self, *answers, **policy):
        server, slept = Server(*answers), []
        try:
            post_accounts.sync(
                client=client(server, slept, **policy), body=CreateAccount(name="Acme")
            )
        except Exception as failure:
            return server.requests, slept, failure
        return server.requests, slept, None

    def test_all_tries_of_a_call_carry_one_key_and_calls_differ_in_theirs(self):
        lost, away = httpx.ReadTimeout("lost"), error(503, "unavailable")
        requests, slept, failure = self.post(lost, away, ok(ACCOUNT, 201))
        self.assertIsNone(failure)
        keys = {request.headers["Idempotency-Key"] for request in requests}
        self.assertEqual((len(requests), len(keys), slept), (3, 1, [0.25, 0.5]))
        self.assertEqual(len({request.content for request in requests}), 1)
        [other], _, _ = self.post(ok(ACCOUNT, 201))
        self.assertNotIn(other.headers["Idempotency-Key"], keys)

    def test_a_key_of_the_callers_own_is_kept(self):
        server = Server(ok(ACCOUNT, 201))
        body = CreateAccount(name="Acme")
        post_accounts.sync(client=client(server), body=body, idempotency_key="mine")
        self.assertEqual(server.requests[0].headers["Idempotency-Key"], "mine")

    def test_retry_after_is_waited_for_unless_it_is_too_long(self):
        limited = error(429, "rate_limited", **{"Retry-After": "7"})
        _, slept, failure = self.post(limited, ok(ACCOUNT, 201))
        self.assertEqual((slept, failure), ([7.0], None))
        limited = error(429, "rate_limited", **{"Retry-After": "61"})
        _, slept, failure = self.post(limited)
        self.assertEqual((slept, failure.code, failure.retry_after), ([], "rate_limited", 61.0))

    def test_jitter_shortens_the_pause(self):
        away = error(503, "unavailable")
        _, slept, _ = self.post(away, ok(ACCOUNT, 201), jitter=lambda: 0.1)
        self.assertEqual(slept, [0.025])

    def test_the_last_error_is_raised_when_there_are_no_more_tries(self):
        answers = [httpx.ConnectError("no")] * 3 + [error(503, "unavailable")]
        requests, _, failure = self.post(*answers)
        self.assertEqual((len(requests), failure.code), (4, "unavailable"))

    def test_a_first_try_that_is_still_running_is_waited_for(self):
        lost, running = httpx.ReadTimeout("lost"), error(409, "idempotency_in_progress")
        requests, _, failure = self.post(lost, running, ok(ACCOUNT, 201))
        self.assertEqual((len(requests), failure), (3, None))

    def test_an_error_that_a_repeat_cannot_mend_is_not_repeated(self):
        for status, code in ((500, "internal"), (409, "conflict"), (422, "missing_field")):
            requests, _, failure = self.post(error(status, code))
            self.assertEqual((len(requests), failure.code), (1, code))

    def tries(self, answer, call):
        server = Server(*[answer] * 4)
        with self.assertRaises((ApiError, UnreachableError)):
            call(client(server))
        return len(server.requests)

    def test_what_may_have_been_done_is_repeated_only_where_that_does_no_harm(self):
        lost, gateway = httpx.ReadError("lost"), httpx.Response(502, text="bad gateway")
        away = error(503, "unavailable")

        def change(latchhook):
            patch_accounts_id.sync("acct_1", client=latchhook, body=UpdateAccount(name="B"))

        def delete(latchhook):
            delete_accounts_id.sync("acct_1", client=latchhook)

        def redeem(latchhook):
            post_portal_sessions_redeem.sync(client=latchhook, body=RedeemCode(code="lhps_1"))

        for call, unsure in ((change, 4), (delete, 1), (redeem, 1)):
            self.assertEqual(self.tries(lost, call), unsure)
            self.assertEqual(self.tries(gateway, call), unsure)
            self.assertEqual(self.tries(away, call), 4)


class Pages(unittest.TestCase):
    def test_rows_of_all_pages_follow_each_other_and_pages_come_when_needed(self):
        def page(name, following):
            rows = [{**ACCOUNT, "name": name}]
            pages = {"count": 2, "next_href": following, "previous_href": None}
            return ok({"object": "list", "data": rows, **pages})

        server = Server(page("A", "/v1/accounts?per_page=1&cursor=a%2Bb"), page("B", None))
        rows = iterate(get_accounts.sync, client=client(server), per_page=1)
        self.assertEqual(next(rows).name, "A")
        self.assertEqual(len(server.requests), 1)
        self.assertEqual([row.name for row in rows], ["B"])
        self.assertEqual(dict(server.requests[1].url.params), {"per_page": "1", "cursor": "a+b"})


class Asyncio(unittest.IsolatedAsyncioTestCase):
    async def test_calls_are_repeated_without_blocking(self):
        from latchhook import Latchhook, Retries, iterate_async

        slept = []

        async def sleep(seconds):
            slept.append(seconds)

        pages = {"count": 1, "next_href": None, "previous_href": None}
        listed = ok({"object": "list", "data": [ACCOUNT], **pages})
        server = Server(error(503, "unavailable"), listed)
        latchhook = Latchhook(
            "http://latchhook.test",
            "lhop_token",
            async_transport=server.transport,
            retries=Retries(sleep_async=sleep, jitter=lambda: 1.0),
        )
        rows = [row.name async for row in iterate_async(get_accounts.asyncio, client=latchhook)]
        self.assertEqual((rows, slept), (["Acme"], [0.25]))


if __name__ == "__main__":
    unittest.main()
