#!/usr/bin/env python3
"""The screen's doors without the screen: plans duplicated, the keys as a list, the program opened at a place.

    test_doors.py PROGRAM [CHECK...]
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

from suite import CRASHES, SOURCE, expect, main, sample

# What the screen of a place has that the others do not.
PLACES = [("intake", "Live preview"), ("team", "The founders"), ("market_analysis", "Market analysis"),
          ("financials", "Revenue"), ("checklist", "of 100")]
WAIT_S = 30


def new(shell, name="Mine"):
    return shell.call("new", "--intake", "-", "--name", name, stdin=json.dumps(sample())).ok().out.strip()


def check_a_duplicate_has_the_same_answers(shell):
    plan = new(shell)
    shell.call("generate", plan).ok()
    made = shell.call("duplicate", plan).ok().out.strip()
    old, copy = (shell.call("show", p, "--json").ok().json() for p in (plan, made))
    for field in ("intake_data", "plan_purpose", "compliance_type", "settings"):
        expect(field, copy.get(field), old.get(field))
    expect("start", copy["metadata"]["start_date"], old["metadata"]["start_date"])
    expect("a draft of its own", (copy["status"], copy["name"], copy["current_version"], made == plan),
           ("draft", "Mine (copy)", 0, False))
    expect("from", copy["metadata"]["duplicated_from"], plan)
    shell.call("show", made, "team").fails(1, "written")
    shell.call("set", made, "business_name=Other").ok()
    expect("the first one stays", shell.call("show", plan, "--json").ok().json(), old)
    named = shell.call("duplicate", plan, "--name", "Second", "--json").ok().json()
    expect("named", named["name"], "Second")
    shell.call("generate", made).ok()


def check_a_duplicate_that_is_none(shell):
    plan = new(shell, "N" * 200)
    for args in (["nowhere"], ["0" * 24], [plan, "--name", ""], [plan, "--name", "x" * 201]):
        shell.call("duplicate", *args).fails(1)
    made = shell.call("duplicate", plan, "--json").ok().json()
    expect("no room for (copy)", made["name"], "N" * 200)
    expect("plans", len(shell.call("list", "--json").ok().json()["plans"]), 2)


def rows_of_the_table():
    """Name and keys of each action, read from the table itself."""
    with open(os.path.join(SOURCE, "ui", "terminal", "action_list.h"), encoding="utf-8") as file:
        return re.findall(r'X\([A-Z_]+,\s*[A-Z]+,\s*"([^"]+)",\s*"((?:[^"\\]|\\.)*)"', file.read())


def check_keys_are_those_of_the_table(shell):
    listed = shell.call("keys", "--json").ok().json()
    expect("fields", {tuple(row) for row in listed}, {("action", "context", "keys", "help")})
    table = rows_of_the_table()
    expect("actions", [row["action"] for row in listed], [name for name, _ in table])
    for row, (_, keys) in zip(listed, table):
        expect(row["action"], row["keys"], keys.replace('\\"', '"').replace("\\\\", "\\").split())
    text, page = shell.call("keys").ok().out, shell.call("man-page").ok().out
    for row in listed:
        if row["action"] not in text or row["help"] not in text:
            raise AssertionError("keys lacks " + row["action"])
        if row["help"].replace("-", "\\-") not in page:
            raise AssertionError("the man page lacks " + row["action"])
    if ".SH KEYS" not in page or os.path.exists(shell.database()):
        raise AssertionError("the man page has no keys, or asking made a store")


class Terminal:
    """The program on a terminal of its own, 120 x 40."""

    def __init__(self, shell, *args):
        self.text = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            env = {**shell.env, "TERM": "xterm-256color", "STRATTIO_MOTION": "off"}
            os.execve(shell.program, [shell.program, *args], env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def read(self):
        ready, _, _ = select.select([self.fd], [], [], 0.2)
        try:
            got = os.read(self.fd, 65536) if ready else b""
        except OSError:
            return False
        self.text += got
        return bool(got) or not ready

    def shows(self, word):
        """Waits until `word` has been written to the terminal, in one piece."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            plain = re.sub(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()].|[=>78])", b"", self.text)
            if word.encode() in plain:
                return
            if not self.read():
                break
        raise AssertionError("the screen does not show %r:\n%s" % (word, self.text[-3000:]))

    def type(self, keys):
        os.write(self.fd, keys)

    def ends(self):
        """The exit code once it has ended by itself."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end and self.read():
            pass
        if time.monotonic() >= end:
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        for word in CRASHES:
            if word.encode() in self.text:
                raise AssertionError("it crashed: " + self.text[-3000:].decode("utf-8", "replace"))
        return os.waitstatus_to_exitcode(status)


def check_the_program_opens_at_a_place(shell):
    plan = new(shell)
    shell.call("generate", plan).ok()
    for place, word in PLACES + [(None, "Executive summary")]:
        terminal = Terminal(shell, "open", plan, *([place] if place else []))
        try:
            terminal.shows(word)
            terminal.type(b"\x11")
        finally:
            code = terminal.ends()
        expect("exit after " + str(place), code, 0)


def check_a_draft_opens_at_its_answers(shell):
    terminal = Terminal(shell, "open", new(shell))
    try:
        terminal.shows("Live preview")
        terminal.type(b"\x11")
    finally:
        expect("exit", terminal.ends(), 0)


def check_opening_what_is_not_there(shell):
    plan = new(shell)
    shell.call("open").fails(2, "PLAN")
    shell.call("open", plan, "nowhere").fails(2, "nowhere")
    shell.call("open", "nonsense").fails(1, "nonsense")
    shell.call("open", plan, env={"TERM": "xterm"}).fails(1, "terminal")


if __name__ == "__main__":
    main(globals())
