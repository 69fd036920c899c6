/* Promises of JSON-stat: every shape of index, value and status reads the same; a cell is found by
 * its codes; what is missing is never a number; what does not fit is refused. Recordings are read
 * cell by cell where their folder is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/attr.h"
#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/paths.h"

#include "research/jsonstat.h"

static struct jsonstat *read_text(const char *text, const char *name)
{
    struct err err = {0};
    struct jsonstat *js = jsonstat_read(text, strlen(text), name, &err);

    if (!js)
        fail_msg("%s: %s", text, err.msg);
    return js;
}

#define DIMENSIONS                                                                                 \
    "\"geo\":{\"category\":{\"index\":{\"DK\":1,\"DE\":0},\"label\":{\"DK\":\"Denmark\"}}},"       \
    "\"time\":{\"category\":{\"index\":[\"2022\",\"2023\"]}},"                                     \
    "\"unit\":{\"category\":{\"label\":{\"EUR\":\"Euro\"}}}"
#define SET(VALUES)                                                                                \
    "{\"version\":\"2.0\",\"class\":\"dataset\",\"id\":[\"geo\",\"time\",\"unit\"],\"size\":[2,2," \
    "1],\"dimension\":{" DIMENSIONS "}," VALUES "}"
#define OLD(VALUES)                                                                                \
    "{\"first\":{\"dimension\":{\"id\":[\"geo\",\"time\",\"unit\"],\"size\":[2,2,1],"              \
    "\"role\":{}," DIMENSIONS "}," VALUES "},\"second\":{\"value\":[7],\"dimension\":{\"id\":["    \
    "\"t\"],\"size\":[1],\"t\":{\"category\":{\"index\":[\"x\"]}}}}}"

static const struct {
    const char *name, *text, *status; /* of Denmark in 2023 */
} shapes[] = {
    {"sparse", SET("\"value\":{\"0\":1,\"3\":2.5},\"status\":{\"3\":\"p\"}"), "p"},
    {"dense", SET("\"value\":[1,null,null,2.5],\"status\":[null,null,null,\"ep\"]"), "ep"},
    {"one status for all", SET("\"value\":[1,null,null,2.5],\"status\":\"e\""), "e"},
    {"a list of one status", SET("\"value\":[1,null,null,2.5],\"status\":[\"a\"]"), "a"},
    {"no status", SET("\"value\":[1,null,null,2.5]"), ""},
    {"1.x", OLD("\"value\":[1,null,null,2.5],\"status\":{\"3\":\"e\"}"), "e"},
};

static void every_shape_reads_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        struct jsonstat *js = read_text(shapes[i].text, NULL);
        struct jsonstat_value value;
        size_t cell = 0;

        assert_int_equal(jsonstat_cells(js), 4);
        assert_true(
            jsonstat_find(js, (struct jsonstat_at[]){{"time", "2023"}, {"geo", "DK"}}, 2, &cell));
        assert_int_equal(cell, 3);
        assert_true(jsonstat_value(js, cell, &value));
        assert_true(value.number == 2.5);
        assert_string_equal(value.status, shapes[i].status);
        assert_false(jsonstat_value(js, 1, &value));
        assert_true(isnan(value.number));
        assert_string_equal(jsonstat_code_label(js, 0, 1), "Denmark");
        assert_string_equal(jsonstat_code_label(js, 0, 0), "DE");
        assert_string_equal(jsonstat_code(js, 2, 0), "EUR");
        jsonstat_free(js);
    }
}

static void codes_that_are_not_there_find_nothing(void **state)
{
    struct jsonstat *js = read_text(shapes[0].text, NULL);
    size_t cell;

    (void)state;
    assert_false(jsonstat_find(js, (struct jsonstat_at[]){{"geo", "DK"}}, 1, &cell));
    assert_false(
        jsonstat_find(js, (struct jsonstat_at[]){{"geo", "XX"}, {"time", "2023"}}, 2, &cell));
    assert_false(jsonstat_find(
        js, (struct jsonstat_at[]){{"geo", "DK"}, {"time", "2023"}, {"nace_r2", "I56"}}, 3, &cell));
    jsonstat_free(js);
    js = read_text(shapes[5].text, "second");
    assert_int_equal(jsonstat_cells(js), 1);
    jsonstat_free(js);
}

static const struct {
    const char *text, *word;
    enum err_code code;
} refused[] = {
    {"{}", "no JSON-stat data set", ERR_INVALID},
    {"[1]", "", ERR_INVALID},
    {"{\"error\":[{\"status\":400}]}", "no JSON-stat data set", ERR_INVALID},
    {SET("\"value\":3"), "neither a list", ERR_INVALID},
    {SET("\"value\":[1,2,3,4,5]"), "of no cell", ERR_INVALID},
    {SET("\"value\":{\"-1\":1}"), "of no cell", ERR_INVALID},
    {SET("\"value\":{\"4294967296\":1}"), "of no cell", ERR_INVALID},
    {"{\"value\":[],\"dimension\":{},\"id\":[\"a\"],\"size\":[1]}", "not described", ERR_INVALID},
    {"{\"value\":[],\"dimension\":{},\"id\":[\"a\"],\"size\":[]}", "more ids", ERR_INVALID},
    {"{\"value\":[],\"dimension\":{},\"id\":[\"a\"],\"size\":[900000000]}", "more than", ERR_LIMIT},
    {"{\"value\":[],\"dimension\":{\"a\":{\"category\":{\"index\":[\"x\"]}}},\"id\":[\"a\"],"
     "\"size\":[2]}",
     "do not fit", ERR_INVALID},
    {"{\"value\":[],\"dimension\":{\"a\":{\"category\":{\"index\":{\"x\":0,\"y\":0}}}},\"id\":["
     "\"a\"],\"size\":[2]}",
     "do not fit", ERR_INVALID},
};

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct err err = {0};

        if (jsonstat_read(refused[i].text, strlen(refused[i].text), NULL, &err) ||
            err.code != refused[i].code || !strstr(err.msg, refused[i].word))
            fail_msg("%s: %d %s", refused[i].text, (int)err.code, err.msg);
    }
}

