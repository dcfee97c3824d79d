#!/usr/bin/env python3
"""Cost of Latchhook on AWS: the counts of tests/aws/calls.json at the prices of prices.json.

    infra/cost.py           print the tables and write them into docs/COST.md
    infra/cost.py --check   fail when docs/COST.md has others

It measures nothing. Its assumptions besides the counts are in ASSUMED, and are printed too.
"""

import json
import math
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CALLS = json.loads((ROOT / "tests/aws/calls.json").read_text())
PRICES = {name: of["price"] for name, of in json.loads((ROOT / "infra/prices.json").read_text())["prices"].items()}
TEMPLATE = (ROOT / "infra/template.yaml").read_text()
ALARMS = "".join((ROOT / "infra" / name).read_text() for name in ("check.yaml", "monitoring.yaml"))
PAPER = ROOT / "docs/COST.md"
START, END = "<!-- infra/cost.py begins -->", "<!-- infra/cost.py ends -->"

# name: (value, description)
ASSUMED = {
    "webhooks": (2, "webhooks that hear an event"),
    "answer": (0.2, "seconds until a receiver answers, well or not"),
    "time_out": (15, "seconds until an attempt at a silent receiver ends: `DeliveryTimeout`"),
    "own": (0.03, "seconds that an invocation takes besides"),
    "line": (0.5, "kB of log lines for each attempt or request, and again for each batch of messages and for each line of the API's access log"),
    "sent": (3, "kB sent to the internet by each attempt, TLS included"),
    "reveal": (0.01, "signing secrets read for each attempt; they stay in memory for up to five minutes"),
    "hops": (100, "messages that wait for an hourly retry and are passed on together"),
    "send": (0.005, "seconds for which ten of them are sent"),
    "months": (1, "months that rows are kept: `LogRetention`"),
}
A = {name: value for name, (value, _) in ASSUMED.items()}

# Charge of one call of each operation, in units for each of its items: a write by kB (event 2 kB, row
# of the log 2 kB, everything else 1 kB), a strong read by 4 kB, and half of that for one from a replica.
# A transaction doubles both, and its items are counted at the wire, too. Beside an event goes its entry
# by the object that it is about.
EVENT = {"GetItem": ("read", [1]), "Query": ("read", [1]), "BatchWriteItem": ("write", [1]),
         "PutItem": ("write", [2]), "SendMessageBatch": ("sqs", [1])}
# Counts of one attempt: by webhook and hour, and by environment and hour.
COUNTS = {"UpdateItem": ("write", [1])}
# The delivery; event and health. Webhook and account are remembered for seconds.
SITUATION = {"GetItem": ("read", [1]), "BatchGetItem": ("read", [0.5, 0.5])}
# The row, its entry by webhook; the delivery.
SUCCESS = SITUATION | {"BatchWriteItem": ("write", [2, 1]), "PutItem": ("write", [1])}
# The same, and its entries among the undelivered, the failed and the failed first ones.
FAILURE = SITUATION | {"BatchWriteItem": ("write", [2, 1, 1, 1, 1]), "PutItem": ("write", [1]),
                       "SendMessageBatch": ("sqs", [1])}
# What tells an operational webhook: the webhooks are read, the batch with the event is in the
# transaction, and a message has it unfolded.
TELLING = {"Query": ("read", [1]), "SendMessageBatch": ("sqs", [1])}
# Last attempt: the delivery, alone or beside the batch. API key: its commit, without and with the batch.
EXHAUSTED = FAILURE
EXHAUSTED_TOLD = FAILURE | TELLING | {"TransactWriteItems": ("write", [1, 2])}
KEY = {"GetItem": ("read", [1]), "TransactWriteItems": ("write", [1] * 10)}
KEY_TOLD = KEY | TELLING | {"TransactWriteItems": ("write", [1] * 10 + [2])}
# The batch, with its event and without; the event's entry; the event and the batch, 3 kB in two calls.
UNFOLD = {"GetItem": ("read", [1]), "BatchWriteItem": ("write", [1]), "PutItem": ("write", [1.5]),
          "SendMessageBatch": ("sqs", [1])}
