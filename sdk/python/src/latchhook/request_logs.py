"""Rows of accounts' API logs, sent in the background."""

import logging
import threading
from collections import deque

from .client import Latchhook
from .errors import LatchhookError
from .generated.api.logs import post_request_logs
from .generated.models.report_requests import ReportRequests
from .generated.models.reported_request import ReportedRequest

log = logging.getLogger("latchhook")

#: Most rows of one call.
_MOST = 500
#: Most rows that wait; what comes on top is dropped, and counted in a warning.
_CAPACITY = 10_000


class RequestLogs:
    """Queue of rows and the thread that sends them, a second after the first at the latest.

    The thread is started by the first row, so in each process of a server that forks.
    """

    def __init__(self, latchhook: Latchhook, interval: float = 1.0) -> None:
        self._latchhook = latchhook
        self._interval = interval
        self._waiting: deque[tuple[str, ReportedRequest]] = deque()
        self._dropped = 0
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, account_id: str, row: ReportedRequest) -> None:
        """Takes a row to be sent; never waits for the network."""
        with self._lock:
            if len(self._waiting) >= _CAPACITY:
                self._dropped += 1
                return
            self._waiting.append((account_id, row))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="latchhook", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Sends everything that waits, and returns when that is done."""
        with self._sending:
            with self._lock:
                rows, self._waiting = list(self._waiting), deque()
                dropped, self._dropped = self._dropped, 0
            if dropped:
                log.warning("%d rows of request logs were dropped: too many waited", dropped)
            for account_id in dict.fromkeys(account for account, _ in rows):
                of_account = [row for account, row in rows if account == account_id]
                for start in range(0, len(of_account), _MOST):
                    self._send(account_id, of_account[start : start + _MOST])

    def close(self) -> None:
        """Sends what waits and ends the thread."""
        self._ended.set()
        self.flush()

    def _send(self, account_id: str, rows: list[ReportedRequest]) -> None:
        try:
            post_request_logs.sync(
                client=self._latchhook,
                body=ReportRequests(request_logs=rows),
                latchhook_account=account_id,
            )
        except LatchhookError as error:
            log.warning("%d rows of request logs were lost: %s", len(rows), error)

    def _run(self) -> None:
        while not self._ended.wait(self._interval):
            self.flush()
