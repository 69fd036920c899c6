/* Wording a reader stops at is found verbatim with its line, and only there: not in code, addresses,
 * footnotes or the founder's own words; a claim with a source or a figure is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/model.h"

#include "writer/wording.h"
#include "writer/writer.h"

static const char answers_json[] =
    "{\"currency\": \"GBP\", \"price_per_unit\": 4, \"units_per_month\": 100,"
    " \"business_name\": \"Crumb\", \"legal_form\": \"limited_company\", \"team_size\": 3,"
    " \"location_city\": \"Port Elling\", \"start_date\": \"2027-03-01\", \"months_trading\": 0,"
    " \"loan\": {\"amount\": 25000}, \"competitors\": [{\"name\": \"Old Mill Ltd\"}],"
    " \"founders\": [{\"name\": \"Ada\"}],"
    " \"mission\": \"A world-class loaf. Research shows that our street wants bread.\"}";
static const char citations_json[] = "{\"0\": {\"evidence_id\": \"ons\"}}";

static const struct {
    const char *name, *source, *kind, *text;
    int where;
} table[] = {
    {"praise", "One.\n\nA Revolutionary oven.", "banned_phrase", "Revolutionary", 3},
    {"over a line end", "Our cutting-\nedge oven.", "banned_phrase", "cutting-\nedge", 1},
    {"the rest of the word", "It revolutionises bread.", "banned_phrase", "revolutionises", 1},
    {"a claim", "Research suggests that people eat.", "uncited_claim",
     "Research suggests that people eat", 1},
    {"a claim in other words than the answer's", "Research shows that dogs bark.", "uncited_claim",
     "Research shows that dogs bark", 1},
    {"the next sentence cites", "Studies show it. People eat.[^ons]", "uncited_claim",
     "Studies show it", 1},
    {"money as a share", "Sales are {{pnl.revenue[y1]:pct}}.", "contradiction",
     "{{pnl.revenue[y1]:pct}}", 1},
    {"a share as money", "Margin is {{pnl.operating_margin[y1]:money0}}.", "contradiction",
     "{{pnl.operating_margin[y1]:money0}}", 1},
    {"a claim with a figure that points at a source", "Studies show {{pnl.revenue[y1]}} of sales.",
     "uncited_claim", "Studies show {{pnl.revenue[y1]}} of sales", 1},
    {"a publisher", "As Mintel says, bread is eaten.", "unknown_citation", "Mintel", 1},
    {"other people", "We have 100 employees, also full-time.", "contradiction", "100 employees", 1},
    {"other people in words", "A team of nine serves our shop.", "contradiction", "team of nine",
     1},
    {"another sum", "We ask for a loan of £4.", NULL, NULL, 0},
    {"another start", "We open in June 2028.", "contradiction", "open in June 2028", 1},
    {"a day of another year", "Crumb starts trading on 1 March 2029.", "contradiction",
     "starts trading on 1 March 2029", 1},
    {"another form", "We trade as a sole trader.", "contradiction", "as a sole trader", 1},
    {"another place", "We are based in Leeds.", "contradiction", "based in Leeds", 1},
    {"another company", "Boulanger Bakery Ltd began small.", "contradiction",
     "Boulanger Bakery Ltd", 1},
    {"other competitors", "We have two direct competitors.", "contradiction",
     "two direct competitors", 1},
    {"the people there are", "We employ three people; our team of 3 is small.", NULL, NULL, 0},
    {"people elsewhere", "Old Mill employs nine people.", NULL, NULL, 0},
    {"the start there is", "We open in March 2027, and start trading on 1 March 2027.", NULL, NULL,
     0},
    {"the form there is", "We trade as a limited company, Crumb Ltd, beside Old Mill Ltd.", NULL,
     NULL, 0},
    {"the place there is", "We are based in Port Elling, located in the UK.", NULL, NULL, 0},
    {"the competitor there is", "We have one direct competitor.", NULL, NULL, 0},
    {"a longer word", "The guaranteedly dull oven, revolution.", NULL, NULL, 0},
    {"code and addresses", "See `revolutionary` and [it](revolutionary).", NULL, NULL, 0},
    {"a footnote", "Bread.[^ons]\n\n[^ons]: Research shows, revolutionary.", NULL, NULL, 0},
    {"the founder's own praise", "We bake a world-class loaf.", NULL, NULL, 0},
    {"the founder's own claim", "Research shows that our street wants bread.", NULL, NULL, 0},
    {"a cited claim", "Studies show that people eat.[^ons]", NULL, NULL, 0},
    {"a claim with a figure", "The market is growing to {{pnl.revenue[y1]:money0}}.", NULL, NULL,
     0},
    {"as it should be", "Margin is {{pnl.operating_margin[y1]:pct1}} of {{pnl.revenue[y1]:num}}.",
     NULL, NULL, 0},
};

static void wording_is_found_where_it_is_and_nowhere_else(void **state)
{
    struct err err = {0};
    struct model_def *def = model_def_load(&err);
    struct wording *w = wording_load(&err);
    bson_t answers, citations;
    struct model *m;

    (void)state;
    assert_true(def && w);
    assert_true(json_read(answers_json, strlen(answers_json), &answers, &err));
    assert_true(json_read(citations_json, strlen(citations_json), &citations, &err));
    m = model_build(def, &answers, "2027-01-01", &err);
    assert_non_null(m);
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        bson_t found;

        section_findings(
            &(struct findings_input){
                .model = m, .intake = &answers, .citations = &citations, .wording = w},
            table[i].source, &found);
        if (bson_count_keys(&found) != (table[i].kind ? 1 : 0) ||
            strcmp(doc_str(&found, "0.kind", ""), table[i].kind ? table[i].kind : "") != 0)
            fail_msg("%s: %u found, %s \"%s\"", table[i].name, bson_count_keys(&found),
                     doc_str(&found, "0.kind", ""), doc_str(&found, "0.text", ""));
        if (table[i].kind) {
            assert_string_equal(doc_str(&found, "0.text", ""), table[i].text);
            assert_int_equal(doc_int(&found, "0.where", 0), table[i].where);
            assert_true(strlen(doc_str(&found, "0.advice", "")) > 5);
        }
        bson_destroy(&found);
    }
    model_free(m);
    bson_destroy(&citations);
    bson_destroy(&answers);
    wording_free(w);
    model_def_free(def);
}

static void a_length_names_both_numbers(void **state)
{
    static const struct {
        const char *source;
        bool found;
    } rows[] = {{"", true},
                {"One two.", true},
                {"One two three.", false},
                {"One two three four five.", false},
                {"One two three\n\nfour five six.", true}};
    struct err err = {0};
    struct model_def *def = model_def_load(&err);
    bson_t answers, found;
    struct model *m;

    (void)state;
    assert_non_null(def);
    assert_true(json_read(answers_json, strlen(answers_json), &answers, &err));
    m = model_build(def, &answers, "2027-01-01", &err);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct findings_input in = {.model = m, .intake = &answers, .least = 3, .most = 5};
        const char *advice;

        section_findings(&in, rows[i].source, &found);
        assert_int_equal(bson_count_keys(&found), rows[i].found);
        advice = doc_str(&found, "0.advice", "");
        if (rows[i].found) {
            assert_string_equal(doc_str(&found, "0.kind", ""), "length");
            assert_non_null(strstr(advice, "3 to 5"));
        }
        bson_destroy(&found);
    }
    model_free(m);
    bson_destroy(&answers);
    model_def_free(def);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wording_is_found_where_it_is_and_nowhere_else),
        cmocka_unit_test(a_length_names_both_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
