#!/usr/bin/env python3
"""The whole product as questions and lines of text, through pipes.

    test_lines.py PROGRAM [CHECK...]
"""

import json
import os
import pty
import select
import signal
import subprocess
import time

from lines import expect, hides, main, plain, sample, says

BEGIN = ("begin", "Ada Marsh", "ada@example.org")


def with_plans(shell, *names):
    """A home with plans: those that are named with a star are written, too."""
    for name in names:
        shell.call("new", "--intake", "-", "--name", name.strip("*"), stdin=json.dumps(sample())).ok()
        if name.endswith("*"):
            shell.call("generate", name.strip("*")).ok()


def plans(shell):
    return {p["name"]: p for p in shell.call("list", "--json").ok().json()["plans"]}


def answers(shell, name):
    return shell.call("show", name, "--json").ok().json()["intake_data"]


def check_the_first_start_asks_who_one_is(shell):
    says(plain(shell, "?", *BEGIN, "quit"), "Welcome", "begin", "share", "Plans of Ada Marsh, on this computer", "No plans yet",
         "Goodbye")
    says(plain(shell, "quit"), "Plans of Ada Marsh")
    expect("who", shell.call("whoami", "--json").ok().json()["email"], "ada@example.org")


def check_a_wrong_address_is_asked_again(shell):
    told = plain(shell, "begin", "Ada", "back", "begin", "Ada", "no address", "ada@example.org", "quit")
    says(told, "Your e-mail [", "is not an e-mail", "Your e-mail [no address]", "Plans of Ada")


def check_from_the_first_start_to_a_finished_plan(shell):
    told = plain(shell, *BEGIN, "new", "Harbour Bakery", "loan",
                 "Harbour Bakery", "We bake bread on the quay and sell it to families and cafes.", "Every morning.", ".", ":needed",
                 "quit")
    says(told, "Harbour Bakery is begun", "Answers of Harbour Bakery", "Business name (needed", "more:", "needed")
    stored = answers(shell, "Harbour Bakery")
    expect("name", stored["business_name"], "Harbour Bakery")
    expect("lines", stored["business_description"],
           "We bake bread on the quay and sell it to families and cafes.\nEvery morning.")


def check_needed_questions_alone_lead_to_a_plan(shell):
    """Ten minutes: only what must be answered, found out from the questions themselves."""
    plain(shell, *BEGIN, "new", "Small", "generic", "quit")
    said = sample()["intake_data"]
    for _ in range(60):
        told = plain(shell, "small", "menu", "needed", "quit")
        if "write\" writes the plan" in told:
            break
        label = told.rstrip().split("\n")
        asked = [line for line in label if "(needed, " in line][-1]
        answer_one(shell, asked, said)
    told = plain(shell, "small", "menu", "missing", "write", "quit")
    says(told, "Every answer that is needed is there", "Writing the plan", "Research: begun", "Financial projections: done",
         "The plan is written", "Small: ", "1. Executive summary: written")
    expect("status", plans(shell)["Small"]["status"], "complete")


def answer_one(shell, asked, said):
    by_kind = {"one line": ["Bread for the quay"], "lines": ["We bake bread on the quay for families.", "."], "an amount": ["4.20"],
               "a number": ["100"], "a whole number": ["2"], "a percentage": ["10"], "a date": ["2027-03-01"], "yes or no": ["no"],
               "one of a list": ["1"], "several of a list": ["1"], "a country": ["United Kingdom"], "a currency": ["GBP"],
               "an industry": ["=Bakery"], "several, separated": ["bread; cake"]}
    kind = asked.split("(needed, ")[1]
    lines = next(lines for start, lines in by_kind.items() if kind.startswith(start))
    plain(shell, "small", "menu", "needed", *lines, "quit")


def check_a_wrong_answer_is_asked_again_with_the_reason(shell):
    with_plans(shell, "Harbour")
    told = plain(shell, "harbour", "menu", "go team_size", "many", "-3", "4", "quit")
    says(told, "Team", "number", "Goodbye")
    expect("taken", answers(shell, "Harbour")["team_size"], 4)
    told = plain(shell, "harbour", "menu", "go team_size", "many", "quit")  # kept as typed, the answer as it was
    expect("as it was", answers(shell, "Harbour")["team_size"], 4)
    says(plain(shell, "harbour", "menu", "missing", "go team_size", "quit"), "what you typed is not understood yet",
         "Typed before and not understood yet: \"many\"")


