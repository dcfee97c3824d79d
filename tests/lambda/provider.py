"""An OpenID Connect provider: discovery, keys, a page at which everybody is Ada, and tokens."""

import base64
import contextlib
import hashlib
import http.server
import json
import secrets
import threading
import time
import urllib.parse

CLIENT = "latchhook"
# https://www.rfc-editor.org/rfc/rfc8017#section-9.2 - the prefix of a SHA-256 digest.
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
EXPONENT = 65537


class Provider(http.server.ThreadingHTTPServer):
    """A provider that signs by RS256; `claims` changes what, `code` is a code's length and `secret` the client's."""

    daemon_threads = True

    def __init__(self, secret):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.secret, self.claims, self.code = secret, {}, 32
        # Paths that were asked for, and what was asked for each code.
        self.asked, self.grants = [], {}
        p, q = prime(), prime()
        self.modulus, self.private = p * q, pow(EXPONENT, -1, (p - 1) * (q - 1))

    def keys(self):
        """The key set."""
        size = (self.modulus.bit_length() + 7) // 8
        numbers = {"n": self.modulus.to_bytes(size, "big"), "e": EXPONENT.to_bytes(3, "big")}
        return {"keys": [{"kty": "RSA", "kid": "1", **{name: text(raw) for name, raw in numbers.items()}}]}

    def granted(self, asked):
        """Where the browser goes of a person who signed in."""
        code = secrets.token_hex(self.code // 2)
        self.grants[code] = asked
        return f"{asked['redirect_uri']}?{urllib.parse.urlencode({'code': code, 'state': asked['state']})}"

    def redeemed(self, authorization, form):
        """The ID token for a code, if everything is right."""
        asked = self.grants.pop(form["code"], None)
        client = ":".join(map(urllib.parse.quote_plus, (CLIENT, self.secret)))
        challenge = text(hashlib.sha256(form["code_verifier"].encode()).digest())
        right = authorization == "Basic " + base64.b64encode(client.encode()).decode()
        if not asked or not right or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": "00u1", "exp": now + 300, "iat": now, "nonce": asked["nonce"]}
        claims |= {"email": "ada@example.com", "email_verified": True, **self.claims}
        return self.signed(claims)

    def signed(self, claims):
        """A token, signed."""
        said = ".".join(text(json.dumps(one).encode()) for one in ({"alg": "RS256", "kid": "1"}, claims))
        digest = SHA256 + hashlib.sha256(said.encode()).digest()
        size = (self.modulus.bit_length() + 7) // 8
        padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
        signature = pow(int.from_bytes(padded, "big"), self.private, self.modulus)
        return f"{said}.{text(signature.to_bytes(size, 'big'))}"


class Conversation(http.server.BaseHTTPRequestHandler):
    """A connection of a browser or a function."""

    def do_GET(self):  # noqa: N802
        """The provider's addresses, its keys, or the way back."""
        path, _, query = self.path.partition("?")
        provider = self.server
        provider.asked.append(path)
        if path == "/authorize":
            self.send_response(303)
            self.send_header("Location", provider.granted(dict(urllib.parse.parse_qsl(query))))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path == "/keys":
            self.say(200, provider.keys())
        else:
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            self.say(200, {"issuer": provider.url, **{name: f"{provider.url}/{at}" for name, at in places.items()}})

    def do_POST(self):  # noqa: N802
        """A token for a code."""
        self.server.asked.append(self.path)
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        token = self.server.redeemed(self.headers["Authorization"], dict(urllib.parse.parse_qsl(form)))
        self.say(*((200, {"id_token": token}) if token else (400, {"error": "invalid_grant"})))

    def say(self, status, answer):
        """Sends an answer."""
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


@contextlib.contextmanager
def provider(secret):
    """A provider for the duration of the block."""
    with Provider(secret) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def prime():
    """A number of 1,024 bits that is prime, as Fermat's test says, which only rare numbers deceive."""
    while True:
        number = secrets.randbits(1024) | 1 | 3 << 1022
        if number % EXPONENT != 1 and all(pow(base, number - 1, number) == 1 for base in (2, 3, 5)):
            return number


def text(raw):
    """Base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
