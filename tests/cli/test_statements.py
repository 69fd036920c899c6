#!/usr/bin/env python3
"""Statements by month, quarter and year, as text, JSON and CSV; and what a free account sees of them.

    test_statements.py PROGRAM [CHECK...]
"""

import csv
import io
import json
import os

from suite import DEMO, expect, main, sample

STATEMENTS = ["pnl", "cashflow", "cashflow_indirect", "balance", "sales", "costs", "loans", "assets", "vat", "payroll",
              "tax", "checks"]
PERIODS = {"month": 60, "quarter": 20, "year": 5}
STOCKS = {"cash.closing", "checks.overdue", "loans.balance", "assets.book_value", "existing_debts.owed"}
# and all of the balance sheet but what opens it


def make(shell, name="harbour-bakery.json"):
    return shell.call("new", "--intake", os.path.join(DEMO, name)).ok().out.strip()


def statement(shell, plan, name, by):
    return shell.call("show", plan, "financials", "--statement", name, "--by", by, "--json").ok().json()


def rows(data):
    return {row["name"]: row["values"] for row in data["rows"]}


def add(values):
    return None if None in values else round(sum(values), 2)


def check_json_has_every_statement_for_every_period(shell):
    for demo in sorted(os.listdir(DEMO)):
        plan = make(shell, demo)
        for name in STATEMENTS:
            for by, count in PERIODS.items():
                data = statement(shell, plan, name, by)
                expect("keys", list(data), ["statement", "currency", "by", "periods", "rows"])
                expect("head", (data["statement"], data["currency"], data["by"]),
                       (name, sample(demo)["intake_data"].get("currency", "GBP"), by))
                expect("periods", (len(data["periods"]), len(set(data["periods"]))), (count, count))
                if len(data["rows"]) < 4:
                    raise AssertionError("%s has %d rows" % (name, len(data["rows"])))
                for row in data["rows"]:
                    expect("row of " + name, (list(row), len(row["values"])), (["name", "label", "values"], count))
                    for value in row["values"]:
                        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
                            raise AssertionError("%s is no number: %r" % (row["name"], value))
        shell.call("delete", plan, "--yes").ok()


def check_quarters_and_years_follow_from_months(shell):
    plan = make(shell)
    for name in ("pnl", "cashflow", "cashflow_indirect", "balance", "assets", "loans"):
        months = rows(statement(shell, plan, name, "month"))
        for by, length in (("quarter", 3), ("year", 12)):
            for line, values in rows(statement(shell, plan, name, by)).items():
                for i, value in enumerate(values):
                    part = months[line][i * length:(i + 1) * length]
                    of = line.split("[")[0]
                    if line == "debt.cover":
                        continue
                    elif of.endswith("opening"):
                        want = part[0]
                    elif of in STOCKS or of.startswith("balance."):
                        want = part[-1]
                    else:
                        want = add(part)
                    expect("%s, %s %d" % (line, by, i + 1), value, want)


def check_the_statements_tie(shell):
    for demo in sorted(os.listdir(DEMO)):
        plan = make(shell, demo)
        for by in PERIODS:
            cash, sheet = rows(statement(shell, plan, "cashflow", by)), rows(statement(shell, plan, "balance", by))
            ways, loans = rows(statement(shell, plan, "cashflow_indirect", by)), rows(statement(shell, plan, "loans", by))
            expect("cash", cash["cash.closing"], sheet["balance.cash"])
            expect("ways to cash", ways["indirect.operating"], cash["cash.operating"])
            expect("opening", cash["cash.opening"][1:], cash["cash.closing"][:-1])
            expect("loans", loans["balance.loans"], sheet["balance.loans"])
            for line, values in rows(statement(shell, plan, "checks", by)).items():
                expect(line, set(values), {0})
        shell.call("delete", plan, "--yes").ok()


def check_csv_says_what_json_says(shell):
    plan = make(shell)
    for name in STATEMENTS:
        for by in PERIODS:
            data = statement(shell, plan, name, by)
            result = shell.call("show", plan, "financials", "--statement", name, "--by", by, "--csv",
                                env={"LC_ALL": "de_DE.UTF-8"}).ok()
            expect("line ends", result.raw.count(b"\n"), result.raw.count(b"\r\n"))
            table = list(csv.reader(io.StringIO(result.out, newline=""), strict=True))
            expect("head", table[0], ["label"] + data["periods"])
            expect("labels", [row[0] for row in table[1:]], [row["label"] for row in data["rows"]])
            for line, row in zip(table[1:], data["rows"]):
                expect(row["name"], [float(cell) if cell else None for cell in line[1:]], row["values"])
    whole = shell.call("show", plan, "financials", "--csv").ok().out
    expect("the profit and loss by itself", whole, shell.call("show", plan, "financials", "--statement", "pnl", "--by",
                                                              "year", "--csv").ok().out)


def check_nulls_are_null_and_empty(shell):
    short = sample()  # a loan of a year: from then on there is no debt to cover
    short["intake_data"]["loan"]["term_months"] = 12
    plan = shell.call("new", "--intake", "-", stdin=json.dumps(short)).ok().out.strip()
    for by, count, covered in (("month", 60, 12), ("quarter", 20, 4), ("year", 5, 1)):
        cover = rows(statement(shell, plan, "loans", by))["debt.cover"]
        expect("cover by " + by, [value is None for value in cover], [False] * covered + [True] * (count - covered))
        text = shell.call("show", plan, "financials", "--statement", "loans", "--by", by, "--csv").ok().out
        expect("as CSV", text.splitlines()[-1].endswith("," * (count - covered)), True)
    text = shell.call("show", plan, "financials", "--statement", "loans").ok().out
    expect("as text", text.split()[-4:], ["–"] * 4)


def check_text_lines_up(shell):
    plan = make(shell)
    for name in STATEMENTS:
        for by, count in PERIODS.items():
            text = shell.call("show", plan, "financials", "--statement", name, "--by", by).ok().out
            blocks = text.rstrip("\n").split("\n\n")
            expect("blocks", len(blocks), -(-count // 12))
            data = statement(shell, plan, name, by)
            for block in blocks:
                lines = block.split("\n")
                for line, row in zip(lines[1:], data["rows"], strict=True):
                    expect("label in " + line, line.strip().startswith(row["label"]), True)
                expect("widths of " + name, len({len(line) for line in lines}), 1)
    whole = shell.call("show", plan, "financials").ok().out
    one = shell.call("show", plan, "financials", "--statement", "pnl").ok().out
    expect("measures come with the whole only", (whole.startswith(one), len(whole) > len(one)), (True, True))


def check_a_free_account_sees_the_profit_by_year(shell):
    plan = make(shell)
    shell.call("account", "grant", "ada@strattio.example", "--tier", "free").ok()
    for form in ([], ["--json"], ["--csv"]):
        shell.call("show", plan, "financials", "--statement", "pnl", "--by", "year", *form).ok()
        shell.call("show", plan, "financials", "--statement", "pnl", *form).ok()
        for name in STATEMENTS:
            for by in PERIODS:
                if (name, by) != ("pnl", "year"):
                    shell.call("show", plan, "financials", "--statement", name, "--by", by, *form).fails(1, "professional")
    shell.call("show", plan, "financials", "--csv").ok()
    shell.call("show", plan, "financials", "--by", "quarter").fails(1, "professional")


if __name__ == "__main__":
    main(globals())
