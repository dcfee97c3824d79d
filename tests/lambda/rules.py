"""Rules of AWS that emulators do not hold, each with its source: over the rendered templates.

A rule is a function that yields what is wrong. infra/README.md lists them all.
"""

import collections
import json
import re

from resolved import Resolver, longest

DOCS = "https://docs.aws.amazon.com/"
Rule = collections.namedtuple("Rule", "name source check")
RULES = []


def rule(name, source):
    """Adds a rule; `source` is an address, below AWS's documentation if it has no scheme."""

    def add(check):
        RULES.append(Rule(name, source if "://" in source else DOCS + source, check))
        return check

    return add


def of_type(template, *types):
    """Names and resources of those types."""
    return [(n, r) for n, r in template["Resources"].items() if r["Type"] in types]


def compact(value):
    """Characters of a policy as AWS counts them: without white space."""
    return len(re.sub(r"\s", "", json.dumps(value, separators=(",", ":"))))


@rule("a role has at most 10 managed policies", "IAM/latest/UserGuide/reference_iam-quotas.html")
def managed_policies(template):
    resolve = Resolver(template)
    for name, role in of_type(template, "AWS::IAM::Role"):
        count = len(resolve(role["Properties"].get("ManagedPolicyArns", [])))
        if count > 10:
            yield f"{name} has {count}"


@rule("a role's inline policies have at most 10,240 characters, a managed policy 6,144, a role's trust 2,048", "IAM/latest/UserGuide/reference_iam-quotas.html")
def policy_sizes(template):
    resolve = Resolver(template)
    for name, role in of_type(template, "AWS::IAM::Role"):
        documents = [one["PolicyDocument"] for one in role["Properties"].get("Policies", [])]
        if (size := sum(compact(resolve(one)) for one in documents)) > 10_240:
            yield f"{name} has {size}"
        if (size := compact(resolve(role["Properties"]["AssumeRolePolicyDocument"]))) > 2_048:
            yield f"{name} is trusted by {size}"
    for name, policy in of_type(template, "AWS::IAM::ManagedPolicy"):
        if (size := compact(resolve(policy["Properties"]["PolicyDocument"]))) > 6_144:
            yield f"{name} has {size}"


# Longest name by the property that says it.
NAMES = {
    ("AWS::Lambda::Function", "FunctionName"): 64,
    ("AWS::IAM::Role", "RoleName"): 64,
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"): 128,
    ("AWS::SQS::Queue", "QueueName"): 80,
    ("AWS::DynamoDB::Table", "TableName"): 255,
    ("AWS::SecretsManager::Secret", "Name"): 512,
    ("AWS::ApiGatewayV2::Api", "Name"): 128,
    ("AWS::CloudWatch::Dashboard", "DashboardName"): 255,
    ("AWS::CloudWatch::Alarm", "AlarmName"): 255,
    ("AWS::Logs::LogGroup", "LogGroupName"): 512,
}


@rule("names fit with the longest name of a stack: 64 characters for a function or role", "lambda/latest/api/API_CreateFunction.html")
def names(template):
    resolve = Resolver(template)
    for name, resource in template["Resources"].items():
        for (kind, key), most in NAMES.items():
            said = resource.get("Properties", {}).get(key)
            if resource["Type"] == kind and said and len(resolve(said)) > most:
                yield f"{name} is named with {len(resolve(said))}, {most} is the most"


# Bytes that are left for values of the parameters that one function alone is told.
ROOM = 400


@rule("a function's environment has at most 4 kB as JSON, and at the longest values of what all are told leaves 400 bytes for what one is told alone", "lambda/latest/dg/gettingstarted-limits.html")
def environment(template):
    # AWS's refusal says what it measures: "exceeded the 4KB limit. String measured: {"NAME":"value",…}".
    environments = {
        name: function["Properties"].get("Environment", {}).get("Variables", {})
        for name, function in of_type(template, "AWS::Lambda::Function")
    }
    told = collections.Counter(
        name for one in environments.values() for name in set(re.findall(r'"Ref": "(\w+)"', json.dumps(one)))
    )
    parameters = template.get("Parameters", {})
    shared = {name: parameters[name] for name, times in told.items() if times > 1 and name in parameters}
    endless = [name for name, one in shared.items() if not {"AllowedValues", "MaxLength", "MaxValue"} & set(one)]
    if endless:
        yield f"{', '.join(endless)} can be of any length"
        return
    resolve = Resolver(template, **{name: longest(one) for name, one in shared.items()})
    for name, variables in environments.items():
        if (size := len(json.dumps(resolve(variables), separators=(",", ":")))) > 4096 - ROOM:
            yield f"{name} has {size}"


