#!/usr/bin/env python3
"""A plan as a spreadsheet. Every formula of many plans is computed again by LibreOffice, from values that were made wrong
first, and must come out as ours; so must a file in which an answer was typed over. One run of LibreOffice for
all of it. Without LibreOffice the rest is tested; on a build server its absence is a failure."""

import copy
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"))
import sheets  # noqa: E402
from suite import SOURCE, expect, main, sample  # noqa: E402

COINS = {"GBP": 0.01, "USD": 0.01, "EUR": 0.01}
DEMOS = ("harbour-bakery", "little-sprouts", "northwind-robotics")


def changed(**answers):
    """The bakery with other answers; None takes one away."""
    plan = {**sample(), "plan_purpose": "generic"}
    for name, value in answers.items():
        if value is None:
            plan["intake_data"].pop(name, None)
        else:
            plan["intake_data"][name] = value
    return plan


def edges():
    """Plans at the ends of what can be answered."""
    yield "sole-trader", changed(legal_form="sole_trader", loan=None, assets=None, staff=None, applicants=None,
                                 drawings_monthly=1500, vat_registered=False)
    yield "no-sales", changed(products=[{"name": "Idea", "price": 0, "units_per_month": 0}], loan=None, staff=None,
                              fixed_costs=None, starting_capital=0, assets=None)
    yield "estimate-only", changed(products=None, monthly_revenue_estimate=8000, fixed_costs=None, loan=None)
    yield "three-loans", changed(
        loan=None, loans=[{"amount": 10000, "term_months": 36, "rate_percent": 7.5, "month": 1},
                          {"amount": 33333.33, "term_months": 84, "rate_percent": 4.25, "month": 5, "interest_only_months": 6},
                          {"amount": 5000, "term_months": 12, "rate_percent": 0, "month": 20}],
        existing_debts=[{"name": "Card", "balance": 1234.56, "monthly_payment": 100}],
        other_funding=[{"source": "Aunt", "amount": 3000, "kind": "loan", "month": 2},
                       {"source": "Town", "amount": 2500.5, "kind": "grant", "month": 9},
                       {"source": "Friend", "amount": 7000, "kind": "equity", "month": 3}],
        stock_days=20, supplier_days=45, drawings_monthly=250, associated_companies=1, applicants=None)
    yield "losses-first", changed(
        products=[{"name": "Course", "price": 240, "unit_cost": 31.37, "units_per_month": 25, "growth_percent": 55,
                   "start_month": 7, "credit_days": 45, "vat_rate_percent": 20,
                   "seasonality": [60, 70, 90, 100, 110, 120, 150, 150, 110, 100, 80, 60]}])
    yield "american", changed(location_country="US", currency="USD", legal_form="llc", tax_rate_percent=21,
                              employer_contribution_percent=7.65, vat_registered=None)


