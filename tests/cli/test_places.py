#!/usr/bin/env python3
"""Places that fail: a full disk, a home that cannot be written, files that are no store, servers that are not there, an
output that takes nothing. A sentence each, and nothing lost.

    test_places.py PROGRAM [CHECK...]
"""

import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time

from suite import TIME_LIMIT_S, expect, main, sample

HAVE_MOUNTS = "STRATTIO_TEST_MOUNTS"  # set once we are in a mount namespace of our own


def enter_mount_namespace():
    """Root may mount a small disk, seen by this run alone; others do without."""
    if os.environ.get(HAVE_MOUNTS) or os.geteuid() != 0:
        return
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0:
        os.environ[HAVE_MOUNTS] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])


def mount(folder, options):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True)
    return done.returncode == 0


def new_plan(shell, name):
    return shell.call("new", "--intake", "-", "--name", name, stdin=json.dumps(sample()))


def fill(shell):
    """Creates plans until one is refused; the names of those acknowledged, and the refusal."""
    made = []
    for number in range(200):
        result = new_plan(shell, "Plan %d" % number)
        if result.code:
            return made, result
        made.append("Plan %d" % number)
    raise AssertionError("the disk never filled")


def listed(shell):
    return sorted(p["name"] for p in shell.call("list", "--json").ok().json()["plans"])


