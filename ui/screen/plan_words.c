/* plan_words.c - the few words in which a plan's state is told. What needs the person comes
 * before what is fine: a complete plan with open points is told by its open points. */
#include "screen/plan_words.h"

#include <stdio.h>
#include <time.h>

#include "strattio/attr.h"
#include "strattio/doc.h"

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

static void say_complete(struct standing *s, const struct plan *plan)
{
    int64_t failed = doc_int(plan->metadata, "summary.failed", 0);
    int64_t stale = doc_int(plan->metadata, "summary.stale", 0);

    if (failed) {
        say(s, SYMBOL_BANG, ROLE_WARN, "");
        snprintf(s->word, sizeof s->word, "%lld to fix", (long long)failed);
    } else if (stale) {
        say(s, SYMBOL_BANG, ROLE_WARN, "");
        snprintf(s->word, sizeof s->word, "%lld stale", (long long)stale);
    } else {
        say(s, SYMBOL_CHECK, ROLE_OK, "complete");
    }
}

struct standing plan_standing(const struct plan *plan, const struct run_view *run)
{
    struct standing s = {0};

    if (run && run->progress == PROGRESS_WORKING) {
        say_writing(&s, run);
        return s;
    }
    switch (plan->status) {
    case PLAN_STATUS_DRAFT:
        say(&s, SYMBOL_RING, ROLE_TEXT, "draft");
        break;
    case PLAN_STATUS_GENERATING:
        say(&s, SYMBOL_HALF, ROLE_WARN, "not finished");
        break;
    case PLAN_STATUS_COMPLETE:
        say_complete(&s, plan);
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

const char *plan_purpose_short(enum plan_purpose purpose)
{
    static const char *const words[] = {
        [PURPOSE_GENERIC] = "General plan",        [PURPOSE_LOAN] = "Loan",
        [PURPOSE_VISA_STARTUP] = "Start-up visa",  [PURPOSE_VISA_INNOVATOR] = "Innovator visa",
        [PURPOSE_INVESTOR] = "Investor",
    };

    return (size_t)purpose < ARRAY_LEN(words) ? words[purpose] : "";
}

void plan_score(const struct plan *plan, char *out, size_t size)
{
    if (doc_has(plan->metadata, "summary.score"))
        snprintf(out, size, "%.0f", doc_num(plan->metadata, "summary.score", 0));
    else
        snprintf(out, size, "–");
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
