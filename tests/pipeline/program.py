"""Runs the program in a home of its own, for the scripts of this folder. Standard library only."""

import json
import os
import secrets
import shutil
import subprocess
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEMO = os.path.join(SOURCE, "assets", "demo")
PASSWORD = "correct horse 7"


def address(store):
    """The address of a store as the scripts are given it: "sqlite:", a URI, or the kind of a server that
    tests/store/servers.py has started, in a database of its own."""
    if ":" in store:
        return store
    base = os.environ["STRATTIO_TEST_MONGO_" + store.upper()]
    scheme, rest = base.split("://", 1)
    host, _, options = rest.partition("/")
    return "%s://%s/strattio_test_%s%s" % (scheme, host, secrets.token_hex(6), options)


class Home:
    """A home folder, a store and the program on it."""

    def __init__(self, program, store="sqlite:"):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="strattio-test-")
        self.store = store = address(store)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("STRATTIO_")}
        self.env.update(HOME=self.folder, STRATTIO_STORE=store, TZ="UTC", LC_ALL="C.UTF-8",
                        STRATTIO_NAME="Ada Marsh", STRATTIO_EMAIL="ada@strattio.example")
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            self.env.pop("XDG_%s_HOME" % kind, None)
        for name in ("STRATTIO_ASSETS", "STRATTIO_MODULES"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        if store.startswith("mongodb"):
            self.register()

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def register(self):
        self.run("register", "--email", "ada@strattio.example", "--name", "Ada Marsh",
                 "--password-stdin", stdin=PASSWORD + "\n")
        self.run("account", "grant", "ada@strattio.example", "--tier", "enterprise")

    def start(self, *args):
        """A running process, its standard output to read."""
        return subprocess.Popen([self.program, *args], env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *args, code=0, stdin=""):
        """Standard output of a run that must end in `code`."""
        done = subprocess.run([self.program, *args], env=self.env, input=stdin, text=True,
                              capture_output=True, timeout=120)
        if done.returncode != code:
            raise AssertionError("strattio %s: exit %d, not %d\n%s%s" % (
                " ".join(args), done.returncode, code, done.stdout[-2000:], done.stderr[-2000:]))
        self.errors = done.stderr
        return done.stdout

    def json(self, *args, code=0):
        return json.loads(self.run(*args, "--json", code=code))

    def new(self, sample, *args):
        return self.run("new", "--intake", os.path.join(DEMO, sample), *args).strip()

    def documents(self, plan):
        """Everything the plan consists of, without what differs from run to run."""
        whole = {"plan": self.json("show", plan), "sections": self.json("show", plan, "sections")}
        for part in ("financials", "compliance", "research"):
            whole[part] = self.json("show", plan, part)
        return strip(whole)


# Ids and moments; `version` and `rev` count writes, which a resumed run may have more of.
VOLATILE = {"_id", "id", "user_id", "plan_id", "created_at", "updated_at", "completed_at", "generated_at",
            "compliance_report_id", "data_pack_id", "generation_metadata", "rev", "version", "retrieved_at"}


def strip(value):
    if isinstance(value, dict):
        return {k: strip(v) for k, v in value.items() if k not in VOLATILE}
    if isinstance(value, list):
        return [strip(v) for v in value]
    return value


def difference(a, b, path=""):
    """The first place where two documents differ, as a sentence; None if they do not."""
    if type(a) is not type(b):
        return "%s: %r and %r" % (path, a, b)
    if isinstance(a, dict):
        for key in sorted(set(a) | set(b)):
            if key not in a or key not in b:
                return "%s.%s is only in one of them" % (path, key)
            found = difference(a[key], b[key], path + "." + key)
            if found:
                return found
        return None
    if isinstance(a, list):
        if len(a) != len(b):
            return "%s: %d and %d items" % (path, len(a), len(b))
        for i, (x, y) in enumerate(zip(a, b)):
            found = difference(x, y, "%s[%d]" % (path, i))
            if found:
                return found
        return None
    return None if a == b else "%s: %r and %r" % (path, a, b)


def expect(what, got, want):
    if got != want:
        raise AssertionError("%s: %r, not %r" % (what, got, want))
