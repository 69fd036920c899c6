#!/usr/bin/env python3
"""Fails if an include points the wrong way.

The tables below are the design of the house: which room of src/ may know which, and which one place
may know a library. A new room, arrow or library is a new row here, made on purpose.

    arrows.py ROOT        check the tree at ROOT
    arrows.py --self-test make small trees with one fault each and see that each is found
"""
import fnmatch
import pathlib
import re
import sys
import tempfile

# What each room of src/ may include, besides itself. No cycles: the order of the rows is the order
# of the rooms, and a row names only rooms above it.
ROOMS = {
    "base": "",
    "record": "base",
    "asset": "base",
    "expr": "base",
    "markdown": "base",
    "text": "base markdown",
    "spell": "base",
    "net": "base",
    "store": "base record",
    "account": "base record store",
    "intake": "base record asset expr",
    "research": "base net record asset intake",
    "finance": "base record asset expr intake",
    "compliance": "base record asset expr intake finance",
    "writer": "base net record asset expr intake finance",
    "pipeline": "base record account asset expr intake research finance compliance writer text",
    "export": "base record account expr finance markdown pipeline",
    "cli": "base record account asset expr intake research finance compliance writer pipeline "
           "export markdown",
}

# What a room of ui/ that is held apart may include of ui/, besides itself: plain mode draws nothing.
UI_ROOMS = {
    "plain": ["screen/*", "terminal/action.h", "worker.h"],
}

# Whose a public header is. One that is not here belongs to the room with a .c file of its name.
# money.h is a leaf that needs base alone, wherever it is written, and expr prints amounts with it.
HEADERS = {
    "base": "attr clock config doc err ids json log mem money outside paths queue strbuf",
    "record": "audit_log collection compliance_report export_job financial_model plan record "
              "research_pack section subscription user",
    "account": "actor child_repo plan_repo",
    "intake": "intake",
    "finance": "goal model monte_carlo outcome scenario sensitivity",
    "writer": "writing",
    "pipeline": "event house plan_run rewrite",
    "markdown": "markdown",
    "export": "export",
    "cli": "cli",
}