# All the language can say, added to the model of the plan "language".
LANGUAGE = """
figure says.n number "N"
    = 2
figure says.none number "No value"
    = null("input_missing")
stock says.balance number "With an opening"
    = says.balance[-1] + 1
    opening says.n * 10
stock says.a number "Reads two months back"
    = says.b[-2] + 1
stock says.b number "The same"
    = says.a
flow says.sold number "Over rows"
    = sum(products.units)
flow says.late number "Months late, in part"
    = delayed(says.sold, says.n / 4)
stock says.later number "Late, with an opening"
    = delayed(says.balance, 2.25)
stock says.far number "So far"
    = so_far(says.sold)
stock says.year number "This year"
    = ytd(says.sold)
stock says.power number "Powers"
    = -2 ^ 2 + (1 + 5%) ^ (month - 3) - (0 ^ (month - month) - 2) ^ 3 + 2 ^ 0.5
stock says.known bool "Three values"
    = (says.none > 1 and month < 7) or (month > 50 and says.sold > 0) or not (month = 3 or says.none = 2)
stock says.half number "Null in the middle"
    = if(month > 7 and month < 11, says.none / 1, month) ?? -1
stock says.gone number "Null from month 30"
    = if(month < 30, month, 1 / 0)
ratio says.share number "Again by year"
    = so_far(says.sold) / says.balance - says.balance[-1]
stock says.when date "A date"
    = date
stock says.part number "Of a date"
    = year(date) * 100 + month(date) + if(date < 2028-02-01, 0.5, 0)
figure says.lowest number "Lowest"
    = lowest(says.balance) + highest(says.sold - says.balance) + total(says.late)
figure says.first number "First"
    = first_month(says.balance > 25)
figure says.first_null number "None before a null"
    = first_month(says.gone > 40)
figure says.first_before number "Before a null"
    = first_month(says.gone > 20)
figure says.never number "Never"
    = first_month(says.balance > 2500)
figure says.fixed number "Fixed"
    = says.sold[m7] + says.sold[y2] + products.units_per_month[2] + (products.units_per_month[9] ?? -1)
figure says.rows number "Rows"
    = count(products.price > 3) * 100 + avg(products.units_per_month) + min(products.units_per_month) + count(products.name)
figure says.logic bool "Any and all"
    = any(products.price > 3) and not all(products.price > 3) and (null ?? true)
figure says.any bool "Any, past a null"
    = any(1000 / (products.units_per_month - 2600) > 0)
figure says.all bool "All, past a null"
    = all(1000 / (products.units_per_month - 2600) > 0)
figure says.in bool "One of"
    = legal_form in ["llp", "limited_company"] and not (legal_form in []) and legal_form != "Limited_Company"
figure says.whole number "Whole"
    = floor(-2.5) + 10 * ceil(-2.5) + 100 * ceil(7.2) + floor(0.7 / 0.1) + abs(-3.25) + round(-2.5) + round(2.345, 2)
figure says.percent percent "Percent"
    = percent(12.5%)
figure says.worth number "Worth"
    = npv0(1%, [says.minus, years(says.sold)])
figure says.rate rate "Its rate"
    = max(irr([says.minus, years(says.sold)]))
figure says.modified rate "Its modified rate"
    = mirr([says.minus, years(says.sold)], 5%, 7%)
figure says.rates count "How many"
    = count(irr([says.minus, years(says.sold)]))
figure says.minus number "Outlay"
    = -200000
figure says.no_rates number "No rates"
    = count(irr(years(says.sold)))
"""


def some(rng, low, high, row):
    return [row(i) for i in range(rng.randint(low, high))]


def drawn(seed):
    """Answers drawn by chance, the same for a seed everywhere."""
    rng = random.Random(seed)
    money = lambda most: round(rng.uniform(0, most), rng.choice((0, 2)))  # noqa: E731
    month = lambda: rng.randint(1, 40)  # noqa: E731
    answers = dict(
        legal_form=rng.choice(("limited_company", "sole_trader", "partnership", "llp")),
        location_country=rng.choice(("GB", "GB", "IE", "DE")), vat_registered=rng.random() < 0.5,
        products=some(rng, 1, 4, lambda i: {
            "name": "Product \"%d\"" % i, "price": money(90), "unit_cost": money(40), "units_per_month": money(900),
            "growth_percent": rng.choice((-10, 0, 3.5, 12)), "start_month": month(), "vat_rate_percent": rng.choice((0, 5, 20)),
            "credit_days": rng.choice((0, 15, 30, 45, 60))}),
        staff=some(rng, 0, 4, lambda i: {"role": "Post %d" % i, "annual_salary": money(60000), "start_month": month(),
                                         "director": rng.random() < 0.4, "headcount": rng.randint(1, 3)}),
        assets=some(rng, 0, 3, lambda i: {"name": "Asset %d" % i, "cost": money(30000), "life_years": rng.choice((1, 2.5, 4, 7)),
                                          "residual": money(900), "month": month()}),
        loan=None, applicants=None,
        loans=some(rng, 0, 3, lambda i: {"amount": money(60000), "term_months": rng.randint(1, 90), "month": month(),
                                         "rate_percent": rng.choice((0, 3.9, 6, 7.5, 11.25)),
                                         "interest_only_months": rng.choice((0, 0, 3, 12))}),
        fixed_costs=some(rng, 0, 4, lambda i: {"name": "Cost %d" % i, "monthly": money(2000), "start_month": month(),
                                               "end_month": rng.randint(40, 60), "vat_rate_percent": rng.choice((0, 20))}),
        starting_capital=money(50000), ask_amount=money(90000), stock_days=rng.choice((0, 10, 30)),
        supplier_days=rng.choice((0, 14, 30)), drawings_monthly=money(900))
    return changed(**answers)


