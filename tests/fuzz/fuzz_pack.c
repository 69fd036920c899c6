/* fuzz_pack.c - any bytes as a rule pack. It is refused with its place or read; the linter tells
 * mistakes in the order of the file, each with a place in it, and exactly of the files that do not
 * read; the cases inside one that reads run. */
#include <assert.h>

#include "fuzz/fuzz.h"

#include "strattio/err.h"
#include "strattio/intake.h"
#include "strattio/model.h"

#include "compliance/compliance.h"

static const char *const seeds[] = {
    "pack X \"x\"\n    include GENERIC preview\n    disclaimer \"d\"\n"
    "rule A blocker \"a\"\n    from 2026-04-01\n    until 2027-01-01\n"
    "    when location_country = \"GB\"\n    test loan.amount <= 25000 and \\\n"
    "          pnl.revenue[y1] > 0\n    pass \"{{loan.amount:money0}}\"\n    fail \"f\"\n"
    "    unknown \"u\"\n    suggest \"s\"\n    fix loan.amount\n    basis law\n"
    "    source \"s\" https://a.example/ 2026-01-01\n"
    "    case \"one\" {\"loan\": {\"amount\": 1}, \"application_date\": \"2026-04-01\"} expects "
    "pass\n",
    "pack Y \"y\"\nrule B minor \"b\"\n    evidence \"\"\"\n        Show {{staff.role:list}}.\n"
    "        \"\"\"\n    source \"s\" - 2026-01-01\n    case \"two\" {} expects needs_evidence\n"
    "rule B info \"b\"\n    test any(staff.annual_salary < 3) or words.team > 2\n    fail \"f\"\n"
    "    source \"s\" - 2026-01-01\n",
    NULL,
};

static const char *const tokens[] = {
    "rule ",     "pack ",      "case ",    "{\"staff\": [{\"role\": 1}]}",
    "expects ",  "unknown",    "    ",     "\n",
    "\"",        "{{",         "}}",       ":pct1",
    "test ",     "source ",    "\"\"\"\n", "\\\n",
    "\t",        "2026-13-01", "[y9]",     "plan.x",
    "sum(",      "\xff",       "\x1b[2J",  "include X\n",
    "999999999", "{",          "}",        "null",
    "é",         NULL,
};

static struct intake *questions;
static struct model_def *def;

struct heard {
    int line, column;
    size_t count;
};

static void hear(void *context, const struct err *mistake)
{
    struct heard *h = context;
    int line, column;

    assert(mistake->code == ERR_INVALID || mistake->code == ERR_LIMIT ||
           mistake->code == ERR_NOT_FOUND);
    assert(sscanf(mistake->msg, "fuzz:%d:%d: ", &line, &column) == 2);
    assert(line > 0 && column > 0);
    assert(line > h->line || (line == h->line && column >= h->column));
    h->line = line;
    h->column = column;
    h->count++;
}

static void hear_case(void *context, const struct err *failure)
{
    (void)context;
    assert(strncmp(failure->msg, "fuzz:", 5) == 0);
}

static void feed(const char *data, size_t len)
{
    struct err err = {0}, again = {0};
    struct pack_size size = {0};
    struct heard heard = {0};

    if (!def) {
        questions = intake_load(&err);
        def = model_def_load(&err);
        assert(questions && def);
    }
    if (!pack_lint("fuzz", data, len, questions, def, hear, &heard, &size, &err)) {
        assert(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        assert(strncmp(err.msg, "fuzz:", 5) == 0 && heard.count == 0);
    }
    if (!pack_try("fuzz", data, len, questions, def, hear_case, NULL, &size, &again))
        assert(again.msg[0] && (err.code != ERR_NONE || heard.count));
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "pack", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 400};

    return fuzz_main(&fuzz, argc, argv);
}
