/* demo.c - the sample plans are the intake files of assets/demo, made with the same pipeline as any
 * other. The store is a file in a private folder under TMPDIR, removed with it. */
#include "strattio/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strattio/actor.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/house.h"
#include "strattio/intake.h"
#include "strattio/mem.h"
#include "strattio/paths.h"
#include "strattio/plan_run.h"
#include "strattio/record.h"

enum { STORE_TIMEOUT_MS = 5000, INTAKE_LIMIT = 1 << 20 };

static const char scheme[] = "sqlite:";
static const char file[] = "/demo.db";

static bool read_sample(const struct intake *questions, const char *name, bson_t *answers,
                        enum plan_purpose *purpose, char **plan_name, struct err *err)
{
    char *asset = mem_printf("demo/%s", name), *path = paths_asset(asset, err), *text = NULL;
    struct problems problems = {0};
    size_t len = 0;
    bool ok;

    if (path)
        text = paths_read_file(path, INTAKE_LIMIT, &len, err);
    ok = text && intake_import(questions, text, len, purpose, plan_name, answers, &problems, err);
    problems_finish(&problems);
    free(text);
    free(path);
    free(asset);
    return ok || err_wrap(err, "%s", name);
}

static bool make_sample(struct actor *a, struct house *h, const char *name, struct err *err)
{
    const struct intake *questions = house_intake(h, err);
    enum plan_purpose purpose = PURPOSE_GENERIC;
    bson_t answers = BSON_INITIALIZER;
    char *plan_name = NULL;
    struct plan plan;
    bool ok;

    ok = questions && read_sample(questions, name, &answers, &purpose, &plan_name, err) &&
         plan_new(a, h, plan_name ? plan_name : doc_str(&answers, "business_name", name), purpose,
                  &answers, &plan, err);
    if (ok) {
        ok = run_now(a, h, plan.id, NULL, err);
        record_finish(COLL_PLANS, &plan);
    }
    free(plan_name);
    bson_destroy(&answers);
    return ok;
}

static bool fill(const char *uri, struct house *h, struct err *err)
{
    struct actor *a = actor_open(uri, STORE_TIMEOUT_MS, err);
    char **names;
    size_t count;
    bool ok;

    ok = a && actor_begin(a, "Demonstration", "demo@strattio.example", err);
    names = paths_asset_names("demo", ".json", &count);
    for (size_t i = 0; ok && i < count; i++)
        ok = make_sample(a, h, names[i], err);
    paths_names_free(names, count);
    actor_close(a);
    return ok;
}

char *demo_begin(struct house *h, struct err *err)
{
    const char *base = getenv("TMPDIR");
    char *folder = mem_printf("%s/strattio-demo-XXXXXX", base && *base ? base : "/tmp"), *uri;

    if (!mkdtemp(folder)) {
        err_set(err, ERR_IO, 0, "A temporary folder could not be made: %s", folder);
        free(folder);
        return NULL;
    }
    uri = mem_printf("%s%s%s", scheme, folder, file);
    free(folder);
    if (fill(uri, h, err))
        return uri;
    demo_end(uri);
    free(uri);
    return NULL;
}

void demo_end(const char *uri)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
    const char *path;
    char *slash;

    if (!uri)
        return;
    path = uri + strlen(scheme);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        char *part = mem_printf("%s%s", path, parts[i]);

        unlink(part);
        free(part);
    }
    slash = mem_str(path);
    *strrchr(slash, '/') = '\0';
    rmdir(slash);
    free(slash);
}
