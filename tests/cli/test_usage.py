#!/usr/bin/env python3
"""Asking wrongly and asking for help: usage errors, help, man page, completions, settings.

    test_usage.py PROGRAM [CHECK...]
"""

import os
import re
import shutil
import subprocess

from suite import expect, main


def commands(shell):
    """The names of all commands, from the help."""
    text = shell.call("--help").ok().out
    listed = text[text.index("Commands:"):text.index("Settings")]
    names = []
    for line in listed.splitlines()[1:]:
        if line.startswith("  ") and not line.startswith("   "):
            names.append(" ".join(w for w in line.split() if re.fullmatch("[a-z-]+", w)))
    return names


def check_usage_errors_exit_2_with_one_sentence(shell):
    rows = [
        (["nonsense"], "nonsense"),
        ([""], "command"),
        (["--nonsense"], "--nonsense"),
        (["store"], "store"),
        (["store", "nonsense"], "store"),
        (["account"], "account"),
        (["list", "--nonsense"], "--nonsense"),
        (["list", "--limit"], "--limit"),
        (["list", "--limit", "0"], "--limit"),
        (["list", "--limit", "-3"], "--limit"),
        (["list", "--limit", "ten"], "--limit"),
        (["list", "--limit", "10x"], "--limit"),
        (["list", "--limit", " 10"], "--limit"),
        (["list", "--limit", "99999999999999999999"], "--limit"),
        (["list", "--limit="], "--limit"),
        (["list", "--status", "gone"], "gone", "draft|generating|complete|failed|archived"),
        (["list", "--status", ""], "--status"),
        (["list", "--json=yes"], "--json"),
        (["list", "extra"], "extra"),
        (["show"], "PLAN"),
        (["show", "a", "intake", "c"], "\"c\""),
        (["show", "a", "--by", "week"], "week", "month|quarter|year"),
        (["show", "a", "financials", "--statement", "p"], "--statement", "pnl|cashflow|"),
        (["show", "a", "--statement", "pnl"], "--statement", "financials"),
        (["show", "a", "intake", "--csv"], "--csv", "financials"),
        (["show", "a", "financials", "--csv", "--json"], "--json or --csv"),
        (["set", "a"], "FIELD=VALUE"),
        (["set"], "PLAN"),
        (["new"], "--intake"),
        (["new", "--intake"], "--intake"),
        (["new", "--intake", "x", "--purpose", "fun"], "fun", "loan"),
        (["new", "file.json"], "file.json"),
        (["generate"], "PLAN"),
        (["generate", "a", "b"], "\"b\""),
        (["generate", "a", "--progress", "xml"], "xml", "plain|json"),
        (["check"], "PLAN"),
        (["trace", "a"], "FIGURE"),
        (["eval"], "EXPR"),
        (["eval", "1", "2"], "\"2\""),
        (["eval", "1", "--plan"], "--plan"),
        (["eval", "-pmt(1, 2, 3)"], "-pmt"),
        (["export", "a"], "--format"),
        (["export", "a", "--format", "papyrus"], "papyrus", "markdown"),
        (["delete"], "PLAN"),
        (["register"], "--email"),
        (["register", "--email", "a@b.example"], "--name"),
        (["login"], "--email"),
        (["account", "grant"], "EMAIL"),
        (["account", "grant", "a@b.example"], "--tier"),
        (["account", "grant", "a@b.example", "--tier", "gold"], "gold", "free|starter|professional|enterprise"),
        (["account", "grant", "a@b.example", "--role", "king"], "king"),
        (["store", "copy", "sqlite:"], "FROM TO"),
        (["schema", "nonsense"], "nonsense"),
        (["completion"], "SHELL"),
        (["completion", "tcsh"], "tcsh", "bash"),
        (["list", "--color", "purple"], "purple", "auto"),
        (["--store"], "--store"),
        (["list", "--store"], "--store"),
    ]
    for args, *words in rows:
        shell.call(*args).fails(2, *words)
    if os.path.exists(shell.database()):
        raise AssertionError("a usage error made a store")


