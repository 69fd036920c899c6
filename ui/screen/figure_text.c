/* figure_text.c - pennies matter to the model, not to the eye that compares years: in
 * statements amounts are whole, elsewhere from a thousand on. The figure itself, opened, shows
 * all of it. */
#include "screen/figure_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "strattio/err.h"
#include "strattio/model.h"
#include "strattio/money.h"
#include "strattio/strbuf.h"

static bool is_amount(const struct figure *f, const char *currency)
{
    return f->plain && strstr(f->value, money_symbol(currency));
}

void figure_amount(const struct model *m, double value, bool sign, struct strbuf *out)
{
    const char *currency = model_currency(m), *symbol = money_symbol(currency), *at;
    struct strbuf amount;

    strbuf_init(&amount, 128);
    money_print((int64_t)(round(value) * pow(10, money_exponent(currency))), currency, 0, &amount);
    at = sign ? NULL : strstr(amount.data, symbol);
    if (at) {
        strbuf_add(out, amount.data, (size_t)(at - amount.data));
        strbuf_str(out, at + strlen(symbol));
    } else {
        strbuf_str(out, amount.data);
    }
    strbuf_finish(&amount);
}

void figure_text(const struct model *m, const struct figure *f, bool sign, struct strbuf *out)
{
    double value = f->plain ? strtod(f->plain, NULL) : 0;

    if (!is_amount(f, model_currency(m)) || (sign && fabs(round(value)) < 1000))
        strbuf_str(out, f->value);
    else
        figure_amount(m, value, sign, out);
}

void figure_text_of(const struct model *m, const char *name, struct strbuf *out)
{
    struct figure f = {0};
    struct err err = {0};

    if (m && model_figure(m, name, &f, &err))
        figure_text(m, &f, true, out);
    else
        strbuf_str(out, "–");
    figure_finish(&f);
}
