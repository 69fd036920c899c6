#!/usr/bin/env python3
"""The whole way without a screen, for each sample plan: made, generated, read, changed, checked, traced, exported,
listed, archived, deleted. With a second store the same is done there and every document compared.

    whole_way.py [--first] PROGRAM [STORE...]

--first takes the first sample plan only.
"""

import os
import re
import sys

from program import DEMO, Home, difference, expect

TYPES = ["executive_summary", "company_overview", "products_services", "market_analysis", "competitive_analysis",
         "marketing_strategy", "operations_plan", "team", "financial_projections"]


def check_generated(home, plan):
    stored = home.json("show", plan)
    expect("status", stored["status"], "complete")
    expect("version", stored["current_version"], 1)
    sections = home.json("show", plan, "sections")
    expect("sections", [s["section_type"] for s in sections], TYPES)
    for s in sections:
        expect("order of " + s["title"], s["order_index"], TYPES.index(s["section_type"]))
        if "{{" in s["content"] or "}}" in s["content"]:
            raise AssertionError("%s: a figure was not rendered\n%s" % (s["title"], s["content"]))
        if not s["metadata"]["source"].strip():
            raise AssertionError("%s has no source" % s["title"])
    data = home.json("show", plan, "financials")
    expect("years", [y["year"] for y in data["pnl_annual"]], [1, 2, 3, 4, 5])
    for year in data["pnl_annual"]:
        gross = year["revenue"] - year["cogs"]
        if abs(gross - year["gross_profit"]) > 0.005:
            raise AssertionError("gross profit of year %d does not tie" % year["year"])
    if not data["formulas_used"]:
        raise AssertionError("no formula is given")
    report = home.json("show", plan, "compliance")
    expect("checks", report["passed_count"] + report["failed_count"], len(report["checks"]))
    for check in report["checks"]:
        if "could not be tested" in check["message"]:
            raise AssertionError("%s: %s" % (check["rule_id"], check["message"]))
    return stored, sections


def check_price_change(home, plan, sections):
    """A price moves: every section's figures follow, no source and no draft does."""
    products = home.json("show", plan, "intake").get("products")
    field = "products.0.price" if products else "price_per_unit"
    old = home.json("show", plan, "financials")
    home.run("set", plan, "%s=987.65" % field)
    new = home.json("show", plan, "financials")
    if old["pnl_annual"][0]["revenue"] == new["pnl_annual"][0]["revenue"]:
        raise AssertionError("revenue did not follow the price")
    after = home.json("show", plan, "sections")
    for a, b in zip(sections, after):
        expect("source of " + a["title"], b["metadata"]["source"], a["metadata"]["source"])
    if [s["content"] for s in sections] == [s["content"] for s in after]:
        raise AssertionError("no section followed the price")


def check_trace(home, plan):
    text = home.run("trace", plan, "pnl.revenue[y1]")
    if "Formula:" not in text or "Reads:" not in text:
        raise AssertionError("the trace shows no formula or inputs:\n" + text)
    traced = home.json("trace", plan, "pnl.revenue[y1]")
    expect("traced revenue", traced["value"],
           home.json("show", plan, "financials")["pnl_annual"][0]["revenue"])
    home.run("trace", plan, "pnl.nonsense", code=1)


def check_text(home, plan):
    """The user's own text, its history, and the first text back."""
    first = home.run("show", plan, "team", "--source")
    home.run("edit", plan, "team", "--from", "-", stdin="We sell {{pnl.revenue[y1]}} in the first year.\n")
    if "{{" in home.run("show", plan, "team"):
        raise AssertionError("the figure of an edit was not rendered")
    home.run("restore", plan, "team", "original")
    expect("the first text", home.run("show", plan, "team", "--source"), first)
    expect("history", [e["reason"] for e in home.json("history", plan, "team")], ["restore", "edit", "first"])


def check_duplicate(home, plan):
    copy = home.json("duplicate", plan)
    expect("answers of a duplicate", copy["intake_data"], home.json("show", plan)["intake_data"])
    expect("status of a duplicate", copy["status"], "draft")
    home.run("delete", copy["_id"], "--yes")


def check_export(home, plan):
    path = os.path.join(home.folder, "plan.md")
    expect("export", home.run("export", plan, "--format", "markdown", "--out", path).strip(), path)
    text = open(path, encoding="utf-8").read()
    for title in ("Executive summary", "Financial projections"):
        if not re.search(r"^## \d\. " + title, text, re.M):
            raise AssertionError("the export lacks " + title)
    expect("export to standard output", home.run("export", plan, "--format", "markdown", "--out", "-"), text)


def check_endings(home, plan, name):
    home.run("generate", plan)
    expect("second version", home.json("show", plan)["current_version"], 2)
    home.run("archive", plan)
    expect("archived", home.json("show", plan)["status"], "archived")
    home.run("unarchive", plan)
    expect("back", home.json("show", plan)["status"], "complete")
    expect("listed", [p["name"] for p in home.json("list", "--status", "complete")["plans"]].count(name), 1)
    home.run("delete", plan, code=1)
    home.run("delete", plan, "--yes")
    home.run("show", plan, code=1)


def way(home, sample):
    plan = home.new(sample)
    expect("status of a draft", home.json("show", plan)["status"], "draft")
    expect("generate prints the id", home.run("generate", plan).strip(), plan)
    stored, sections = check_generated(home, plan)
    documents = home.documents(plan)
    home.run("check", plan, code={"compliant": 0, "needs_attention": 1, "non_compliant": 3}[
        documents["compliance"]["overall_status"]])
    check_trace(home, plan)
    check_export(home, plan)
    check_text(home, plan)
    check_duplicate(home, plan)
    check_price_change(home, plan, sections)
    check_endings(home, plan, stored["name"])
    return documents


def main():
    words = [word for word in sys.argv[1:] if word != "--first"]
    program, stores = words[0], ["sqlite:"] + words[1:]
    samples = sorted(f for f in os.listdir(DEMO) if f.endswith(".json"))[:1 if "--first" in sys.argv else None]
    documents = {}
    for store in stores:
        home = Home(program, store)
        try:
            for sample in samples:
                made = way(home, sample)
                found = difference(documents.setdefault(sample, made), made)
                if found:
                    raise AssertionError("%s differs on %s: %s" % (sample, store, found))
        finally:
            home.close()
    print("%d plans on %d stores: 0 failed" % (len(samples), len(stores)))


if __name__ == "__main__":
    main()
