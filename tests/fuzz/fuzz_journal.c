/* fuzz_journal.c - whatever a file has, opening it as a text's journal gives a whole text: UTF-8,
 * which undo leads back to where it began. Lines of JSON are framed as records first, so that what is
 * behind the checksum is tried, too; what is not JSON goes into the file as it is. */
#include <assert.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "support/temp_dir.h"

#include "strattio/err.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"
#include "strattio/text.h"

#include "base/journal.h"

#define BASE        "caf\xc3\xa9 bread"
#define BIN(base64) "{\"$binary\":{\"base64\":\"" base64 "\",\"subType\":\"00\"}}"
#define FIRST       "{\"seq\":0,\"document\":\"d\",\"base\":1,\"text\":" BIN("Y2Fmw6kgYnJlYWQ=") "}\n"
#define SPLICE(seq, at, removed, inserted, unit)                                                   \
    "{\"seq\":" seq ",\"ms\":7,\"splice\":{\"at\":" at ",\"removed\":" removed                     \
    ",\"inserted\":" BIN(inserted) ",\"unit\":" unit ",\"begins\":true}}\n"

static const char *const seeds[] = {
    FIRST SPLICE("1", "0", "3", "dGVh", "0")
        SPLICE("2", "3", "2", "",
               "1") "{\"seq\":3,\"ms\":8,\"undo\":true}\n{\"seq\":4,\"ms\":8,\"redo\":true}\n",
    FIRST SPLICE("1", "5", "0", "w6k=", "4") "{\"seq\":2,\"undo\":true}\n" SPLICE("3", "11", "0",
                                                                                  "Ig==", "8"),
    FIRST,
    "x\x10\x01\x01\x01",
    NULL,
};

static const char *const tokens[] = {
    "\n",
    FIRST,
    SPLICE("1", "0", "1", "eA==", "2"),
    SPLICE("2", "1", "0", "4pyT", "3"),
    "{\"seq\":1,\"undo\":true}\n",
    "{\"seq\":2,\"redo\":true}\n",
    "0",
    "4",
    "-1",
    "2147483647",
    "4294967296",
    "/w==",
    "AA==",
    "w6k=",
    "null",
    "{}",
    "\"\"",
    NULL,
};

static char *folder, *path, *aside;

/* Each line that is JSON as a record; anything else as it is. */
static void build(const char *data, size_t len, struct strbuf *out)
{
    while (len) {
        const char *end = memchr(data, '\n', len);
        size_t size = end ? (size_t)(end - data) : len;
        bson_error_t ignored;
        bson_t *record =
            size ? bson_new_from_json((const uint8_t *)data, (ssize_t)size, &ignored) : NULL;

        if (record)
            journal_frame(out, record);
        else
            strbuf_add(out, data, size);
        bson_destroy(record);
        size += end != NULL;
        data += size;
        len -= size;
    }
}

static void put_file(const struct strbuf *content)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(content->data, 1, content->len, file) != content->len || fclose(file) != 0)
        abort();
}

static void feed(const char *data, size_t len)
{
    struct text *t = text_create(BASE, strlen(BASE));
    struct text_found found = {0};
    struct err err = {0};
    struct strbuf content;
    char *end;
    size_t end_len;

    strbuf_init(&content, STRBUF_DOC_LIMIT);
    build(data, len, &content);
    put_file(&content);
    end = text_journal_end(path, NULL, &end_len, &err);
    assert(end ? bson_utf8_validate(end, end_len, false) : err.code == ERR_INVALID);
    assert(text_keep(t, path, "d", 1, &found, &err));
    assert(bson_utf8_validate(text_bytes(t), text_len(t), false));
    assert(!found.splices || strcmp(text_bytes(t), end) == 0);
    assert(!found.splices == !text_changed(t));
    while (text_undo(t, NULL))
        ;
    assert(strcmp(text_bytes(t), BASE) == 0);
    text_keep_drop(t);
    text_destroy(t);
    free(end);
    unlink(aside);
    strbuf_finish(&content);
}

int main(int argc, char **argv)
{
    static const struct fuzz fuzz = {
        .name = "journal", .seeds = seeds, .tokens = tokens, .feed = feed, .runs = 3000};
    int status;

    folder = temp_dir_make();
    path = mem_printf("%s/journal", folder);
    aside = mem_printf("%s.aside", path);
    status = fuzz_main(&fuzz, argc, argv);
    temp_dir_remove(folder);
    free(path);
    free(aside);
    return status;
}
