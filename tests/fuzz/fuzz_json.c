/* fuzz_json.c - whatever json_read() takes is written and read back the same; whatever it refuses
 * it refuses with a place. That cJSON takes all that our scanner takes is part of it. */
#include <assert.h>

#include "fuzz/fuzz.h"

#include "strattio/doc.h"
#include "strattio/err.h"
#include "strattio/json.h"
#include "strattio/strbuf.h"

static const char *const seeds[] = {
    "{}",
    "{\"name\":\"Harbour Bakery\",\"price\":4.2,\"units\":3400,\"open\":true,\"loan\":null}",
    "{\"products\":[{\"name\":\"Loaf\",\"price\":4.20},{\"name\":\"Bun\",\"price\":1e2}],\"n\":-0}",
    "{ \"t\" : \"\\u00e9\\ud83c\\udf5e \\\"\\\\\\/\\b\\f\\n\\r\\t\" ,\n\t\"u\": "
    "\"\xc3\xa9\xe2\x82\xac\" }",
    "{\"big\":9007199254740992,\"small\":5e-324,\"max\":1.7976931348623157e308,\"e\":1E+2}",
    "{\"a\":{\"a\":{\"a\":[[[[1]]]]}},\"\":[],\"b\":{\"c\":{},\"d\":false}}",
    NULL,
};

static const char *const tokens[] = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "0",
    "-",
    ".",
    "e",
    "E+",
    "1e308",
    "1e-400",
    "\"a\":1,",
    "00",
    "\xef\xbb\xbf",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xc0\x80",
    "9007199254740993",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "// ",
    "/**/",
    "'",
    "\n",
    "\x01",
    NULL,
};

static void feed(const char *data, size_t len)
{
    struct err err = {0};
    struct strbuf text;
    bson_t doc, again;

    if (!json_read(data, len, &doc, &err)) {
        assert(err.code == ERR_INVALID || err.code == ERR_LIMIT);
        assert(strncmp(err.msg, "line ", 5) == 0);
        return;
    }
    assert(err.code == ERR_NONE);
    assert(bson_validate(&doc, BSON_VALIDATE_UTF8, NULL));
    for (int style = JSON_COMPACT; style <= JSON_PRETTY; style++) {
        strbuf_init(&text, STRBUF_DOC_LIMIT);
        json_write(&doc, style, &text);
        assert(json_read(text.data, text.len, &again, &err));
        assert(doc_equal(&doc, &again));
        bson_destroy(&again);
        strbuf_finish(&text);
    }
    bson_destroy(&doc);
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "json", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 60000};

    return fuzz_main(&fuzz, argc, argv);
}
