#!/usr/bin/env python3
"""The text of a section without a screen: edited from a file or in an editor, its history, an earlier text put back.

    test_sections.py PROGRAM [CHECK...]
"""

import json
import os
import stat

from suite import expect, main, sample

TEXT = b"We sell {{pnl.revenue[y1]}} of bread in the first year.\n"


def written(shell):
    """A plan whose sections are there."""
    plan = shell.call("new", "--intake", "-", stdin=json.dumps(sample())).ok().out.strip()
    shell.call("generate", plan).ok()
    return plan


def section(shell, plan, kind="team"):
    return shell.call("show", plan, kind, "--json").ok().json()


def source(shell, plan):
    return shell.call("show", plan, "team", "--source").ok().raw


def history(shell, plan, *args):
    return shell.call("history", plan, "team", "--json", *args).ok().json()


def edit(shell, plan, text):
    return shell.call("edit", plan, "team", "--from", "-", stdin=text).ok()


def editor(shell, commands):
    """An environment whose editor does these shell commands to the file "$1"."""
    path = shell.write("editor", b"#!/bin/sh\n" + commands.encode() + b"\n")
    os.chmod(path, 0o755)
    return {"EDITOR": path}


def drafts(shell):
    """What edits left in the state folder."""
    folder = shell.path(".local/state/strattio")
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.startswith("edit-")]


def check_a_source_comes_back_as_it_went(shell):
    plan = written(shell)
    before = section(shell, plan)
    path = shell.write("team.md", source(shell, plan))
    shell.call("edit", plan, "team", "--from", path).ok()
    after = section(shell, plan)
    expect("source", after["metadata"]["source"], before["metadata"]["source"])
    expect("content", after["content"], before["content"])
    expect("edited", (before["edited_by_user"], after["edited_by_user"]), (False, True))
    expect("by", after["last_edited_by"], shell.rows("select _id from users")[0][0])


def check_an_edit_is_bound_and_counts_as_the_users(shell):
    plan = written(shell)
    result = edit(shell, plan, TEXT)
    expect("said", (result.out, result.errors), ("", ""))
    text = shell.call("show", plan, "team").ok().out
    if "{{" in text or "£" not in text:
        raise AssertionError("the figure was not rendered: " + text)
    old = text
    shell.call("set", plan, "products.0.price=9.99").ok()
    expect("the figure follows", shell.call("show", plan, "team").ok().out == old, False)
    expect("the source does not", source(shell, plan), TEXT)
    shell.call("generate", plan).ok()
    expect("a run keeps it", source(shell, plan), TEXT)


def check_unknown_figures_are_saved_and_named(shell):
    plan = written(shell)
    text = b"First line of the text.\n\nWe are {{pnl.nonsense[y1]}} and {{nothing.at.all}}.\n"
    result = edit(shell, plan, text)
    expect("warnings", len(result.errors.splitlines()), 2)
    for line, name in zip(result.errors.splitlines(), ("pnl.nonsense[y1]", "nothing.at.all")):
        if not line.startswith("strattio: warning: line 3: ") or name not in line:
            raise result.wrong("the warning does not name line and figure")
    expect("saved", source(shell, plan), text)


def check_texts_that_will_not_do(shell):
    plan = written(shell)
    before = section(shell, plan)
    rows = [(b"\xff\xfe is no text at all", "UTF-8"), (b"cut in the middle: \xc3", "UTF-8"),
            (b"over long \xc0\xaf sequence", "UTF-8"), (b"a NUL \0 in the middle", "NUL"), (b"", "10"),
            (b"too short", "10"), (b"  \n\n too few  \n\n      ", "10"), ("äöüäöüäöü".encode(), "10"),
            (b"x" * (2 * 1024 * 1024 + 1), "2097152")]
    for text, word in rows:
        shell.call("edit", plan, "team", "--from", "-", stdin=text).fails(1, word)
        shell.call("edit", plan, "team", "--from", shell.write("bad.md", text)).fails(1, word)
    shell.call("edit", plan, "team", "--from", shell.path("none.md")).fails(1, "none.md")
    shell.call("edit", plan, "team", "--from", shell.folder).fails(1, shell.folder)
    expect("unchanged", section(shell, plan), before)
    expect("history", history(shell, plan), [])
    edit(shell, plan, "äöüäöüäöüß")  # ten characters
    edit(shell, plan, b"long text \n" * 90000)
    expect("a long one", len(source(shell, plan)), 990000)