def check_bytes_that_are_no_text_are_refused_or_shown_safely(shell):
    for args in ([b"\xff\xfe"], [b"list", b"--\xff"], [b"show", b"\xff"], [b"list", b"--status", b"\x1b[2J"],
                 [b"show", b"\x1b]0;title\x07"], [b"n" * 100000], [b"list", b"--" + b"x" * 100000],
                 [b"show", b"y" * 100000]):
        result = shell.call(*args)
        if result.code not in (1, 2):
            raise result.wrong("it should fail")
        if "\x1b" in result.errors:
            raise result.wrong("an escape sequence reached the terminal")
        if len(result.errors) > 600:
            raise result.wrong("the sentence is endless")


def check_help_of_every_command(shell):
    names = commands(shell)
    for wanted in ("new", "generate", "list", "show", "set", "check", "trace", "eval", "export", "delete", "store copy",
                   "store info", "schema", "config", "account grant", "register", "login", "logout", "whoami"):
        if wanted not in names:
            raise AssertionError("--help does not list %s, but %s" % (wanted, names))
    for name in names:
        result = shell.call(*name.split(), "--help").ok()
        if not result.out.startswith("Usage: strattio " + name) or result.errors:
            raise result.wrong("help does not begin with the usage")
        expect("-h of " + name, shell.call(*name.split(), "-h").ok().out, result.out)
    if os.path.exists(shell.database()):
        raise AssertionError("asking for help made a store")


def check_version(shell):
    for flag in ("--version", "-V"):
        if not re.fullmatch(r"strattio \d+\.\d+\.\d+\n", shell.call(flag).ok().out):
            raise AssertionError(flag + " does not print the version alone")


def check_man_page_renders_without_warnings(shell):
    page = shell.call("man-page").ok().raw
    if not shutil.which("man"):
        print("man is not installed: not rendered")
        return
    done = subprocess.run(["man", "--warnings=w", "-E", "UTF-8", "-l", "-Tutf8", "-"], input=page, capture_output=True,
                          env={**shell.env, "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat", "PAGER": "cat"})
    said = done.stderr.decode()
    if done.returncode or said.strip():
        raise AssertionError("man says: " + said)
    text = re.sub(".\b", "", done.stdout.decode())
    for name in commands(shell):
        if name not in text:
            raise AssertionError("the man page lacks " + name)
    for word in ("NAME", "SYNOPSIS", "--store", "STRATTIO_STORE", "KEYS", "EXIT STATUS", "FILES"):
        if word not in text:
            raise AssertionError("the man page lacks " + word)


def check_completions_are_valid_and_complete(shell):
    names = {name.split()[0] for name in commands(shell)}
    for name in ("bash", "zsh", "fish"):
        script = shell.call("completion", name).ok().raw
        if not shutil.which(name):
            print("%s is not installed: its completion is not checked" % name)
            continue
        path = shell.write("completion." + name, script)
        done = subprocess.run([name, "-n", path], capture_output=True, text=True)
        if done.returncode or done.stderr:
            raise AssertionError("%s: %s" % (name, done.stderr))

    def complete(*words):
        """What bash offers after these words; the last is being typed."""
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _strattio; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, "bash", shell.path("completion.bash"), *words],
                              capture_output=True, text=True, cwd=shell.folder)
        expect("bash", done.stderr, "")
        return done.stdout.split()

    offered = complete("strattio", "")
    if not names <= set(offered) or "--store" not in offered:
        raise AssertionError("bash offers %s, not all of %s" % (offered, sorted(names)))
    expect("after 'sto'", complete("strattio", "sto"), ["store"])
    expect("after 'store '", set(complete("strattio", "store", "")) >= {"copy", "info"}, True)
    expect("after 'list --st'", complete("strattio", "list", "--st"), ["--status"])
    expect("after 'show x fin'", "financials" in complete("strattio", "show", "x", "fin"), True)
    expect("after 'new --intake comp'", "completion.bash" in complete("strattio", "new", "--intake", "completion.b"),
           True)


