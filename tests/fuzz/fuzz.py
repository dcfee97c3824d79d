"""Makes up requests from the server's own OpenAPI document, and looks for a 5xx or a response that
breaks the document."""

import os
import pathlib
import subprocess
import sys
import tempfile

import server

HERE = pathlib.Path(__file__).parent

# Time budget of a run, in seconds.
SECONDS = int(os.environ.get("LATCHHOOK_FUZZ_SECONDS", "150"))

# CI uses a fixed seed, because it must tell whether a change broke something; a run by hand uses a
# random one, to find new faults.
SEED = ["--seed", "1"] if os.environ.get("CI") else []


def main():
    with server.running() as latchhook, tempfile.TemporaryDirectory() as scratch:
        account = open_account(latchhook, "fuzzed")
        spare = open_account(latchhook, "may be closed")
        command = [
            sys.executable,
            *["-m", "schemathesis.cli"],
            *["--config-file", HERE / "schemathesis.toml"],
            *["run", f"{latchhook.url}/openapi.json", "--url", latchhook.url],
            *["--max-time", str(SECONDS), *SEED],
            *["--header", f"Authorization: Bearer {latchhook.token}"],
            *["--header", f"Latchhook-Account: {account}"],
        ]
        environment = dict(
            os.environ,
            PYTHONPATH=str(HERE),
            LATCHHOOK_FUZZED_ACCOUNT=account,
            LATCHHOOK_SPARE_ACCOUNT=spare,
        )
        status = subprocess.run(command, env=environment, cwd=scratch).returncode
        if status:
            print(f"the end of the server's log:\n{latchhook.last_lines()}")
    print(f"fuzz: {int(not status)} passed, {int(bool(status))} failed")
    return int(bool(status))


def open_account(latchhook, name):
    """Opens an account without limits: live mode is open, and the webhook quota is high."""
    account = latchhook.call("POST", "/v1/accounts", {"name": name})["id"]
    latchhook.call(
        "PATCH", f"/v1/accounts/{account}", {"credentialed": True, "webhook_quota": 100}
    )
    return account


if __name__ == "__main__":
    sys.exit(main())
