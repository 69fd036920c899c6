#!/usr/bin/env python3
"""./start on a computer that lacks things: packages are named with the command that installs them, what it builds is told on
standard error only, and the program gets its arguments and the caller's folder as they are.

    test_start.py PROGRAM [CHECK...]      (PROGRAM is not used: a stand-in is built)
"""

import os
import shutil
import subprocess

from suite import SOURCE, expect, main

# What stands in for the tools of the system; each tells in a file that it was called.
TOOLS = {
    "dpkg-query": 'case " $MISSING " in *" ${@: -1} "*) exit 1 ;; esac; printf installed',
    "id": 'echo "$FAKE_UID"',
    "sudo": "exit 1",
    "apt-get": 'echo "apt-get $*" >>"$CALLS"; exit "${APT_FAILS:-0}"',
    "cmake": 'echo "cmake $*" >>"$CALLS"; echo noise; echo noise >&2; case "$*" in *--build*) mkdir -p build/release; '
             'printf \'#!/bin/sh\\npwd; printf "<%%s>" "$@"\\n\' >build/release/strattio; '
             'chmod +x build/release/strattio ;; esac; exit "${CMAKE_FAILS:-0}"',
    "ninja": "exit 0",
}


class House:
    """A checkout with no build, and a PATH where the tools above come first."""

    def __init__(self, shell):
        self.root = shell.path("a checkout")
        os.makedirs(os.path.join(self.root, ".ci"))
        for name in ("start", ".ci/house.sh", "CMakeLists.txt", "CMakePresets.json"):
            shutil.copy2(os.path.join(SOURCE, name), os.path.join(self.root, name))
        for name in ("src", "ui", "include"):
            os.makedirs(os.path.join(self.root, name))
        tools = shell.path("tools")
        os.makedirs(tools)
        for name, script in TOOLS.items():
            path = os.path.join(tools, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write("#!/usr/bin/env bash\n%s\n" % script)
            os.chmod(path, 0o755)
        self.calls = shell.path("calls")
        self.env = {**shell.env, "PATH": tools + ":" + shell.env["PATH"], "CALLS": self.calls, "FAKE_UID": "1000",
                    "MISSING": ""}
        self.folder = shell.folder

    def start(self, *args, code=0, **env):
        done = subprocess.run([os.path.join(self.root, "start"), *args], env={**self.env, **env}, cwd=self.folder,
                              capture_output=True, text=True)
        if done.returncode != code:
            raise AssertionError("./start: exit %d, not %d\n%s%s" % (done.returncode, code, done.stdout, done.stderr))
        return done

    def called(self):
        if not os.path.exists(self.calls):
            return []
        with open(self.calls, encoding="utf-8") as file:
            return file.read().splitlines()


def check_without_packages_and_root_it_names_them(shell):
    house = House(shell)
    done = house.start("list", code=1, MISSING="libcjson-dev ninja-build")
    expect("standard output", done.stdout, "")
    for word in ("libcjson-dev", "ninja-build", "sudo apt-get install libcjson-dev ninja-build"):
        if word not in done.stderr.replace("ninja-build libcjson-dev", "libcjson-dev ninja-build"):
            raise AssertionError("it does not say %r:\n%s" % (word, done.stderr))
    expect("called", house.called(), [])


def check_root_installs_only_what_is_missing(shell):
    house = House(shell)
    done = house.start("list", MISSING="libcjson-dev", FAKE_UID="0")
    installs = [call for call in house.called() if call.startswith("apt-get install")]
    expect("installs", len(installs), 1)
    expect("what", installs[0].split()[-1], "libcjson-dev")
    expect("standard output", done.stdout, house.folder + "\n<list>")


def check_packages_that_cannot_be_installed_are_named(shell):
    house = House(shell)
    done = house.start("list", code=1, MISSING="libcjson-dev", FAKE_UID="0", APT_FAILS="1")
    expect("standard output", done.stdout, "")
    if "libcjson-dev" not in done.stderr:
        raise AssertionError(done.stderr)


def check_it_builds_once_and_hands_everything_on(shell):
    house = House(shell)
    done = house.start("show", "a plan", "--json", "", "*")
    expect("standard output", done.stdout, house.folder + "\n<show><a plan><--json><><*>")
    if "Building" not in done.stderr or "noise" in done.stderr:
        raise AssertionError("one line on the build is enough:\n" + done.stderr)
    before = house.called()
    again = house.start("list")
    expect("nothing more to say", (again.stdout, again.stderr), (house.folder + "\n<list>", ""))
    expect("nothing built", house.called(), before)
    path = os.path.join(house.root, "src", "new.c")
    open(path, "w").close()
    os.utime(path, (os.path.getmtime(path) + 5,) * 2)
    house.start("list")
    if house.called() == before:
        raise AssertionError("a newer source was not built")


def check_through_a_symbolic_link(shell):
    house = House(shell)
    link = shell.path("strattio")
    os.symlink(os.path.join(house.root, "start"), link)
    done = subprocess.run([link, "list"], env=house.env, cwd="/", capture_output=True, text=True)
    expect("standard output", done.stdout, "/\n<list>")


def check_a_failed_build_is_one_sentence(shell):
    house = House(shell)
    done = house.start("list", code=1, CMAKE_FAILS="1")
    expect("standard output", done.stdout, "")
    if "build failed" not in done.stderr or "build/release.log" not in done.stderr:
        raise AssertionError(done.stderr)


if __name__ == "__main__":
    main(globals())
