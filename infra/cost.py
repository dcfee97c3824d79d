#!/usr/bin/env python3
"""Cost and limits of Latchhook on AWS: the ledger of tests/aws/ledger.json, the prices of prices.json.

    infra/cost.py           print the tables and write them into docs/COST.md and docs/SCALE.md
    infra/cost.py --check   fail when these papers have others

It measures nothing. Its assumptions besides the ledger are in ASSUMED, and are printed too.
"""

import json
import math
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEDGER = json.loads((ROOT / "tests/aws/ledger.json").read_text())
PRICES = {name: of["price"] for name, of in json.loads((ROOT / "infra/prices.json").read_text())["prices"].items()}
TEMPLATE = (ROOT / "infra/template.yaml").read_text()
ALARMS = "".join((ROOT / "infra" / name).read_text() for name in ("check.yaml", "monitoring.yaml"))
START, END = "<!-- infra/cost.py begins -->", "<!-- infra/cost.py ends -->"

# Webhooks that hear an event, in the ledger's tests.
WEBHOOKS = 2
# name: (value, description)
ASSUMED = {
    "answer": (0.2, "seconds until a receiver answers, well or not"),
    "time_out": (15, "seconds until an attempt at a silent receiver ends: `DeliveryTimeout`"),
    "own": (0.02, "seconds for which an invocation waits for AWS"),
    "processor": (0.0015, "seconds of a whole processor, which Lambda gives to 1,769 MB, for each attempt and request"),
    "answered": (0.4, "kB of the log line about an accepted event, with its metric; of each line 26 bytes are CloudWatch's"),
    "counted": (0.46, "kB of that with the metrics of an invocation's attempts"),
    "accessed": (0.18, "kB of the line in the API's access log"),
    "failed": (0.75, "kB of the line about an attempt that failed"),
    "sent": (1.7, "kB sent to the internet by each attempt: 0.6 of HTTP, 0.6 of TLS, the rest of TCP and IP"),
    "reveal": (0.01, "signing secrets read for each attempt; they stay in memory for up to five minutes"),
    "together": (0.3, "requests by which the next attempt of each of ten that fail at once is asked for: they go out together"),
    "hops": (100, "messages that wait for an hourly retry and are passed on together"),
    "send": (0.005, "seconds for which ten of them are sent"),
    "months": (1, "months that rows are kept: `LogRetention`"),
}
A = {name: value for name, (value, _) in ASSUMED.items()}


def parameter(name):
    return re.search(rf"^  {name}: {{ Type: \w+, Default: ('[^']*'|[^',\s]*),", TEMPLATE, re.M)[1].strip("'")


def memory_gb(function):
    """Memory of a function: its own, or that of all."""
    usual = re.search(r"^    MemorySize: (\d+)", TEMPLATE, re.M)[1]
    of_function = re.search(rf"^  {function}:\n((?:    .*\n|\n)+)", TEMPLATE, re.M)[1]
    own = re.search(r"^      MemorySize: (\d+)", of_function, re.M)
    return int(own[1] if own else usual) / 1024


# Largest batches of messages for first attempts and for retries.
FULL = [int(size) for size in re.findall(r"^            BatchSize: (\d+)", TEMPLATE, re.M)[:2]]


def minutes(text):
    return int(text[:-1]) * {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}[text[-1]]


def waits():
    """Minutes before each retry."""
    runs = [run.split("x") for run in parameter("RetrySchedule").split(",")]
    return [minutes(wait) for count, wait in runs for _ in range(int(count))]


def hops(wait):
    """Times that a message is passed on before it is in its lane's queue."""
    return max(0, math.ceil(wait / minutes(parameter("HopLimit"))) - 1)


