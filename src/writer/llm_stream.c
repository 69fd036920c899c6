/* llm_stream.c - what all protocols share. A stream is read event by event; a server that answers
 * in one plain JSON document, though a stream was asked for, is told by its first byte and read
 * whole. */
#include "writer/llm_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/doc.h"
#include "strattio/json.h"
#include "strattio/mem.h"
#include "strattio/strbuf.h"

#include "writer/llm_protocol.h"

enum { PLAIN_LIMIT = 8 * 1024 * 1024 };

static const struct llm_protocol *const protocols[LLM_PROTOCOL_COUNT] = {
    [LLM_OPENAI] = &llm_openai,
    [LLM_ANTHROPIC] = &llm_anthropic,
    [LLM_OLLAMA] = &llm_ollama,
};

const char *llm_protocol_name(enum llm_protocol_id id)
{
    return protocols[id]->name;
}

/* ---- what the protocols report ---------------------------------------------------------------- */

static bool fail(struct llm_stream *s, const struct err *err)
{
    if (s->end != LLM_FAILED) {
        s->end = LLM_FAILED;
        s->err = *err;
    }
    return false;
}

/* What may stand in a text: what JSON let through may still be a control character. */
static void keep_printable(const char *text, struct strbuf *out)
{
    for (; *text; text++)
        if ((unsigned char)*text >= ' ' ? *text != 0x7f : *text == '\n' || *text == '\t')
            strbuf_char(out, *text);
}

void llm_stream_text(struct llm_stream *s, const char *text)
{
    struct strbuf clean;
    struct err err = {0};

    if (!*text || s->end == LLM_FAILED)
        return;
    strbuf_init(&clean, LLM_TEXT_LIMIT);
    keep_printable(text, &clean);
    s->text_len += clean.len;
    if (s->text_len > LLM_TEXT_LIMIT) {
        err_set(&err, ERR_LIMIT, 0, "the model writes without end");
        fail(s, &err);
    } else if (clean.len) {
        s->delta(s->arg, clean.data, clean.len);
    }
    strbuf_finish(&clean);
}

void llm_stream_reason(struct llm_stream *s, const char *word)
{
    if (word && *word && !s->reason[0])
        snprintf(s->reason, sizeof s->reason, "%s", word);
}

void llm_stream_error(struct llm_stream *s, const bson_t *json, const char *field)
{
    struct strbuf text;
    struct err err = {0};

    if (!doc_has(json, field))
        return;
    strbuf_init(&text, STRBUF_DOC_LIMIT);
    json_write(json, JSON_COMPACT, &text);
    llm_error_of(200, "application/json", text.data, text.len, NULL, &err);
    fail(s, &err);
    strbuf_finish(&text);
}

void llm_messages(const struct llm_prompt *prompt, bson_t *out)
{
    const char *const said[][2] = {{"system", prompt->system}, {"user", prompt->user}};
    bson_t list, message;

    bson_append_array_begin(out, "messages", -1, &list);
    for (int i = 0; i < 2; i++) {
        bson_append_document_begin(&list, i ? "1" : "0", -1, &message);
        BSON_APPEND_UTF8(&message, "role", said[i][0]);
        BSON_APPEND_UTF8(&message, "content", said[i][1]);
        bson_append_document_end(&list, &message);
    }
    bson_append_array_end(out, &list);
}

/* ---- the stream ------------------------------------------------------------------------------- */

static void on_event(void *arg, const char *name, const char *data, size_t len)
{
    struct llm_stream *s = arg;
    struct err err = {0};
    bson_t json;

    (void)name; /* what counts stands in the data, too */
    if (s->end == LLM_FAILED)
        return;
    if (s->protocol->done && strcmp(data, s->protocol->done) == 0) {
        s->closed = true;
        return;
    }
    if (!json_read(data, len, &json, &err)) {
        err_set(&err, ERR_IO, 0, "the server sends what is no JSON where its protocol wants some");
        fail(s, &err);
        return;
    }
    s->signs += strcmp(doc_str(&json, "type", ""), "ping") != 0;
    s->protocol->event(s, &json);
    bson_destroy(&json);
}

