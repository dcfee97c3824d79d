"""The template with a REST API in front instead of its HTTP API, for emulators that have no other.

`python tests/lambda/rest.py` prints it as JSON. Functions are told the public URL (a REST API that
names its functions can't name itself to them), so the parameter `PublicUrl` has to be given.
"""

import copy
import json
import pathlib

from samtranslator.yaml_helper import yaml_parse

TEMPLATE = pathlib.Path(__file__).parent.parent.parent / "infra" / "template.yaml"
STAGE = "api"
# Listed one by one: not every emulator knows API Gateway's ANY.
METHODS = ["get", "post", "put", "patch", "delete", "head", "options"]


def read():
    """Reads the template."""
    return yaml_parse(TEMPLATE.read_text(encoding="utf-8"))


def rest_of(template):
    """A copy of `template` with a REST API, deployed as the stage `api`, of the same routes."""
    template = copy.deepcopy(template)
    resources = template["Resources"]
    paths = {path: dict.fromkeys(METHODS, asks(name)) for path, name in functions(resources).items()}
    for name in [n for n, r in resources.items() if r["Type"].startswith("AWS::ApiGatewayV2::")]:
        del resources[name]
    # Under the same name, so that what refers to the API needs no change.
    resources["Http"] = {
        "Type": "AWS::ApiGateway::RestApi",
        "Properties": {
            "Body": {"swagger": "2.0", "info": {"title": {"Ref": "AWS::StackName"}}, "paths": paths},
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
        },
    }
    of_api = {"RestApiId": {"Ref": "Http"}}
    resources["HttpDeployment"] = {"Type": "AWS::ApiGateway::Deployment", "Properties": of_api}
    resources["HttpStage"] = {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {**of_api, "StageName": STAGE, "DeploymentId": {"Ref": "HttpDeployment"}},
    }
    # The alarm watches a metric that only HTTP APIs have.
    del resources["ApiFailsAlarm"]
    del template["Conditions"]["OwnUrl"]
    del template["Parameters"]["PublicUrl"]["Default"]
    template["Outputs"]["Url"]["Value"] = {"Ref": "PublicUrl"}
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    variables["LATCHHOOK_PUBLIC_URL"] = {"Ref": "PublicUrl"}
    # Paths begin with the stage for callers, but not for functions.
    variables["AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH"] = "true"
    return template


def functions(resources):
    """The function that serves each path: as the HTTP API's routes say, and for every folder above
    them, which are paths of a REST API too, the function of the default route."""
    found = {}
    for route in resources.values():
        if route["Type"] == "AWS::ApiGatewayV2::Route":
            _, _, path = route["Properties"]["RouteKey"].rpartition(" ")
            integration = route["Properties"]["Target"]["Fn::Sub"].removeprefix("integrations/${")[:-1]
            found[path] = resources[integration]["Properties"]["IntegrationUri"]["Fn::GetAtt"][0]
    default = found.pop("$default")
    folders = {str(folder) for path in found for folder in pathlib.PurePosixPath(path).parents}
    return {**dict.fromkeys([*folders, "/{proxy+}"], default), **found}


def asks(function):
    """An operation that a function answers."""
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    uri = {"Fn::Sub": f"{uri}/${{{function}.Arn}}/invocations"}
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    return {"x-amazon-apigateway-integration": integration, "responses": {}}


if __name__ == "__main__":
    print(json.dumps(rest_of(read()), indent=2))