class Bill(dict):
    """US dollars by what they are for."""

    def add(self, what, amount):
        self[what] = self.get(what, 0) + amount

    def operation(self, name, times):
        """Charges `times` what the ledger has of an operation."""
        of = LEDGER["operations"][name]
        for what, units in of["units"].items():
            kind = what.split()[0]
            self.add(f"DynamoDB {kind}s", times * units * PRICES[f"dynamodb_{kind}_million"] / 1e6)
        self.requests(times * of["sqs"])
        self.keep(times * sum(of["kept"].values()) / 1000)

    def requests(self, number):
        self.add("SQS", number * PRICES["sqs_million"] / 1e6)

    def invoke(self, function, times, seconds, works):
        """Charges invocations that take so many seconds, and work for so many attempts and requests."""
        gb_seconds = times * (seconds * memory_gb(function) + works * A["processor"] * 1769 / 1024)
        self.add("Lambda", times * PRICES["lambda_invocation_million"] / 1e6)
        self.add("Lambda", gb_seconds * PRICES["lambda_arm_gb_second"])

    def log(self, times, *lines):
        self.add("Log lines", times * sum(A[line] for line in lines) / 1e6 * PRICES["logs_gb"])

    def taken(self, messages, batch, attempts, seconds):
        """Charges messages that `Deliver` takes so many at once, all of one account: their receipt,
        deletion and invocation, the metrics, and the counts by webhook and environment. Each has so
        many attempts."""
        invocations = messages / batch
        # Lambda receives and deletes ten in a call at most.
        self.requests(2 * messages / min(batch, 10))
        self.invoke("Deliver", invocations, seconds + A["own"], batch * attempts)
        self.log(invocations, "counted")
        updates = min(batch * attempts, WEBHOOKS) + 1
        self.operation("counts of an event", invocations * updates / (WEBHOOKS + 1))

    def keep(self, kilobytes):
        price = PRICES["dynamodb_gb_month"] + PRICES["dynamodb_recovery_gb_month"]
        self.add("Storage", kilobytes / 1e6 * A["months"] * price)


def deliveries(vault, batches, failing, is_silent=False, million=1e6):
    """The bill of a million deliveries whose attempts fail with the chance `failing`; `batches` are the
    numbers of messages for first attempts and for retries in an invocation."""
    of_first, of_retries = batches
    bill = Bill()
    failure, seconds = ("silence", A["time_out"]) if is_silent else ("failure", A["answer"])
    events = million / WEBHOOKS
    bill.operation("event", events)
    bill.add("API Gateway", events * PRICES["http_api_million"] / 1e6)
    bill.invoke("EventsApi", events, A["own"], 1)
    bill.log(events, "answered", "accessed")
    # One message asks for the first attempts at all webhooks.
    bill.operation("success", events * (1 - failing))
    bill.operation(failure, events * failing)
    bill.taken(events, of_first, WEBHOOKS, seconds)
    attempts, failed = million, million * failing
    reached = failed
    for wait in waits():
        # Hops are received, deleted and sent by tens, and many at once, whatever else there is to do.
        relayed = reached * hops(wait)
        bill.requests(3 * relayed / 10)
        bill.invoke("Relay", relayed / A["hops"], A["own"] + A["hops"] / 10 * A["send"], 1)
        bill.operation("success again", reached * (1 - failing))
        bill.operation(f"{failure} again", reached * failing)
        bill.taken(reached, of_retries, 1, seconds)
        attempts += reached
        reached *= failing
        failed += reached
    # The last failure asks for no further attempt.
    bill.requests(-reached)
    if of_retries > 1:
        bill.requests((failed - reached) * (A["together"] - 1))
    bill.log(failed, "failed")
    bill.add("Internet", attempts * A["sent"] / 1e6 * PRICES["egress_gb"])
    reveals = attempts * A["reveal"]
    if vault == "sealed":
        bill.add("DynamoDB reads", 2 * reveals * PRICES["dynamodb_read_million"] / 1e6)
    else:
        bill.add("Secrets Manager", reveals * PRICES["secret_calls_million"] / 1e6)
    return bill


def telling(operation, million=1e6):
    """The bill of telling an operational webhook of a million commits of `operation`, up to the event's
    own delivery: what such a commit costs more than one that nobody is told of, and what follows."""
    bill = Bill()
    bill.operation(f"{operation} and told", million)
    bill.operation(operation, -million)
    bill.operation("unfold told", million)
    bill.requests(2 * million)
    bill.invoke("Deliver", million, A["own"], 1)
    return bill


