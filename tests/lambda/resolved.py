"""Values of a rendered template as CloudFormation would resolve them, at their longest."""

import re

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
LONGEST_STACK = "s" * 128
PSEUDO = {
    "AWS::StackName": LONGEST_STACK,
    "AWS::Region": "ap-southeast-2",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackId": f"arn:aws:cloudformation:ap-southeast-2:123456789012:stack/{LONGEST_STACK}/{36 * '0'}",
    "AWS::NoValue": None,
}
# Longest reference to a resource, by its type: a name, which is made of the stack's, the resource's of six
# letters here, and twelve or thirteen random ones, or a queue's URL.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
REFERENCE = {
    "AWS::DynamoDB::Table": (128 + 1 + 6 + 1 + 13) * "t",
    "AWS::SQS::Queue": f"https://sqs.ap-southeast-2.amazonaws.com/123456789012/{80 * 'q'}",
}
NAME, ARN = 64 * "n", f"arn:aws:service:ap-southeast-2:123456789012:kind/{80 * 'n'}"


class Resolver:
    """Resolves what is in a template, with parameters at their defaults, or as given."""

    def __init__(self, template, **given):
        self.template = template
        self.values = {n: p.get("Default", "") for n, p in template.get("Parameters", {}).items()} | given

    def __call__(self, node):
        """Returns `node` without functions; what has no value is left out."""
        if isinstance(node, list):
            return [value for value in map(self, node) if value is not None]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(name, argument)] = node.items()
            does = getattr(self, "_" + name.replace("Fn::", "").lower(), None)
            if does and (name == "Ref" or name.startswith("Fn::")):
                return does(argument)
        found = {name: self(value) for name, value in node.items()}
        return {name: value for name, value in found.items() if value is not None}

    def holds(self, condition):
        """Returns whether a condition holds, by name or as it is written."""
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        [(name, argument)] = condition.items()
        if name == "Fn::Equals":
            one, other = map(self, argument)
            return str(one) == str(other)
        if name == "Fn::Not":
            return not self.holds(argument[0])
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::EachMemberEquals":
            members, other = map(self, argument)
            return all(one == other for one in _listed(members))
        return {"Fn::And": all, "Fn::Or": any}[name](map(self.holds, argument))

    def refusals(self):
        """What the section Rules says of the parameters: the descriptions of the assertions that don't hold."""
        asked = [r for r in self.template["Rules"].values() if self.holds(r["RuleCondition"])]
        assertions = [one for rule in asked for one in rule["Assertions"]]
        return [one["AssertDescription"] for one in assertions if not self.holds(one["Assert"])]

    def _ref(self, name):
        if name in PSEUDO:
            return PSEUDO[name]
        if name in self.values:
            return self.values[name]
        return REFERENCE.get(self.template["Resources"][name]["Type"], NAME)

    def _getatt(self, _):
        return ARN

    def _if(self, argument):
        condition, then, otherwise = argument
        return self(then if self.holds(condition) else otherwise)

    def _join(self, argument):
        return argument[0].join(map(str, _listed(self(argument[1]))))

    def _select(self, argument):
        return _listed(self(argument[1]))[int(argument[0])]

    def _sub(self, argument):
        text, values = argument if isinstance(argument, list) else (argument, {})

        def value(found):
            name = found[1]
            if name in values:
                return str(self(values[name]))
            return ARN if "." in name else str(self._ref(name))

        return re.sub(r"\$\{([^!}]+)\}", value, text)


def _listed(value):
    return value.split(",") if isinstance(value, str) else value


def longest(parameter):
    """The longest value that a parameter takes, as text."""
    if "AllowedValues" in parameter:
        return max(map(str, parameter["AllowedValues"]), key=len)
    if parameter["Type"] == "Number":
        return str(parameter["MaxValue"])
    return "x" * parameter["MaxLength"]