@rule("a generated secret does not exclude what it requires", "secretsmanager/latest/apireference/API_GetRandomPassword.html")
def generated(template):
    kinds = {
        "Punctuation": set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        "Numbers": set("0123456789"),
        "Lowercase": set("abcdefghijklmnopqrstuvwxyz"),
        "Uppercase": set("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    }
    for name, secret in of_type(template, "AWS::SecretsManager::Secret"):
        asked = secret["Properties"].get("GenerateSecretString", {})
        required = asked.get("RequireEachIncludedType", True)
        for kind, letters in kinds.items():
            left = letters - set(asked.get("ExcludeCharacters", ""))
            if required and not left and not asked.get(f"Exclude{kind}"):
                yield f"{name} requires and excludes {kind}"


@rule("a secret's name does not end in a hyphen and six characters", "secretsmanager/latest/apireference/API_CreateSecret.html")
def secret_names(template):
    resolve = Resolver(template)
    for name, secret in of_type(template, "AWS::SecretsManager::Secret"):
        said = resolve(secret["Properties"].get("Name", ""))
        if re.search(r"-.{6}$", said):
            yield f"{name} is named {said[-20:]}"


@rule("a failed creation leaves no retained resource", "AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html")
def retained(template):
    for name, resource in template["Resources"].items():
        # A version is made when everything it needs exists.
        if resource.get("DeletionPolicy") == "Retain" and resource["Type"] != "AWS::Lambda::Version":
            yield name


def sources(template):
    """Each event source of a queue: its name and properties, the queue and the function."""
    resources = template["Resources"]
    for name, mapping in of_type(template, "AWS::Lambda::EventSourceMapping"):
        properties = mapping["Properties"]
        function = properties["FunctionName"]["Ref"]
        if resources[function]["Type"] == "AWS::Lambda::Alias":
            function = resources[function]["Properties"]["FunctionName"]["Ref"]
        queue = properties["EventSourceArn"]["Fn::GetAtt"][0]
        yield name, properties, resources[queue]["Properties"], resources[function]["Properties"]


@rule("a queue's visibility time-out is six times its function's time-out, plus the time in which a batch is gathered", "lambda/latest/dg/services-sqs-configure.html")
def visibility(template):
    for name, mapping, queue, function in sources(template):
        least = 6 * function.get("Timeout", 3) + mapping.get("MaximumBatchingWindowInSeconds", 0)
        if queue.get("VisibilityTimeout", 30) < least:
            yield f"{name}: {queue.get('VisibilityTimeout')} s, {least} s is the least"


@rule("throttled receives make no dead letter within two days, and a message has five at least", "lambda/latest/dg/services-sqs-configure.html")
def receives(template):
    for name, _, queue, _ in sources(template):
        most = queue["RedrivePolicy"]["maxReceiveCount"]
        if not 5 <= most <= 1000 or most * queue["VisibilityTimeout"] < 2 * 86_400:
            yield f"{name}: {most} receives, {queue['VisibilityTimeout']} s apart"


@rule("an event source runs 2 to 1,000 invocations at once", "lambda/latest/api/API_ScalingConfig.html")
def concurrency(template):
    resolve = Resolver(template)
    for name, mapping, _, _ in sources(template):
        most = resolve(mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 0))
        if not 2 <= int(most) <= 1000:
            yield name


@rule("an event source gathers more than 10 messages only in a second or more, and for 300 s at most", "lambda/latest/api/API_CreateEventSourceMapping.html")
def batches(template):
    for name, mapping, _, _ in sources(template):
        size, window = mapping.get("BatchSize", 10), mapping.get("MaximumBatchingWindowInSeconds", 0)
        if not 1 <= size <= (10_000 if window else 10) or window > 300:
            yield f"{name}: {size} messages in {window} s"


@rule("defaults leave a new account, whose quota is reduced to as few as 10 invocations at once, 4 for the API", "lambda/latest/dg/gettingstarted-limits.html")
def new_account(template):
    resolve = Resolver(template)
    taken = sum(int(resolve(mapping["ScalingConfig"]["MaximumConcurrency"])) for _, mapping, _, _ in sources(template))
    if taken > 6:
        yield f"queues take {taken}"


@rule("100 invocations at once stay unreserved, so a new account can reserve none", "lambda/latest/api/API_PutFunctionConcurrency.html")
def reserved(template):
    for name, function in of_type(template, "AWS::Lambda::Function"):
        if function["Properties"].get("ReservedConcurrentExecutions"):
            yield name


def api_functions(template):
    """The functions behind the HTTP API."""
    body = json.dumps([api["Properties"].get("Body") for _, api in of_type(template, "AWS::ApiGatewayV2::Api")])
    body += json.dumps([r["Properties"] for _, r in of_type(template, "AWS::ApiGatewayV2::Integration")])
    for name, function in of_type(template, "AWS::Lambda::Function"):
        if re.search(rf"\$\{{{name}(\.Arn|Alias\w+)\}}|\"{name}\", \"Arn\"", body):
            yield name, function["Properties"]


@rule("an HTTP API waits 30 s for a function, and 10 s for an authorizer", "apigateway/latest/developerguide/http-api-quotas.html")
def gateway_waits(template):
    functions = list(api_functions(template))
    if not functions and len(of_type(template, "AWS::ApiGatewayV2::Api", "AWS::Lambda::Function")) > 1:
        yield "no function is behind the API"
    for name, function in functions:
        if function.get("Timeout", 3) >= 30:
            yield f"{name} may take {function['Timeout']} s"
    for name, function in of_type(template, "AWS::Lambda::Function"):
        if "Authorizer" in name and function["Properties"].get("Timeout", 3) > 10:
            yield f"{name} may take {function['Properties']['Timeout']} s"


@rule("an HTTP API has at most 300 routes, whose paths begin with a slash", "apigateway/latest/developerguide/http-api-quotas.html")
def routes(template):
    for name, api in of_type(template, "AWS::ApiGatewayV2::Api"):
        paths = api["Properties"].get("Body", {}).get("paths", {})
        wrong = [path for path in paths if not path.startswith("/")]
        if len(paths) > 300 or wrong:
            yield f"{name} has {len(paths)}, wrong are {wrong}"


@rule("everybody's requests are throttled below an account's 10,000 a second and 5,000 at once, or 2,500 and 1,250 in some regions", "apigateway/latest/developerguide/limits.html")
def throttling(template):
    resolve = Resolver(template)
    for name, stage in of_type(template, "AWS::ApiGatewayV2::Stage"):
        settings = resolve(stage["Properties"].get("DefaultRouteSettings", {}))
        rate, burst = (int(settings.get(f"Throttling{of}Limit", 0)) for of in ("Rate", "Burst"))
        if not 0 < rate < 2_500 or not 0 < burst < 1_250:
            yield f"{name}: {rate} a second, {burst} at once"


@rule("a function's resource policy has at most 20 kB", "lambda/latest/dg/gettingstarted-limits.html")
def resource_policies(template):
    resolve, sizes = Resolver(template), collections.Counter()
    for name, permission in of_type(template, "AWS::Lambda::Permission"):
        properties = permission["Properties"]
        # AWS adds a name and the Effect to each statement.
        sizes[json.dumps(properties["FunctionName"])] += compact(resolve(properties)) + 150
    for name, size in sizes.items():
        if size > 20_480:
            yield f"{name} has {size}"


@rule("parameters that functions read are refused by the deployment first", "AWSCloudFormation/latest/UserGuide/parameters-section-structure.html")
def patterns(template):
    for name, parameter in template.get("Parameters", {}).items():
        kinds = {"String": {"AllowedPattern", "AllowedValues"}, "Number": {"MinValue", "AllowedValues"}}
        expected = kinds.get(parameter["Type"])
        if expected and f'"Ref": "{name}"' in json.dumps(template["Resources"]) and of_type(template, "Custom::Settings"):
            if not expected & set(parameter):
                yield f"{name} takes anything"


@rule("a rendered template has 1 MB, 500 resources, 200 parameters, outputs and mappings, and a description of 1,024 bytes at most", "AWSCloudFormation/latest/UserGuide/cloudformation-limits.html")
def template_size(template):
    for section, most in [("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)]:
        if len(template.get(section, {})) > most:
            yield f"{section} has {len(template[section])}"
    if len(json.dumps(template)) > 1_000_000 or len(template.get("Description", "")) > 1024:
        yield "it is too large"


@rule("the section Rules uses its own functions alone", "AWSCloudFormation/latest/UserGuide/rules-section-structure.html")
def rule_functions(template):
    own = {"And", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "Not", "Or", "RefAll", "ValueOf", "ValueOfAll"}
    found = set(re.findall(r'"Fn::(\w+)"', json.dumps(template.get("Rules", {}))))
    if found - own:
        yield f"it uses {sorted(found - own)}"


@rule("an alarm has 10 metrics, 10 expressions and 5 actions at most, looks back one day, or seven by the hour, and tells of its end, too", "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html")
def alarms(template):
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm"):
        properties = alarm["Properties"]
        metrics = properties.get("Metrics", [])
        periods = [properties.get("Period")] + [one.get("MetricStat", {}).get("Period") for one in metrics]
        period = max(one for one in periods if one)
        longest_look = 604_800 if period >= 3_600 else 86_400
        fits = period % 60 == 0 and period * properties["EvaluationPeriods"] <= longest_look
        said = {"AlarmActions", "OKActions", "TreatMissingData"} <= set(properties)
        acts = max(len(Resolver(template)(properties.get(one)) or []) for one in ("AlarmActions", "OKActions"))
        expressions = sum("Expression" in one for one in metrics)
        if max(expressions, len(metrics) - expressions) > 10 or not fits or not said or acts > 5:
            yield name


@rule("an age of a queue counts a message until it was received three times", "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html")
def ages(template):
    # Longest delay of the queue and its visibility time-out, by the dimension of the alarm.
    waits = {"DeliveriesQueue": (0, 360), "RetryMinutesQueue": (900, 360), "RetryHoursQueue": (900, 180)}
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm"):
        properties = alarm["Properties"]
        if properties.get("MetricName") == "ApproximateAgeOfOldestMessage":
            said = json.dumps(properties["Dimensions"])
            [(delay, hidden)] = [wait for queue, wait in waits.items() if f'"{queue}"' in said]
            if properties["Threshold"] < delay + 3 * hidden:
                yield f"{name} would tell of one message that fails"


@rule("a metric filter's pattern has at most 1,024 characters", "AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html")
def filters(template):
    for name, found in of_type(template, "AWS::Logs::MetricFilter"):
        if len(found["Properties"]["FilterPattern"]) > 1024:
            yield name


@rule("a parameter's change publishes new versions, though SAM does not see it", "https://github.com/aws/serverless-application-model/issues/3820")
def versions(template):
    for name, version in of_type(template, "AWS::Lambda::Version"):
        if version["Properties"].get("Description") != {"Fn::GetAtt": ["Settings", "Digest"]}:
            yield f"{name} does not have the settings' digest"
    told = json.dumps([r["Properties"].get("Environment") for _, r in of_type(template, "AWS::Lambda::Function")])
    values = json.dumps(template["Resources"].get("Settings", {}).get("Properties", {}))
    for name in template.get("Parameters", {}):
        if f'"Ref": "{name}"' in told and f'"Ref": "{name}"' not in values and of_type(template, "AWS::Lambda::Version"):
            yield f"{name} is not in the digest"


@rule("functions of one folder are built apart only if each says makefile", "https://github.com/aws/aws-sam-cli/blob/develop/samcli/lib/build/build_graph.py")
def builds(template):
    for name, function in of_type(template, "AWS::Lambda::Function"):
        is_built = "ZipFile" not in function["Properties"]["Code"]
        if is_built and function.get("Metadata", {}).get("BuildMethod") != "makefile":
            yield name


@rule("CodeDeploy looks at 10 alarms at most, and takes a deployment back for one", "codedeploy/latest/APIReference/API_AlarmConfiguration.html")
def deployments(template):
    groups = of_type(template, "AWS::CodeDeploy::DeploymentGroup")
    for name, group in groups:
        watched = group["Properties"].get("AlarmConfiguration", {}).get("Alarms", [])
        stops = group["Properties"]["AutoRollbackConfiguration"]["Events"]
        if not 1 <= len(watched) <= 10 or "DEPLOYMENT_STOP_ON_ALARM" not in stops:
            yield name
    if len(groups) != len(of_type(template, "AWS::Lambda::Alias")):
        yield "not every alias is deployed so"
