from os import environ
from pathlib import Path

from verify import verify

headers = {
    "webhook-id": environ["ID"],
    "webhook-timestamp": environ["SENT_AT"],
    "webhook-signature": environ["SIGNATURE"],
}
verify(environ["SECRET"], headers, Path("body").read_bytes())
