#!/usr/bin/env python3
"""Intake files and answers that are wrong: every wrong field is named with what is allowed, and nothing is stored. What
is odd but allowed (a price of zero, no capital) gives figures, or nulls with a reason.

    test_intake.py PROGRAM [CHECK...]
"""

import copy
import json
import os
from decimal import ROUND_HALF_UP, Decimal

from suite import bson, expect, main, sample

MAX_SAFE = 2 ** 53
LONG = "x" * (10 * 1024 * 1024)


def nothing_stored(shell):
    expect("plans listed", shell.call("list", "--json").ok().json(), {"plans": [], "next": None})
    expect("plans in the file", shell.rows("SELECT count(*) FROM plans"), [(0,)])
    expect("audited", shell.rows("SELECT count(*) FROM audit_logs WHERE action = 'plan.created'"), [(0,)])


def changed(*changes):
    """The sample with paths set to values, as in ("products.0.price", 3); Gone takes one out."""
    whole = copy.deepcopy(sample())
    for path, value in changes:
        at, keys = whole["intake_data"], path.split(".")
        for key in keys[:-1]:
            at = at[int(key)] if isinstance(at, list) else at.setdefault(key, {})
        key = int(keys[-1]) if isinstance(at, list) else keys[-1]
        if value is Gone:
            del at[key]
        else:
            at[key] = value
    return whole


class Gone:
    """The answer is taken out."""


# One price and one number of units instead of a table of products.
SIMPLE = [("products", Gone), ("units_per_month", 100), ("unit_cost", 2)]


def refused(shell, content, *words, lines=None):
    """`new` fails with sentences that have all of `words`, on at most a screenful."""
    result = shell.call("new", "--intake", shell.write("intake.json", content)).fails(1, *words, lines=lines)
    if len(result.errors) > 16000:
        raise result.wrong("the answer is %d bytes long" % len(result.errors))
    for ch in result.errors:
        if ch < " " and ch != "\n":
            raise result.wrong("control character %r reached the terminal" % ch)
    return result


# One change each: (path, value, what the sentence says besides the path).
WRONG = [
    ("price_per_unit", -1, "0"),
    ("price_per_unit", "-4.20", "0"),
    ("price_per_unit", "a lot", "a lot"),
    ("price_per_unit", True, "amount"),
    ("price_per_unit", [], "amount"),
    ("price_per_unit", {"amount": 1}, "amount"),
    ("price_per_unit", 1e300, "too large"),
    ("price_per_unit", 90071992547410, "too large"),
    ("price_per_unit", 4.205, "decimals"),
    ("starting_capital", -0.01, "0"),
    ("starting_capital", MAX_SAFE, "too large"),
    ("starting_capital", "90071992547409.93", ""),
    ("units_per_month", -1, "0"),
    ("units_per_month", 1e12, "1,000,000,000"),
    ("growth_percent", -101, "100"),
    ("growth_percent", "12k%", "12k%"),
    ("currency", "YEN", "GBP"),
    ("currency", 1, "GBP"),
    ("location_country", "Narnia", "Narnia"),
    ("location_country", None, ""),
    ("legal_form", "guild", "sole_trader"),
    ("team_size", 2.5, "whole"),
    ("team_size", -1, ""),
    ("start_date", "0000-01-01", "date"),
    ("start_date", "2027-02-30", "date"),
    ("start_date", "2027", "date"),
    ("start_date", 0, "date"),
    ("business_name", "", ""),
    ("business_name", 7, "text"),
    ("business_name", ["Harbour"], "text"),
    ("business_name", "a\x1b[2Jb", "control"),
    ("business_name", "x" * 121, "120"),
    ("business_description", LONG, "4,000"),
    ("business_description", "short", "10"),
    ("revenue_model", [1, 2], ""),
    ("products", {}, "rows"),
    ("products", "bread", ""),
    ("products", [[]], ""),
    ("products.0.price", -3, "0"),
    ("products.1.price", "dear", "dear"),
    ("products.2.unit_cost", -1, "0"),
    ("products.0.start_month", 0, "1"),
    ("products.0.start_month", 61, "60"),
    ("products.0.vat_rate_percent", 101, "50"),
    ("loan.amount", "lots", "lots"),
    ("loan.term_months", 0, "1"),
    ("loan", [], ""),
    ("staff.0.annual_salary", -1, "0"),
    ("vat_registered", "perhaps", "perhaps"),
    ("vat_registered", 2, ""),
]


