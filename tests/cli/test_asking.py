#!/usr/bin/env python3
"""What can be asked of a plan's figures: scenarios, sensitivity, goals, Monte Carlo.

    test_asking.py PROGRAM [CHECK...]
"""

import os

from suite import DEMO, expect, main


def make(shell, name="harbour-bakery.json"):
    return shell.call("new", "--intake", os.path.join(DEMO, name)).ok().out.strip()


def statement(shell, plan, *more):
    data = shell.call("show", plan, "financials", "--statement", "pnl", "--json", *more).ok().json()
    return {row["name"]: row["values"] for row in data["rows"]}


def check_a_scenario_is_kept_and_seen_everywhere(shell):
    plan = make(shell)
    expect("names", [s["name"] for s in shell.call("scenario", plan, "--json").ok().json()["scenarios"]],
           ["base", "cautious", "ambitious"])
    shell.call("scenario", plan, "set", "dear", "products.price=*110%", "stock_days=5").ok()
    kept = shell.call("scenario", plan, "show", "dear", "--json").ok().json()
    expect("changes", (kept["changes"], kept["own"]), (["products.price=*110%", "stock_days=5"], True))
    base, dear = statement(shell, plan), statement(shell, plan, "--scenario", "dear")
    for before, after in zip(base["pnl.revenue"], dear["pnl.revenue"]):
        if abs(after - before * 1.1) > 60:
            raise AssertionError("%r is not 110%% of %r" % (after, before))
    expect("base", statement(shell, plan, "--scenario", "base"), base)
    traced = shell.call("trace", plan, "products.price[1]", "--scenario", "dear", "--json").ok().json()
    expect("trace", (traced["value"], traced["basis"]), (4.18, "changed from your plan's"))
    whole = shell.call("show", plan, "financials", "--scenario", "dear", "--json").ok().json()
    expect("whole", whole["pnl_annual"][0]["revenue"], dear["pnl.revenue"][0])
    text = shell.call("scenario", plan, "show", "dear").ok().out
    if "Price (Sourdough loaf): £3.80, now £4.18" not in text:
        raise AssertionError(text)
    shell.call("scenario", plan, "remove", "dear").ok()
    shell.call("show", plan, "financials", "--scenario", "dear").fails(1, "no scenario", "base, cautious, ambitious")


def check_scenarios_stand_side_by_side(shell):
    plan = make(shell)
    data = shell.call("scenario", plan, "compare", "--json").ok().json()
    row = {m["measure"]: m for m in data["measures"]}["pnl.revenue[y1]"]
    if not row["cautious"]["value"] < row["base"]["value"] < row["ambitious"]["value"]:
        raise AssertionError(row)
    one = shell.call("scenario", plan, "compare", "--measure", "lowest(cash.closing)", "--json").ok().json()
    expect("one", len(one["measures"]), 1)
    head = shell.call("scenario", plan, "compare").ok().out.splitlines()[0].split()
    expect("head", head, ["Base", "Cautious", "Ambitious"])


def check_a_wrong_scenario_changes_nothing(shell):
    plan = make(shell)
    before = shell.call("show", plan, "intake", "--json").ok().json()
    shell.call("scenario", plan, "set", "x", "products.prise=*2").fails(1, "did you mean products.price?")
    shell.call("scenario", plan, "set", "x", "products.price=-100").fails(1, "at least 0 is allowed")
    shell.call("scenario", plan, "set", "base", "products.price=*2").fails(1, "another name")
    shell.call("scenario", plan, "set", "Upper", "products.price=*2").fails(1, "small letters")
    shell.call("scenario", plan, "remove", "cautious").fails(1, "of its own")
    shell.call("scenario", plan, "mix").fails(2, "list, show, set, remove or compare")
    shell.call("scenario", plan, "show").fails(2, "show NAME")
    shell.call("scenario", plan, "compare", "--measure", "pnl.revenu[y1]").fails(1, "did you mean pnl.revenue?")
    expect("answers", shell.call("show", plan, "intake", "--json").ok().json(), before)


def check_a_tornado_is_sorted_and_honest(shell):
    plan = make(shell)
    data = shell.call("sensitivity", plan, "pnl.net_profit[y1]", "--json").ok().json()
    swings = [row["swing"] for row in data["inputs"]]
    expect("order", swings, sorted(swings, reverse=True))
    expect("first", data["inputs"][0]["input"], "products.price[1]")
    expect("share", data["share"], 0.1)
    text = shell.call("sensitivity", plan, "pnl.net_profit[y1]", "--by", "5%").ok().out
    if "£3.61" not in text or "£3.99" not in text:
        raise AssertionError(text)
    for share in ("0", "-5%", "101%", "ten"):
        shell.call("sensitivity", plan, "pnl.net_profit[y1]", "--by", share).fails(2, "above 0%")
    shell.call("sensitivity", plan, "pnl.net_profit").fails(1, "which year or month")


