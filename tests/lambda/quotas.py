"""More rules of AWS, beside those of rules.py: quotas of its services and forms of what they are told."""

import json
import re

from resolved import Resolver
from rules import of_type, rule, sources

# Retention times that CloudWatch Logs knows, in days.
RETENTIONS = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
# Longest name of a customer's secret behind the prefix: account, purpose, identifier, number.
OF_ACCOUNT = "/acct_" + 26 * "0" + "/signing-secret/key_" + 26 * "0" + "/4294967295"


@rule("a function may take 900 s at most, and has 128 to 10,240 MB", "lambda/latest/dg/gettingstarted-limits.html")
def functions(template):
    for name, function in of_type(template, "AWS::Lambda::Function"):
        properties = function["Properties"]
        if properties.get("Timeout", 3) > 900 or not 128 <= properties.get("MemorySize", 128) <= 10_240:
            yield f"{name}: {properties.get('Timeout')} s, {properties.get('MemorySize')} MB"


@rule("a custom resource is awaited for an hour at most", "AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html")
def custom_resources(template):
    for name, resource in template["Resources"].items():
        if resource["Type"].startswith("Custom::"):
            if not 1 <= resource["Properties"].get("ServiceTimeout", 3_600) <= 3_600:
                yield f"{name} is awaited for {resource['Properties']['ServiceTimeout']} s"


@rule("a parameter's value has at most 4,096 bytes", "AWSCloudFormation/latest/UserGuide/cloudformation-limits.html")
def parameter_values(template):
    resolve = Resolver(template)
    for name, parameter in template.get("Parameters", {}).items():
        if "MaxLength" in parameter and parameter["MaxLength"] > 4_096:
            yield f"{name} may have {parameter['MaxLength']}"
    for name, stack in of_type(template, "AWS::CloudFormation::Stack"):
        for parameter, value in resolve(stack["Properties"].get("Parameters", {})).items():
            if len(str(value)) > 4_096:
                yield f"{name} is told {len(str(value))} as {parameter}"


@rule("a queue hides a message for 43,200 s, delays it for 900 s and keeps it for 1,209,600 s at most", "AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html")
def queues(template):
    most = {"VisibilityTimeout": 43_200, "DelaySeconds": 900, "MessageRetentionPeriod": 1_209_600, "ReceiveMessageWaitTimeSeconds": 20, "MaximumMessageSize": 1_048_576}
    for name, queue in of_type(template, "AWS::SQS::Queue"):
        for attribute, limit in most.items():
            if queue["Properties"].get(attribute, 0) > limit:
                yield f"{name}: {attribute} is {queue['Properties'][attribute]}"


@rule("a dead-letter queue keeps a message from when it was first sent, so as long as its source at least", "AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html")
def dead_letters(template):
    resources = template["Resources"]
    for name, _, queue, _ in sources(template):
        dead = resources[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"]
        kept, until = (one.get("MessageRetentionPeriod", 345_600) for one in (queue, dead))
        # The rest is the time in which somebody can look.
        if until < kept or queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"] > until - 7 * 86_400:
            yield f"{name}: kept for {until} s in all"


@rule("the format of an access log has at most 3 kB, a stage variable 512 characters", "apigateway/latest/developerguide/http-api-quotas.html")
def stages(template):
    resolve = Resolver(template)
    for name, stage in of_type(template, "AWS::ApiGatewayV2::Stage"):
        properties = resolve(stage["Properties"])
        line = properties.get("AccessLogSettings", {}).get("Format", "")
        told = properties.get("StageVariables", {})
        if len(line) > 3_072 or len(told) > 100 or any(len(str(value)) > 512 for value in told.values()):
            yield f"{name}: a line of {len(line)}"


@rule("a log group keeps lines for a time that CloudWatch knows, and has a time", "AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html")
def retentions(template):
    for name, group in of_type(template, "AWS::Logs::LogGroup"):
        days = group["Properties"].get("RetentionInDays")
        if isinstance(days, dict):
            parameter = template["Parameters"][days["Ref"]]
            days = parameter.get("AllowedValues", [parameter.get("Default")])
        if not set(days if isinstance(days, list) else [days]) <= RETENTIONS:
            yield f"{name}: {days} days"


@rule("a rate is a whole number, with its unit in the singular or plural", "eventbridge/latest/userguide/eb-rate-expressions.html")
def rates(template):
    for name, found in of_type(template, "AWS::Events::Rule"):
        said = found["Properties"].get("ScheduleExpression", "")
        if not re.fullmatch(r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(.+\)", said):
            yield f"{name}: {said}"


@rule("a secret's name has at most 512 characters, a customer's in the stack of the longest name included", "secretsmanager/latest/apireference/API_CreateSecret.html")
def secret_lengths(template):
    resolve = Resolver(template)
    for name, function in of_type(template, "AWS::Lambda::Function"):
        prefix = resolve(function["Properties"].get("Environment", {})).get("Variables", {}).get("LATCHHOOK_STACK", "")
        if len(prefix + OF_ACCOUNT) > 512:
            yield f"{name} makes names of {len(prefix + OF_ACCOUNT)}"
    for name, secret in of_type(template, "AWS::SecretsManager::Secret"):
        if not 1 <= secret["Properties"].get("GenerateSecretString", {}).get("PasswordLength", 32) <= 4_096:
            yield f"{name} is too long"


@rule("a policy names every resource whose action can: none has a * but what AWS allows no other way", "service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html")
def wildcards(template):
    # Neither X-Ray nor network interfaces of functions know resources in these actions.
    free = re.compile(r"xray:\w+|ec2:\w+")
    documents = [(n, p["PolicyDocument"]) for n, r in of_type(template, "AWS::IAM::Role") for p in r["Properties"].get("Policies", [])]
    documents += [(n, r["Properties"]["PolicyDocument"]) for n, r in of_type(template, "AWS::IAM::ManagedPolicy")]
    for name, document in documents:
        for statement in re.findall(r'\{[^{}]*"Resource": "\*"[^{}]*\}', json.dumps(document, sort_keys=True)):
            actions = json.loads(statement)["Action"]
            if not all(free.fullmatch(one) for one in ([actions] if isinstance(actions, str) else actions)):
                yield f"{name}: {actions}"
