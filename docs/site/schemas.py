"""Tables of the fields of JSON objects, from the schemas of the OpenAPI document."""

# Objects within objects are told in the same table, down to this depth.
DEPTH = 4


class Schemas:
    """The document's schemas by name."""

    def __init__(self, document):
        self.schemas = document["components"]["schemas"]

    def resolved(self, schema):
        """Returns the schema that is meant, whether it may be null, and its name if it has one."""
        name, is_null = None, False
        while True:
            if "$ref" in schema:
                name = schema["$ref"].rsplit("/", 1)[1]
                schema = {**self.schemas[name], **{"description": schema.get("description")}}
            elif len(schema.get("allOf", [])) == 1:
                schema = {**schema, **schema["allOf"][0]}
                schema.pop("allOf")
            elif len(others := [it for it in schema.get("oneOf", []) if it != {"type": "null"}]) == 1:
                is_null = is_null or len(schema["oneOf"]) > 1
                outer = {key: of for key, of in schema.items() if key != "oneOf"}
                schema = {**others[0], **outer}
            else:
                return schema, is_null, name

    def alternatives(self, name):
        """Returns the names of the objects that a schema stands for: itself, or several."""
        schema = self.schemas[name]
        return [it["$ref"].rsplit("/", 1)[1] for it in schema.get("oneOf", [])] or [name]

    def table(self, schema):
        """Returns the lines of a Markdown table of an object's fields."""
        lines = ["| field | type | meaning |", "| --- | --- | --- |"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows(schema, "", DEPTH)]
        return lines if len(lines) > 2 else []

    def rows(self, schema, prefix, depth):
        schema, _, _ = self.resolved(schema)
        required = set(schema.get("required", []))
        fields = schema.get("properties", {}).items()
        for name, field in sorted(fields, key=lambda it: it[0] not in required):
            inner, _, _ = self.resolved(field)
            # Answers always have their required fields; only of a body that is worth a word.
            is_asked = name in required and schema.get("additionalProperties") is False
            asked = ", **required**" if is_asked else ""
            yield f"`{prefix}{name}`", self.type_of(field) + asked, described(field, inner)
            items = self.resolved(inner["items"])[0] if "items" in inner else {}
            if depth > 1 and "properties" in inner:
                yield from self.rows(inner, f"{prefix}{name}.", depth - 1)
            elif depth > 1 and "properties" in items:
                yield from self.rows(items, f"{prefix}{name}[].", depth - 1)

    def type_of(self, schema):
        """Returns the type in words, with its bounds."""
        schema, is_null, _ = self.resolved(schema)
        types = schema.get("type", "any")
        types = [types] if isinstance(types, str) else types
        is_null = is_null or "null" in types
        words = " or ".join(self.words(schema, it) for it in types if it != "null")
        words += " or `null`" if is_null else ""
        default = schema.get("default")
        if default not in (None, "", []):
            shown = str(default).lower() if isinstance(default, bool) else default
            shown = ", ".join(shown) if isinstance(shown, list) else shown
            words += f"; `{shown}` by default"
        return words

    def words(self, schema, of):
        if "enum" in schema:
            *others, last = [f"`{it}`" for it in schema["enum"]]
            return f"{', '.join(others)} or {last}" if others else last
        if of == "string" and schema.get("format") == "date-time":
            return "time"
        if of == "string":
            return "text" + bounds(schema, "minLength", "maxLength", " characters")
        if of == "array":
            items = f"list of {self.type_of(schema['items'])}"
            return items + bounds(schema, "minItems", "maxItems", "").replace(" of", ",")
        if of in ("integer", "number"):
            return "number" + bounds(schema, "minimum", "maximum", "")
        return {"object": "object", "boolean": "`true` or `false`"}.get(of, "any JSON")


def bounds(schema, least, most, unit):
    low, high = schema.get(least), schema.get(most)
    if high is None:
        return ""
    if low == high:
        return f" of {high:,}{unit}"
    return f" of {low:,} to {high:,}{unit}" if low is not None else f" of up to {high:,}{unit}"


def described(field, inner):
    text = field.get("description") or inner.get("description") or ""
    for alternative in field.get("oneOf", []):
        text = text or alternative.get("description", "")
    return cell(text)


def cell(text):
    """Returns a text for a cell of a table: on one line, and without HTML."""
    parts = " ".join((text or "").split()).replace("|", "\\|").split("`")
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)