/* --- recordings ------------------------------------------------------------------------------- */

static char *recording(const char *name)
{
    const char *set = getenv("STRATTIO_FIXTURES");
    char *path = mem_printf("%s/%s", set ? set : SOURCE_DIR "/../shared/fixtures", name);
    struct err err;
    size_t len;
    char *text = paths_read_file(path, 1 << 20, &len, &err);

    free(path);
    return text;
}

/* The field of a CSV line that `*at` stands on, unquoted, in place. */
static char *next_field(char **at)
{
    char *out = *at, *to = *at, *from = *at;
    bool quoted = *from == '"';

    from += quoted;
    while (*from && (quoted ? *from != '"' : *from != ','))
        *to++ = *from++;
    from += quoted;
    *at = *from ? from + 1 : from;
    *to = '\0';
    return out;
}

static void expect_row(const struct jsonstat *js, size_t k, char *line)
{
    struct jsonstat_value value;
    size_t rest = k, place[JSONSTAT_DIMENSIONS];
    bool there = jsonstat_value(js, k, &value);
    const char *number;

    for (size_t d = jsonstat_dimensions(js); d-- > 0; rest /= jsonstat_size(js, d))
        place[d] = rest % jsonstat_size(js, d);
    for (size_t d = 0; d < jsonstat_dimensions(js); d++)
        assert_string_equal(next_field(&line), jsonstat_code_label(js, d, place[d]));
    assert_string_equal(next_field(&line), value.status);
    number = next_field(&line);
    assert_int_equal(there, *number != '\0');
    if (there)
        assert_true(value.number == strtod(number, NULL));
}

static void a_recording_of_eurostat_reads_as_its_table_says(void **state)
{
    char *text = recording("eurostat/nama_10_gdp.json"), *line, *next;
    char *table = recording("eurostat/nama_10_gdp.expected.csv");
    struct jsonstat *js;
    size_t rows = 0;

    (void)state;
    if (!text)
        skip();
    assert_non_null(table);
    js = read_text(text, NULL);
    assert_string_equal(jsonstat_updated(js), "2024-11-18T11:00:00+0100");
    assert_string_equal(jsonstat_status_label(js, "d") ? "known" : "", "known");
    line = table + strcspn(table, "\n") + 1;
    for (; *line; line = next, rows++) {
        next = line + strcspn(line, "\r\n");
        if (*next)
            *next++ = '\0';
        next += *next == '\n';
        expect_row(js, rows, line);
    }
    assert_int_equal(rows, jsonstat_cells(js));
    jsonstat_free(js);
    free(table);
    free(text);
}

static const struct {
    const char *file, *set;
    size_t cells;
    struct jsonstat_at at[5];
    size_t count;
    double number;
    const char *text, *status;
} recorded[] = {
    {"jsonstat/org_order.json",
     NULL,
     24,
     {{"A", "3"}, {"B", "1"}, {"C", "2"}},
     3,
     NAN,
     "A3B1C2",
     ""},
    {"jsonstat/oecd-canada.json",
     "oecd",
     432,
     {{"area", "AU"}, {"year", "2003"}},
     2,
     5.943826289,
     NULL,
     ""},
    {"jsonstat/oecd-canada.json",
     NULL,
     432,
     {{"area", "AU"}, {"year", "2013"}},
     2,
     5.50415003,
     NULL,
     "e"},
    {"jsonstat/oecd-canada.json",
     "canada",
     120,
     {{"age", "T"}, {"concept", "POP"}, {"sex", "T"}},
     3,
     34880.5,
     NULL,
     "a"},
    {"jsonstat/galicia-2.0.json",
     NULL,
     3960,
     {{"residence", "T"}, {"birth", "T"}, {"age", "T"}, {"gender", "T"}, {"time", "2001"}},
     5,
     2695880,
     NULL,
     ""},
};

static void recordings_of_other_shapes_read_too(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(recorded); i++) {
        char *text = recording(recorded[i].file);
        struct jsonstat_value value;
        struct jsonstat *js;
        size_t cell = 0;

        if (!text)
            skip();
        js = read_text(text, recorded[i].set);
        assert_int_equal(jsonstat_cells(js), recorded[i].cells);
        if (!jsonstat_find(js, recorded[i].at, recorded[i].count, &cell))
            fail_msg("%zu: not found", i);
        assert_true(jsonstat_value(js, cell, &value));
        if (recorded[i].text)
            assert_string_equal(value.text, recorded[i].text);
        else if (value.number != recorded[i].number)
            fail_msg("%zu: cell %zu is %.9f", i, cell, value.number);
        assert_string_equal(value.status, recorded[i].status);
        jsonstat_free(js);
        free(text);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_reads_the_same),
        cmocka_unit_test(codes_that_are_not_there_find_nothing),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_recording_of_eurostat_reads_as_its_table_says),
        cmocka_unit_test(recordings_of_other_shapes_read_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
