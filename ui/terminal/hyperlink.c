/* hyperlink.c - a terminal that does not know OSC 8 ignores it, or shows garbage; so only those are given
 * links that are known to show them. */
#include "terminal/hyperlink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "strattio/attr.h"
#include "strattio/strbuf.h"

enum { ADDRESS_MAX = 2000, VTE_FROM = 5000 };

bool hyperlink_is_address(const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:"};
    bool known = false;

    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        known = known ||
                (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0 && url[strlen(schemes[i])]);
    for (; known && *url; url++)
        known = (unsigned char)*url > ' ' && *url != 0x7f;
    return known;
}

static bool begins_with_any(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; text && i < count; i++)
        if (strncmp(text, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* tmux passes them on from 3.4 and says its version from 3.2 on. */
static bool tmux_knows(void)
{
    const char *program = getenv("TERM_PROGRAM"), *version = getenv("TERM_PROGRAM_VERSION");
    int major = 0, minor = 0;

    return program && strcmp(program, "tmux") == 0 && version &&
           sscanf(version, "%d.%d", &major, &minor) == 2 &&
           (major > 3 || (major == 3 && minor >= 4));
}

bool hyperlink_wanted(const char *setting)
{
    static const char *const terms[] = {"xterm-kitty",   "alacritty", "foot",
                                        "xterm-ghostty", "wezterm",   "contour"};
    static const char *const programs[] = {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"};
    const char *vte = getenv("VTE_VERSION");

    if (strcmp(setting, "auto") != 0)
        return strcmp(setting, "always") == 0;
    if (getenv("TMUX"))
        return tmux_knows();
    if (getenv("STY"))
        return false;
    return (vte && atoi(vte) >= VTE_FROM) || getenv("WT_SESSION") ||
           begins_with_any(getenv("TERM"), terms, ARRAY_LEN(terms)) ||
           begins_with_any(getenv("TERM_PROGRAM"), programs, ARRAY_LEN(programs));
}

void hyperlink_begin(const char *url, unsigned id, struct strbuf *out)
{
    strbuf_printf(out, "\033]8;id=s%u;", id);
    for (size_t i = 0; url[i] && i < ADDRESS_MAX; i++) {
        unsigned char c = (unsigned char)url[i];

        if (c > ' ' && c < 0x7f)
            strbuf_char(out, (char)c);
        else
            strbuf_printf(out, "%%%02X", c);
    }
    strbuf_str(out, "\033\\");
}

void hyperlink_end(struct strbuf *out)
{
    strbuf_str(out, "\033]8;;\033\\");
}