# kB stored: an event; an attempt's row and entries, with its share of the delivery; one entry.
KEPT = {"event": 2.0, "success": 2.5, "failure": 2.8, "entry": 0.15}


def parameter(name):
    return re.search(rf"^  {name}: {{ Type: \w+, Default: ('[^']*'|[^',\s]*),", TEMPLATE, re.M)[1].strip("'")


def minutes(text):
    return int(text[:-1]) * {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}[text[-1]]


def waits():
    """Minutes before each retry."""
    runs = [run.split("x") for run in parameter("RetrySchedule").split(",")]
    return [minutes(wait) for count, wait in runs for _ in range(int(count))]


def hops(wait):
    """Times that a message is passed on before it is in its lane's queue."""
    return max(0, math.ceil(wait / minutes(parameter("HopLimit"))) - 1)


MEMORY_GB = int(re.search(r"MemorySize: (\d+)", TEMPLATE)[1]) / 1024


class Bill(dict):
    """US dollars by what they are for."""

    def add(self, what, amount):
        self[what] = self.get(what, 0) + amount

    def units(self, operation, table, times, entries=0):
        """Charges `times` the calls of `operation`, which writes or takes away `entries` of 1 kB
        more; fails where `table` has other calls or items than were counted."""
        counts = CALLS[operation]
        for call, count in counts.items():
            if call.endswith(" items"):
                continue
            kind, sizes = table[call]
            counted = counts.get(f"{call} items", len(sizes))
            if counted != len(sizes):
                sys.exit(f"{operation}: {call} had {counted} items at the wire, not {len(sizes)}")
            units = sum(sizes) + (entries if call == "PutItem" else 0)
            if call.startswith("Transact"):
                units *= 2
            what, price = {
                "read": ("DynamoDB reads", "dynamodb_read_million"),
                "write": ("DynamoDB writes", "dynamodb_write_million"),
                "sqs": ("SQS", "sqs_million"),
            }[kind]
            self.add(what, times * count * units * PRICES[price] / 1e6)

    def invoke(self, times, seconds):
        self.add("Lambda", times * PRICES["lambda_invocation_million"] / 1e6)
        self.add("Lambda", times * seconds * MEMORY_GB * PRICES["lambda_arm_gb_second"])
        self.log(times)

    def log(self, times):
        self.add("Log lines", times * A["line"] / 1e6 * PRICES["logs_gb"])

    def taken(self, messages, batch, seconds):
        """Messages that a function takes: received, deleted and worked on, so many at once."""
        self.add("SQS", 2 * messages / batch * PRICES["sqs_million"] / 1e6)
        self.invoke(messages / batch, seconds)

    def keep(self, kilobytes):
        price = PRICES["dynamodb_gb_month"] + PRICES["dynamodb_recovery_gb_month"]
        self.add("Storage", kilobytes / 1e6 * A["months"] * price)