def check_a_goal_is_found_with_both_sides(shell):
    plan = make(shell)
    data = shell.call("goal", plan, "cash.lowest >= 0", "--by", "products.price[1]", "--json").ok().json()
    expect("answers", len(data["answers"]), 1)
    answer = data["answers"][0]
    expect("step", round(answer["value"] - answer["beyond"], 2), 0.01)
    if not (answer["at"]["value"] >= 0 > answer["beyond_at"]["value"]):
        raise AssertionError(answer)
    shell.call("set", plan, "products.0.price=%.2f" % answer["value"]).ok()
    expect("verified", shell.call("eval", "cash.lowest", "--plan", plan, "--json").ok().json()["value"],
           answer["at"]["value"])
    late = shell.call("goal", plan, "lowest(cash.closing) >= 0", "--by", "products.credit_days", "--to", "90",
                      "--from", "0").ok().out
    if "downwards" not in late and "nowhere" not in late:
        raise AssertionError(late)
    shell.call("goal", plan, "cash.lowest >= 0").fails(2, "--by")
    shell.call("goal", plan, "cash.lowest >= 0", "--by", "stock_days", "--from", "3").fails(2, "go together")
    shell.call("goal", plan, "cash.lowest", "--by", "stock_days").fails(1, "is no goal")


def check_a_study_is_the_same_again(shell):
    plan = make(shell)
    first, again, other = (shell.call("montecarlo", plan, "--runs", "200", "--seed", seed, "--json").ok()
                           for seed in ("5", "5", "6"))
    expect("bytes", first.raw == again.raw, True)
    expect("seed", first.raw == other.raw, False)
    data = first.json()
    expect("lengths", (len(data["cash"]), len(data["profit"]), len(data["out_by"])), (60, 5, 60))
    for spread in data["cash"]:
        if not spread["p10"] <= spread["p50"] <= spread["p90"]:
            raise AssertionError(spread)
    text = shell.call("montecarlo", plan, "products.price[1]=3..3.8..4", "--runs", "100", "--measure",
                      "break_even.month_reached").ok().out
    if "£3.00 .. £3.80 .. £4.00" not in text or "Chance that cash runs out" not in text:
        raise AssertionError(text)
    shell.call("montecarlo", plan, "--runs", "0").fails(2, "1 to 100000")
    shell.call("montecarlo", plan, "--seed", "x").fails(2, "whole number")
    shell.call("montecarlo", plan, "products.price[1]=4..3..5").fails(1, "wrong order")


def check_a_figure_is_traced_forward(shell):
    plan = make(shell)
    data = shell.call("trace", plan, "products.price[1]", "--forward", "--json").ok().json()
    by = {one["name"]: one for one in data["used_by"]}
    expect("revenue", by["products.revenue[1]"],
           {"name": "products.revenue[1]", "label": "Revenue", "steps": 1, "first": "products.revenue[1][m1]",
            "last": "products.revenue[1][m60]", "cells": 60})
    expect("cash", (by["cash.closing"]["steps"] > 2, by["cash.closing"]["first"]), (True, None))
    text = shell.call("trace", plan, "cash.closing[m3]", "--forward").ok().out
    if "cash.opening[m4]" not in text or "And through them:" not in text:
        raise AssertionError(text)
    expect("nothing", shell.call("trace", plan, "checks.all_hold", "--forward").ok().out, "Nothing depends on it.\n")
    shell.call("trace", plan, "pnl.revenu", "--forward").fails(1, "did you mean pnl.revenue?")


def check_months_in_eval(shell):
    plan = make(shell)

    def value(expr):
        return shell.call("eval", expr, "--plan", plan, "--json").ok().json()["value"]

    expect("lowest", value("lowest(cash.closing)"), value("cash.lowest"))
    expect("first month", value("first_month(cash.closing = lowest(cash.closing))"), value("cash.lowest_month"))
    expect("total", value("total(pnl.revenue)"), value("pnl.revenue[y1] + pnl.revenue[y2] + pnl.revenue[y3] + pnl.revenue[y4] "
                                                       "+ pnl.revenue[y5]"))
    expect("highest", value("highest(cash.closing - cash.closing[-1])"), value("highest(cash.net)"))
    expect("month", value("month[m7]"), 7)
    expect("never", shell.call("eval", "first_month(cash.closing > 1000000000)", "--plan", plan, "--json").ok().json()["reason"],
           "never")
    shell.call("eval", "lowest(cash.closing)").fails(1, "say which with --plan")
    shell.call("eval", "lowest(checks.all_hold)", "--plan", plan).fails(1, "works on numbers")


if __name__ == "__main__":
    main(globals())