void llm_stream_init(struct llm_stream *s, enum llm_protocol_id protocol,
                     void (*delta)(void *arg, const char *text, size_t len), void *arg)
{
    *s = (struct llm_stream){.protocol = protocols[protocol], .delta = delta, .arg = arg};
    sse_init(&s->events, s->protocol->kind, on_event, s);
    strbuf_init(&s->body, PLAIN_LIMIT);
}

void llm_stream_finish(struct llm_stream *s)
{
    sse_finish(&s->events);
    strbuf_finish(&s->body);
}

/* Decides at the first byte that is no blank. Lines of JSON begin like a plain answer and are
 * read as such lines. */
static void decide(struct llm_stream *s, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len && !s->begun; i++) {
        s->begun = !strchr(" \t\r\n", bytes[i]);
        s->plain = s->begun && s->protocol->kind == SSE_EVENTS && strchr("{[<", bytes[i]);
    }
}

bool llm_stream_feed(struct llm_stream *s, const char *bytes, size_t len)
{
    struct err err = {0};

    if (s->end == LLM_FAILED)
        return false;
    decide(s, bytes, len);
    if (s->plain) {
        strbuf_add(&s->body, bytes, len);
        if (!strbuf_check(&s->body, "the answer", &err))
            return fail(s, &err);
    } else if (!sse_feed(&s->events, bytes, len, &err)) {
        return fail(s, &err);
    }
    return s->end != LLM_FAILED;
}

static void read_whole(struct llm_stream *s)
{
    struct err err = {0};
    bson_t json;

    if (!json_read(s->body.data, s->body.len, &json, &err)) {
        llm_error_of(200, *s->body.data == '<' ? "text/html" : "text/plain", s->body.data,
                     s->body.len, NULL, &err);
        fail(s, &err);
        return;
    }
    s->protocol->whole(s, &json);
    bson_destroy(&json);
}

static enum llm_end end_of(const struct llm_stream *s)
{
    const struct llm_reason *r = s->protocol->reasons;

    if (!s->reason[0])
        return s->closed && !s->protocol->needs_close ? LLM_COMPLETE : LLM_CUT;
    while (r->word && strcmp(r->word, s->reason) != 0)
        r++;
    return r->end == LLM_COMPLETE && s->protocol->needs_close && !s->closed ? LLM_CUT : r->end;
}

void llm_stream_end(struct llm_stream *s)
{
    struct err err = {0};

    if (s->end == LLM_FAILED)
        return;
    if (s->plain)
        read_whole(s);
    else
        sse_end(&s->events);
    if (s->end == LLM_FAILED)
        return;
    s->end = end_of(s);
    if (s->text_len == 0 && s->end == LLM_COMPLETE) {
        err_set(&err, ERR_IO, 0, "the model answered with no text");
        fail(s, &err);
    }
}

/* ---- the request ------------------------------------------------------------------------------ */

/* "https://host/v1/" and "/v1/messages" make one "/v1". */
static char *join_url(const char *base, const char *path)
{
    size_t len = strlen(base);

    while (len && base[len - 1] == '/')
        len--;
    if (len > 3 && memcmp(base + len - 3, "/v1", 3) == 0 && strncmp(path, "/v1/", 4) == 0)
        len -= 3;
    return mem_printf("%.*s%s", (int)len, base, path);
}

void llm_request_make(enum llm_protocol_id id, const char *base, const char *model, const char *key,
                      const struct llm_prompt *prompt, struct llm_request *out)
{
    const struct llm_protocol *p = protocols[id];
    bson_t body = BSON_INITIALIZER;
    struct strbuf text;
    size_t count = 0;

    *out = (struct llm_request){.url = join_url(base, p->path)};
    p->body(model, prompt, &body);
    strbuf_init(&text, STRBUF_DOC_LIMIT);
    json_write(&body, JSON_COMPACT, &text);
    out->body = strbuf_take(&text);
    out->headers[count++] = mem_str("Content-Type: application/json");
    if (p->header)
        out->headers[count++] = mem_str(p->header);
    if (key && *key)
        out->headers[count++] = mem_printf("%s%s", p->key_header, key);
    bson_destroy(&body);
    strbuf_finish(&text);
}

void llm_request_finish(struct llm_request *r)
{
    for (size_t i = 0; r->headers[i]; i++) {
        explicit_bzero(r->headers[i], strlen(r->headers[i]));
        free(r->headers[i]);
    }
    free(r->url);
    free(r->body);
    *r = (struct llm_request){0};
}