def check_looking_at_answers_changes_nothing(shell):
    with_plans(shell, "Harbour*")
    before = plans(shell)["Harbour"]
    plain(shell, "harbour", "answers", "list", "missing", "preview", "back", "quit")
    expect("as it was", plans(shell)["Harbour"], before)


def check_one_comes_back_to_the_question_one_left(shell):
    plain(shell, *BEGIN, "new", "Small", "generic", "Small Ltd", "menu", "go location_country", "quit")
    says(plain(shell, "small", "quit"), "\"ask\" goes on with", "Country", "(needed, a country")


def check_words_that_are_answers_too(shell):
    with_plans(shell, "Harbour")
    plain(shell, "harbour", "menu", "go business_name", "=quit", "quit")
    expect("taken", answers(shell, "Harbour")["business_name"], "quit")


def check_countries_and_industries_forgive(shell):
    with_plans(shell, "Harbour")
    plain(shell, "harbour", "menu", "go location_country", "germany", "quit")
    expect("country", answers(shell, "Harbour")["location_country"], "DE")
    told = plain(shell, "harbour", "menu", "go industry", "food", "2", "quit")
    says(told, "Did you mean one of these", "1. ", "2. ")
    picked = told.split("Did you mean")[1].split("\n2. ")[1].split("\n")[0].rstrip(".")
    says(told, "Taken: " + picked)
    plain(shell, "harbour", "menu", "go industry", "=Moon cheese", "quit")
    expect("own words", answers(shell, "Harbour")["industry"], "Moon cheese")


def check_rows_of_a_table(shell):
    with_plans(shell, "Harbour")
    before = answers(shell, "Harbour")["products"]
    told = plain(shell, "harbour", "menu", "go products", "add", "Scones", "menu", "quit")
    says(told, "%d rows" % len(before), "Row %d" % (len(before) + 1), "Scones")
    after = answers(shell, "Harbour")["products"]
    expect("one more", (len(after), after[-1]["name"]), (len(before) + 1, "Scones"))
    plain(shell, "harbour", "menu", "go products", "change %d" % len(after), "Rolls", "menu", "quit")
    expect("changed", answers(shell, "Harbour")["products"][-1]["name"], "Rolls")
    told = plain(shell, "harbour", "menu", "go products", "copy %d" % len(after), "Baps", "menu", "quit")
    says(told, "Row %d, a copy of row %d" % (len(after) + 1, len(after)), "Baps")
    expect("copied", [row["name"] for row in answers(shell, "Harbour")["products"]][-2:], ["Rolls", "Baps"])
    plain(shell, "harbour", "menu", "go products", "remove %d" % (len(after) + 1), "delete", "quit")
    plain(shell, "harbour", "menu", "go products", "remove %d" % len(after), "no", "quit")
    expect("kept", len(answers(shell, "Harbour")["products"]), len(after))
    plain(shell, "harbour", "menu", "go products", "remove %d" % len(after), "delete", "quit")
    expect("as before", answers(shell, "Harbour")["products"], before)


def check_the_end_of_input_ends_well_everywhere(shell):
    """At whatever prompt it comes: exit 0, nothing lost, no crash."""
    way = [*BEGIN, "new", "Harbour", "loan", "Harbour Bakery", "We bake bread on the quay.", "More.", ".", "menu", "go products",
           "add", "Loaf", "4.20", "menu", "back", "menu", "clear business_name", "missing", "back", "delete harbour"]
    for count in range(len(way) + 1):
        home = type(shell)(shell.program, "sqlite:")
        try:
            plain(home, *way[:count])
            plain(home, *way[:count], end="")  # the last line without its newline
        finally:
            home.close()


def check_what_was_answered_before_the_end_is_saved(shell):
    plain(shell, *BEGIN, "new", "Harbour", "loan", "Quay Loaves", end="")
    expect("saved", answers(shell, "Harbour")["business_name"], "Quay Loaves")