def check_what_is_asked_for_wrongly(shell):
    for args, *words in ((["edit", "a", "team", "--from", "x", "--external"], "not both"),
                         (["edit", "a"], "SECTION"), (["edit", "a", "team", "--from"], "--from"),
                         (["edit", "a", "intake", "--from", "x"], "intake"), (["history", "a"], "SECTION"),
                         (["history", "a", "nonsense"], "nonsense"), (["history", "a", "team", "--limit", "0"], "0"),
                         (["restore", "a", "team"], "ENTRY")):
        shell.call(*args).fails(2, *words)
    plan = shell.call("new", "--intake", "-", stdin=json.dumps(sample())).ok().out.strip()
    shell.call("restore", plan, "nonsense", "original").fails(2, "nonsense")
    for args in (["--source"], ["intake", "--source"], ["team", "--source", "--json"]):
        shell.call("show", plan, *args).fails(2, "--source")
    for args in (["edit", plan, "team", "--from", "-"], ["edit", plan, "team", "--external"],
                 ["history", plan, "team"], ["restore", plan, "team", "original"], ["show", plan, "team", "--source"]):
        shell.call(*args, stdin=TEXT).fails(1, "written")


def check_the_built_in_editor_needs_a_terminal(shell):
    plan = written(shell)
    shell.call("edit", plan, "team").fails(1, "terminal", "--from")


def check_an_editor_of_ones_own(shell):
    plan = written(shell)
    before = source(shell, plan)
    mode = shell.path("mode")
    env = editor(shell, 'stat -c %%a "$1" > %s; cat "$1" >> %s; printf "\\nOne more sentence." >> "$1"' % (mode, mode))
    expect("said", shell.call("edit", plan, "team", "--external", env=env).ok().out, "")
    expect("the file", open(mode, "rb").read().rstrip(b"\n"), b"600\n" + before.rstrip(b"\n"))
    expect("saved", source(shell, plan), before.rstrip(b"\n") + b"\n\nOne more sentence.\n")
    expect("left behind", drafts(shell), [])
    env["VISUAL"] = editor(shell, "exit 9")["EDITOR"] + " with words"
    shell.call("edit", plan, "team", "--external", env=env).fails(1, "with words")


def check_an_editor_that_changes_nothing(shell):
    plan = written(shell)
    before = section(shell, plan)
    for commands in ("true", 'echo >> "$1"'):  # many an editor ends a file in a newline
        result = shell.call("edit", plan, "team", "--external", env=editor(shell, commands)).ok()
        expect("said", result.out, "Nothing was changed.\n")
    expect("unchanged", section(shell, plan), before)
    expect("history", history(shell, plan), [])
    expect("left behind", drafts(shell), [])


