import json
from os import environ

from reconcile import missing

statement, got = json.loads(environ["STATEMENT"]), json.loads(environ["GOT"])
print("\n".join(missing(environ["API"], environ["KEY"], statement, got)))
