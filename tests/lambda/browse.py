"""A minimal browser that sends the dashboard's forms."""

import http.client
import re
import secrets
import urllib.parse

import visit

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html: 10,240 bytes of request line
# and header values, of which two thousand are left to headers that real browsers add.
MOST_OF_HEAD = 10_240 - 2_048


class Browser:
    """A browser on the pages of a deployment."""

    def __init__(self, deployment):
        self.base = urllib.parse.urlsplit(deployment.url)
        self.cookies = {}
        self.token = None

    def look(self, path):
        """Opens a page."""
        return self._ask("GET", path, None)

    def send(self, path, **fields):
        """Sends a form of the page that was opened last; returns the page that it leads to."""
        fields = {"form": self.token or "", "once": secrets.token_hex(8), **fields}
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def _ask(self, method, path, form):
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Sec-Fetch-Site"] = "same-origin"
        size = len(f"{method} {self.base.path}{path}") + sum(map(len, headers.values()))
        if size > MOST_OF_HEAD:
            raise visit.Refused(f"API Gateway would not take {size} bytes of {method} {path}")
        connection = http.client.HTTPConnection(self.base.netloc, timeout=visit.PATIENCE_SECONDS)
        connection.request(method, self.base.path + path, form, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        if answer.status >= 400:
            raise visit.Refused(f"{method} {path} -> {answer.status}")
        found = re.search(r'name="form" value="([^"]+)"', text)
        self.token = found[1] if found else self.token
        return answer.headers.get("Location") or text