def check_a_failed_save_keeps_the_text(shell):
    plan = written(shell)
    elsewhere = "%s edit %s team --from %s" % (shell.program, plan, shell.write("theirs.md", TEXT))
    rows = [('echo short > "$1"', "10", b"short\n"), ('printf "no \\377 text at all" > "$1"', "UTF-8", None),
            ('echo "Typed for an hour." > "$1"; exit 3', "editor", b"Typed for an hour.\n"),
            ('echo "Typed for an hour." > "$1"; %s' % elsewhere, "saved elsewhere", b"Typed for an hour.\n")]
    for count, (commands, word, kept) in enumerate(rows, 1):
        result = shell.call("edit", plan, "team", "--external", env=editor(shell, commands))
        result.fails(1, word, "is kept in", lines=2)
        expect("kept", len(drafts(shell)), count)
        path = result.errors.splitlines()[0].split(" is kept in ")[1]
        expect("mode", stat.S_IMODE(os.stat(path).st_mode), 0o600)
        if kept:
            expect("the text", open(path, "rb").read(), kept)
    expect("theirs stands", source(shell, plan), TEXT)
    for commands in ("exit 1", 'rm "$1"'):
        shell.call("edit", plan, "team", "--external", env=editor(shell, commands)).fails(1)
    expect("nothing typed, nothing kept", len(drafts(shell)), len(rows))
    shell.call("edit", plan, "team", "--external").fails(1, "VISUAL", "EDITOR", "--from")
    shell.call("edit", plan, "team", "--external", env={"EDITOR": "/no/such/editor"}).fails(1, "/no/such", lines=None)


def check_history_and_restore_lose_nothing(shell):
    plan = written(shell)
    original = source(shell, plan)
    expect("before", history(shell, plan), [])
    expect("in words", shell.call("history", plan, "team").ok().out, "Nobody has edited this section yet.\n")
    texts = [b"Text number %d, with %d words%s.\n" % (n, n, b" more" * n) for n in range(4)]
    for text in texts:
        edit(shell, plan, text)
    edit_other = shell.call("edit", plan, "market_analysis", "--from", "-", stdin=TEXT).ok()
    expect("said", edit_other.out, "")
    entries = history(shell, plan)
    expect("reasons", [e["reason"] for e in entries], ["edit"] * 4 + ["first"])
    expect("words", [e["words"] for e in entries[:4]], [9, 8, 7, 6])
    expect("who", {e["who"] for e in entries[:4]}, {"Ada Marsh"})
    expect("order", [e["created_at"] for e in entries[:4]],
           sorted((e["created_at"] for e in entries[:4]), reverse=True))
    expect("two of them", history(shell, plan, "--limit", "2"), entries[:2])
    shell.call("restore", plan, "team", entries[2]["id"]).ok()
    expect("restored", source(shell, plan), texts[1])
    again = history(shell, plan)
    expect("nothing is lost", again[1:], entries)
    expect("reason", (again[0]["reason"], again[0]["action"]), ("restore", "section.edited"))
    shell.call("restore", plan, "team", "original").ok()
    expect("the first text", source(shell, plan), original)
    listed = shell.call("history", plan, "team").ok().out.splitlines()
    expect("lines", [line.split()[0] for line in listed[1:]], [e["id"] for e in history(shell, plan)])


def check_entries_of_something_else_are_not_restored(shell):
    plan, other = written(shell), written(shell)
    for p in (plan, other):
        for kind in ("team", "market_analysis"):
            shell.call("edit", p, kind, "--from", "-", stdin=TEXT).ok()
    created = shell.rows("select _id from audit_logs where action = 'plan.created'")
    wrong = [shell.call("history", other, "team", "--json").ok().json()[0]["id"],
             shell.call("history", plan, "market_analysis", "--json").ok().json()[0]["id"], "0" * 24, "nonsense", ""]
    wrong += [i for i, in created]
    before = section(shell, plan)
    for entry in wrong:
        shell.call("restore", plan, "team", entry).fails(1)
    expect("unchanged", section(shell, plan), before)
    shell.call("restore", plan, "operations_plan", "original").fails(1, "history")


def check_a_long_history_is_read_in_pages(shell):
    plan = written(shell)
    for n in range(105):
        edit(shell, plan, "Text number %d of many.\n" % n)
    entries = history(shell, plan)
    expect("entries", len(entries), 106)
    expect("each once", len({e["id"] for e in entries}), 106)
    shell.call("restore", plan, "team", entries[-2]["id"]).ok()
    expect("the oldest edit", source(shell, plan), b"Text number 0 of many.\n")
    expect("some", history(shell, plan, "--limit", "70"), history(shell, plan)[:70])