def check_plans_are_listed_found_and_changed(shell):
    with_plans(shell, "Alder*", "Beech", "Cedar")
    told = plain(shell, "order name", "turn", "filter ee", "filter", "quit")
    says(told, "1. Cedar", "2. Beech", "3. Alder", "3 plans.", "1. Alder", "2. Beech", "3. Cedar", "1. Cedar", "1. Beech",
         "1 of 3 plans match", "1. Cedar")
    plain(shell, "duplicate 2", "quit")
    expect("copy", sorted(plans(shell)), ["Alder", "Beech", "Beech (copy)", "Cedar"])
    told = plain(shell, "archive cedar", "with-archive", "undo", "quit")
    says(told, "Cedar is in the archive", "archived", "Taking back")
    expect("back again", plans(shell)["Cedar"]["status"], "draft")
    plain(shell, "rename alder", "Ash", "quit")
    expect("renamed", sorted(plans(shell)), ["Ash", "Beech", "Beech (copy)", "Cedar"])
    told = plain(shell, "delete cedar", "yes", "delete cedar", "delete", "quit")
    says(told, "Type delete to do it", "Nothing was changed", "Cedar is deleted")
    told = plain(shell, "mark 1 2", "delete", "delete", "quit")
    says(told, "is marked", "Type delete")
    expect("one left", len(plans(shell)), 1)


def check_a_number_never_means_another_plan_than_was_told(shell):
    with_plans(shell, "Alder", "Beech", "Cedar")
    told = plain(shell, "delete 1", "delete", "open 1", "menu", "back", "quit")
    says(told, "1. Cedar", "Cedar is deleted", "1. Beech", "Answers of Beech")


def check_reading_and_walking_figures(shell):
    with_plans(shell, "Harbour*")
    told = plain(shell, "harbour", "4", "figures", "1", "back", "search families", "next", "again", "back", "financials", "figure 1 1",
                 "1", "back", "back", "by month", "year 2", "by quarter", "row 1", "next", "back", "checklist", "all", "back", "quit")
    says(told, "Market analysis of Harbour", "Heading: ", "End of Market analysis", "Figure 1: ", ", from ", "Where this figure comes from",
         "Name: ", "Competitive analysis of Harbour", "Profit and loss of Harbour", "1. Revenue: year 1", "Key figures",
         "Where this figure comes from", "Revenue, year 1: £", "Formula: sum(products.revenue)", "by month", "Year 2 of 5", "quarter 1",
         "Checklist of Harbour", "What to do: ", "Source: ")


def check_tables_are_told_row_by_row(shell):
    with_plans(shell, "Harbour*")
    told = plain(shell, "harbour", "9", "quit")
    says(told, "Table, ", "Year 1: ")
    hides(told, "|", "**", "# ", "{{")


def check_the_checklist_leads_to_the_answer(shell):
    with_plans(shell, "Harbour*")
    says(plain(shell, "harbour", "checklist", "how 1", "quit"), "Checklist of Harbour", "met.", "By the rules of ")
    told = plain(shell, "harbour", "checklist", "fix 1", "menu", "back", "back", "quit")
    says(told, "Checklist of Harbour", "1. ", "What to do: ", "Answers of Harbour", "Checklist. \"again\"", "Goodbye")


def edited(shell, text="Ada bakes. **Bo** sells, {{pnl.revenue[y1]:money0}} in a year.\n"):
    with_plans(shell, "Harbour*")
    shell.call("edit", "Harbour", "team", "--from", shell.write("team.md", text.encode())).ok()


def source(shell, section="team"):
    return shell.call("show", "Harbour", section, "--json").ok().json()["metadata"]["source"]


def check_a_text_is_edited_paragraph_by_paragraph(shell):
    edited(shell, "One is first.\n\nTwo has {{pnl.revenue[y1]:money0}}.\n\n- three\n- four\n")
    told = plain(shell, "harbour", "team", "edit", "2", "Two is new.", "And longer.", ".", "append", "Last.", ".", "insert 1", "Zero.", ".",
                 "delete 4", "undo", "undo", "redo", "find new", "replace", "Two", "Three", "figure revenue", "changes", "preview", "back",
                 "again", "quit")
    says(told, "3 paragraphs", "2. Two has {{pnl.revenue[y1]:money0}}", "Which reads: Two has £", "3. - three", "Paragraph 2 is changed",
         "It is paragraph 4", "It is paragraph 1", "Paragraph 4 is taken out", "Taken back: a paragraph taken out",
         "Taken back: a paragraph put in", "Done again", "3. Two is new", "1 place changed", "{{pnl.revenue[y1]}}: Revenue",
         "Against the saved text", "Zero.", "Saved; figures", "Team of Harbour", "Three is new. And longer.")
    expect("stored", source(shell), "Zero.\n\nOne is first.\n\nThree is new.\nAnd longer.\n\n- three\n- four\n\nLast.\n")


