"""Deploys infra/template.yaml, as `sam package` and `sam deploy` would, to an emulator."""

import io
import json
import re
import stat
import urllib.error
import urllib.request
import zipfile
import zlib

import rest

BUCKET = "artifacts"
ACCOUNT = "000000000000"
# The deployment under test, set by run.py.
VISITED = None


class Deployment:
    """A deployed stack."""

    def __init__(self, aws, stack, url, binaries):
        self.aws = aws
        self.stack = stack
        self.url = url
        self.binaries = binaries
        cloudformation = aws.client("cloudformation")
        [described] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        self.outputs = {
            output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]
        }

    def operator_token(self):
        """The token that was generated when the stack was deployed."""
        secrets = self.aws.client("secretsmanager")
        secret = secrets.get_secret_value(SecretId=f"{self.stack}/operator-token")
        return "lhop_" + secret["SecretString"]

    def lines(self, text):
        """The lines of the functions' log with that text."""
        pages = self.aws.client("logs").get_paginator("filter_log_events")
        pages = pages.paginate(logGroupName=self.physical("Logs"), filterPattern=f'"{text}"')
        return [event["message"] for page in pages for event in page["events"]]

    def physical(self, logical):
        """Physical name of a resource of the template."""
        cloudformation = self.aws.client("cloudformation")
        detail = cloudformation.describe_stack_resource(
            StackName=self.stack, LogicalResourceId=logical
        )
        return detail["StackResourceDetail"]["PhysicalResourceId"]

    def restart(self, function):
        """Restarts a function, so that it has nothing in memory."""
        self.aws.client("lambda").update_function_code(
            FunctionName=self.physical(function), S3Bucket=BUCKET, S3Key=function
        )

    def function(self, name, code, api):
        """Creates a Python function that the API `api` may call; returns its ARN."""
        client = self.aws.client("lambda")
        arn = client.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Handler="index.handler",
            Role=f"arn:aws:iam::{ACCOUNT}:role/{self.physical('RelayRole')}",
            Code={"ZipFile": _zip("index.py", code.encode())},
        )["FunctionArn"]
        client.add_permission(
            FunctionName=arn,
            StatementId=api,
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{client.meta.region_name}:{ACCOUNT}:{api}/*",
        )
        return arn


def deploy(aws, binaries, stack="latchhook", template=None, stage="$default", **parameters):
    """Deploys a stack with the functions in the folder `binaries`; `stage` is where its API is."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    template = template or rest.read()
    # The emulator does not support alarms on expressions, and would refuse the whole stack.
    calculated = [n for n, r in template["Resources"].items() if "Metrics" in r.get("Properties", {})]
    for name in calculated:
        del template["Resources"][name]
    deployed = []
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            binary = binaries / binary_of(name)
            deployed.append(binary)
            s3.put_object(Bucket=BUCKET, Key=name, Body=_zip("bootstrap", binary.read_bytes()))
            resource["Properties"]["CodeUri"] = f"s3://{BUCKET}/{name}"
            _resolve_numbers(resource["Properties"], template["Parameters"], parameters)
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            _allow_batches(resource["Properties"]["PolicyDocument"])
    s3.put_object(Bucket=BUCKET, Key="template", Body=json.dumps(template).encode())
    # The emulator gives its API this identifier, so that the address is known in advance.
    api = f"{zlib.crc32(stack.encode()):08x}"
    url = f"{aws.url}/_aws/execute-api/{api}/{stage}"
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName=stack,
        TemplateURL=f"{aws.url}/{BUCKET}/template",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Tags=[{"Key": "ms-custom-id", "Value": api}],
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in {"PublicUrl": url, **parameters}.items()
        ],
    )
    _await(cloudformation, stack)
    _make_key_ring(url)
    return Deployment(aws, stack, url, deployed)


def binary_of(function):
    """Name of a function's binary, by the rule of infra/Makefile."""
    words = re.sub(r"([a-z])([A-Z])", r"\1-\2", function.removesuffix("Api"))
    return "lambda-" + words.lower()


def _make_key_ring(url):
    """Has one function create the key ring, by looking up a token. On AWS functions may do so
    concurrently; the emulator would let a later one overwrite the secret of the same name."""
    unknown = {"Authorization": "Bearer lhps_nobody"}
    try:
        urllib.request.urlopen(urllib.request.Request(f"{url}/v1/api_keys", headers=unknown), timeout=60)
    except urllib.error.HTTPError as refused:
        if refused.code == 401:
            return
        raise
    raise RuntimeError("a token that nobody has was taken")


def _resolve_numbers(function, declared, given):
    """Turns numeric parameters into numbers: AWS does so, the emulator takes them as text."""
    for event in function.get("Events", {}).values():
        scaling = event["Properties"]["ScalingConfig"]
        for name, value in scaling.items():
            if isinstance(value, dict):
                parameter = value["Ref"]
                scaling[name] = int(given.get(parameter, declared[parameter]["Default"]))


def _allow_batches(policy):
    """Allows batches: on AWS `sqs:SendMessage` covers them, the emulator has an action of its own."""
    for statement in policy["Statement"]:
        if statement["Action"] == "sqs:SendMessage":
            statement["Action"] = ["sqs:SendMessage", "sqs:SendMessageBatch"]


def _zip(name, content):
    buffer = io.BytesIO()
    # Not compressed, because it is unpacked at once on the same machine.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFREG | 0o755) << 16
        archive.writestr(entry, content)
    return buffer.getvalue()


def _await(cloudformation, stack):
    waiter = cloudformation.get_waiter("stack_create_complete")
    try:
        waiter.wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    except Exception as why:
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
        reasons = [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for page in pages
            for event in page["StackEvents"]
            if event.get("ResourceStatusReason")
        ]
        raise RuntimeError("\n".join(reasons)) from why