def check_full_disk(shell):
    data = shell.path(".local/share/strattio")
    os.makedirs(data)
    if not os.environ.get(HAVE_MOUNTS) or not mount(data, "size=700k,mode=700"):
        print("no small disk can be mounted here: not checked")
        return
    made, refusal = fill(shell)
    refusal.fails(1, "disk is full", "free some space")
    if not made:
        raise AssertionError("not one plan fitted")
    expect("plans on a full disk", listed(shell), sorted(made))
    shell.call("set", "Plan 0", "business_description=" + "y" * 3000)  # may fit or not, but says so
    subprocess.run(["mount", "-o", "remount,size=20m", data], check=True)
    new_plan(shell, "Later").ok()
    expect("plans once there is room", listed(shell), sorted(made + ["Later"]))
    store = sqlite3.connect(shell.database())
    expect("integrity", store.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    store.close()
    subprocess.run(["umount", data], check=True)


def check_disk_full_from_the_first_byte(shell):
    data = shell.path(".local")
    os.makedirs(data)
    if not os.environ.get(HAVE_MOUNTS) or not mount(data, "size=16k,mode=700"):
        print("no small disk can be mounted here: not checked")
        return
    for _ in range(2):
        shell.call("list").fails(1, "full")
    subprocess.run(["umount", data], check=True)


def check_file_size_limit(shell):
    """What a quota of the shell does: files may not grow beyond 300 KB."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300 * 1024, 300 * 1024))

    for number in range(200):
        result = shell.call("new", "--intake", "-", "--name", "Plan %d" % number, preexec_fn=limit,
                            stdin=json.dumps(sample()))
        if result.code:
            break
    result.fails(1, "could not be read or written")
    if number == 0:
        raise AssertionError("not one plan fitted")
    expect("plans", len(listed(shell)), number)
    new_plan(shell, "Later").ok()


def read_only(shell, folder):
    """Makes `folder` unwritable for the program, root included; False if that cannot be."""
    if os.geteuid() != 0:
        os.chmod(folder, 0o555)
        return True
    return bool(os.environ.get(HAVE_MOUNTS)) and subprocess.run(
        "mount --bind %s %s && mount -o remount,bind,ro %s" % (folder, folder, folder), shell=True,
        capture_output=True).returncode == 0


def writable(folder):
    if os.geteuid() != 0:
        os.chmod(folder, 0o755)
    else:
        subprocess.run(["umount", folder], check=True)


def check_read_only_home_on_the_first_start(shell):
    if not read_only(shell, shell.folder):
        print("nothing can be made read-only here: not checked")
        return
    try:
        for args in (["list"], ["whoami"], ["store", "info"]):
            shell.call(*args).fails(1, shell.folder)
        for args in (["--version"], ["--help"], ["config"], ["schema"], ["schema", "intake"], ["man-page"]):
            shell.call(*args).ok()
        # A store elsewhere is all it takes.
        other = "sqlite:/tmp/strattio-test-%d.db" % os.getpid()
        try:
            shell.call("list", "--store", other).ok()
        finally:
            for end in ("", "-wal", "-shm"):
                if os.path.exists(other[7:] + end):
                    os.unlink(other[7:] + end)
    finally:
        writable(shell.folder)


def check_read_only_home_with_a_store(shell):
    new_plan(shell, "Mine").ok()
    data = shell.path(".local/share/strattio")
    if not read_only(shell, data):
        print("nothing can be made read-only here: not checked")
        return
    try:
        if os.geteuid() != 0:
            os.chmod(shell.database(), 0o444)
        result = shell.call("list")
        if result.code:
            result.fails(1, "writ")
        new_plan(shell, "Another").fails(1, "writ")
    finally:
        if os.geteuid() != 0:
            os.chmod(shell.database(), 0o600)
        writable(data)
    expect("plans", listed(shell), ["Mine"])


def check_files_that_are_no_store(shell):
    garbage = shell.write("garbage.db", os.urandom(8192))
    text = shell.write("text.db", b"hello, I am not a database\n" * 100)
    short = shell.write("short.db", b"x")
    shell.call("list", "--store", "sqlite:" + garbage).fails(1, garbage, "not a store")
    shell.call("list", "--store", "sqlite:" + text).fails(1, text, "not a store")
    shell.call("list", "--store", "sqlite:" + short).fails(1, short)
    shell.call("list", "--store", "sqlite:" + shell.folder).fails(1, shell.folder)
    shell.call("list", "--store", "sqlite:/dev/null").fails(1, "/dev/null")
    shell.call("list", "--store", "sqlite:/proc/version/a/b.db").fails(1, "/proc/version")
    os.symlink("loop.db", shell.path("loop.db"))
    shell.call("list", "--store", "sqlite:" + shell.path("loop.db")).fails(1, "loop.db")
    for path, size in ((garbage, 8192), (text, 2700), (short, 1)):
        expect("size of " + path, os.path.getsize(path), size)


def check_a_database_of_another_program_is_left_alone(shell):
    path = shell.path("other.db")
    store = sqlite3.connect(path)
    store.executescript("CREATE TABLE plans (id INTEGER, name TEXT); INSERT INTO plans VALUES (1, 'theirs');")
    store.close()
    before = open(path, "rb").read()
    shell.call("list", "--store", "sqlite:" + path).fails(1, path)
    expect("unchanged", open(path, "rb").read() == before, True)


def check_a_store_of_a_newer_program_is_refused(shell):
    new_plan(shell, "Mine").ok()
    store = sqlite3.connect(shell.database())
    store.execute("PRAGMA user_version = 99")
    store.close()
    shell.call("list").fails(1, "newer")
    new_plan(shell, "Another").fails(1, "newer")
    expect("plans", shell.rows("SELECT count(*) FROM plans"), [(1,)])


def check_a_damaged_store_is_a_sentence(shell):
    for number in range(3):
        new_plan(shell, "Plan %d" % number).ok()
    shell.call("list").ok()
    with open(shell.database(), "r+b") as file:
        size = os.path.getsize(shell.database())
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(b"\xa5" * 2048)
    for args in (["list"], ["show", "Plan 1"], ["whoami"]):
        shell.call(*args).fails(1)


def check_a_store_that_another_program_holds(shell):
    new_plan(shell, "Mine").ok()
    other = sqlite3.connect(shell.database(), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    new_plan(shell, "Another").fails(1, "try again")
    if time.monotonic() - began > 20:
        raise AssertionError("it waited for %.0f s" % (time.monotonic() - began))
    other.execute("ROLLBACK")
    other.close()
    new_plan(shell, "Another").ok()


def closed_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def check_no_server(shell):
    port = closed_port()
    for uri in ("mongodb://127.0.0.1:%d/" % port, "mongodb://ada:hunter2@127.0.0.1:%d/?authSource=admin" % port):
        began = time.monotonic()
        result = shell.call("list", "--store", uri).fails(1, "127.0.0.1")
        if time.monotonic() - began > 8:
            raise result.wrong("it took %.1f s" % (time.monotonic() - began))
        if "hunter2" in result.errors:
            raise result.wrong("the password is shown")
        shell.call("register", "--store", uri, "--email", "a@b.example", "--name", "A", "--password-stdin",
                   stdin="hunter222\n").fails(1, "127.0.0.1")
    shell.call("store", "copy", "sqlite:", "mongodb://127.0.0.1:%d/" % port).fails(1)
    new_plan(shell, "Mine").ok()
    shell.call("store", "copy", "sqlite:", "mongodb://127.0.0.1:%d/" % port).fails(1, "127.0.0.1")
    log = open(shell.path(".local/state/strattio/strattio.log"), encoding="utf-8").read()
    expect("passwords in the log", "hunter2" in log, False)


def check_a_server_that_says_nothing(shell):
    """It takes the connection and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        began = time.monotonic()
        result = shell.call("list", "--store", "mongodb://127.0.0.1:%d/" % listener.getsockname()[1]).fails(1)
        if time.monotonic() - began > 20:
            raise result.wrong("it took %.1f s" % (time.monotonic() - began))


def check_addresses_that_are_none(shell):
    for uri, *words in (("mysql://x/", "mysql"), ("nonsense", "sqlite:"), ("mongodb://", ""),
                        ("mongodb://ada:hunter2@", ""), ("mongodb://ada:hun/ter2@h:port/", ""),
                        ("mongodb://h:99999999/", ""), ("mongodb://h/?nonsense=hunter2&ssl=hunter2", ""),
                        ("sqlite://host/file", "sqlite:/path/file.db"), ("http://example.org/", "http")):
        result = shell.call("list", "--store", uri).fails(1, *words)
        if "ter2" in result.errors:
            raise result.wrong("a secret is shown")


def check_an_output_that_takes_nothing(shell):
    plan = new_plan(shell, "Mine").ok().out.strip()
    for args in (["list"], ["list", "--json"], ["show", plan], ["show", plan, "intake", "--json"], ["--help"],
                 ["--version"], ["config"], ["schema"], ["schema", "intake"], ["man-page"], ["completion", "bash"],
                 ["whoami"], ["store", "info"]):
        with open("/dev/full", "wb") as full:
            shell.call(*args, stdout=full).fails(1, "Standard output")
        # Closed altogether: nothing that is opened later may take its number.
        result = shell.call(*args, stdout=None, preexec_fn=lambda: os.close(1))
        result.fails(1, "Standard output")
    store = sqlite3.connect(shell.database())
    expect("integrity", store.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    store.close()
    log = open(shell.path(".local/state/strattio/strattio.log"), encoding="utf-8").read()
    expect("output in the log", "Usage:" in log, False)


def check_generate_with_an_output_that_takes_nothing(shell):
    plan = new_plan(shell, "Mine").ok().out.strip()
    for form in (["--progress", "json"], ["--progress", "plain"]):
        with open("/dev/full", "wb") as full:
            shell.call("generate", plan, *form, stdout=full).fails(1)
    shell.call("generate", plan).ok()
    with open("/dev/full", "wb") as full:
        shell.call("generate", plan, stdout=full).fails(1, "Standard output")
        shell.call("export", plan, "--format", "markdown", "--out", "-", stdout=full).fails(1)
    shell.call("export", plan, "--format", "markdown", "--out", shell.path("no/such/folder.md")).fails(1, "folder.md")
    shell.call("export", plan, "--format", "markdown", "--out", shell.folder).fails(1, shell.folder)


def signalled(shell, plan, number, ignored):
    """A generation that gets signal `number` with its first line of progress; its exit code, last event and errors."""
    process = subprocess.Popen(
        [shell.program, "generate", plan, "--progress", "json"], env=shell.env, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL))
    lines = [process.stdout.readline()]
    process.send_signal(number)
    rest, errors = process.communicate(timeout=TIME_LIMIT_S)
    return process.returncode, json.loads((lines + rest.splitlines())[-1]), errors


def check_signals_end_a_generation_in_order(shell):
    plan = new_plan(shell, "Mine").ok().out.strip()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        code, last, errors = signalled(shell, plan, number, False)
        expect("after signal %d" % number, (code, last["event"], last["error"], errors),
               (1, "failed", "Cancelled", "strattio: Cancelled\n"))
        shown = shell.call("show", plan, "--json").ok().json()
        expect("status", (shown["status"], shown["error"]), ("failed", "Cancelled"))
        expect("lease", shown["generation_metadata"].get("lease"), None)


def check_nohup_keeps_a_generation_going(shell):
    """What is told to ignore a signal ignores it: `nohup strattio generate` outlives its terminal."""
    plan = new_plan(shell, "Mine").ok().out.strip()
    for number in (signal.SIGHUP, signal.SIGINT):
        code, last, errors = signalled(shell, plan, number, True)
        expect("after signal %d" % number, (code, last["event"], errors), (0, "finished", ""))


def check_a_reader_that_leaves_early(shell):
    for number in range(5):
        new_plan(shell, "Plan %d" % number).ok()
    for args in (["schema"], ["list"]):
        process = subprocess.Popen([shell.program, *args], env=shell.env, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.close()
        errors = process.stderr.read().decode()
        process.stderr.close()
        code = process.wait(TIME_LIMIT_S)
        if code not in (1, -signal.SIGPIPE) or "Sanitizer" in errors:
            raise AssertionError("%s: exit %d, %s" % (args, code, errors))


def check_no_home_at_all(shell):
    file = shell.write("file", b"")
    nowhere = file + "/home"
    shell.call("list", env={"HOME": nowhere}).fails(1, file, "Not a directory")
    shell.call("--version", env={"HOME": nowhere}).ok()


def check_no_locale_and_no_terminal(shell):
    new_plan(shell, "Käse").ok()
    for env in ({"LC_ALL": "C", "TERM": ""}, {"LC_ALL": "nonsense", "TERM": "nonsense"}, {"LANG": "", "LC_ALL": ""}):
        if "Käse" not in shell.call("list", env=env).ok().out:
            raise AssertionError("a name is not shown under %s" % env)
    # Without a command the screen opens, which needs a terminal.
    shell.call().fails(1, "terminal")


if __name__ == "__main__":
    enter_mount_namespace()
    main(globals())
