"""Scenarios of conformance.json with the Python library."""

import base64
import contextlib
import importlib
import json
import os
import pkgutil
import time
import typing

import httpx
from apps import APPS

import latchhook.generated.api
from latchhook import (
    ApiError,
    InvalidDelivery,
    Latchhook,
    Retries,
    UnreachableError,
    iterate,
    verify_delivery,
)

PATIENCE_SECONDS = 20
PAUSE_SECONDS = 0.1
# Nothing listens on the discard port of this machine.
AWAY = "http://127.0.0.1:9"
OPERATIONS = {
    name.rsplit(".", 1)[1]: name
    for _, name, is_package in pkgutil.walk_packages(
        latchhook.generated.api.__path__, "latchhook.generated.api."
    )
    if not is_package
}


class Run:
    """One scenario, with what its steps kept."""

    def __init__(self, app):
        self.app = app
        self.kept = {"receiver": os.environ["RECEIVER_URL"]}
        self.slept = []
        self.waiting = None

    def step(self, step):
        given = self.filled(step)
        kinds = ("call", "rows", "eventually", "delivery", "request")
        [kind] = [kind for kind in kinds if kind in given]
        getattr(self, kind)(given)

    def filled(self, value):
        if isinstance(value, str) and value.startswith("$"):
            return self.kept[value[1:]]
        if isinstance(value, dict):
            return {name: self.filled(of) for name, of in value.items()}
        return [self.filled(of) for of in value] if isinstance(value, list) else value

    def client(self, step):
        through = step.get("through")
        url = f"{os.environ['FAULTY_URL']}/{through}" if through else os.environ["LATCHHOOK_URL"]
        token = step.get("as", os.environ["LATCHHOOK_TOKEN"])
        self.slept.clear()
        return Latchhook(url, token, retries=Retries(sleep=self.slept.append, jitter=lambda: 1.0))

    def arguments(self, name, step):
        method, path = step[name].split(" ")
        parts = path.replace("/v1", "").replace("{", "").replace("}", "").split("/")
        operation = importlib.import_module(OPERATIONS[method.lower() + "_".join(parts)]).sync
        named = {"client": self.client(step), **step.get("path", {}), **step.get("query", {})}
        if "account" in step:
            named["latchhook_account"] = step["account"]
        if "body" in step:
            hint = typing.get_type_hints(operation)["body"]
            [model] = [of for of in typing.get_args(hint) or [hint] if hasattr(of, "from_dict")]
            named["body"] = model.from_dict(step["body"])
        return operation, named

    def call(self, step):
        operation, named = self.arguments("call", step)
        try:
            answer = operation(**named).to_dict()
        except ApiError as error:
            found = {"status": error.status, "code": error.code, "param": error.param}
            matches(found, step["error"])
        except UnreachableError:
            matches({"unreachable": True}, step["error"])
        else:
            assert "error" not in step, "it succeeded"
            matches(answer, step.get("expect", {}))
            self.kept.update({name: answer[of] for name, of in step.get("keep", {}).items()})
        assert self.slept == step.get("slept", self.slept), f"slept {self.slept}"

    def rows(self, step, name="rows"):
        operation, named = self.arguments(name, step)
        matches([row.to_dict() for row in iterate(operation, **named)], step["expect"])

    def eventually(self, step):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.rows(step, "eventually")
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE_SECONDS)

    def delivery(self, step):
        got = (
            self.waiting
            or httpx.get(os.environ["RECEIVER_URL"], timeout=2 * PATIENCE_SECONDS).json()
        )
        self.waiting = got if step.get("keep") else None
        body, headers = got["body"].encode(), got["headers"]
        for prefix in step["prefixes"]:
            matches(verify_delivery(body, headers, step["secret"], prefix=prefix), step["delivery"])
            try:
                verify_delivery(body + b" ", headers, step["secret"], prefix=prefix)
            except InvalidDelivery:
                continue
            raise AssertionError("a changed body was taken")

    def request(self, step):
        headers = {}
        if "key" in step:
            basic = base64.b64encode(f"{step['key']}:".encode()).decode()
            headers["Authorization"] = (
                f"Basic {basic}" if "basic" in step else f"Bearer {step['key']}"
            )
        answer = httpx.get(self.app + step["request"], headers=headers, timeout=PATIENCE_SECONDS)
        assert answer.status_code == step["status"], f"{answer.status_code}: {answer.text}"
        matches(answer.json(), step.get("expect", {}))


def matches(found, expected):
    """Holds everything that is expected against what was found, which may have more fields."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            matches(found[name], value)
    elif isinstance(expected, list):
        assert len(found) == len(expected), f"{len(found)} rows: {found}"
        for one, other in zip(found, expected):
            matches(one, other)
    else:
        assert found == expected, f"{found!r} is not {expected!r}"


def main():
    passed = 0
    with open(os.environ["SCENARIOS"], encoding="utf-8") as file:
        scenarios = json.load(file)
    for scenario in scenarios:
        apps = APPS if scenario.get("apps") else {None: None}
        for name, app in apps.items():
            perform(scenario, name, app)
            passed += 1
    print(f"{passed} passed, 0 failed")


def perform(scenario, name, app):
    title = scenario["scenario"] + (f" ({name})" if name else "")
    url = AWAY if scenario.get("apps") == "away" else os.environ["LATCHHOOK_URL"]
    with app(url, os.environ["LATCHHOOK_TOKEN"]) if app else contextlib.nullcontext() as address:
        run = Run(address)
        for step in scenario["steps"]:
            try:
                run.step(step)
            except Exception as failure:
                failure.add_note(f"{title}\n{json.dumps(step)}")
                raise
    print(f"ok  {title}")


main()
