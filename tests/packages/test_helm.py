"""The Helm chart: linted, rendered, and held against the schemas of every Kubernetes that it is for."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import kubernetes_validate
import support
import yaml
from support import NOBODY, PACKAGING, VERSION

CHART = PACKAGING / "helm" / "latchhook"
HELM = os.environ["HELM"]
# The oldest and the newest that are told apart, and one between: schemas of others come with the tools.
KUBERNETES = ["1.25", "1.31", "1.37"]
VALUES = {"defaults": [], "everything": ["--values", str(CHART / "ci" / "everything-values.yaml")]}


def render(*options):
    """What the chart makes, by kind and name."""
    text = support.run(HELM, "template", "hooks", CHART, "--namespace", "hooks", *options)
    documents = [document for document in yaml.safe_load_all(text) if document]
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in documents}


def pods(documents):
    """The pods of everything that has some, by kind and name."""
    for name, document in documents.items():
        spec = document["spec"] if "spec" in document else {}
        match document["kind"]:
            case "Pod":
                yield name, spec
            case "StatefulSet":
                yield name, spec["template"]["spec"]
            case "CronJob":
                yield name, spec["jobTemplate"]["spec"]["template"]["spec"]


class Chart(unittest.TestCase):
    """The chart with its defaults, and with every part."""

    def test_it_is_of_this_version(self):
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertEqual((chart["version"], chart["appVersion"]), (VERSION, VERSION))

    def test_helm_finds_nothing_to_say(self):
        for name, options in VALUES.items():
            with self.subTest(name):
                said = support.run(HELM, "lint", "--strict", CHART, *options)
                self.assertNotRegex(said, r"\[(WARNING|ERROR)\]")

    def test_all_of_it_is_valid_for_every_version_of_kubernetes(self):
        for name, options in VALUES.items():
            for version in KUBERNETES:
                for what, document in render("--kube-version", version, *options).items():
                    with self.subTest(values=name, version=version, what=what):
                        kubernetes_validate.validate(document, version, strict=True)

    def test_every_part_is_made_when_it_is_asked_for(self):
        self.assertEqual(set(render()), {
            "ServiceAccount/hooks-latchhook", "StatefulSet/hooks-latchhook", "Service/hooks-latchhook",
            "Service/hooks-latchhook-headless", "NetworkPolicy/hooks-latchhook", "Pod/hooks-latchhook-test",
        })  # fmt: skip
        self.assertEqual(set(render(*VALUES["everything"])) - set(render()), {
            "Ingress/hooks-latchhook", "CronJob/hooks-latchhook-backup",
            "NetworkPolicy/hooks-latchhook-backup", "PersistentVolumeClaim/hooks-latchhook-backups",
        })  # fmt: skip

    def test_a_name_that_is_no_value_is_refused(self):
        said = support.refused(HELM, "template", "hooks", CHART, "--set", "imagee.tag=1")
        self.assertIn("imagee", said)

    def test_one_pod_has_the_volume(self):
        server = render()["StatefulSet/hooks-latchhook"]["spec"]
        self.assertEqual(server["replicas"], 1)
        self.assertEqual([claim["metadata"]["name"] for claim in server["volumeClaimTemplates"]], ["data"])
        retention = server["persistentVolumeClaimRetentionPolicy"]
        self.assertEqual(retention, {"whenDeleted": "Retain", "whenScaled": "Retain"})

    def test_every_container_is_as_restricted_as_kubernetes_knows(self):
        for pod, spec in pods(render(*VALUES["everything"])):
            security = spec["securityContext"]
            self.assertIs(security["runAsNonRoot"], True, pod)
            self.assertEqual(security["runAsUser"], NOBODY, pod)
            self.assertEqual(security["seccompProfile"], {"type": "RuntimeDefault"}, pod)
            self.assertIs(spec["automountServiceAccountToken"], False, pod)
            for container in spec["containers"] + spec.get("initContainers", []):
                self.assertEqual(container["securityContext"], {
                    "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                }, pod)  # fmt: skip

    def test_no_service_gives_its_name_to_a_setting(self):
        for pod, spec in pods(render(*VALUES["everything"])):
            self.assertIs(spec["enableServiceLinks"], False, pod)

    def test_settings_and_secrets_reach_the_server(self):
        server = render(*VALUES["everything"])["StatefulSet/hooks-latchhook"]["spec"]
        [container] = server["template"]["spec"]["containers"]
        self.assertEqual({one["name"]: one["value"] for one in container["env"]}, {
            "LATCHHOOK_PUBLIC_URL": "https://hooks.example.com",
            "LATCHHOOK_LOG_RETENTION": "90d", "LATCHHOOK_RATE_LIMIT": "600",
        })  # fmt: skip
        self.assertEqual(container["envFrom"], [{"secretRef": {"name": "latchhook-secrets"}}])

    def test_deliveries_reach_the_internet_and_nothing_inside(self):
        egress = render()["NetworkPolicy/hooks-latchhook"]["spec"]["egress"]
        blocks = [to["ipBlock"] for rule in egress for to in rule.get("to", [])]
        self.assertEqual({block["cidr"] for block in blocks}, {"0.0.0.0/0", "::/0"})
        denied = {network for block in blocks for network in block["except"]}
        self.assertLessEqual({"10.0.0.0/8", "169.254.0.0/16", "fc00::/7"}, denied)

    def test_the_ingress_leads_to_every_route_but_the_metrics(self):
        ingress = render(*VALUES["everything"])["Ingress/hooks-latchhook"]
        paths = [path["path"] for path in ingress["spec"]["rules"][0]["http"]["paths"] if path["path"] != "/"]
        with tempfile.TemporaryDirectory() as data:
            command = [os.environ["LATCHHOOK_BIN"], "serve", "--listen", "127.0.0.1:0", "--data-dir", data]
            with support.serving(*command, env={}) as server:
                routes = json.loads(support.ask(f"{server.url}/openapi.json")[1])["paths"]
        behind = [route for route in routes if any(route == path or route.startswith(f"{path}/") for path in paths)]
        self.assertEqual(set(routes) - set(behind), {"/metrics"})


class Pod(unittest.TestCase):
    """What the pods run, with the program itself."""

    def test_the_server_takes_a_volume_as_kubernetes_hands_it_over(self):
        """For fsGroup the volume's folder is of the group, which may write, and hands its group on."""
        with tempfile.TemporaryDirectory() as volume:
            os.chown(volume, 0, NOBODY)
            os.chmod(volume, 0o2775)
            support.run("chmod", "g+s,a+rx", volume)
            environment = {"LATCHHOOK_DATA_DIR": f"{volume}/latchhook", "LATCHHOOK_OPERATOR_TOKEN": support.TOKEN}
            command = [os.environ["LATCHHOOK_BIN"], "serve", "--listen", "127.0.0.1:0"]
            options = {"env": environment, "user": NOBODY, "group": NOBODY, "extra_groups": []}
            for _ in ["first start", "second start"]:
                with support.serving(*command, **options) as server:
                    self.assertEqual(support.ask(f"{server.url}/v1/accounts")[0], 200)

    def test_the_backup_job_copies_beside_the_server_and_keeps_the_newest(self):
        job = render(*VALUES["everything"], "--set", "backup.keep=2")["CronJob/hooks-latchhook-backup"]
        spec = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        [copy], [prune] = spec["initContainers"], spec["containers"]
        with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as backups:
            environment = {"LATCHHOOK_DATA_DIR": f"{data}/latchhook", "LATCHHOOK_OPERATOR_TOKEN": support.TOKEN}
            command = [os.environ["LATCHHOOK_BIN"], "serve", "--listen", "127.0.0.1:0"]
            with support.serving(*command, env=environment):
                for age, name in enumerate(["d", "c", "b", "a"]):
                    arguments = [self.expanded(one, copy, f"hooks-backup-{name}") for one in copy["args"]]
                    arguments = [one.replace("/backups/", f"{backups}/") for one in arguments]
                    support.run(os.environ["LATCHHOOK_BIN"], *arguments, env=environment)
                    made = pathlib.Path(backups, f"hooks-backup-{name}.backup")
                    os.utime(made, (1_000_000 + age, 1_000_000 + age))
            shell = prune["command"]
            self.assertEqual(shell[:2], ["sh", "-c"])
            keep = {one["name"]: one["value"] for one in prune["env"]}
            support.run("sh", "-c", shell[2].replace("/backups/", f"{backups}/"), env=os.environ | keep)
            self.assertEqual(set(os.listdir(backups)), {"hooks-backup-a.backup", "hooks-backup-b.backup"})

    def expanded(self, argument, container, pod):
        """An argument as the kubelet expands it."""
        known = {"POD": pod}
        for variable in container["env"]:
            text = variable.get("value", known.get(variable["name"], ""))
            known[variable["name"]] = re.sub(r"\$\((\w+)\)", lambda found: known[found[1]], text)
        return re.sub(r"\$\((\w+)\)", lambda found: known[found[1]], argument)

    def test_helm_test_asks_the_service(self):
        [container] = render()["Pod/hooks-latchhook-test"]["spec"]["containers"]
        done = subprocess.run(
            [os.environ["LATCHHOOK_BIN"], *container["args"][:-1], "http://127.0.0.1:9"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual((container["args"][-1], done.returncode), ("http://hooks-latchhook:80", 3))


if __name__ == "__main__":
    unittest.main()