def check_the_persons_own_editor(shell):
    edited(shell)
    script = shell.write("editor", b"#!/bin/sh\necho 'By an editor, {{pnl.revenue[y1]:money0}}.' >\"$1\"\n")
    os.chmod(script, 0o700)
    told = plain(shell, "harbour", "team", "edit", "editor", "undo", "redo", "back", "quit", env={"EDITOR": script, "VISUAL": ""})
    says(told, "Your text is back, not saved yet", "Taken back: the text from your editor", "Saved; figures")
    expect("stored", source(shell).strip(), "By an editor, {{pnl.revenue[y1]:money0}}.")
    says(plain(shell, "harbour", "team", "edit", "editor", "quit", env={"EDITOR": "false", "VISUAL": ""}), "failed, so nothing was saved")
    says(plain(shell, "harbour", "team", "edit", "editor", "quit", env={"EDITOR": "", "VISUAL": ""}), "No editor is set")


def check_headings_and_words_of_all_sections(shell):
    with_plans(shell, "Harbour*")
    told = plain(shell, "harbour", "outline", "search families", "search no such words", "team", "marks", "quit")
    says(told, "Market analysis: Who buys", "\"families\"", "is in none of the sections", "Team of Harbour")


def check_what_is_edited_is_saved_when_input_ends(shell):
    edited(shell)
    plain(shell, "harbour", "team", "edit", "1", "All new and {{pnl.revenue[y1]:money0}}.", ".", end="")
    expect("stored", source(shell).strip(), "All new and {{pnl.revenue[y1]:money0}}.")


def check_what_is_thrown_away_stays_away(shell):
    edited(shell)
    before = source(shell)
    told = plain(shell, "harbour", "team", "edit", "1", "All new.", ".", "discard", "no", "discard", "discard", "back", "edit", "quit")
    says(told, "Type discard", "Nothing was changed", "as it was saved")
    hides(told, "Saved; figures", "Unsaved text")
    expect("stored", source(shell), before)


def check_what_cannot_be_saved_comes_back(shell):
    edited(shell)
    before = source(shell)
    told = plain(shell, "harbour", "team", "edit", "1", "x", ".", "quit")  # too short to be a section
    says(told, "Your text is kept as unsaved")
    expect("stored", source(shell), before)
    says(plain(shell, "harbour", "team", "edit", "discard", "discard", "quit"), "Unsaved text of an earlier session is back", "1. x",
         "as it was saved")
    hides(plain(shell, "harbour", "team", "edit", "quit"), "Unsaved text")


def check_history_tells_changes_and_restores(shell):
    edited(shell)
    told = plain(shell, "harbour", "team", "history", "1", "text 2", "restore 2", "back", "again", "quit")
    says(told, "Ada bakes. Bo sells, £", "History of Team of Harbour", "1. edited", "2. as it was drafted", "words added",
         "Added: ", "reads as it did then", "Team of Harbour")
    expect("restored", "Bo sells" in shell.call("show", "Harbour", "team").ok().out, False)
    says(plain(shell, "harbour", "history", "quit"), "History of Harbour", "Team, restored", "Team, edited")


def check_a_new_draft_is_taken_or_left(shell):
    edited(shell)
    told = plain(shell, "harbour", "team", "write-again", "offered", "decline", "write-again", "accept", "again", "quit")
    says(told, "Team: done", "Your text stays", "The new draft is the text now", "Team of Harbour")
    expect("taken", "Bo sells" in shell.call("show", "Harbour", "team").ok().out, False)


def check_exports(shell):
    with_plans(shell, "Harbour*")
    told = plain(shell, "harbour", "export", "write nothing", "write markdown " + shell.path("plan.md"), "again", "quit")
    says(told, "(markdown): ", "None written so far", 'no "nothing"', "Written to " + shell.path("plan.md"), "Markdown, written, now",
         shell.path("plan.md"))
    expect("there", os.path.exists(shell.path("plan.md")), True)


def check_settings(shell):
    told = plain(shell, *BEGIN, "settings", "set theme light", "set color purple", "keys", "quit")
    says(told, "Theme (theme): ", "theme is saved", "plans.open", "Here: open")
    with open(shell.path(".config/strattio/config.ini"), encoding="utf-8") as file:
        expect("kept", "light" in file.read(), True)
    says(plain(shell, "settings", "1", "reset theme", "test", "back", "quit"), "Theme (theme): light", "back at the default",
         "The store answers", "0 plans")
    with open(shell.path(".config/strattio/config.ini"), encoding="utf-8") as file:
        expect("taken out", "light" in file.read(), False)


