"""The template with a REST API in front instead of its HTTP API, for emulators that have no other.

`python tests/lambda/rest.py` prints it as JSON, rendered. Functions are told the public URL (a REST
API that names its functions can't name itself to them), so the parameter `PublicUrl` has to be given.
"""

import copy
import json
import pathlib

import rendered

STAGE = "api"
# Listed one by one: not every emulator knows API Gateway's ANY.
METHODS = ["get", "post", "put", "patch", "delete", "head", "options"]


def rest_of(template):
    """A copy of a rendered template with a REST API, deployed as the stage `api`, of the same routes."""
    template = copy.deepcopy(template)
    resources = template["Resources"]
    paths = {path: dict.fromkeys(METHODS, asks(uri)) for path, uri in functions(resources).items()}
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
    # An alarm of it watches a metric that only HTTP APIs have.
    del resources["Monitoring"]
    del template["Parameters"]["PublicUrl"]["Default"]
    template["Outputs"]["Url"]["Value"] = {"Ref": "PublicUrl"}
    # Nor is there an API for the operator alone.
    del resources["AccessLogs"], resources["OperatorHttp"], template["Outputs"]["OperatorUrl"]
    for resource in resources.values():
        if resource["Type"] == "AWS::Lambda::Function" and "Environment" in resource["Properties"]:
            # Paths begin with the stage for callers, but not for functions.
            variables = resource["Properties"]["Environment"]["Variables"]
            variables["AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH"] = "true"
    return template


def functions(resources):
    """The function that serves each path, as its integration's URI: as the HTTP API says, and for every
    folder above them, which are paths of a REST API too, that of the default route."""
    paths = resources["Http"]["Properties"]["Body"]["paths"]
    found = {
        path: operation["x-amazon-apigateway-integration"]["uri"]
        for path, methods in paths.items()
        for operation in methods.values()
    }
    default = found.pop(rendered.DEFAULT)
    folders = {str(folder) for path in found for folder in pathlib.PurePosixPath(path).parents}
    return {**dict.fromkeys([*folders, "/{proxy+}"], default), **found}


def asks(uri):
    """An operation that a function answers."""
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    return {"x-amazon-apigateway-integration": integration, "responses": {}}


if __name__ == "__main__":
    print(json.dumps(rest_of(rendered.render(rendered.read())), indent=2))
