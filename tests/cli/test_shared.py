#!/usr/bin/env python3
"""A shared store: signing in, what is refused until then, what a tier includes, and that no password is ever left lying about.
Runs under tests/store/servers.py, which says where the server is.

    test_shared.py PROGRAM [CHECK...]
"""

import json
import os
import secrets
import stat
import time
import urllib.parse

from suite import expect, main, sample

SERVER = os.environ["STRATTIO_TEST_MONGO_SCRAM"]
ADA, BOB = "ada@strattio.example", "bob@strattio.example"
PASSWORD = "Blue-Kettle-41-Harbour"


def fresh_store():
    address, _, options = SERVER.partition("?")
    return "%s/strattio_test_%s?%s" % (address.rstrip("/"), secrets.token_hex(6), options)


def register(shell, email=ADA, name="Ada Marsh", password=PASSWORD):
    return shell.call("register", "--email", email, "--name", name, "--password-stdin", stdin=password + "\n")


def login(shell, email=ADA, password=PASSWORD):
    return shell.call("login", "--email", email, "--password-stdin", stdin=password + "\n")


def new(shell, name, change=None):
    content = sample()
    content["intake_data"].update(change or {})
    return shell.call("new", "--intake", "-", "--name", name, stdin=json.dumps(content))


def files(shell):
    """Every file below the home and what is in it."""
    for folder, _, names in os.walk(shell.folder):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                yield path, file.read()


def store_password():
    return urllib.parse.unquote(urllib.parse.urlsplit(SERVER).password)


def check_nothing_without_signing_in(shell):
    rows = [["list"], ["show", "x"], ["new", "--intake", "-"], ["generate", "x"], ["set", "x", "a=b"], ["check", "x"],
            ["trace", "x", "y"], ["export", "x", "--format", "markdown"], ["delete", "x", "--yes"], ["whoami"],
            ["archive", "x"], ["account", "grant", ADA, "--tier", "free"]]
    for args in rows:
        shell.call(*args).fails(1, "login --email", "register --email")
    shell.call("store", "info").ok()


def check_register_login_logout(shell):
    if ADA not in register(shell).ok().out:
        raise AssertionError("it should say who is signed in")
    who = shell.call("whoami", "--json").ok().json()
    expect("who", (who["email"], who["name"], who["role"], who["tier"]), (ADA, "Ada Marsh", "user", "free"))
    shell.call("logout").ok()
    shell.call("list").fails(1, "login")
    login(shell, ADA.upper()).ok()
    shell.call("list").ok()
    register(shell, name="Another").fails(1, ADA)
    shell.call("logout").ok()
    shell.call("logout")  # again: harmless, whatever it says


def check_passwords_that_will_not_do(shell):
    for password in ("", "short", "x" * 73, "x" * 5000, "nul\0inside-it"):
        register(shell, password=password).fails(1)
    shell.call("register", "--email", ADA, "--name", "Ada", "--password-stdin", stdin=b"").fails(1, "no password")
    shell.call("register", "--email", ADA, "--name", "Ada", "--password-stdin", stdin=b"\xff\xfe\xfd-not-text\n")
    for email in ("ada", "ada@", "@x.example", "a b@x.example", "", "x" * 400 + "@x.example"):
        register(shell, email=email).fails(1)
    register(shell, email="c@strattio.example", name="").fails(1)
    register(shell, email="d@strattio.example", password=PASSWORD + "\r").ok()  # a file from Windows
    login(shell, email="d@strattio.example").ok()
    said = register(shell, email=" Eve@Strattio.Example\n").ok().out  # brought to the form it is stored in
    expect("registered", said, "Registered and signed in as eve@strattio.example.\n")


def check_a_wrong_password_tells_nothing(shell):
    register(shell).ok()
    shell.call("logout").ok()
    wrong = login(shell, password=PASSWORD + "x").fails(1)
    unknown = login(shell, email="nobody@strattio.example").fails(1)
    expect("the same sentence", wrong.errors, unknown.errors)
    shell.call("list").fails(1, "login")
    # Many wrong ones in a row have to wait.
    began = time.monotonic()
    said = [login(shell, password="wrong number %d" % i).fails(1).errors for i in range(8)]
    if said[-1] == said[0]:
        raise AssertionError("eight wrong passwords in %.0f s were not held up" % (time.monotonic() - began))


