#!/usr/bin/env python3
"""Finding plans: pages that give every plan once, names and their beginnings, statuses; JSON that is JSON.

    test_list.py PROGRAM [CHECK...]
"""

import json

from suite import expect, main, sample


def make(shell, *names):
    """Creates plans of these names, in order; their ids."""
    content = json.dumps(sample())
    return [shell.call("new", "--intake", "-", "--name", name, stdin=content).ok().out.strip() for name in names]


def pages(shell, *args):
    """The ids on each page, following the cursors."""
    found, after = [], []
    while True:
        page = shell.call("list", "--json", *args, *after).ok().json()
        found.append([p["_id"] for p in page["plans"]])
        if page["next"] is None:
            return found
        after = ["--after", page["next"]]
        if len(found) > 100:
            raise AssertionError("the pages never end")


def check_pages_give_every_plan_once(shell):
    ids = make(shell, *("Plan %02d" % i for i in range(23)))
    newest_first = list(reversed(ids))
    for size in (1, 4, 10, 22, 23, 24, 1000):
        got = pages(shell, "--limit", str(size))
        expect("all of them by %d" % size, [i for page in got for i in page], newest_first)
        expect("full pages by %d" % size, all(len(page) == size for page in got[:-1]), True)
    expect("without a limit", pages(shell), [newest_first])


def check_pages_stand_while_plans_come_and_go(shell):
    ids = make(shell, *("Plan %02d" % i for i in range(9)))
    first = shell.call("list", "--json", "--limit", "4").ok().json()
    make(shell, "Newer")
    shell.call("delete", first["plans"][-1]["_id"], "--yes").ok()  # the one the cursor stands on
    shell.call("delete", ids[2], "--yes").ok()
    rest = [i for page in pages(shell, "--limit", "4", "--after", first["next"]) for i in page]
    expect("the rest", rest, [ids[i] for i in (4, 3, 1, 0)])


def check_cursors_that_are_none(shell):
    make(shell, "A", "B")
    other = shell.call("list", "--json", "--limit", "1").ok().json()["next"]
    for cursor in ("", "nonsense", "0" * 24, other + "x", other[:-1], "\x1b[2J", "A" * 5000):
        result = shell.call("list", "--after", cursor)
        result.fails(1)
        if len(result.errors) > 400:
            raise result.wrong("the sentence is endless")
    shell.call("list", "--after", other).ok()


def check_the_text_says_how_to_go_on(shell):
    make(shell, *("Plan %d" % i for i in range(3)))
    text = shell.call("list", "--limit", "2").ok().out
    more = text.strip().splitlines()[-1]
    if not more.startswith("More: strattio list "):
        raise AssertionError("no way on:\n" + text)
    rest = shell.call(*more.split()[2:]).ok().out
    expect("the rest", "Plan 0" in rest and "Plan 2" not in rest, True)
    expect("no more", "More:" in rest, False)
    # Going on keeps to what was asked for.
    shell.call("archive", "Plan 1").ok()
    more = shell.call("list", "--limit", "1", "--status", "draft").ok().out.strip().splitlines()[-1]
    rest = shell.call(*more.split()[2:]).ok().out
    expect("the rest of the drafts", ("Plan 0" in rest, "Plan 1" in rest), (True, False))


def check_status_filter(shell):
    make(shell, "A", "B", "C")
    shell.call("archive", "B").ok()
    for status, names in (("draft", ["C", "A"]), ("archived", ["B"]), ("complete", [])):
        found = shell.call("list", "--json", "--status", status).ok().json()["plans"]
        expect(status, [p["name"] for p in found], names)
    expect("in words", shell.call("list", "--status", "failed").ok().out, "No plans.\n")


def check_names_and_their_beginnings(shell):
    bakery, bakehouse, exact, cafe = make(shell, "Harbour Bakery", "Harbour Bakehouse", "Harbour", "Café Überall")

    def found(ref):
        return shell.call("show", ref, "--json").ok().json()["_id"]

    expect("by id", found(bakery), bakery)
    expect("whole name", found("Harbour"), exact)
    expect("case ignored", found("hARBOUR bakeR"), bakery)
    expect("accents and case", found("CAFÉ ü"), cafe)
    expect("beginning", found("Harbour Bakeh"), bakehouse)
    shell.call("show", "Harbour B").fails(1, "Harbour Bakery", "Harbour Bakehouse")
    shell.call("delete", "Harbour B", "--yes").fails(1, "Harbour Bakery")
    shell.call("show", "Bakery").fails(1, "Bakery")
    shell.call("show", "").fails(1)
    shell.call("show", "6b061bb4befb47924f074231").fails(1, "6b061bb4befb47924f074231")
    make(shell, "Twins", "Twins")
    shell.call("show", "Twins").fails(1, "Twins")


def check_nothing_is_deleted_without_yes(shell):
    plan, = make(shell, "Mine")
    shell.call("delete", plan).fails(1, "--yes", "Mine")
    shell.call("show", plan).ok()
    shell.call("delete", plan, "--yes").ok()
    shell.call("delete", plan, "--yes").fails(1)
    expect("sections", shell.rows("SELECT count(*) FROM sections"), [(0,)])


def check_names_cannot_drive_the_terminal(shell):
    """Another program may have stored anything; what is printed is still harmless."""
    make(shell, "Right-to-left \u202e name", "Wide 東京 name", "Emoji 👨\u200d👩\u200d👧", "q\"uo'te\\ $(x) `y`", "-dash")
    text = shell.call("list").ok().out
    for ch in text:
        if ch < " " and ch != "\n":
            raise AssertionError("control character %r in\n%s" % (ch, text))
    names = {p["name"] for p in shell.call("list", "--json").ok().json()["plans"]}
    expect("names come back as they were", "q\"uo'te\\ $(x) `y`" in names and "Wide 東京 name" in names, True)
    shell.call("show", "--", "-dash").ok()


def check_what_prints_data_prints_json(shell):
    plan, = make(shell, "Mine")
    rows = [["list"], ["show", plan], ["show", plan, "intake"], ["show", plan, "sections"], ["whoami"], ["store", "info"],
            ["store", "info", "--explain"], ["schema"], ["schema", "plans"], ["schema", "intake"], ["config"]]
    for args in rows:
        shell.call(*args, "--json").ok().json()
        shell.call(*args, "--json", env={"LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"}).ok().json()
    for part in ("financials", "compliance", "research", "team"):
        shell.call("show", plan, part, "--json").fails(1)
    shown = shell.call("show", plan, "intake", "--json").ok().json()
    given = sample()["intake_data"]
    expect("answers as given", {k: shown[k] for k in given if k != "industry"},
           {k: v for k, v in given.items() if k != "industry"})


def check_output_and_errors_keep_apart(shell):
    plan, = make(shell, "Mine")
    for args in (["list"], ["show", plan], ["config"], ["schema"], ["--help"], ["store", "info"]):
        result = shell.call(*args).ok()
        expect("errors of " + " ".join(args), result.errors, "")


if __name__ == "__main__":
    main(globals())
