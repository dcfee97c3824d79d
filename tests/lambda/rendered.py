"""The templates as CloudFormation gets them: SAM's resources replaced by those that they stand for.

`python tests/lambda/rendered.py` prints the main template as JSON.
"""

import contextlib
import copy
import io
import json
import os
import pathlib

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

INFRA = pathlib.Path(__file__).parent.parent.parent / "infra"
# Path of the default route in the document of an HTTP API.
DEFAULT = "/$default"
MANAGED = "arn:aws:iam::aws:policy/service-role/"


def read(name="template.yaml"):
    """Reads a template of the folder infra, with what it repeats written out, as SAM does."""
    return json.loads(json.dumps(yaml_parse((INFRA / name).read_text(encoding="utf-8"))))


def render(template, code="s3://artifacts/", nested="https://s3.amazonaws.com/artifacts/", **parameters):
    """Renders a template, whose functions and nested templates are taken to be uploaded."""
    template = copy.deepcopy(template)
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = f"{code}{name}"
        if resource["Type"] == "AWS::Serverless::Application":
            properties["Location"] = f"{nested}{properties['Location']}"
    # The translator tells what it has no configuration for.
    with contextlib.redirect_stderr(io.StringIO()):
        return Translator(_Managed(), Parser()).translate(template, parameters)


def explicit(rendered):
    """A copy whose HTTP API has resources for routes and integrations, not a document of them."""
    rendered = copy.deepcopy(rendered)
    resources = rendered["Resources"]
    for api, resource in list(resources.items()):
        if resource["Type"] != "AWS::ApiGatewayV2::Api":
            continue
        properties = resource["Properties"]
        body = properties.pop("Body")
        properties.pop("FailOnWarnings", None)
        properties |= {"Name": body["info"]["title"], "ProtocolType": "HTTP"}
        for number, (path, methods) in enumerate(sorted(body["paths"].items())):
            for method, operation in methods.items():
                of_api = {"ApiId": {"Ref": api}}
                integration, name = operation["x-amazon-apigateway-integration"], f"{api}Path{number}"
                resources[f"{name}Integration"] = {
                    "Type": "AWS::ApiGatewayV2::Integration",
                    "Properties": of_api
                    | {
                        "IntegrationType": "AWS_PROXY",
                        "IntegrationUri": integration["uri"],
                        "PayloadFormatVersion": integration["payloadFormatVersion"],
                    },
                }
                any_method = method == "x-amazon-apigateway-any-method"
                verb = "ANY" if any_method else method.upper()
                resources[f"{name}Route"] = {
                    "Type": "AWS::ApiGatewayV2::Route",
                    "Properties": of_api
                    | {
                        "RouteKey": "$default" if path == DEFAULT else f"{verb} {path}",
                        "Target": {"Fn::Sub": f"integrations/${{{name}Integration}}"},
                    },
                }
    return rendered


class _Managed(dict):
    """ARNs of the policies that SAM attaches by itself."""

    def get(self, name, default=None):
        return MANAGED + name if name.startswith("AWS") else default


if __name__ == "__main__":
    print(json.dumps(render(read()), indent=2))
