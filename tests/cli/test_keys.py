#!/usr/bin/env python3
"""The user's own keys, as the commands print and check them.

    test_keys.py PROGRAM [CHECK...]
"""

import os

from suite import expect, main


def write_keys(shell, text):
    folder = shell.env.get("XDG_CONFIG_HOME") or os.path.join(shell.env["HOME"], ".config")
    os.makedirs(os.path.join(folder, "strattio"), exist_ok=True)
    with open(os.path.join(folder, "strattio", "keys.ini"), "w", encoding="utf-8") as file:
        file.write(text)


def keys_of(shell, action):
    return next(row["keys"] for row in shell.call("keys", "--json").ok().json() if row["action"] == action)


def check_keys_are_the_effective_ones(shell):
    expect("as it comes", keys_of(shell, "plans.new"), ["n"])
    write_keys(shell, "plans.new = + C-n\nplans.archive = none\n")
    expect("added", keys_of(shell, "plans.new"), ["n", "C-n"])
    expect("none", keys_of(shell, "plans.archive"), [])
    page = shell.call("man-page").ok().out
    if "n C\\-n" not in page:
        raise AssertionError("the man page does not follow")


def check_what_is_wrong_is_told(shell):
    expect("in order", shell.call("keys", "--check").ok().out, "The keys are in order.\n")
    write_keys(shell, "# fine\nplans.new = j\nplans.nwe = x\n")
    lines = shell.call("keys", "--check").ok(1).out.splitlines()
    expect("lines", len(lines), 2)
    for line, words in zip(lines, (["keys.ini:3", "plans.nwe", "plans.new"], ["j", "list.down"])):
        for word in words:
            if word not in line:
                raise AssertionError(f"{word} is not in: {line}")
    shell.call("keys", "--check", "--json").fails(2)


if __name__ == "__main__":
    main(globals())
