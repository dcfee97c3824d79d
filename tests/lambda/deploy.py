"""Deploys infra/template.yaml, as `sam package` and `sam deploy` would, to an emulator at any address."""

import io
import json
import platform
import re
import stat
import urllib.error
import urllib.request
import zipfile
import zlib

import botocore.exceptions
import rendered

BUCKET = "artifacts"
ACCOUNT = "000000000000"
# The alias that API and queues call.
ALIAS = "live"
ARCHITECTURE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
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
        client, name = self.aws.client("lambda"), self.physical(function)
        client.update_function_code(FunctionName=name, S3Bucket=BUCKET, S3Key=function)
        version = client.publish_version(FunctionName=name)["Version"]
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)

    def update(self, **parameters):
        """Deploys the same functions again, with other parameters."""
        template = rendered.read()
        _upload_functions(self.aws.client("s3"), self.binaries[0].parent, template)
        _change_stack(self.aws, "update", self.stack, template, rendered.explicit, parameters)

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


def deploy(aws, binaries, stack="latchhook", shape=rendered.explicit, stage="$default", **parameters):
    """Deploys a stack with the functions in the folder `binaries`. `shape` gives the rendered template
    the API that the emulator knows, and `stage` is where that is."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    template = rendered.read()
    uploaded = _upload_functions(s3, binaries, template)
    parameters = {"PublicUrl": _url(aws, stack, stage), **parameters}
    _change_stack(aws, "create", stack, template, shape, parameters)
    _make_key_ring(parameters["PublicUrl"])
    return Deployment(aws, stack, parameters["PublicUrl"], uploaded)


def _change_stack(aws, verb, stack, template, shape, parameters):
    """Has a stack created or updated, and waits for that; raises why if it can't be."""
    s3, nested = aws.client("s3"), f"{aws.url}/{BUCKET}/"
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Application":
            name = resource["Properties"]["Location"]
            inner = rendered.explicit(rendered.render(rendered.read(name)))
            for api in inner["Resources"].values():
                if api["Type"] == "AWS::ApiGatewayV2::Api":
                    # Or it would inherit the identifier that the stack's tag gives to the other.
                    api["Properties"]["Tags"] = {"ms-custom-id": _api(f"{stack}-{name}")}
            _upload(s3, name, _supported(inner, {}))
    values = {n: p["Default"] for n, p in template["Parameters"].items() if "Default" in p} | parameters
    made = rendered.render(template, f"s3://{BUCKET}/", nested, **parameters)
    _upload(s3, stack, _supported(shape(made), values))
    cloudformation = aws.client("cloudformation")
    change = {"create": cloudformation.create_stack, "update": cloudformation.update_stack}[verb]
    change(
        StackName=stack,
        TemplateURL=f"{nested}{stack}",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        # As MiniStack and LocalStack call it.
        Tags=[{"Key": name, "Value": _api(stack)} for name in ("ms-custom-id", "_custom_id_")],
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
        ],
    )
    _await(cloudformation, stack, f"stack_{verb}_complete")


def has_http_apis(aws):
    """Whether the emulator has HTTP APIs; those of LocalStack need a licence."""
    try:
        aws.client("apigatewayv2").get_apis()
    except botocore.exceptions.ClientError:
        return False
    return True


def _api(stack):
    """Identifier that the emulator is told to give the stack's API, so that its URL is known before."""
    return f"{zlib.crc32(stack.encode()):08x}"


def _url(aws, stack, stage):
    return f"{aws.url}/_aws/execute-api/{_api(stack)}/{stage}"


def _upload_functions(s3, binaries, template):
    """Uploads every function of the template; returns their binaries."""
    uploaded = []
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            binary = binaries / binary_of(name)
            uploaded.append(binary)
            s3.put_object(Bucket=BUCKET, Key=name, Body=_zip("bootstrap", binary.read_bytes()))
    return uploaded


def _upload(s3, name, template):
    s3.put_object(Bucket=BUCKET, Key=name, Body=json.dumps(template).encode())


def _supported(template, values):
    """Leaves out, or says otherwise, what the emulator does not know and AWS does."""
    resources = template["Resources"]
    for name, resource in list(resources.items()):
        properties = resource.get("Properties", {})
        # Alarms on expressions would be refused with the whole stack, and so would CodeDeploy.
        of_code_deploy = resource["Type"].startswith("AWS::CodeDeploy::") or name == "CodeDeployServiceRole"
        if "Metrics" in properties or of_code_deploy:
            del resources[name]
        resource.pop("UpdatePolicy", None)
        if "Architectures" in properties:
            # The binaries are this machine's.
            properties["Architectures"] = [ARCHITECTURE]
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            _resolve_numbers(properties["ScalingConfig"], values)
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            _allow_batches(properties["PolicyDocument"])
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                _allow_batches(policy["PolicyDocument"])
                _name_token(policy["PolicyDocument"])
    return template


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


def _resolve_numbers(properties, values):
    """Turns numeric parameters into numbers: AWS does so, the emulator takes them as text."""
    for name, value in properties.items():
        if isinstance(value, dict):
            properties[name] = int(values[value["Ref"]])


def _allow_batches(policy):
    """Allows batches: on AWS `sqs:SendMessage` covers them, the emulator has an action of its own."""
    for statement in policy["Statement"]:
        if statement.get("Action") == "sqs:SendMessage":
            statement["Action"] = ["sqs:SendMessage", "sqs:SendMessageBatch"]


def _name_token(policy):
    """Names the operator token by its ARN: on AWS a reference is that, the emulator has its name."""
    arn = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${AWS::StackName}/operator-token*"
    for statement in policy["Statement"]:
        if statement.get("Resource") == {"Fn::Sub": ["${secretArn}", {"secretArn": {"Ref": "OperatorToken"}}]}:
            statement["Resource"] = {"Fn::Sub": arn}


def _zip(name, content):
    buffer = io.BytesIO()
    # Not compressed, because it is unpacked at once on the same machine.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (stat.S_IFREG | 0o755) << 16
        archive.writestr(entry, content)
    return buffer.getvalue()


def _await(cloudformation, stack, state):
    waiter = cloudformation.get_waiter(state)
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