def plans():
    for name in DEMOS:
        yield name, sample(name + ".json")
    yield from edges()
    for seed in range(4):
        yield "drawn-%d" % seed, drawn(seed)


def with_language(shell):
    """The environment of a program whose model says everything."""
    assets = shell.path("assets")
    os.makedirs(os.path.join(assets, "finance"))
    with open(os.path.join(SOURCE, "assets", "finance", "plan.model"), encoding="utf-8") as file:
        model = file.read()
    with open(os.path.join(assets, "finance", "plan.model"), "w", encoding="utf-8") as file:
        file.write(model + LANGUAGE)
    return {"STRATTIO_ASSETS": assets}


def new(shell, name, plan):
    return shell.call("new", "--intake", shell.write(name + ".json", {**plan, "name": name})).ok().out.strip()


def export(shell, plan, name, env=None):
    path = shell.path(name + ".xlsx")
    expect("where it went", shell.call("export", plan, "--format", "xlsx", "--out", path, env=env).ok().out.strip(), path)
    return path


def tolerance(cells):
    currency = cells["Cover", "B6"].value
    return sheets.tolerance(COINS[currency], currency)


def told(name, found):
    return "%s: %d cells differ\n%s" % (name, len(found), "\n".join(
        "  %s!%s =%s: ours %r, LibreOffice %r" % cell for cell in found[:12]))


def agree(name, ours, theirs, wrong):
    found = sheets.differences(ours, theirs, tolerance(ours))
    if found:
        wrong.append(told(name, found))


def at_name(cells, name):
    """Where the input of this name has its value."""
    found = [at for (sheet, at), cell in cells.items() if sheet == "Inputs" and at.startswith("B") and cell.value == name]
    expect("inputs called %s" % name, len(found), 1)
    return "D" + found[0][1:]


def answers_typed(cells, price, rate):
    changes = [sheets.typed("Inputs", at_name(cells, "products.price[1]"), price),
               sheets.typed("Inputs", at_name(cells, "loans.rate_percent[1]"), rate)]

    def change(name, xml):
        for one in changes:
            xml = one(name, xml)
        return xml

    return change


def soffice():
    found = shutil.which("soffice") or shutil.which("localc")
    if not found and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise AssertionError("LibreOffice is not installed (libreoffice-calc-nogui)")
    return found