def check_each_wrong_field_is_named_with_what_is_allowed(shell):
    for path, value, says in WRONG:
        refused(shell, changed((path, value)), path, says)
    nothing_stored(shell)


def check_every_wrong_field_is_named_in_one_run(shell):
    rows = [("price_per_unit", -1), ("currency", "YEN"), ("team_size", "many"), ("products.0.price", -3),
            ("loan.amount", "lots"), ("start_date", "soon"), ("legal_form", 3), ("business_name", Gone),
            ("starting_capital", Gone), ("target_customers", Gone)]
    result = refused(shell, changed(*rows))
    named = [line.split(": ")[1] for line in result.errors.splitlines()[:-1]]
    expect("fields named", sorted(named), sorted(path for path, _ in rows))
    if "nothing was stored" not in result.errors or str(len(rows)) not in result.errors.splitlines()[-1]:
        raise result.wrong("the last sentence should say how many and that nothing was stored")
    nothing_stored(shell)


def check_an_empty_file_of_answers_names_all_that_is_required(shell):
    result = refused(shell, b"{}", "business_name", "business_description", "starting_capital", "location_country")
    if len(result.errors.splitlines()) < 10:
        raise result.wrong("more than these are required")
    refused(shell, {"plan_purpose": "loan"}, "loan.amount" if "loan.amount" in result.errors else "legal_form")
    nothing_stored(shell)


def check_what_is_no_json_is_refused_with_its_place(shell):
    rows = [
        b"", b" \n", b"{", b"}", b"[]", b"null", b"7", b"\"text\"", b"{\"a\":1}x", b"{\"a\":1,}", b"{'a':1}", b"{a:1}",
        b"{\"team_size\":NaN}", b"{\"team_size\":Infinity}", b"{\"team_size\":01}", b"{\"team_size\":1e999}",
        b"{\"team_size\":9007199254740993}", b"{\"a\":1,\"a\":2}", b"{\"business_name\":\"a\x00b\"}",
        b"{\"business_name\":\"a\\u0000b\"}", b"{\"business_name\":\"\xff\xfe\"}", b"{\"business_name\":\"\xed\xa0\x80\"}",
        b"{\"business_name\":\"\\ud800\"}", b"{\"business_name\":\"a\nb\"}", b"\x00" * 1000, b"\xff\xfe{\x00}\x00",
        b"{\"a\":" + b"[" * 100000 + b"]" * 100000 + b"}", b"{\"a\":" * 100000, os.urandom(4096),
        b"{\"business_name\":\"" + b"\xff" * (10 * 1024 * 1024) + b"\"}",
    ]
    for content in rows:
        result = refused(shell, content, lines=1)
        if "line" not in result.errors and "nested" not in result.errors:
            raise result.wrong("it should say where")
    nothing_stored(shell)


def check_files_that_are_none(shell):
    shell.call("new", "--intake", shell.path("absent.json")).fails(1, "absent.json", "No such file")
    shell.call("new", "--intake", shell.folder).fails(1, shell.folder)
    shell.call("new", "--intake", "/dev/zero").fails(1, "/dev/zero")
    shell.call("new", "--intake", "").fails(1)
    shell.call("new", "--intake", shell.write("big.json", b" " * (17 * 1024 * 1024))).fails(1, "too large")
    nothing_stored(shell)


def check_a_long_text_of_another_program_does_no_harm(shell):
    content = changed(("notes_of_another_program", LONG))
    plan = shell.call("new", "--intake", shell.write("intake.json", content)).ok().out.strip()
    kept = shell.call("show", plan, "intake", "--json").ok().json()
    expect("kept", kept["notes_of_another_program"] == LONG, True)
    too_much = changed(("a", LONG), ("b", LONG[:6 * 1024 * 1024]))
    refused(shell, too_much)
    expect("plans", shell.rows("SELECT count(*) FROM plans"), [(1,)])


def check_standard_input_is_read(shell):
    plan = shell.call("new", "--intake", "-", stdin=json.dumps(sample())).ok().out.strip()
    expect("name", shell.call("show", plan, "--json").ok().json()["name"], "Harbour Bakery")
    shell.call("new", "--intake", "-", stdin=b"").fails(1)
    shell.call("new", "--intake", "-", stdin=b"{\x00}").fails(1)
    shell.call("new", "--intake", "-", "--name", "Mine", "--purpose", "generic",
               stdin=json.dumps(sample())).ok()
    mine = shell.call("show", "Mine", "--json").ok().json()
    expect("purpose", mine["plan_purpose"], "generic")


