/* test_section_view.c - the text an edit of a section begins with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "strattio/attr.h"
#include "strattio/section_view.h"

/* What another program left in `content`, and the source an edit then begins with. */
static const struct {
    const char *content, *source;
} outside[] = {
    {"Plain words.", "Plain words."},
    {"Sales are {{pnl.revenue[y1]}}.", "Sales are \\{{pnl.revenue[y1]}}."},
    {"Sales are \\{{pnl.revenue[y1]}}.", "Sales are \\{{pnl.revenue[y1]}}."},
    {"A \\\\{{b}} is a figure.", "A \\\\\\{{b}} is a figure."},
    {"{{{x}}}", "\\{\\{{x}}}"},
    {"In `{{code}}` it is text.", "In `{{code}}` it is text."},
    {"An open {{ is text.", "An open {{ is text."},
};

static void an_outside_edit_is_escaped_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
        char content[64];
        struct section s = {.content = content, .metadata = bson_new()};
        char *source;

        snprintf(content, sizeof content, "%s", outside[i].content);
        source = section_source(&s);
        assert_string_equal(source, outside[i].source);
        s.content = source; /* once more changes nothing: it has its escapes */
        source = section_source(&s);
        assert_string_equal(source, outside[i].source);
        free(source);
        free(s.content);
        bson_destroy(s.metadata);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outside_edit_is_escaped_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
