#!/usr/bin/env python3
"""Rule packs looked over and tried by path: every mistake with its place, every case that fails.

    test_packs.py PROGRAM [CHECK...]
"""

import glob
import json
import os
import re

from suite import SOURCE, expect, main, sample

GOOD = '''pack OURS "Ours"
    include GENERIC
rule OUR-01 blocker "A loan we could give"
    from  2026-04-01
    test  loan.amount <= 25000
    pass  "{{loan.amount:money0}} is within the limit."
    fail  "{{loan.amount:money0}} passes the limit."
    fix   loan.amount
    source "Our own terms" - 2026-11-23
    case "within" {"loan": {"amount": 25000}} expects pass
    case "over" {"loan": {"amount": 25001}} expects fail
    case "the day before" {"loan": {"amount": 25001}, "application_date": "2026-03-31"} expects not_applicable
    case "not said" {} expects unknown
'''

# What is wrong with a changed GOOD: the change, and the mistakes as LINE:COLUMN and words.
MISTAKES = [
    ([("blocker", "heavy")], ["3:1 heavy"]),
    ([("GENERIC", "NOWHERE"), ("fix   loan.amount", "fix   loan.amont")], ["2:5 NOWHERE", "8:5 loan.amont"]),
    ([("loan.amount <= 25000", "loan.amout <= 25000 and pnl.revenue > 0")], ["5:11 loan.amout", "5:35 pnl.revenue[y1]"]),
    ([("loan.amount <= 25000", "loan.amount <=\\\n   nonsense")], ["6:4 nonsense"]),
    ([("loan.amount <= 25000", "loan.amount <= ")], ["5:25 value"]),
    ([('amount:money0}} is', 'amount:money9}} is'), ("passes {{", "passes"), ("{{loan.amount:money0}} passes", "{{passes")],
     ["6:26 money9", "7:12 not closed"]),
    ([('"over" {"loan"', '"over" {"laon"'), ("expects unknown", "expects maybe")], ["11:5 laon", "13:5 maybe"]),
    ([('"not said" {}', '"not said" {"loan": }')], ["13:5 JSON"]),
    ([('"Our own terms" -', '"Our own terms -')], ["9:12 not closed"]),
    ([("2026-04-01", "soon"), ("    source", "    sauce")], ["4:5 soon", "9:5 sauce"]),
    ([("from  2026-04-01", "from  2026-04-01\n    until 2026-01-01")], ["3:1 ends before"]),
    ([("    fail", "  fail")], ["7:3 indented"]),
]


def lint(shell, text):
    return shell.call("pack", "lint", shell.write("ours.pack", text.encode() if isinstance(text, str) else text))


def check_every_pack_of_ours_is_clean_and_its_cases_hold(shell):
    packs = sorted(glob.glob(os.path.join(SOURCE, "assets/compliance/*.pack")))
    if len(packs) < 9:
        raise AssertionError("where are the packs?")
    for path in packs:
        if not re.search(r"^\d+ rules?, \d+ cases?: no mistakes$", shell.call("pack", "lint", path).ok().out):
            raise AssertionError(path)
        if not re.search(r"^\d+ cases? of \d+ rules?: 0 failed$", shell.call("pack", "test", path).ok().out):
            raise AssertionError(path)


def check_a_pack_without_a_mistake(shell):
    expect("lint", lint(shell, GOOD).ok().out, "1 rule, 4 cases: no mistakes\n")
    expect("test", shell.call("pack", "test", shell.path("ours.pack")).ok().out, "4 cases of 1 rule: 0 failed\n")
    if os.path.exists(shell.database()):
        raise AssertionError("looking at a pack made a store")


def check_every_mistake_is_told_with_its_place(shell):
    for changes, wanted in MISTAKES:
        text = GOOD
        for old, new in changes:
            text = text.replace(old, new)
        said = lint(shell, text).ok(1).out.splitlines()
        told = [line for line in said[:-1]]
        for line, want in zip(told, wanted):
            place, words = want.split(" ", 1)
            if not line.startswith("%s:%s: " % (shell.path("ours.pack"), place)) or words not in line:
                raise AssertionError("%r, not %r" % (line, want))
        if len(told) < len(wanted):
            raise AssertionError("%r is not told" % wanted[len(told)])
        if not said[-1].endswith("%d mistake%s" % (len(told), "" if len(told) == 1 else "s")):
            raise AssertionError(said[-1])


def check_files_that_are_no_packs(shell):
    shell.call("pack", "lint", shell.path("nowhere.pack")).fails(1, "nowhere.pack")
    shell.call("pack", "test", shell.path("nowhere.pack")).fails(1, "nowhere.pack")
    shell.call("pack", "lint").fails(2, "FILE")
    lint(shell, b"pack X \"\xff\"\n").fails(1, "ours.pack:1:9", "UTF-8")
    lint(shell, b"x" * (2 << 20)).fails(1, "ours.pack")
    expect("nothing", lint(shell, "").ok(1).out.splitlines()[0], shell.path("ours.pack") + ":1:1: there is no pack in this file")
    if "\x1b" in lint(shell, "pack X \"x\"\n    \x1b[2J red\n").ok(1).out:
        raise AssertionError("control characters of the file reach the terminal")


def check_cases_that_fail_are_told_and_the_rest_run(shell):
    path = shell.write("ours.pack", GOOD.replace("expects fail", "expects pass").replace("expects unknown", "expects fail").encode())
    said = shell.call("pack", "test", path).ok(1).out.splitlines()
    for line, place, words in zip(said, ("11:5", "13:5"), (("over", "expected pass", "fail"), ("not said", "expected fail", "unknown"))):
        if not line.startswith("%s:%s: OUR-01" % (path, place)) or not all(w in line for w in words):
            raise AssertionError(line)
    expect("summary", said[2:], ["4 cases of 1 rule: 2 failed"])
    shell.call("pack", "test", shell.write("ours.pack", GOOD.replace("blocker", "heavy").encode())).fails(1, "ours.pack:3:1", "heavy")


def check_answers_that_contradict_each_other_are_told_with_both_places(shell):
    answers = sample()
    plan = shell.call("new", "--intake", "-", stdin=json.dumps(answers)).ok().out.strip()
    expect("none", shell.call("check", plan, "--json").json()["contradictions"], [])
    answers["intake_data"]["use_of_funds"][0]["amount"] += 1000
    plan = shell.call("new", "--intake", "-", stdin=json.dumps(answers)).ok().out.strip()
    found = shell.call("check", plan, "--json").json()["contradictions"]
    expect("found", [(c["rule_id"], [p["path"] for p in c["places"]]) for c in found],
           [("ANS-USES", ["use_of_funds", "loan.amount"])])
    said = shell.call("check", plan).out
    for words in ["1 of the answers contradicts others", found[0]["message"], "use_of_funds: " + found[0]["places"][0]["value"]]:
        if words not in said:
            raise AssertionError("%r is not in\n%s" % (words, said))
    run = shell.call("generate", plan, "--progress", "plain").ok().out
    if "warning: " + found[0]["message"] not in run:
        raise AssertionError(run)


if __name__ == "__main__":
    main(globals())
