#!/usr/bin/env python3
"""Signing in on a shared store in plain mode. Runs under tests/store/servers.py, which says where the server is.

    test_shared_lines.py PROGRAM [CHECK...]
"""

import os
import secrets

from lines import expect, hides, main, plain, says
from test_lines import Terminal

SERVER = os.environ["STRATTIO_TEST_MONGO_SCRAM"]
ADA, PASSWORD = "ada@strattio.example", "Blue-Kettle-41-Harbour"


def fresh_store():
    address, _, options = SERVER.partition("?")
    return "%s/strattio_test_%s?%s" % (address.rstrip("/"), secrets.token_hex(6), options)


def check_register_and_sign_in(shell):
    told = plain(shell, "?", "register", ADA, "Ada Marsh", PASSWORD, "settings", "sign-out")
    says(told, "Sign in to", "register", "Plans of Ada Marsh", "Signed out")
    hides(told, PASSWORD)
    told = plain(shell, "sign-in", ADA, "wrong", "", "sign-in", ADA, "wrong again", PASSWORD, "quit")
    says(told, "password", "Plans of Ada Marsh")
    hides(told, PASSWORD)
    says(plain(shell, "quit"), "Plans of Ada Marsh")  # the session is kept


def check_what_will_not_do_is_told(shell):
    says(plain(shell, "register", "ada", "Ada", PASSWORD, ADA, "short", PASSWORD, "quit"),
         "e-mail", "assword", "Plans of Ada")


def check_a_changed_password(shell):
    plain(shell, "register", ADA, "Ada", PASSWORD, "settings", "password", PASSWORD, "Another-Kettle-7", "sign-out")
    says(plain(shell, "sign-in", ADA, "Another-Kettle-7", "quit"), "Plans of Ada")


def check_the_end_of_input_at_the_door(shell):
    way = ["register", ADA, "Ada Marsh", PASSWORD]
    for count in range(len(way)):
        hides(plain(shell, *way[:count]), "Plans of")


def check_a_password_is_never_echoed(shell):
    term = Terminal(shell, "--plain")
    term.wait("Sign in (? for help):")
    term.type("register %s\n" % ADA)
    term.wait("Your name:")
    term.type("Ada\n")
    term.wait("eight characters or more:")
    term.type(PASSWORD + "\n")
    since = term.wait("Plans (? for help):")
    term.type("filter seen\n")
    term.wait("seen", since)  # echo is on again
    term.type("quit\n")
    expect("exit", term.exit(), 0)
    hides(term.told, PASSWORD)


def check_a_store_that_does_not_answer(shell):
    address = "mongodb://127.0.0.1:9/nowhere"
    told = plain(shell, "try-again", "here", "begin", "Ada", "ada@example.org", "quit", args=["--store", address])
    says(told, "could not be opened", "could not be opened", "Welcome", "Plans of Ada")


if __name__ == "__main__":
    main(globals(), fresh_store)
