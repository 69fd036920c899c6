/* plan_words.c - the few words in which a plan's state is told. What needs the person comes
 * before what is fine: a complete plan with open points is told by its open points. */
#include "screen/plan_words.h"

#include <stdio.h>
#include <time.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/record.h"

#include "runs.h"

static void say(struct standing *s, enum symbol symbol, unsigned style, const char *word)
{
    s->symbol = symbol;
    s->style = style;
    snprintf(s->word, sizeof s->word, "%s", word);
}

static void say_writing(struct standing *s, const struct run_view *run)
{
    const struct run_step *writing = &run->stages[STAGE_WRITING];

    say(s, SYMBOL_HALF, ROLE_ACCENT, "working");
    if (writing->total)
        snprintf(s->word, sizeof s->word, "writing %lld/%lld", (long long)writing->done,
                 (long long)writing->total);
}

static void say_complete(struct standing *s, const struct plan_facts *facts)
{
    if (facts->failed) {
        say(s, SYMBOL_BANG, ROLE_WARN, "");
        snprintf(s->word, sizeof s->word, "%lld to fix", (long long)facts->failed);
    } else if (facts->stale) {
        say(s, SYMBOL_BANG, ROLE_WARN, "");
        snprintf(s->word, sizeof s->word, "%lld stale", (long long)facts->stale);
    } else {
        say(s, SYMBOL_CHECK, ROLE_OK, "complete");
    }
}

struct plan_facts plan_facts(const struct plan *plan)
{
    return (struct plan_facts){
        .status = plan->status,
        .failed = doc_int(plan->metadata, "summary.failed", 0),
        .blockers = doc_int(plan->metadata, "summary.blockers", 0),
        .stale = doc_int(plan->metadata, "summary.stale", 0),
        .words = doc_int(plan->metadata, "summary.words", 0),
        .score = doc_num(plan->metadata, "summary.score", RECORD_NAN),
    };
}

bool run_standing(const struct run_view *run, struct standing *out)
{
    if (!run || run->progress != PROGRESS_WORKING)
        return false;
    *out = (struct standing){0};
    say_writing(out, run);
    return true;
}

struct standing facts_standing(const struct plan_facts *facts)
{
    struct standing s = {0};

    switch (facts->status) {
    case PLAN_STATUS_DRAFT:
        say(&s, SYMBOL_RING, ROLE_TEXT, "draft");
        break;
    case PLAN_STATUS_GENERATING:
        say(&s, SYMBOL_HALF, ROLE_WARN, "not finished");
        break;
    case PLAN_STATUS_COMPLETE:
        say_complete(&s, facts);
        break;
    case PLAN_STATUS_FAILED:
        say(&s, SYMBOL_CROSS, ROLE_BAD, "stopped");
        break;
    case PLAN_STATUS_ARCHIVED:
    case PLAN_STATUS_COUNT:
        say(&s, SYMBOL_DASH, ROLE_DIM, "archived");
        break;
    }
    return s;
}

struct standing plan_standing(const struct plan *plan, const struct run_view *run)
{
    struct plan_facts facts = plan_facts(plan);
    struct standing s;

    return run_standing(run, &s) ? s : facts_standing(&facts);
}

const char *plan_purpose_short(enum plan_purpose purpose)
{
    static const char *const words[] = {
        [PURPOSE_GENERIC] = "General plan",       [PURPOSE_LOAN] = "Loan",
        [PURPOSE_VISA_STARTUP] = "Start-up visa", [PURPOSE_VISA_INNOVATOR] = "Innovator visa",
        [PURPOSE_INVESTOR] = "Investor",
    };

    return (size_t)purpose < ARRAY_LEN(words) ? words[purpose] : "";
}

void plan_score(const struct plan *plan, char *out, size_t size)
{
    score_text(doc_num(plan->metadata, "summary.score", RECORD_NAN), out, size);
}

void score_text(double score, char *out, size_t size)
{
    if (isnan(score))
        snprintf(out, size, "–");
    else
        snprintf(out, size, "%.0f", score);
}

void local_time(int64_t ms, char out[TIME_SIZE])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    localtime_r(&seconds, &tm);
    snprintf(out, TIME_SIZE, "%02d:%02d:%02d", tm.tm_hour % 24, tm.tm_min % 60, tm.tm_sec % 62);
}

void duration_text(int64_t ms, char out[TIME_SIZE])
{
    unsigned seconds = ms > 0 ? (unsigned)(ms / 1000 % (1000 * 60)) : 0;

    snprintf(out, TIME_SIZE, "%u:%02u", seconds / 60 % 1000, seconds % 60);
}