def deliveries(vault, batch, failing, seconds, million=1e6):
    """The bill of a million deliveries whose attempts fail with the chance `failing`."""
    bill = Bill()
    events = million / A["webhooks"]
    bill.units("event", EVENT, events)
    bill.add("API Gateway", events * PRICES["http_api_million"] / 1e6)
    bill.invoke(events, A["own"])
    bill.log(events)
    bill.keep(events * KEPT["event"])
    reached = million
    for attempt, wait in enumerate([0, *waits()]):
        retried = attempt < len(waits())
        if attempt:
            bill.add("DynamoDB reads", reached * PRICES["dynamodb_read_million"] / 1e6)
            # Hops are taken and sent by tens, and many at once, whatever else there is to do.
            relayed = reached * hops(wait)
            bill.add("SQS", 3 * relayed / 10 * PRICES["sqs_million"] / 1e6)
            bill.invoke(relayed / A["hops"], A["own"] + A["hops"] / 10 * A["send"])
        failed = reached * failing
        succeeded = reached - failed
        # An event that a retry delivers is no longer among the undelivered.
        bill.units("success", SUCCESS, succeeded, entries=1 if attempt else 0)
        # The last attempt sends no message; only a first one is entered among the failed first ones,
        # and a later one is among the undelivered already.
        failure = FAILURE if retried else FAILURE | {"SendMessageBatch": ("sqs", [])}
        bill.units("failure", failure, failed, entries=-2 if attempt else 0)
        if not attempt:
            bill.keep(failed * KEPT["entry"])
        if seconds >= 1:
            bill.add("DynamoDB writes", reached * 2 * PRICES["dynamodb_write_million"] / 1e6)
        # An update for each webhook of a batch, and one for all; alone, an attempt has two.
        updates = (min(batch, A["webhooks"]) + 1) / batch
        bill.units("counts", COUNTS, reached * updates / CALLS["counts"]["UpdateItem"])
        bill.taken(reached, batch, seconds + A["own"])
        bill.log(failed)
        bill.add("Internet", reached * A["sent"] / 1e6 * PRICES["egress_gb"])
        bill.keep(succeeded * KEPT["success"] + failed * KEPT["failure"])
        reveals = reached * A["reveal"]
        if vault == "sealed":
            bill.add("DynamoDB reads", 2 * reveals * PRICES["dynamodb_read_million"] / 1e6)
        else:
            bill.add("Secrets Manager", reveals * PRICES["secret_calls_million"] / 1e6)
        reached = failed
    return bill


def telling(operation, table, told, million=1e6):
    """The bill of telling an operational webhook of a million commits of `operation`, up to the event's
    own delivery: what such a commit costs more than one that nobody is told of, and what follows."""
    bill = Bill()
    bill.units(f"{operation} and told", told, million)
    bill.units(operation, table, -million)
    bill.units("unfold told", UNFOLD, million)
    bill.taken(million, 1, A["own"])
    bill.keep(million * KEPT["event"])
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


def table(head, rows):
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables():
    answer, time_out = A["answer"], A["time_out"]
    cases = [("0 %", 0, answer), ("5 %", 0.05, answer), ("100 %", 1, answer), ("100 %, silent", 1, time_out)]
    vaults = ("sealed", "secrets-manager")
    bills = {vault: [deliveries(vault, 1, *case) for _, *case in cases] for vault in vaults}
    full = [sum(deliveries("sealed", 10, *case).values()) for _, *case in cases]
    whats = list(dict.fromkeys(what for of in bills["sealed"] for what in of))
    rows = [[what, *[f"${of[what]:,.2f}" for of in bills["sealed"]]] for what in whats]
    for vault, of in bills.items():
        rows.append([f"**A million deliveries, `{vault}`**", *[f"**${sum(bill.values()):,.2f}**" for bill in of]])
    rows.append(["`sealed`, ten messages at once", *[f"${of:,.2f}" for of in full]])
    idles = [idle(secrets) for secrets in (0, 200, 2000)]
    months = [[what, *[f"${of[what]:,.2f}" for of in idles]] for what in idles[0]]
    months.append(["**A month, `secrets-manager`**", *[f"**${sum(of.values()):,.2f}**" for of in idles]])
    months.append(["**A month, `sealed`**", *[f"**${sum(idles[0].values()):,.2f}**"] * 3])
    tellings = [("An exhausted delivery", telling("exhausted", EXHAUSTED, EXHAUSTED_TOLD)),
                ("A key that was made", telling("key", KEY, KEY_TOLD))]
    told = [[what, f"${sum(bill.values()):,.2f}"] for what, bill in tellings]
    return "\n\n".join([
        table(["attempts that fail", *[name for name, _, _ in cases]], rows),
        table(["idle", "no customers", "100 customers", "1,000 customers"], months),
        table(["told to an operational webhook", "a million"], told),
        "Assumed: " + "; ".join(f"{value} {what}" for value, what in ASSUMED.values()) + ".",
    ])


def main():
    before, rest = PAPER.read_text().split(START)
    found, after = rest.split(END)
    wanted = f"\n{tables()}\n"
    if "--check" in sys.argv[1:]:
        if found != wanted:
            sys.exit("docs/COST.md is not what the counts and prices come to: run infra/cost.py")
        return
    print(wanted)
    PAPER.write_text(before + START + wanted + END + after)


main()