def check_config_says_where_each_value_comes_from(shell):
    shell.env.pop("STRATTIO_STORE")
    os.makedirs(shell.path(".config/strattio"))
    shell.write(".config/strattio/config.ini", b"# mine\nstore = sqlite:%s\ntheme = dark\n" %
                shell.path("a.db").encode())
    found = shell.call("config", "--json", "--color", "16").ok().json()
    expect("file", (found["theme"]["value"], found["theme"]["from"]), ("dark", "config.ini"))
    expect("file", (found["store"]["value"], found["store"]["from"]), ("sqlite:" + shell.path("a.db"), "config.ini"))
    expect("flag", (found["color"]["value"], found["color"]["from"]), ("16", "flag"))
    expect("environment", (found["name"]["value"], found["name"]["from"]), ("Ada Marsh", "environment"))
    expect("default", (found["motion"]["value"], found["motion"]["from"]), ("auto", "default"))
    text = shell.call("config").ok().out
    for word in ("config.ini", "environment", "default", "Ada Marsh"):
        if word not in text:
            raise AssertionError("config does not say %s:\n%s" % (word, text))


def check_wrong_settings_are_named_with_their_place(shell):
    os.makedirs(shell.path(".config/strattio"))
    for content, *words in ((b"stoer = sqlite:\n", "config.ini:1", "stoer", "\"store\""),
                            (b"\ncolor = purple\n", "config.ini:2", "purple", "auto"),
                            (b"hello\n", "config.ini:1"), (b"[other]\n", "config.ini:1"),
                            (b"\x00\xff\xfe", "config.ini")):
        shell.write(".config/strattio/config.ini", content)
        shell.call("list").fails(2, *words)
    shell.write(".config/strattio/config.ini", b"")
    shell.call("list", env={"STRATTIO_COLOR": "purple"}).fails(2, "STRATTIO_COLOR", "purple")


def check_config_never_shows_a_password(shell):
    for uri in ("mongodb://ada:hunter2@db.example/strattio_db", "mongodb://ada:hunter2@x@db.example/",
                "mongodb+srv://ada:hunter2@db.example/?tls=true", "mongodb://ada:hun/ter2@db.example/",
                "mongodb://db.example/?tlsCertificateKeyFilePassword=hunter2",
                "mongodb://ada:hun?ter2@db.example/?authMechanismProperties=AWS_SESSION_TOKEN:hunter2"):
        for result in (shell.call("config", "--store", uri), shell.call("config", "--json", "--store", uri)):
            result.ok()
            if "ter2" in result.out or "hunter" in result.out:
                raise result.wrong("a password is shown")
            if "db.example" not in result.out:
                raise result.wrong("the address is not shown")


def check_a_password_is_never_an_argument(shell):
    for command in ("register", "login"):
        base = [command, "--email", "a@b.example"] + (["--name", "A"] if command == "register" else [])
        shell.call(*base, "--password", "hunter2").fails(2, "--password")
        shell.call(*base, "--password=hunter2").fails(2, "--password")
        shell.call(*base, "--password-stdin=hunter2").fails(2, "--password-stdin")
        shell.call(*base, "hunter2").fails(2, "one too many")
        if "--password " in shell.call(command, "--help").ok().out:
            raise AssertionError(command + " offers a password as an argument")
    log = shell.path(".local/state/strattio/strattio.log")
    if os.path.exists(log) and "hunter2" in open(log, encoding="utf-8").read():
        raise AssertionError("the log has what was given as a password")


def check_sign_in_belongs_to_shared_stores(shell):
    shell.call("register", "--email", "a@b.example", "--name", "A", "--password-stdin", stdin="hunter222\n").fails(
        1, "this computer")
    shell.call("login", "--email", "a@b.example", "--password-stdin", stdin="hunter222\n").fails(1, "this computer")
    shell.call("logout").fails(1, "this computer")


def check_settings_may_stand_anywhere(shell):
    other = "sqlite:" + shell.path("other.db")
    shell.call("list", "--store", other).ok()
    shell.call("--store", other, "list").ok()
    shell.call("--store=" + other, "list").ok()
    expect("uri", shell.call("store", "info", "--json", "--store", other).ok().json()["uri"], other)
    expect("uri", shell.call("store", "--store", other, "info", "--json").ok().json()["uri"], other)
    if os.path.exists(shell.database()):
        raise AssertionError("the default store was opened too")


def check_what_follows_two_dashes_is_no_option(shell):
    shell.call("show", "--", "--json").fails(1, "--json")
    shell.call("show", "--", "--help").fails(1, "--help")


if __name__ == "__main__":
    main(globals())