def offered(shell):
    """A plan whose team was edited, and for which a new draft of it waits; and the draft."""
    plan = written(shell)
    edit(shell, plan, TEXT)
    shell.call("show", plan, "team", "--offered").fails(1, "No new draft")
    shell.call("set", plan, "founder_background=Quayside, where I ran a shop for nine years.").ok()
    shell.call("generate", plan).ok()
    expect("the text stands", source(shell, plan), TEXT)
    return plan, shell.call("show", plan, "team", "--offered").ok().out


def check_a_new_draft_beside_an_edited_text_is_taken(shell):
    plan, draft = offered(shell)
    if "{{" in draft or "Quayside" not in draft:
        raise AssertionError("this is no draft: " + draft)
    if "new draft waiting" not in shell.call("show", plan).ok().out:
        raise AssertionError("the overview does not tell of the draft")
    expect("stale", section(shell, plan)["metadata"]["stale"], True)
    shell.call("accept", plan, "team").ok()
    after = section(shell, plan)
    expect("the text", after["content"].rstrip(), draft.rstrip())
    expect("whose", (after["edited_by_user"], after["metadata"]["stale"]), (False, False))
    expect("waiting", "offered" in after["metadata"], False)
    entries = history(shell, plan)
    expect("told", [(e["reason"], e["action"]) for e in entries],
           [("offer", "section.regenerated"), ("edit", "section.edited"), ("first", None)])
    shell.call("accept", plan, "team").fails(1, "No new draft")
    shell.call("restore", plan, "team", entries[1]["id"]).ok()
    expect("undone", source(shell, plan), TEXT)


def check_a_new_draft_beside_an_edited_text_is_left(shell):
    plan, draft = offered(shell)
    entries = history(shell, plan)
    shell.call("decline", plan, "team").ok()
    after = section(shell, plan)
    expect("the text", (source(shell, plan), after["edited_by_user"]), (TEXT, True))
    expect("no more stale", (after["metadata"]["stale"], "offered" in after["metadata"]), (False, False))
    expect("history", history(shell, plan), entries)
    shell.call("decline", plan, "team").fails(1, "No new draft")
    shell.call("generate", plan).ok()
    shell.call("show", plan, "team", "--offered").fails(1, "No new draft")
    shell.call("set", plan, "founder_background=Harbour Loaves, a bakery of mine for nine years.").ok()
    shell.call("generate", plan).ok()
    if "Harbour Loaves" not in shell.call("show", plan, "team", "--offered").ok().out:
        raise AssertionError("the next draft is not offered")


def check_one_section_is_written_again(shell):
    plan = written(shell)
    before = section(shell, plan)
    done = shell.call("generate", plan, "--section", "team", "--progress", "plain").ok().out
    expect("kept", done.count(", kept"), 8 + 3)
    expect("the same answers give the same text", section(shell, plan)["content"], before["content"])
    expect("an entry of its own", history(shell, plan)[0]["action"], "section.regenerated")
    edit(shell, plan, TEXT)
    shell.call("generate", plan, "--section", "team").ok()
    after = section(shell, plan)
    expect("what was edited stays", source(shell, plan), TEXT)
    expect("the new text waits beside it", after["metadata"]["offered"]["source"], before["metadata"]["source"])
    shell.call("generate", plan, "--section", "team", "--stage", "writing").fails(2, "not both")


def check_one_stage_is_made_again(shell):
    plan = written(shell)
    for stage, kept in (("research", 3), ("finance", 3), ("compliance", 3), ("writing", 3)):
        done = shell.call("generate", plan, "--stage", stage, "--progress", "plain").ok().out
        titles = {"research": "Research", "finance": "Financials", "compliance": "Compliance", "writing": "Writing"}
        lines = {l.split(":")[0]: l for l in done.splitlines()}
        for name, title in titles.items():
            expect("%s after --stage %s" % (name, stage), lines[title].endswith(", kept"), name != stage)


if __name__ == "__main__":
    main(globals())