def check_names_that_cannot_be(shell):
    path = shell.write("intake.json", sample())
    for name in ("", "  ", "n" * 100000, "a\x1b[2Jb", "a\nb", b"\xff\xfe"):
        result = shell.call("new", "--intake", path, "--name", name)
        result.fails(1)
    expect("plans", shell.rows("SELECT count(*) FROM plans"), [(0,)])


# FIELD=VALUE that cannot be, and what the sentence says.
WRONG_SETS = [
    ("price_per_unit=-1", "price_per_unit", "0"), ("price_per_unit=abc", "price_per_unit", "abc"),
    ("price_per_unit=nan", "price_per_unit"), ("price_per_unit=inf", "price_per_unit"),
    ("price_per_unit=0x10", "price_per_unit"), ("price_per_unit=1e400", "price_per_unit"),
    ("price_per_unit=90071992547409921", "price_per_unit", "too large"),
    ("price_per_unti=4", "price_per_unit"), ("=4", "FIELD=VALUE"), ("price_per_unit", "FIELD=VALUE"),
    ("currency=YEN", "GBP"), ("location_country=Narnia", "Narnia"), ("start_date=0000-00-00", "date"),
    ("team_size=-5", "team_size"), ("products.0.price=free", "free"), ("products.99.price=1", "products"),
    ("products.-1.price=1", "products.0.price?"), ("products=[{\"price\":1}", "products"),
    ("products=[{\"name\":\"a\",\"price\":-1,\"units_per_month\":1}]", "products.0.price: -1"),
    ("products.0={\"name\":\"a\",\"price\":-1,\"units_per_month\":1}", "products.0.price: -1"),
    ("plan_purpose=fun", "generic"), ("name=", "name"), ("business_name=" + "x" * 100000, "120"),
    ("business_name=a\x1b[2Jb", "business_name"), ("_id=6b061bb4befb47924f074231", "_id"),
    ("$set=1", "$set"), ("a..b=1", "a..b"), (".=1", ""),
    (b"business_name=\xff\xfe", "business_name"),
]


def check_wrong_answers_change_nothing(shell):
    plan = shell.call("new", "--intake", shell.write("intake.json", changed(*SIMPLE, ("price_per_unit", 4)))
                      ).ok().out.strip()
    before = shell.rows("SELECT doc FROM plans")
    for assignment, *words in WRONG_SETS:
        result = shell.call("set", plan, assignment).fails(1, *words)
        if len(result.errors) > 600 or "\x1b" in result.errors:
            raise result.wrong("the sentence is no plain sentence")
    # One wrong among many right: none of them counts.
    shell.call("set", plan, "team_size=4", "location_city=Hull", "currency=YEN").fails(1, "GBP")
    expect("the plan", shell.rows("SELECT doc FROM plans") == before, True)


def check_forms_people_type_are_understood(shell):
    plan = shell.call("new", "--intake", shell.write("intake.json", sample())).ok().out.strip()
    shell.call("set", plan, "starting_capital=12.5k", "growth_percent=12%", "location_country=UK",
               "team_size= 4 ").ok()
    answers = shell.call("show", plan, "intake", "--json").ok().json()
    expect("answers", [answers[k] for k in ("starting_capital", "growth_percent", "location_country", "team_size")],
           [12500, 12, "GB", 4])
    shell.call("set", plan, "growth_percent=").ok()
    expect("taken out", "growth_percent" in shell.call("show", plan, "intake", "--json").ok().json(), False)


def check_rows_are_named_added_filled_and_taken_out(shell):
    plan = shell.call("new", "--intake", shell.write("intake.json", sample())).ok().out.strip()

    def rows(table):
        return shell.call("show", plan, "intake", "--json").ok().json()[table]

    costs = rows("fixed_costs")
    shell.call("set", plan, "fixed_costs[2].monthly=1200", "fixed_costs.monthly[1]==100*3").ok()
    expect("two ways to say a row", [r["monthly"] for r in rows("fixed_costs")[:2]], [300, 1200])
    shell.call("set", plan, "fixed_costs.+.name=Lamps", "fixed_costs.last.monthly=25").ok()
    expect("added", rows("fixed_costs")[-1], {"name": "Lamps", "monthly": 25})
    shell.call("set", plan, 'fixed_costs.+={"name": "Tea", "monthly": 5}', "fixed_costs.0=").ok()
    expect("one added, one gone", [r["name"] for r in rows("fixed_costs")],
           [r["name"] for r in costs[1:]] + ["Lamps", "Tea"])
    shell.call("set", plan, "fixed_costs.0.monthly=>100i10").ok()
    expect("filled", [r["monthly"] for r in rows("fixed_costs")],
           [100 + 10 * i for i in range(len(costs) + 1)])
    shell.call("set", plan, "fixed_costs.99=").fails(1, "fixed_costs", "rows")
    shell.call("set", plan, "prior_startup_loans.last.year=2020").fails(1, "has no rows yet")
    shell.call("set", plan, "fixed_costs[1].kind=fun").fails(1, "rent")
    shell.call("set", plan, "starting_capital==2**").fails(1, "=1200*12")