def check_no_secret_is_left_lying_about(shell):
    register(shell).ok()
    shell.call("logout").ok()
    login(shell, password=PASSWORD + "-wrong").fails(1)
    login(shell).ok()
    plan = new(shell, "Mine").ok().out.strip()
    shell.call("generate", plan).ok()
    shell.call("show", "nothing").fails(1)
    shown = [shell.call(*args).ok() for args in (["config"], ["config", "--json"], ["store", "info"], ["whoami"],
             ["store", "info", "--json"], ["whoami", "--json"], ["show", plan, "--json"])]
    hidden = [PASSWORD, store_password(), urllib.parse.quote(store_password(), safe=""), "$2b$", "$2y$"]
    for result in shown:
        for secret in hidden:
            if secret in result.out + result.errors:
                raise result.wrong("a secret is shown")
    for path, content in files(shell):
        for secret in hidden:
            if secret.encode() in content:
                raise AssertionError("%s holds a secret" % path)
        if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
            raise AssertionError("%s can be read by others" % path)
    session = [path for path, _ in files(shell) if "session" in path]
    expect("session files", len(session), 1)
    shell.call("logout").ok()
    expect("after signing out", [path for path, _ in files(shell) if "session" in path], [])


def check_what_belongs_to_another_is_not_there(shell):
    register(shell).ok()
    plan = new(shell, "Ada's").ok().out.strip()
    register(shell, BOB, "Bob").ok()
    expect("Bob's list", shell.call("list", "--json").ok().json()["plans"], [])
    for args in (["show", plan], ["generate", plan], ["set", plan, "team_size=3"], ["delete", plan, "--yes"],
                 ["export", plan, "--format", "markdown"], ["archive", plan], ["check", plan]):
        shell.call(*args).fails(1, "no plan")
    login(shell).ok()
    shell.call("show", plan).ok()


def check_wrong_answers_store_nothing(shell):
    register(shell).ok()
    for change in ({"price_per_unit": -1, "products": []}, {"currency": "YEN"}, {"team_size": 1.5},
                   {"business_name": "x" * (10 * 1024 * 1024)}):
        new(shell, "Wrong", change).fails(1, lines=None)
    expect("plans", shell.call("list", "--json").ok().json()["plans"], [])
    new(shell, "Right").ok()  # nor was the month's one plan used up


def check_a_tier_is_asked_and_given(shell):
    register(shell).ok()
    plan = new(shell, "Mine").ok().out.strip()
    new(shell, "One too many").fails(1, "free")
    shell.call("generate", plan).ok()
    preview = shell.call("show", plan, "financials", "--json").ok().json()
    expect("preview of the figures", sorted(preview), ["break_even", "kpis", "pnl_annual"])
    preview = shell.call("show", plan, "compliance", "--json").ok().json()
    expect("preview of the checklist", "checks" in preview, False)
    shell.call("show", plan, "financials", "--by", "month").fails(1, "professional")
    shell.call("export", plan, "--format", "markdown", "--out", shell.path("plan.md")).fails(1, "tier")
    expect("no file", os.path.exists(shell.path("plan.md")), False)
    shell.call("show", plan, "sections").ok()  # one's own text is always readable
    shell.call("account", "grant", ADA, "--tier", "professional").ok()
    expect("all of it", "pnl_monthly" in shell.call("show", plan, "financials", "--json").ok().json(), True)
    shell.call("export", plan, "--format", "markdown", "--out", shell.path("plan.md")).ok()
    # Once there is an admin, only an admin grants.
    register(shell, BOB, "Bob").ok()
    shell.call("account", "grant", BOB, "--role", "admin").ok()
    login(shell).ok()
    shell.call("account", "grant", ADA, "--tier", "enterprise").fails(1, "admin")
    login(shell, BOB).ok()
    shell.call("account", "grant", ADA, "--tier", "enterprise").ok()
    shell.call("account", "grant", "nobody@strattio.example", "--tier", "free").fails(1, "nobody@strattio.example")


def check_wrong_credentials_of_the_store(shell):
    wrong = os.environ["STRATTIO_TEST_MONGO_SCRAM_WRONG"]
    secret = urllib.parse.unquote(urllib.parse.urlsplit(wrong).password)
    for args in (["list"], ["store", "info"]):
        began = time.monotonic()
        result = shell.call(*args, "--store", wrong).fails(1)
        if secret in result.errors or urllib.parse.urlsplit(wrong).password in result.errors:
            raise result.wrong("the password is shown")
        if time.monotonic() - began > 10:
            raise result.wrong("it took %.0f s" % (time.monotonic() - began))


def check_pages_on_a_server(shell):
    register(shell).ok()
    shell.call("account", "grant", ADA, "--tier", "enterprise").ok()
    ids = [new(shell, "Plan %d" % i).ok().out.strip() for i in range(7)]
    found, after = [], []
    while True:
        page = shell.call("list", "--json", "--limit", "3", *after).ok().json()
        found += [p["_id"] for p in page["plans"]]
        if not page["next"]:
            break
        after = ["--after", page["next"]]
    expect("each plan once", found, list(reversed(ids)))


if __name__ == "__main__":
    main(globals(), fresh_store)
