"""Functions call AWS only when they need to."""

import json
import socket
import unittest

import bench
import deploy


class Start(unittest.TestCase):
    """Starts each function and has it answer once, recording every call to AWS."""

    def test_no_function_calls_aws_at_its_start(self):
        binaries = {binary.name.removeprefix("lambda-"): binary for binary in deploy.VISITED.binaries}
        self.assertEqual(set(binaries), set(bench.FUNCTIONS))
        with bench.Stage() as stage:
            for name, binary in binaries.items():
                with self.subTest(name):
                    stage.start(name, str(binary))

    def test_a_request_is_a_subsegment_of_lambdas_segment_where_x_ray_listens(self):
        [binary] = [b for b in deploy.VISITED.binaries if b.name == "lambda-logs"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon, bench.Stage() as stage:
            daemon.bind(("127.0.0.1", 0))
            daemon.settimeout(bench.PATIENCE)
            stage.start("logs", str(binary), AWS_XRAY_DAEMON_ADDRESS="{}:{}".format(*daemon.getsockname()))
            head, _, text = daemon.recv(65_507).partition(b"\n")
        self.assertEqual(json.loads(head), {"format": "json", "version": 1})
        sent = json.loads(text)
        self.assertEqual([sent[name] for name in ("name", "type")], ["request", "subsegment"])
        self.assertEqual(f"Root={sent['trace_id']};Parent={sent['parent_id']};Sampled=1", bench.TRACE)
        self.assertEqual((sent["annotations"]["route"], sent["annotations"]["status"]), ("/v1/logs", 401))

    def test_a_call_to_aws_is_recorded(self):
        [binary] = [b for b in deploy.VISITED.binaries if b.name == "lambda-accounts"]
        asked = bench.request("/v1/accounts")
        asked["headers"]["authorization"] = "Bearer lhop_" + 43 * "0"
        with bench.Stage() as stage, self.assertRaisesRegex(bench.Unexpected, "a call of AWS"):
            stage.start("accounts", str(binary), asked)


if __name__ == "__main__":
    unittest.main()