def idle(secrets):
    """The month of a stack that nobody uses, with so many secrets besides its own two."""
    # An alarm is charged by the number of its metrics.
    alarms = len(re.findall(r"^ +Namespace: ", ALARMS, re.M))
    queues, pollers, long_poll = 3, 5, 20
    polls = queues * pollers * 730 * 3600 / long_poll
    return {
        "Secrets": (2 + secrets) * PRICES["secret_month"],
        "Alarms": alarms * PRICES["alarm_month"],
        "Dashboard": PRICES["dashboard_month"],
        "Empty receives": polls * PRICES["sqs_million"] / 1e6,
    }


def table(head, rows, right=True):
    lines = [head, ["---", *["---:" if right else "---"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def dollars(amount):
    return f"${amount:,.2f}"


def written_once(million=1e6):
    """Dollars for writing and for keeping each item of events that are delivered at once, by partition."""
    of = {}
    for name in ("event", "success"):
        operation = LEDGER["operations"][name]
        for what, units in operation["units"].items():
            kind, partition = what.split(" ", 1)
            if kind == "write":
                bill = Bill()
                bill.keep(million / WEBHOOKS * operation["kept"].get(partition, 0) / 1000)
                written = million / WEBHOOKS * units * PRICES["dynamodb_write_million"] / 1e6
                of[partition] = written, bill["Storage"]
    return of


def costs():
    cases = [("0 %", 0), ("5 %", 0.05), ("100 %", 1), ("100 %, silent", 1, True)]
    vaults = ("sealed", "secrets-manager")
    bills = {vault: [deliveries(vault, (1, 1), *case) for _, *case in cases] for vault in vaults}
    full = [deliveries("sealed", FULL, *case) for _, *case in cases]
    whats = list(dict.fromkeys(what for of in bills["sealed"] for what in of))

    def of_a_million(of):
        rows = [[what, *[dollars(bill[what]) for bill in of]] for what in whats]
        sums = [f"**{dollars(sum(bill.values()))}**" for bill in of]
        return rows, sums

    alone, sums = of_a_million(bills["sealed"])
    alone.append(["**A million deliveries, `sealed`**", *sums])
    alone.append(["A million, `secrets-manager`", *[dollars(sum(bill.values())) for bill in bills["secrets-manager"]]])
    ten, sums = of_a_million(full)
    ten.append(["**A million deliveries, `sealed`**", *sums])
    idles = [idle(secrets) for secrets in (0, 200, 2000)]
    months = [[what, *[dollars(of[what]) for of in idles]] for what in idles[0]]
    months.append(["**A month, `secrets-manager`**", *[f"**{dollars(sum(of.values()))}**" for of in idles]])
    months.append(["**A month, `sealed`**", *[f"**{dollars(sum(idles[0].values()))}**"] * 3])
    tellings = [("An exhausted delivery", telling("exhausted")), ("A key that was made", telling("key"))]
    told = [[what, dollars(sum(bill.values()))] for what, bill in tellings]
    examples = [[f"`{name}`", f"{of['posted']:,}", f"{of['kept']:,.0f}", f"{of['units']:g}"]
                for name, of in LEDGER["examples"].items()]
    names = [name for name, *_ in cases]
    items = []
    for partition, (written, kept) in written_once().items():
        items.append([f"`{partition.split(' ', 1)[1]}`", *map(dollars, (written, kept))])
    return "\n\n".join([
        table(["one message an invocation; attempts that fail", *names], alone),
        table([f"full batches: {FULL[0]} messages for first attempts, {FULL[1]} for retries; attempts that fail", *names], ten),
        table(["idle", "no customers", "100 customers", "1,000 customers"], months),
        table(["told to an operational webhook", "a million"], told),
        table(["item of an event that is delivered at once, of a million deliveries", "written", "kept"], items),
        table(["event", "bytes of its data", "bytes kept, with its entry by the object", "units for accepting it"], examples),
        "Assumed: " + "; ".join(f"{value} {what}" for value, what in ASSUMED.values()) + ".",
    ])


# Operations of the ledger: messages for first attempts, which are of all webhooks, and retries.
FIRST = {"success", "failure", "silence"}
RETRIES = {"success again", "failure again", "silence again"}
SLOW = {"silence", "silence again"}
FAILED = {"failure", "failure again", *SLOW}
# Sets of operations by their names in a sentence, the largest first.
SETS = [
    ("an attempt", FIRST | RETRIES | {"failure begins"}),
    ("an attempt", FIRST | RETRIES),
    ("an attempt that fails", FAILED | {"failure begins"}),
    ("an attempt that fails", FAILED),
    ("an attempt of a second or more", SLOW),
    ("a first attempt", FIRST | {"failure begins"}),
    ("a first attempt that fails", FIRST & FAILED | {"failure begins"}),
    ("a first attempt of a second or more", FIRST & SLOW),
    ("an attempt that succeeds", {"success", "success again"}),
    ("a retry that succeeds", {"success again"}),
    ("a retry", RETRIES),
    ("a retry that fails", RETRIES & FAILED),
    ("an event", {"event"}),
    ("the counts of an invocation", {"counts of an event"}),
    ("a key that is verified", {"verify"}),
    ("a webhook that begins to fail", {"failure begins"}),
]


def spread(partition):
    """Number of partitions that a list is spread over."""
    if "{n}" in partition:
        return int(re.search(r"const SHARDS: u8 = (\d+);", (ROOT / "shared/app/src/views/collections/logs.rs").read_text())[1])
    if partition in LEDGER["spread"] or "/attempt_counts/" in partition:
        return int(re.search(r"const SPREAD: u8 = (\d+);", (ROOT / "shared/aws/src/dynamo.rs").read_text())[1])
    return 1


def sharing(partition):
    """Who shares a partition, in words."""
    parts = spread(partition)
    owners = [("{wh}", "a webhook"), ("{evt}", "an event"), ("{object}", "an object"), ("{acct}", "an account's environment")]
    owner = next((owner for mark, owner in owners if mark in partition), "**all accounts**")
    return owner + (f", in {parts}" if parts > 1 else "")


def by_partition(kind):
    """Units of a kind by table and partition, and by operation: those of one attempt, and at one webhook."""
    of = {}
    for name, operation in LEDGER["operations"].items():
        is_of_each = name in FIRST | {"failure begins"}
        for what, units in operation["units"].items():
            is_of, partition = what.split(" ", 1)
            if is_of == kind:
                is_of_one = is_of_each or (name == "counts of an event" and "{wh}" in partition)
                of.setdefault(partition, {})[name] = units / (WEBHOOKS if is_of_one else 1)
    return of


def in_words(of):
    """Units of operations in words, and the greatest with its operation."""
    left, words, most = dict(of), [], (0, "")
    for name, operations in SETS:
        units = {left.get(operation) for operation in operations}
        if len(units) == 1 and None not in units:
            [each] = units
            words.append(f"{each:g} {name}")
            most = max(most, (each, name))
            for operation in operations:
                del left[operation]
    return ", ".join(words), most


def hot():
    """The table of partitions, and the rate at which the first of each is full."""
    writes, reads = by_partition("write"), by_partition("read")
    rows = []
    for partition in sorted({*writes, *reads}, key=lambda one: ("{acct}" not in one, one)):
        cells, limits = [], []
        for of, most_a_second in ((writes, 1000), (reads, 3000)):
            words, (units, name) = in_words(of.get(partition, {}))
            cells.append(words)
            if units:
                limits.append((most_a_second * spread(partition) / units, name))
        if limits:
            limit, name = min(limits)
            rows.append([f"`{partition.split(' ', 1)[1]}`", sharing(partition), *cells, f"{limit:,.0f} times {name}"])
    return table(["partition", "who shares it", "writes", "reads", "full, a second"], rows, right=False)


def main():
    for paper, tables in ((ROOT / "docs/COST.md", costs()), (ROOT / "docs/SCALE.md", hot())):
        before, rest = paper.read_text().split(START)
        found, after = rest.split(END)
        wanted = f"\n{tables}\n"
        if "--check" not in sys.argv[1:]:
            print(wanted)
            paper.write_text(before + START + wanted + END + after)
        elif found != wanted:
            sys.exit(f"{paper.relative_to(ROOT)} is not what the ledger and prices come to: run infra/cost.py")


main()