def check_an_input_is_changed_where_it_is_felt(shell):
    with_plans(shell, "Harbour*")
    before = answers(shell, "Harbour")["products"][0]["price"]
    told = plain(shell, "harbour", "financials", "change 1 1", "1", "twelve", "4.80", "undo", "undo", "1", "clear", "",
                 "back", "by quarter", "figure 1 1", "change 1 1", "back", "inputs", "quit")
    says(told, "Revenue, year 1: £219,720", "1. Price (Sourdough loaf): £3.80, your answer", "is not an amount",
         "brought up to date", "Revenue, year 1: £248,520", "Undone: Price (Sourdough loaf)", "No answer was changed here",
         "A quarter is the sum", "Revenue, May 2027", "inputs; what is not your answer is assumed",
         "Products and services, Sourdough loaf.")
    expect("cleared cannot be: a price is needed, but a draft may lack it",
           "price" in answers(shell, "Harbour")["products"][0], False)
    shell.call("set", "Harbour", f"products.0.price={before}").ok()
    told = plain(shell, "harbour", "financials", "change revenue 1", "1", "4.80", "quit")
    says(told, "£248,520")
    says(shell.call("show", "Harbour", "executive_summary").ok().out, "£248,520")


def check_the_figures_are_asked_in_lines(shell):
    with_plans(shell, "Harbour*")
    told = plain(shell, "harbour", "financials", "scenario cautious", "scenario fun", "ask", "2", "set quiet price=+5%",
                 "set quiet products.units_per_month=*80%; products.price=+5%", "compare", "sensitivity cash.lowest",
                 "goal cash.lowest >= 0 by products.price[1]", "goal", "cash.lowest >= 0", "products.pric", "montecarlo",
                 "montecarlo products.price=90%..x", "chart", "chart fun", "trace", "back", "used-by pnl.revenue", "used-by fun",
                 "delete cautious", "delete quiet", "delete", "compare", "quit")
    says(told, "Under the scenario cautious", "there are base, cautious, ambitious", "(Sourdough loaf): 2,400, now 1,920",
         "there is no input", "Saved.", "Revenue, year 1: Base £219,720.00; Cautious £175,776.00", "; quiet ",
         "Each input moved by 10%", "It holds from £2.54 upwards", "did you mean products.price", "10000 runs.",
         "Cash runs out in", "cash.closing, by month: begins at £14,103, lowest £14,103 in Mar 2027", "has no months",
         "Where this figure comes from", "lines depend on pnl.revenue", "is there for every plan", "It is deleted.")
    expect("own scenarios", answers(shell, "Harbour").get("scenarios", []), [])
    shown = shell.call("sensitivity", "Harbour", "cash.lowest", "--json").ok().json()["inputs"][0]
    says(told, f"1. {shown['title']}, now {shown['now']}")


def check_settings_while_no_store_is_open(shell):
    told = plain(shell, "settings", "test", "back", "quit", args=["--store", "sqlite:" + shell.write("no-database", b"This is a letter, and no database at all.\n" * 40)])
    says(told, "could not be opened", "Settings.", "Theme (theme)", "Goodbye")
    says(plain(shell, "settings", "password", "sign-out", "quit"), "Settings.", "has no password", "needs no sign-in")


def check_spelling_is_told_or_why_not(shell):
    edited(shell, "Ada bakkes {{pnl.revenue[y1]:money0}} of braed.\n")
    told = plain(shell, "harbour", "team", "edit", "spelling", "quit")
    if "the dictionary does not know" in told:
        says(hides(told, "pnl;", "revenue;"), "bakkes", "braed", "2 words")
    else:
        says(told, "dictionary")


def check_the_samples(shell):
    told = plain(shell, "harbour", "1", "quit", args=["--demo"])
    says(told, "Plans of Demonstration", "Harbour Bakery", "Executive summary of Harbour Bakery")


def check_a_place_to_begin(shell):
    with_plans(shell, "Harbour*")
    says(plain(shell, "quit", args=["open", "Harbour", "checklist"]), "Checklist of Harbour")
    says(plain(shell, "back", "quit", args=["open", "Harbour", "team"]), "Team of Harbour", "1. Executive summary")
    says(plain(shell, "quit", args=["open", "Harbour", "intake"]), "Answers of Harbour")