def check_libreoffice_computes_the_same_in_every_cell(shell):
    office = soffice()
    files, ours, wrong = {}, {}, []
    os.makedirs(shell.path("spoilt"))
    for name, plan in (*plans(), ("language", sample())):
        source = export(shell, new(shell, name, plan), name, with_language(shell) if name == "language" else None)
        files[name] = os.path.join(shell.path("spoilt"), name + ".xlsx")
        ours[name] = sheets.read(source)
        sheets.rewrite(source, files[name], sheets.spoil)
    if not office:
        print("LibreOffice is not here (libreoffice-calc-nogui), so no spreadsheet is computed again.")
        return
    bakery = new(shell, "bakery", sample())
    files["typed"] = os.path.join(shell.path("spoilt"), "typed.xlsx")
    sheets.rewrite(export(shell, bakery, "before"), files["typed"], answers_typed(ours["harbour-bakery"], 4.1, 0.0925))
    shell.call("set", bakery, "products.0.price=4.10").ok()
    shell.call("set", bakery, "loan.rate_percent=9.25").ok()
    ours["typed"] = sheets.read(export(shell, bakery, "after"))
    # Is it computed at all? What is handed over must be wrong in every formula.
    spoilt = sheets.read(files["harbour-bakery"])
    expect("formulas left right", [k for k, c in spoilt.items() if c.formula is not None and c.value != float(sheets.RUBBISH)], [])
    computed = sheets.recalculate(office, list(files.values()), shell.path("office"))
    for name, path in zip(files, computed):
        agree(name, ours[name], sheets.read(path), wrong)
    if wrong:
        raise AssertionError("\n".join(wrong))


def check_a_difference_is_found(shell):
    ours = sheets.read(export(shell, new(shell, "bakery", sample()), "bakery"))
    theirs = copy.deepcopy(ours)
    at = next(k for k, c in ours.items() if k[0] == "Monthly" and c.formula and isinstance(c.value, float) and c.value > 100
              and ours.get((k[0], "C" + k[1][len(sheets.column(k[1])):]), c).value == "GBP")
    theirs[at].value += 0.006
    expect("cells that differ", [cell[:2] for cell in sheets.differences(ours, theirs, tolerance(ours))], [at])


def check_what_is_shown_is_what_ran(shell):
    plan = new(shell, "bakery", sample())
    cells = sheets.read(export(shell, plan, "bakery"))
    rows = {cell.value: at[1:] for (sheet, at), cell in cells.items() if sheet == "Annual" and at.startswith("B")}
    data = shell.call("show", plan, "financials", "--json", "--scenario", "base").ok().json()
    for year, figures in enumerate(data["pnl_annual"]):
        cell = cells["Annual", "DEFGH"[year] + rows["pnl.net_profit"]]
        expect("net profit of year %d" % (year + 1), cell.value, figures["net_profit"])
    constants = [(s, a) for (s, a), c in cells.items()
                 if c.formula is None and isinstance(c.value, (float, bool)) and s not in ("Inputs", "Rates")]
    allowed = [k for k in constants if k[1].startswith("I") or k == ("Monthly", "J5") or k[1] == "J9"]
    expect("numbers that are no formulas", sorted(set(constants) - set(allowed)), [])


def check_where_it_goes_and_what_is_said(shell):
    plan = new(shell, "bakery", sample())
    shell.call("export", plan, "--format", "xlsx", "--out", shell.path("no/such/folder.xlsx")).fails(1, "folder.xlsx")
    there = shell.write("there.xlsx", b"old")
    shell.call("export", plan, "--format", "xlsx", "--out", there).ok()
    with open(there, "rb") as file:
        expect("a file of that name is replaced", file.read(2), b"PK")
    expect("standard output", shell.call("export", plan, "--format", "xlsx", "--out", "-").ok().raw[:2], b"PK")
    nowhere = shell.call("export", plan, "--format", "xlsx", "--out", there, env={"TMPDIR": shell.path("gone")})
    nowhere.fails(1, "temporary folder")
    with open(there, "rb") as file:
        expect("after a failure the old file is there", file.read(2), b"PK")
    audits = shell.rows("SELECT count(*) FROM audit_logs WHERE action = 'export.created'")
    expect("audited downloads", audits[0][0], 2)
    expect("documents of exports", shell.rows("SELECT count(*) FROM exports")[0][0], 0)


def check_a_full_disk_leaves_the_old_file(shell):
    if not os.path.exists("/dev/full"):
        return
    plan = new(shell, "bakery", sample())
    with open("/dev/full", "wb") as full:
        shell.call("export", plan, "--format", "xlsx", "--out", "-", stdout=full).ok(1)


if __name__ == "__main__":
    main(globals())