def generated(shell, *changes):
    """financial_models.data of a plan made and generated with `changes`; also compared with what is stored."""
    content = changed(*changes)
    plan = shell.call("new", "--intake", shell.write("intake.json", content)).ok().out.strip()
    shell.call("generate", plan).ok()
    data = shell.call("show", plan, "financials", "--json").ok().json()
    stored = bson(shell.rows("SELECT doc FROM financial_models WHERE plan_id = ?", plan)[0][0])["data"]
    expect("show --json is what is stored", data == json.loads(json.dumps(stored)), True)
    for part in ([], ["intake"], ["sections"], ["compliance"], ["research"]):
        shell.call("show", plan, *part, "--json").ok().json()
    return plan, data


def expect_null(shell, plan, data, figure):
    """The stored figure is null, has its reason beside it, and the trace says why."""
    group, name = figure.split(".")
    expect(figure, data[group][name], None)
    reasons = [r["reason"] for r in data["reasons"] if r["figure"] == figure]
    expect("reasons of " + figure, len(reasons), 1)
    traced = shell.call("trace", plan, figure, "--json").ok().json()
    expect("traced " + figure, (traced["value"], traced["reason"]), (None, reasons[0]))


def check_zero_price_gives_nulls_with_reasons(shell):
    plan, data = generated(shell, *SIMPLE, ("price_per_unit", 0))
    expect("revenue", [year["revenue"] for year in data["pnl_annual"]], [0] * 5)
    nulls = ["break_even.break_even_units_monthly", "break_even.break_even_revenue_monthly", "kpis.gross_margin_percent",
             "kpis.net_margin_percent"]
    for figure in nulls:
        expect_null(shell, plan, data, figure)
    text = shell.call("show", plan, "financials").ok().out
    if "Gross margin" not in text or "no sales" not in text or "nan" in text.lower():
        raise AssertionError("the reason of a null is not shown:\n" + text)


def check_zero_capital_gives_a_null_return(shell):
    plan, data = generated(shell, *SIMPLE, ("price_per_unit", 10), ("starting_capital", 0))
    expect_null(shell, plan, data, "kpis.roi_year1_percent")


def check_the_largest_amounts_end_in_a_figure_or_a_sentence(shell):
    """Prices up to the largest there can be: totals are right, or the line that overflowed is named."""
    for price, units in ((90071992547409.91, 1), (90071992547409.91, 1000000000), (1, 1000000000),
                         (0.01, 0.01), (99999999.99, 123456)):
        content = changed(*SIMPLE, ("price_per_unit", price), ("units_per_month", units), ("unit_cost", 0))
        content["intake_data"].pop("growth_percent", None)
        plan = shell.call("new", "--intake", shell.write("intake.json", content)).ok().out.strip()
        result = shell.call("generate", plan)
        if result.code:
            result.fails(1)
            continue
        year = shell.call("show", plan, "financials", "--json").ok().json()["pnl_annual"][0]
        want = (Decimal(str(price)) * Decimal(str(units))).quantize(Decimal("0.01"), ROUND_HALF_UP) * 12
        if want > Decimal(MAX_SAFE) / 100:
            raise AssertionError("%s times %s is beyond what can be stored, and was" % (price, units))
        expect("revenue of %s times %s" % (price, units), Decimal(str(year["revenue"])), want)


def check_year_zero_is_no_year(shell):
    for date in ("0000-01-01", "0001-01-01", "-001-01-01", "9999-12-31", "10000-01-01"):
        result = shell.call("new", "--intake", shell.write("intake.json", changed(("start_date", date))))
        if date != "9999-12-31":
            result.fails(1, "start_date", lines=None)
        elif result.code == 0:
            shell.call("generate", result.out.strip())  # whatever it says, no crash


if __name__ == "__main__":
    main(globals())
