"""Deploys the template once, and holds the deployment to the scenarios and to its own tests.

usage: run.py FOLDER-OF-BINARIES [FILTER-OF-SCENARIOS]

It deploys to LATCHHOOK_AWS_ENDPOINT, whatever that is. With LATCHHOOK_AWS_TESTS=scenarios, only those.
"""

import os
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "emulator"))

import deploy  # noqa: E402
import emulator  # noqa: E402
import rendered  # noqa: E402
import rest  # noqa: E402

# Settings that every scenario relies on: see tests/scenarios/src/settings.rs.
SETTINGS = {
    "AllowNetworks": "127.0.0.0/8",
    "RetrySchedule": "5x250ms",
    "DeliveryTimeout": "3s",
    # Longer than the schedule, and short enough to see a message hop.
    "HopLimit": "2s",
}


def main():
    """Runs everything; returns the exit code."""
    binaries = pathlib.Path(sys.argv[1])
    aws = emulator.Emulator(os.environ["LATCHHOOK_AWS_ENDPOINT"])
    has_http_apis = deploy.has_http_apis(aws)
    shape, stage = (rendered.explicit, "$default") if has_http_apis else (rest.rest_of, rest.STAGE)
    deployment = deploy.deploy(aws, binaries, shape=shape, stage=stage, **SETTINGS)
    good = scenarios(deployment, sys.argv[2:])
    # These take for granted what only our emulator does: roles that are enforced, for one.
    if os.environ.get("LATCHHOOK_AWS_TESTS") != "scenarios":
        good = own_tests(deployment) and good
    if not good:
        print("the last errors of the functions:", *deployment.lines("ERROR")[-20:], sep="\n")
    sys.exit(0 if good else 1)


def scenarios(deployment, arguments):
    """Runs the scenarios of the standalone server against the deployment."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "LATCHHOOK_URL": deployment.url,
        "LATCHHOOK_OPERATOR_TOKEN": deployment.operator_token(),
    }
    # The selection of tests/parts/common.sh, so that nothing is built again.
    command = ["cargo", "test", "--workspace", "--all-features", "--no-fail-fast"]
    for file in sorted((HERE.parent / "scenarios" / "tests").glob("*.rs")):
        command += ["--test", file.stem]
    command += ["--locked"] if os.environ.get("CI") else []
    command += ["--", *arguments] if arguments else []
    return subprocess.run(command, env=environment, check=False).returncode == 0


def own_tests(deployment):
    """Runs the tests of a deployment: roles, queues, authorizer."""
    deploy.VISITED = deployment
    suite = unittest.defaultTestLoader.discover(str(HERE), pattern="test_*.py")
    return unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful()


if __name__ == "__main__":
    main()
