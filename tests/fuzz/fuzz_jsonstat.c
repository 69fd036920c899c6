/* fuzz_jsonstat.c - whatever is read has as many cells as its sizes say, and every cell is found
 * again by its codes. */
#include <assert.h>
#include <math.h>

#include "fuzz/fuzz.h"

#include "strattio/err.h"

#include "research/jsonstat.h"

static const char *const seeds[] = {
    "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":\"l\",\"updated\":\"2024-01-01\",\"id\":"
    "[\"geo\",\"time\"],\"size\":[2,2],\"dimension\":{\"geo\":{\"category\":{\"index\":{\"DK\":1,"
    "\"DE\":0},\"label\":{\"DK\":\"Denmark\"}}},\"time\":{\"category\":{\"index\":[\"2022\","
    "\"2023\"]}}},\"value\":{\"0\":1.5,\"3\":2},\"status\":{\"3\":\"p\"},\"extension\":{\"status\":"
    "{\"label\":{\"p\":\"provisional\"}}}}",
    "{\"a\":{\"value\":[1,null,\"x\"],\"status\":[\"e\"],\"dimension\":{\"id\":[\"c\",\"y\"],"
    "\"size\":[1,3],\"c\":{\"category\":{\"label\":{\"X\":\"x\"}}},\"y\":{\"category\":{\"index\":"
    "{\"1\":0,\"2\":1,\"3\":2}}}}}}",
    NULL,
};

static const char *const tokens[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    "null",
    "\"index\"",
    "\"label\"",
    "\"size\":[",
    "\"status\":\"e\",",
    "-1",
    "99999999999",
    "0.5",
    "\"0\":",
    "\"id\"",
    "\"value\":[],",
    "\"category\":{},",
    NULL,
};

static void feed(const char *data, size_t len)
{
    struct err err = {0};
    struct jsonstat *js = jsonstat_read(data, len, NULL, &err);
    size_t cells = 1;

    if (!js) {
        assert(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        return;
    }
    for (size_t d = 0; d < jsonstat_dimensions(js); d++) {
        cells *= jsonstat_size(js, d);
        for (size_t i = 0; i < jsonstat_size(js, d); i++)
            assert(jsonstat_code(js, d, i) && jsonstat_code_label(js, d, i));
    }
    assert(cells == jsonstat_cells(js));
    for (size_t k = 0; k < cells && k < 1000; k++) {
        struct jsonstat_value value;

        if (!jsonstat_value(js, k, &value))
            assert(isnan(value.number) && !value.text);
        jsonstat_status_label(js, value.status);
    }
    jsonstat_free(js);
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "jsonstat", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 30000};

    return fuzz_main(&fuzz, argc, argv);
}
