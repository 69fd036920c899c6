"""What the scripts of this folder share. A script is a list of functions check_...(shell), each run in a home of its
own; a failed one is told with its name and the rest still runs. Standard library only."""

import json
import os
import sqlite3
import struct
import subprocess
import sys
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "pipeline"))
from program import DEMO, PASSWORD, SOURCE, Home, expect  # noqa: E402,F401

# The sentences of a program that did not end by itself.
CRASHES = ("Sanitizer", "runtime error:", "symbol lookup error", "Assertion")
TIME_LIMIT_S = 60


class Result:
    def __init__(self, what, done):
        self.what, self.code = what, done.returncode
        self.raw, self.errors = done.stdout or b"", (done.stderr or b"").decode("utf-8", "replace")
        self.out = self.raw.decode("utf-8", "replace")
        for word in CRASHES:
            if word in self.errors or self.code < 0:
                raise self.wrong("it crashed")

    def wrong(self, why):
        return AssertionError("%s: %s\nexit %d\n%s%s" % (self.what, why, self.code, self.out[-1500:], self.errors[-1500:]))

    def ok(self, code=0):
        if self.code != code:
            raise self.wrong("the exit code should be %d" % code)
        return self

    def json(self):
        try:
            return json.loads(self.raw.decode("utf-8"), parse_constant=refuse_constant)
        except ValueError as why:
            raise self.wrong("not JSON: %s" % why) from None

    def fails(self, code, *words, lines=1):
        """Exit `code`, nothing on standard output, and `lines` sentences (None: any number) with all of `words`."""
        self.ok(code)
        if self.raw:
            raise self.wrong("a failure prints nothing on standard output")
        said = self.errors.splitlines()
        if not said or not said[-1].startswith("strattio: ") or (lines and len(said) != lines):
            raise self.wrong("a failure is told in one sentence that begins with the program's name")
        for word in words:
            if word not in self.errors:
                raise self.wrong("the sentence does not say %r" % word)
        return self


def refuse_constant(name):
    raise ValueError("%s is not a figure" % name)


class Shell(Home):
    """A home in which commands are run as a person or a script would."""

    def register(self):
        """On a shared store nobody is signed in: that is for the checks."""

    def call(self, *args, stdin=b"", env=None, **options):
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        if "stdin" not in options:
            options["input"] = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run([self.program, *args], env={**self.env, **(env or {})}, timeout=TIME_LIMIT_S, **options)
        return Result("strattio " + " ".join(short(a) for a in args), done)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        """A file in the home; returns its path."""
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else json.dumps(content).encode())
        return self.path(name)

    def database(self):
        return self.path(".local/share/strattio/strattio.db")

    def rows(self, sql, *values):
        """Straight from the file, past the program."""
        store = sqlite3.connect("file:%s?mode=ro" % self.database(), uri=True)
        try:
            return store.execute(sql, values).fetchall()
        finally:
            store.close()


def short(arg):
    text = arg.decode("utf-8", "replace") if isinstance(arg, bytes) else str(arg)
    return text if len(text) < 80 else text[:76] + "..."


def sample(name="harbour-bakery.json"):
    with open(os.path.join(DEMO, name), encoding="utf-8") as file:
        return json.load(file)


def bson(data):
    """A BSON document as JSON would have it: ids and dates as text."""
    value, _ = bson_document(data, 0, False)
    return value


def bson_document(data, at, is_array):
    end = at + struct.unpack_from("<i", data, at)[0] - 1
    at += 4
    out = [] if is_array else {}
    while at < end:
        kind = data[at]
        stop = data.index(b"\0", at + 1)
        key, at = data[at + 1:stop].decode(), stop + 1
        value, at = bson_value(data, at, kind)
        if is_array:
            out.append(value)
        else:
            out[key] = value
    return out, end + 1


def bson_value(data, at, kind):
    if kind == 0x01:
        return struct.unpack_from("<d", data, at)[0], at + 8
    if kind == 0x02:
        size = struct.unpack_from("<i", data, at)[0]
        return data[at + 4:at + 3 + size].decode(), at + 4 + size
    if kind in (0x03, 0x04):
        return bson_document(data, at, kind == 0x04)
    if kind == 0x07:
        return data[at:at + 12].hex(), at + 12
    if kind == 0x08:
        return data[at] == 1, at + 1
    if kind == 0x09:
        return ("date", struct.unpack_from("<q", data, at)[0]), at + 8
    if kind == 0x0a:
        return None, at
    if kind == 0x10:
        return struct.unpack_from("<i", data, at)[0], at + 4
    if kind == 0x12:
        return struct.unpack_from("<q", data, at)[0], at + 8
    raise ValueError("BSON type 0x%02x" % kind)


def main(names, fresh_store=lambda: "sqlite:"):
    """Runs the check_ functions of a script: `main(globals())`, as PROGRAM [CHECK...]. `fresh_store` gives the address of an
    empty store for each."""
    program = os.path.abspath(sys.argv[1])
    checks = [(name, f) for name, f in names.items() if name.startswith("check_")]
    wanted = sys.argv[2:]
    failed = 0
    for name, check in checks:
        if wanted and name not in wanted:
            continue
        shell = Shell(program, fresh_store())
        try:
            check(shell)
        except Exception as why:  # one broken promise must not hide the next
            failed += 1
            print("FAILED %s\n%s" % (name, why if isinstance(why, AssertionError) else traceback.format_exc()))
        finally:
            shell.close()
    print("%d checks: %d failed" % (len(wanted or checks), failed))
    sys.exit(1 if failed else 0)
