#!/usr/bin/env python3
"""Working out expressions: with and without a plan, as text and as JSON, and what is said of wrong ones.

    test_eval.py PROGRAM [CHECK...]
"""

import json
import os

from suite import expect, main, sample

# Expression, text, JSON value, unit, type, reason.
VALUES = [
    ("1 + 2 * 3", "7", 7, "number", "number", None),
    ("-5", "-5", -5, "number", "number", None),
    ("-(1 + 2)", "-3", -3, "number", "number", None),
    ("0.1 + 0.2", "0.3", 0.3, "number", "number", None),
    ("6%", "0.06", 0.06, "rate", "number", None),
    ("sln(10000, 1000, 5)", "1800", 1800, "number", "number", None),
    ("round(pmt(6%/12, 60, 25000), 2)", "-483.32", -483.32, "number", "number", None),
    ("round(1.005, money)", "1.01", 1.01, "number", "number", None),
    ("irr([-100, 110])", "[0.1]", [0.1], "rate", "list", None),
    ("[1, 6%]", "[1, 0.06]", [1, 0.06], None, "list", None),
    ("2026-04-01 + 30", "2026-05-01", "2026-05-01", None, "date", None),
    ("[2026-04-01, \"a\", true, null(\"none\")]", "[2026-04-01, a, true, null (none)]",
     ["2026-04-01", "a", True, None], None, "list", None),
    ("1 < 2 and not false", "true", True, None, "bool", None),
    ("\"naïve \" = \"naïve \"", "true", True, None, "bool", None),
    ("1 / 0", "null (division_by_zero)", None, None, "null", "division_by_zero"),
    ("1 / 0 ?? 4", "4", 4, "number", "number", None),
    ("null(\"no_debt\")", "null (no_debt)", None, None, "null", "no_debt"),
]

WRONG = [
    ("", "column 1:", "value"),
    ("1 +", "column 4:", "value"),
    ("1 + 2)", "column 6:", ")"),
    ("1 + foo(2)", "column 5:", "foo"),
    ("stated(\"loan.amount\")", "column 1:", "stated"),
    ("2 * \"é\" + \"x\"", "column 3:", "text"),
    ("1 +\n  \"a\"", "column 3:", "text"),
    ("pmt(1)", "column 1:", "pmt()"),
    ("10 ^ 40", "column 4:", "range"),
    ("1 + pnl.revenue[y1]", "column 5:", "pnl.revenue", "--plan PLAN"),
    ("rates.vat_standard[m1]", "column 1:", "rates.vat_standard", "--plan PLAN"),
    ("(" * 3000, "column"),
    (" " * 100000 + "1", "column 1:", "longer"),
    (b"\"\xff\"", "UTF-8"),
    ("\"\x1b[2J\"", "printable"),
]


def check_values_without_a_plan_need_no_store(shell):
    for text, plain, value, unit, kind, reason in VALUES:
        result = shell.call("eval", text).ok()
        expect(text, result.out, plain + "\n")
        expect("errors of " + text, result.errors, "")
        expect(text + " as JSON", shell.call("eval", text, "--json").ok().json(),
               {"value": value, "unit": unit, "type": kind, "reason": reason})
    expect("after --", shell.call("eval", "--json", "--", "-pmt(0, 12, 1200)").ok().json()["value"], 100)
    shell.call("eval", "1 + 1", "--store", "postgresql://nobody.example/none").ok()
    if os.path.exists(shell.database()):
        raise AssertionError("a plain expression made a store")


def check_wrong_ones_are_told_in_a_sentence_with_the_column(shell):
    for text, *words in WRONG:
        shell.call("eval", text).fails(1, *words)
        shell.call("eval", text, "--json").fails(1, *words)


def check_a_plan_gives_its_figures_and_answers(shell):
    plan = shell.call("new", "--intake", "-", "--name", "Harbour", stdin=json.dumps(sample())).ok().out.strip()
    answers = sample()["intake_data"]

    def value(text):
        return shell.call("eval", text, "--plan", "harb", "--json").ok().json()

    def traced(figure):
        return shell.call("trace", plan, figure, "--json").ok().json()["value"]

    revenue = traced("pnl.revenue[y1]")
    expect("a figure", value("pnl.revenue[y1]"),
           {"value": revenue, "unit": "money", "type": "number", "reason": None})
    expect("as text", shell.call("eval", "pnl.revenue[y1]", "--plan", plan).ok().out, "%g\n" % revenue)
    expect("a table", value("products.price")["value"], [p["price"] for p in answers["products"]])
    expect("a row", value("products.price[2]")["value"], answers["products"][1]["price"])
    expect("rows of a year", value("sum(products.revenue[y1]) = pnl.revenue[y1]")["value"], True)
    expect("profit", value("pnl.revenue[y2] - pnl.cogs[y2] = pnl.gross_profit[y2]")["value"], True)
    expect("an answer", value("legal_form")["value"], answers["legal_form"])
    expect("stated", value("stated(\"loan.amount\")")["value"], "amount" in answers["loan"])
    expect("a row that is not there", value("products.price[99]")["reason"], "input_missing")
    expect("checks", value("checks.all_hold")["value"], True)

    for text, *words in [
        ("pnl.revenu[y1]", "column 1:", "pnl.revenue"),
        ("1 + pnl.revenue", "column 5:", "pnl.revenue[y1]"),
        ("pnl.revenue[y9]", "y5"),
        ("nonsense", "nonsense"),
        ("stated(1)", "column 1:", "stated"),
        ("pnl.revenue[y1] + legal_form", "column 17:"),
    ]:
        shell.call("eval", text, "--plan", plan).fails(1, *words)
    shell.call("eval", "1", "--plan", "nobody's").fails(1, "nobody's")


if __name__ == "__main__":
    main(globals())
