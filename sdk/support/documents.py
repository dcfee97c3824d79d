"""The server's OpenAPI document, as each of the generators needs it."""

import copy

METHODS = ("get", "post", "put", "patch", "delete")
SCHEMAS = "#/components/schemas/"
PAGE = {"object", "data", "count", "next_href", "previous_href"}


def reduced(document):
    """Leaves out what no client needs: errors, which the libraries raise by their `code` whatever the
    route, bodies as forms, and defaults, which are the server's to fill in: some servers refuse a
    field that others have a default for."""
    for operation in operations(document):
        responses = operation["responses"]
        operation["responses"] = {status: responses[status] for status in responses if status < "3"}
        body = operation.get("requestBody", {}).get("content", {})
        body.pop("application/x-www-form-urlencoded", None)
    return without(document, "default")


def for_go(document):
    """Leaves the headers to the library, says null only where it is not the same as nothing, and makes
    all lists one generic type."""
    document = plainer(document)
    for name, schema in lists(document):
        # Its name, as the generator writes it.
        row = name.removeprefix("List_").replace("Api", "API")
        schema["x-go-type"] = f"Page[{row}]"
    return document


def for_java(document):
    """Does the same, with an interface that all lists have, and another of what is one of several; an
    object of any fields is a map."""
    document = plainer(document)
    schemas = document["components"]["schemas"]
    for name, schema in lists(document):
        schema["x-implements"] = [f"latchhook.Page<{name.removeprefix('List_')}>"]
    for name, schema in schemas.items():
        for choice in schema.get("oneOf", []):
            choice.pop("description", None)
            schemas[choice["$ref"].removeprefix(SCHEMAS)]["x-implements"] = [name]
    document["components"]["schemas"] = with_maps(schemas)
    return document


def plainer(document):
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    changes = set()
    for method, operation in named_operations(document):
        parameters = operation.get("parameters", [])
        operation["parameters"] = [of for of in parameters if of["in"] != "header"]
        if method == "patch":
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            changes.add(body["$ref"].removeprefix(SCHEMAS))
    for name, schema in schemas.items():
        if name not in changes:
            without_nulls(schema)
    # A type of two kinds is any type.
    schemas["JsonSchema"].pop("type")
    return document


def lists(document):
    for name, schema in document["components"]["schemas"].items():
        if name.startswith("List_"):
            assert schema["properties"].keys() == PAGE, f"{name} has other fields than a page"
            yield name, schema


def without_nulls(schema):
    """Makes fields that can be null optional ones that can't."""
    for part in [schema, *schema.get("allOf", [])]:
        for name, field in part.get("properties", {}).items():
            choices = [of for of in field.get("oneOf", []) if of.get("type") != "null"]
            kinds = field.get("type")
            if len(choices) < len(field.get("oneOf", [])):
                [only] = choices
                part["properties"][name] = {**only, **without_key(field, "oneOf")}
            elif isinstance(kinds, list) and "null" in kinds:
                [field["type"]] = [kind for kind in kinds if kind != "null"]
            else:
                continue
            part["required"] = [of for of in part.get("required", []) if of != name]


def with_maps(value):
    if isinstance(value, list):
        return [with_maps(of) for of in value]
    if not isinstance(value, dict):
        return value
    kept = {name: with_maps(of) for name, of in value.items()}
    of_any_fields = not kept.keys() & {"properties", "additionalProperties", "allOf"}
    kind = kept.get("type")
    if of_any_fields and (kind == "object" or isinstance(kind, list) and "object" in kind):
        kept["additionalProperties"] = {}
    return kept


def without(value, key):
    """Leaves out what has that name in any schema."""
    if isinstance(value, list):
        return [without(of, key) for of in value]
    if not isinstance(value, dict):
        return value
    is_schema = isinstance(value.get("type"), (str, list)) or "oneOf" in value
    kept = without_key(value, key) if is_schema else value
    return {name: without(of, key) for name, of in kept.items()}


def without_key(value, key):
    return {name: of for name, of in value.items() if name != key}


def operations(document):
    return [operation for _, operation in named_operations(document)]


def named_operations(document):
    for path in document["paths"].values():
        for method, operation in path.items():
            if method in METHODS:
                yield method, operation
