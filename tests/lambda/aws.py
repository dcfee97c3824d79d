"""The few commands of the AWS command line that the scripts in infra give, on boto3.

usage: aws.py SERVICE OPERATION [--option VALUE | --switch]...   (AWS_ENDPOINT_URL says where)
"""

import json
import sys

import boto3


def main(service, operation, *words):
    """Makes the call, and prints the answer as JSON."""
    client = boto3.client(service)
    if operation == "wait":
        client.get_waiter(words[0].replace("-", "_")).wait(**options(words[1:]), WaiterConfig={"Delay": 1})
        return
    answer = getattr(client, operation.replace("-", "_"))(**options(words))
    answer.pop("ResponseMetadata", None)
    print(json.dumps(answer, default=str))


def options(words):
    """Arguments of a call: `--table-name t` is TableName."""
    found, words = {}, list(words)
    while words:
        name = "".join(part.capitalize() for part in words.pop(0).removeprefix("--").split("-"))
        value = words.pop(0) if words and not words[0].startswith("--") else True
        if name == "Output":
            continue
        found[name] = structure(value)
    return found


def structure(value):
    """`A=b,C=true` as an object."""
    if not isinstance(value, str) or "=" not in value:
        return value
    pairs = (pair.split("=") for pair in value.split(","))
    return {name: {"true": True}.get(text, text) for name, text in pairs}


if __name__ == "__main__":
    main(*sys.argv[1:])