def check_nothing_from_documents_reaches_the_terminal_raw(shell):
    with_plans(shell, "Tricky*")
    text = "Bread \u001b[31mred\u0007 \u202eevil\u202c \u009bm on the quay.\n\n| A\u001b | B |\n|---|---|\n| 1 | \u009b |\n"
    shell.call("edit", "Tricky", "team", "--from", shell.write("team.md", text.encode())).ok()
    told = plain(shell, "tricky", "team", "search evil", "quit")
    says(told, "Bread ", "on the quay")
    for character in "\u001b\u0007\u202e\u202c\u009b":
        if character in told:
            raise AssertionError("%r is told" % character)


def check_bytes_that_are_no_text_are_refused(shell):
    told = plain(shell, *BEGIN, "\udcff\udcfe", "a\0b", "quit")
    says(told, "not UTF-8 text", "not UTF-8 text", "Goodbye")
    told = plain(shell, "x" * (5 * 1024 * 1024), "quit")
    says(told, "not UTF-8 text", "Goodbye")


def check_what_means_nothing_is_told(shell):
    with_plans(shell, "Alder", "Beech")
    says(plain(shell, "dance", "999", "o", "", "open zzz", "plans.new", "", "quit"), '"dance" means nothing here',
         "999 is none of the numbers", "may be one of: open, order", 'no "zzz" here', "Name of the plan", "No plan was made")


def check_a_locale_without_the_letters(shell):
    with_plans(shell, "Harbour*")
    result = shell.call("--plain", stdin="harbour\nquit\n", env={"LC_ALL": "C", "LANG": "C"}).ok()
    if any(byte > 126 for byte in result.raw):
        raise result.wrong("bytes that LANG=C does not know are told")
    says(result.out, "GBP")


class Terminal:
    """Plain mode on a pseudo terminal."""

    def __init__(self, shell, *args, **env):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen([shell.program, *args], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                        env={**shell.env, "TERM": "dumb", **env})
        os.close(slave)
        self.told = ""

    def type(self, text):
        os.write(self.master, text.encode())

    def wait(self, word, since=0):
        """Until `word` is told; where it ends."""
        end = time.monotonic() + 60
        while word not in self.told[since:]:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError("it never says %r:\n%s" % (word, self.told[-3000:]))
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            if not data:
                raise AssertionError("it ended without saying %r:\n%s" % (word, self.told[-3000:]))
            self.told += data.decode("utf-8", "replace")
        return self.told.index(word, since) + len(word)

    def exit(self):
        code = self.process.wait(60)
        os.close(self.master)
        return code


def check_a_dumb_terminal_gets_lines(shell):
    term = Terminal(shell)
    term.wait("There is no screen here")
    term.wait("Welcome (? for help):")
    term.type("\x04")
    expect("exit", term.exit(), 0)
    if "\x1b" in term.told:
        raise AssertionError("an escape byte")
    term = Terminal(shell, TERM="")
    term.wait("There is no screen here")
    term.type("quit\n")
    expect("exit", term.exit(), 0)


def check_lines_are_wrapped_on_a_terminal_only(shell):
    term = Terminal(shell, "--plain", COLUMNS="40")
    term.wait("Welcome (? for help):")
    term.type("quit\n")
    expect("exit", term.exit(), 0)
    for line in term.told.replace("\r", "").split("\n"):
        if len(line) > 40:
            raise AssertionError("wider than 40: %r" % line)
    if max(len(line) for line in plain(shell, "quit").split("\n")) <= 80:
        raise AssertionError("lines in a pipe are wrapped")


def check_ctrl_c_ends_with_everything_saved(shell):
    with_plans(shell, "Harbour")
    term = Terminal(shell, "--plain")
    term.wait("Plans (? for help):")
    term.type("harbour\nmenu\ngo business_name\n")
    since = term.wait("Business name: ")
    term.type("Quay Loaves\n")
    term.wait("Question", since)
    os.kill(term.process.pid, signal.SIGINT)
    expect("exit", term.exit(), 128 + signal.SIGINT)
    expect("saved", answers(shell, "Harbour")["business_name"], "Quay Loaves")


def check_a_reader_that_goes_away_ends_it(shell):
    with_plans(shell, "Harbour*")
    process = subprocess.Popen([shell.program, "--plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=shell.env)
    process.stdout.read(1)
    process.stdout.close()
    try:
        process.stdin.write(b"harbour\n1\nagain\n" * 200)
        process.stdin.close()
    except BrokenPipeError:
        pass
    expect("exit", process.wait(60), 0)


if __name__ == "__main__":
    main(globals())
