/* words.c - how many words of a Markdown text a reader sees: marks, addresses and footnote
 * labels are not words. A word is a run without blanks that has a letter or a digit in it; "|"
 * ends one, as a cell does. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "writer/writer.h"

/* Bytes of what no reader sees at `s`: a footnote's label, an address behind a link's text, a
 * tag. 0 if it is text. */
static size_t unseen(const char *s)
{
    const char *end = NULL;

    if (s[0] == '[' && s[1] == '^')
        end = strchr(s, ']');
    else if (s[0] == ']' && s[1] == '(')
        end = strchr(s, ')');
    else if (s[0] == '<' && (isalpha((unsigned char)s[1]) || s[1] == '/'))
        end = strchr(s, '>');
    return end && !memchr(s, '\n', (size_t)(end - s)) ? (size_t)(end - s) + 1 : 0;
}

/* Is the byte part of a letter or digit? Of what is not ASCII, general punctuation
 * (U+2000-206F) is not. */
static bool is_letter(const char *s)
{
    unsigned char c = (unsigned char)s[0];

    if (c < 0x80)
        return isalnum(c);
    return c >= 0xc0 &&
           !(c == 0xe2 && ((unsigned char)s[1] == 0x80 || (unsigned char)s[1] == 0x81));
}

size_t markdown_words(const char *markdown)
{
    size_t words = 0;
    bool in_word = false;

    for (const char *s = markdown; *s;) {
        size_t skip = unseen(s);

        if (skip) {
            s += skip;
            continue;
        }
        if (isspace((unsigned char)*s) || *s == '|') {
            in_word = false;
        } else if (!in_word && is_letter(s)) {
            in_word = true;
            words++;
        }
        s++;
    }
    return words;
}
