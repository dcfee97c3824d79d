"""Checks the server's OpenAPI document: valid by the standard, complete by our rules."""

import json
import sys

from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import server

METHODS = ("get", "put", "post", "patch", "delete")


def main():
    with server.running() as latchhook:
        document = latchhook.call("GET", "/openapi.json")
    faults = [
        *invalid(document),
        *incomplete(document),
        *false_examples(document),
        *copied(document),
    ]
    for fault in faults:
        print(fault)
    operations = sum(1 for _ in each_operation(document))
    if operations < 30:
        faults.append(f"only {operations} operations are documented")
        print(faults[-1])
    print(f"{operations} operations, {len(faults)} faults")
    print(f"openapi: {int(not faults)} passed, {int(bool(faults))} failed")
    return int(bool(faults))


def invalid(document):
    """Violations of OpenAPI 3.1."""
    for error in OpenAPIV31SpecValidator(document).iter_errors():
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message}"


def incomplete(document):
    """Missing descriptions, examples and the like."""
    seen = set()
    for where, operation in each_operation(document):
        name = operation.get("operationId")
        if not name or name in seen:
            yield f"{where}: needs an operationId of its own"
        seen.add(name)
        if not operation.get("summary") or not operation.get("tags"):
            yield f"{where}: needs a summary and a tag"
        if not any(status.startswith("2") for status in operation["responses"]):
            yield f"{where}: says no success"
        if where.split()[1].startswith("/v1/") and "401" not in operation["responses"]:
            yield f"{where}: says nothing of a caller without a credential"
        for media, content in each_content(operation.get("requestBody", {})):
            if media == "application/json" and not list(examples(content, document)):
                yield f"{where}: the request body needs an example"
    for name, schema in document["components"]["schemas"].items():
        for field, rules in each_field(schema):
            parts = [rules, *rules.get("oneOf", [])]
            if not any(part.get("description") for part in parts):
                yield f"schema {name}: {field} needs a description"


def false_examples(document):
    """Examples that do not match their schema."""
    # A schema taken out of the document must still resolve its references.
    document = json.loads(json.dumps(document).replace('"#/', '"urn:document#/'))
    resource = Resource(contents=document, specification=DRAFT202012)
    registry = Registry().with_resource("urn:document", resource)
    for where, operation in each_operation(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            for _, content in each_content(body):
                validator = OAS31Validator(content.get("schema", {}), registry=registry)
                for example in examples(content, document):
                    for error in validator.iter_errors(example):
                        yield f"{where}: its example breaks its schema: {error.message}"


def copied(document):
    """Copies of schemas that have names: clients would have two types of them."""
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        row = schema.get("properties", {}).get("data", {}).get("items")
        if name.startswith("List_") and row != {"$ref": f"#/components/schemas/{name[5:]}"}:
            yield f"schema {name}: its rows should refer to their schema"
    named = [schema["enum"] for schema in schemas.values() if "enum" in schema]
    for where, operation in each_operation(document):
        for parameter in operation.get("parameters", []):
            if parameter["schema"].get("enum") in named:
                yield f"{where}: {parameter['name']} should refer to the schema of its values"


def each_operation(document):
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def each_field(schema):
    for part in [schema, *schema.get("allOf", [])]:
        yield from part.get("properties", {}).items()


def each_content(body):
    return body.get("content", {}).items()


def examples(content, document):
    """The examples of a body, or of the schema that it refers to."""
    if "example" in content:
        yield content["example"]
    for example in content.get("examples", {}).values():
        yield example["value"]
    schema = content.get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "example" in schema:
        yield schema["example"]
    yield from schema.get("examples", [])


if __name__ == "__main__":
    sys.exit(main())
