/* stage_finance.c - the financial model: built in memory every time, since the sections are
 * rendered against it, and written only when its figures moved. */
#include <stdlib.h>

#include "strattio/doc.h"
#include "strattio/house.h"
#include "strattio/mem.h"
#include "strattio/model.h"
#include "strattio/record.h"

#include "pipeline/stage.h"

static bool put_model(struct making *mk, struct err *err)
{
    struct financial_model doc;
    bool ok;

    record_init(COLL_FINANCIAL_MODELS, &doc);
    free(doc.plan_id);
    doc.plan_id = mem_str(mk->plan.id);
    bson_destroy(doc.data);
    doc.data = bson_copy(&mk->model_data);
    doc_set_str(doc.metadata, "key", mk->figures_key);
    ok = model_repo_put(mk->actor, mk->lease, &doc, err);
    if (ok) {
        record_finish(COLL_FINANCIAL_MODELS, &mk->stored_model);
        mk->stored_model = doc;
        mk->has_model = true;
    } else {
        record_finish(COLL_FINANCIAL_MODELS, &doc);
    }
    return ok;
}

bool stage_finance(struct making *mk, struct stage_result *r, struct err *err)
{
    const struct model_def *def = house_model_def(mk->house, err);

    if (!def)
        return false;
    model_free(mk->model);
    mk->model = model_build(def, mk->plan.intake_data, mk->start_date, err);
    if (!mk->model)
        return false;
    bson_destroy(&mk->model_data);
    model_data(mk->model, &mk->model_data);
    key_of(&mk->model_data, mk->figures_key);
    bson_strncpy(r->key, mk->figures_key, sizeof(r->key));
    r->note = mem_printf("%d months, %zu lines", MODEL_MONTHS, model_line_count(def));
    r->reused = mk->has_model && key_matches(mk->stored_model.metadata, "key", mk->figures_key);
    return r->reused || put_model(mk, err);
}
