"""Pages of the API: every route of the OpenAPI document, with an example that a server answered."""

import json
import re

import calls
from chapters import Chapter, slug
from schemas import Schemas, cell

# Order of the pages; what is not in it comes last.
ORDER = [
    "Accounts",
    "API keys",
    "Key scopes",
    "Webhooks",
    "Events",
    "Event types",
    "Logs",
    "Audit",
    "Portal sessions",
    "Operator tokens",
    "Operational webhooks",
    "Service",
]
TITLES = {"Audit": "Settings history"}
METHODS = ("get", "post", "put", "patch", "delete")
ERRORS = "errors.md"


def chapters(document, examples):
    """Returns a page for each kind of thing, and one for the errors."""
    book = Routes(document, examples)
    pages = [book.page(tag) for tag in book.tags()]
    return [*pages, errors(document)]


class Routes:
    """The routes of the document, and where the objects in their answers are told."""

    def __init__(self, document, examples):
        self.schemas = Schemas(document)
        self.examples = examples
        self.operations = [
            (method, path, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if method in METHODS
        ]
        self.homes = {}

    def tags(self):
        tags = {operation["tags"][0] for _, _, operation in self.operations}
        return [tag for tag in ORDER if tag in tags] + sorted(tags - set(ORDER))

    def page(self, tag):
        mine = in_order([it for it in self.operations if it[2]["tags"][0] == tag])
        title, path = TITLES.get(tag, tag), f"routes/{slug(tag)}.md"
        objects = []
        lines = [f"# {title}", "", "| | |", "| --- | --- |"]
        for method, route, operation in mine:
            summary = operation["summary"]
            lines.append(f"| `{method.upper()} {route}` | [{summary}](#{slug(summary)}) |")
        for it in mine:
            lines += ["", *self.route(*it, path, objects)]
        for name in objects:
            lines += ["", *self.object(name)]
        note = ", ".join(operation["summary"] for _, _, operation in mine) + "."
        return Chapter(title, path, text="\n".join(lines) + "\n", note=note)

    def route(self, method, route, operation, page, objects):
        yield from (f"## {operation['summary']}", "", f"`{method.upper()} {route}`", "")
        if operation.get("description"):
            yield from (operation["description"], "")
        yield from (self.who(operation), "")
        yield from self.parameters(operation)
        yield from self.body(operation)
        yield from self.answers(operation, page, objects)
        yield from self.example(operation)

    def who(self, operation):
        if operation.get("security") == [] or operation.get("security") == [{}]:
            return "No credential is needed."
        scopes = operation.get("x-operator-scopes")
        if not scopes:
            return "See [who calls](../api.md#who-calls)."
        scopes = " or ".join(f"`{scope}`" for scope in scopes)
        return f"Operator tokens need {scopes}; for others see [who calls](../api.md#who-calls)."

    def parameters(self, operation):
        rows = [
            f"| `{it['name']}` | {it['in']} | {self.schemas.type_of(it['schema'])}"
            f"{', **required**' if it.get('required') else ''} | {cell(it.get('description')) or 'Which one.'} |"
            for it in operation.get("parameters", [])
        ]
        if rows:
            yield "| parameter | in | type | meaning |"
            yield "| --- | --- | --- | --- |"
            yield from (*rows, "")

    def body(self, operation):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return
        table = self.schemas.table(content["application/json"]["schema"])
        if table:
            yield from ("The body:", "", *table, "")

    def answers(self, operation, page, objects):
        failures = []
        for status, response in operation["responses"].items():
            if status >= "4":
                failures.append(f"[{status}]({ERRORS}#{status})")
                continue
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            told = self.told(schema, page, objects)
            yield from (f"Answers {status}: {response['description']}{told}.", "")
        if failures:
            yield from (f"Errors: {' · '.join(failures)}.", "")

    def told(self, schema, page, objects):
        """Returns a link to the object of an answer, which is told on this page unless it was before."""
        if "$ref" not in schema:
            return ""
        name = schema["$ref"].rsplit("/", 1)[1]
        is_list = name.startswith("List_")
        names = self.schemas.alternatives(name.removeprefix("List_"))
        links = []
        for it in names:
            home = self.homes.setdefault(it, page)
            if home == page and it not in objects:
                objects.append(it)
            anchor = slug(self.titled(it))
            links.append(f"[{words(it)}]({'' if home == page else home.split('/')[-1]}#{anchor})")
        kind = "a [page](../api.md#ground-rules) of " if is_list else ""
        return f" ({kind}{(' and ' if is_list else ' or ').join(links)})"

    def titled(self, name):
        return f"Fields: {words(name)}"

    def object(self, name):
        schema = self.schemas.schemas[name]
        yield from (f"## {self.titled(name)}", "")
        yield from (schema.get("description", ""), "", *self.schemas.table(schema))

    def example(self, operation):
        name = operation["operationId"]
        if name in calls.WITHOUT:
            return
        if name not in self.examples:
            raise SystemExit(f"docs/site/calls.py has no call of {name}")
        yield from ("```sh", self.examples[name].command, "```", "")
        yield from (f"```{self.examples[name].language}", self.examples[name].answer, "```")


def in_order(operations):
    """Returns the operations with those of the resource itself first, and then what belongs to it."""
    resources = [re.sub(r"^/v1/(\w+).*", r"\1", path) for _, path, _ in operations]
    most = max(resources, key=resources.count)
    order = sorted(zip(operations, resources), key=lambda it: it[1].rstrip("s") != most.rstrip("s"))
    return [operation for operation, _ in order]


def words(name):
    """Returns the name of a schema in words: `DeliveryLog` is a delivery log."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    lower = parted.lower()
    return re.sub(r"\b(api|jwk)\b", lambda it: it[1].upper(), lower)


def errors(document):
    """Returns the page of errors: each code with its status and sentence."""
    told = {}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method not in METHODS:
                continue
            for status, response in operation["responses"].items():
                examples = response.get("content", {}).get("application/json", {}).get("examples", {})
                for code, example in examples.items():
                    told[code] = (status, example["value"])
    example = json.dumps(told["not_found"][1], indent=2)
    lines = [
        "# Errors",
        "",
        "An answer from 400 on has this body. [Errors](../api.md#errors) says what holds of all of them.",
        "",
        f"```json\n{example}\n```",
    ]
    for status in sorted({status for status, _ in told.values()}):
        lines += ["", f"## {status}", "", "| code | in words |", "| --- | --- |"]
        for code, (of, value) in told.items():
            if of == status:
                lines.append(f"| `{code}` | {cell(value['error'])} |")
    return Chapter("Errors", "routes/errors.md", text="\n".join(lines) + "\n")