# The only files that may include a library.
LIBRARIES = {
    r"n?curses(w/.*)?\.h|term\.h|panel\.h|form\.h|menu\.h": ["ui/terminal/*"],
    r"sqlite3(ext)?\.h": ["src/store/store_sqlite*"],
    r"mongoc(/.*|-.*)?\.h": ["src/store/store_mongo*"],
    r"(cjson/)?cJSON\.h": ["src/base/json.c"],
    r"curl/.*": ["src/net/http_*"],
    r"cmark.*": ["src/markdown/*"],
    r"ini\.h": ["src/base/*", "ui/terminal/*"],
    r"nettle/.*": ["src/base/ids.c"],
    r"crypt\.h": ["src/account/*"],
    r"hunspell/.*": ["src/spell/spell_hunspell.c"],
    r"csv\.h": ["src/intake/csv_rows.c"],
    r"libpq.*|postgresql/.*": [],
    r"xlsxwriter\.h": ["src/export/xlsx_book.c"],
    r"microhttpd\.h|zip\.h|cairo.*|pango.*": [],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def owner_of(root, name):
    """The room a public header belongs to, or None."""
    stem = pathlib.PurePath(name).stem
    for room, names in HEADERS.items():
        if stem in names.split():
            return room
    for source in root.glob(f"src/*/{stem}.c"):
        return source.parent.name
    return None


def find(root, file, name):
    """Where a quoted include leads: a path below root, or None."""
    top = file.parts[0]
    bases = [file.parent, pathlib.Path("include")]
    bases += [pathlib.Path("src")] if top != "include" else []
    bases += [pathlib.Path("ui")] if top == "ui" else []
    for base in bases:
        path = pathlib.Path(*(base / name).parts)
        if ".." in path.parts:
            path = (root / path).resolve().relative_to(root.resolve())
        if (root / path).is_file():
            return path
    return None


def library_fault(file, name):
    for pattern, places in LIBRARIES.items():
        if re.fullmatch(pattern, name):
            if any(fnmatch.fnmatch(str(file), place) for place in places):
                return None
            allowed = " or ".join(places) or "nothing yet"
            return f"<{name}> may be included by {allowed}"
    return None


def ui_fault(file, target):
    if target.parts[0] not in ("ui", "include"):
        return "ui/ knows the core by include/strattio only"
    room = file.parts[1]
    if target.parts[0] == "include" or room not in UI_ROOMS or target.parts[1] == room:
        return None
    if any(fnmatch.fnmatch(str(target), "ui/" + place) for place in UI_ROOMS[room]):
        return None
    return f"ui/{room} may include {' or '.join(UI_ROOMS[room])} of ui/"


def arrow_fault(root, file, name):
    """What is wrong with `file` including "name", or None."""
    target = find(root, file, name)
    if target is None:
        return f'there is no "{name}"'
    here, there = file.parts[0], target.parts[0]
    if here == "include":
        return None if there == "include" else "a public header includes public headers only"
    if here == "ui":
        return ui_fault(file, target)
    if there == "ui":
        return "the core knows nothing of ui/"
    room = file.parts[1]
    if there == "include":
        other = owner_of(root, name)
        if other is None:
            return f'no src/*/{target.stem}.c: say in HEADERS of arrows.py whose "{name}" is'
    else:
        other = target.parts[1]
    if other == room or other in ROOMS[room].split():
        return None
    return f'room {room} may not know room {other} ("{name}")'


def table_faults(rooms):
    above = set()
    for room, known in rooms.items():
        for other in known.split():
            if other not in above:
                yield f"the row of {room} names {other}, which is not above it: a cycle"
        above.add(room)


def faults_of(root, file):
    room = file.parts[1] if file.parts[0] == "src" else None
    if room is not None and room not in ROOMS:
        yield f"{file}: src/{room} has no row in ROOMS of arrows.py"
        return
    text = (root / file).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        kind, name = match.groups()
        fault = library_fault(file, name)
        if fault is None and kind == '"':
            fault = arrow_fault(root, file, name)
        if fault:
            line = text.count("\n", 0, match.start(2)) + 1
            yield f"{file}:{line}: {fault}"


def check(root):
    faults = list(table_faults(ROOMS))
    count = 0
    for top in ("include", "src", "ui"):
        for path in sorted((root / top).rglob("*.[ch]")):
            faults += faults_of(root, path.relative_to(root))
            count += 1
    if count == 0:
        faults.append(f"no source files below {root}")
    return faults


# --- the self-test ---------------------------------------------------------------------------------

SOUND = {
    "include/strattio/err.h": "#include <stdbool.h>\n",
    "include/strattio/plan.h": '#include "strattio/err.h"\n',
    "include/strattio/plan_repo.h": '#include "strattio/plan.h"\n',
    "src/base/err.c": '#include "strattio/err.h"\n',
    "src/base/json.c": "#include <cjson/cJSON.h>\n",
    "src/record/plan.c": '#include "strattio/plan.h"\n#include "strattio/err.h"\n',
    "src/store/store.h": "",
    "src/store/store_sqlite.c": '#include <sqlite3.h>\n#include "store/store.h"\n',
    "src/account/plan_repo.c": '#include "strattio/plan_repo.h"\n#include "store/store.h"\n',
    "ui/terminal/frame.h": "#include <ncurses.h>\n",
    "ui/screen/plans.c": '#include "terminal/frame.h"\n#include "strattio/plan_repo.h"\n',
}

FAULTS = {  # one file more, and a word of what is said about it
    "base knows a record": ("src/base/x.c", '#include "strattio/plan.h"\n', "room record"),
    "record knows the store": ("src/record/x.c", '#include "store/store.h"\n', "room store"),
    "store knows a repository": ("src/store/x.c", '#include "strattio/plan_repo.h"\n', "account"),
    "pipeline knows the store": ("src/pipeline/x.c", '#include "store/store.h"\n', "room store"),
    "cli knows the store": ("src/cli/x.c", '#include "store/store.h"\n', "room store"),
    "by a relative path": ("src/pipeline/x.c", '#include "../store/store.h"\n', "room store"),
    "ui knows the store": ("ui/screen/x.c", '#include "store/store.h"\n', "include/strattio only"),
    "plain mode draws": ("ui/plain/x.c", '#include "terminal/frame.h"\n', "ui/plain may include"),
    "the core knows ui": ("src/cli/x.c", '#include "../../ui/terminal/frame.h"\n', "of ui/"),
    "public knows private": ("include/strattio/x.h", '#include "../../src/store/store.h"\n',
                             "public headers only"),
    "curses in a widget": ("ui/widget/x.c", "#include <ncurses.h>\n", "ui/terminal"),
    "wide curses in a widget": ("ui/widget/x.c", "#include <ncursesw/curses.h>\n", "ui/terminal"),
    "curses in the core": ("src/cli/x.c", "  #  include <curses.h>\n", "ui/terminal"),
    "sqlite in a header": ("include/strattio/x.h", "#include <sqlite3.h>\n", "store_sqlite"),
    "mongoc elsewhere": ("src/store/store.c", "#include <mongoc/mongoc.h>\n", "store_mongo"),
    "cJSON elsewhere": ("src/base/x.c", "#include <cjson/cJSON.h>\n", "json.c"),
    "cmark elsewhere": ("src/export/x.c", "#include <cmark-gfm.h>\n", "src/markdown"),
    "curl": ("src/research/x.c", "#include <curl/curl.h>\n", "http_"),
    "a library in quotes": ("src/cli/x.c", '#include "sqlite3.h"\n', "store_sqlite"),
    "a room without a row": ("src/attic/x.c", "", "no row"),
    "a header without a room": ("src/cli/x.c", '#include "strattio/lost.h"\n', "whose"),
    "a header that is not there": ("src/cli/x.c", '#include "strattio/none.h"\n', "there is no"),
}


def write_tree(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def self_test():
    wrong = []
    for what, (name, text, word) in {"nothing": (None, "", ""), **FAULTS}.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            write_tree(root, SOUND)
            if name:
                write_tree(root, {name: text})
            if word == "whose":
                write_tree(root, {"include/strattio/lost.h": ""})
            said = check(root)
            if name is None and said:
                wrong.append(f"the sound tree: {said}")
            elif name and not (len(said) == 1 and name in said[0] and word in said[0]):
                wrong.append(f"{what}: {said}")
    if not list(table_faults({"a": "b", "b": "a"})):
        wrong.append("a cycle in the table")
    return wrong


def main():
    if sys.argv[1:] == ["--self-test"]:
        faults = self_test()
    elif len(sys.argv) == 2:
        faults = check(pathlib.Path(sys.argv[1]))
    else:
        sys.exit(__doc__)
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
