/* xlsx_book.c - the module that knows libxlsxwriter. A look becomes a format of the library when it is first asked for;
 * the first failure of any call is kept and told when the file is written. */
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "strattio/err.h"
#include "strattio/mem.h"

#include "export/book_ops.h"

enum { NUMBERS = BOOK_MONTH + 1, INDENTS = 4, SHEETS_MOST = 64 };

struct book {
    lxw_workbook *workbook;
    lxw_worksheet *sheets[SHEETS_MOST];
    int count;
    char money[64];
    lxw_format *formats[BOOK_ROLES][NUMBERS][INDENTS];
    lxw_error failed;
};

/* ---- looks ----------------------------------------------------------------------------------- */

enum { BLUE = 0x1F4E9E, GREEN = 0x1E6B3A, GREY = 0x7A7A7A, PALE = 0xFFF9E5, HEAD = 0xE8EDF3 };

static void make_role(lxw_format *f, enum book_role role)
{
    switch (role) {
    case BOOK_TITLE:
        format_set_bold(f);
        format_set_font_size(f, 14);
        break;
    case BOOK_HEAD:
        format_set_bold(f);
        format_set_bg_color(f, HEAD);
        format_set_bottom(f, LXW_BORDER_THIN);
        break;
    case BOOK_HEADING:
        format_set_bold(f);
        break;
    case BOOK_TOTAL:
        format_set_bold(f);
        format_set_top(f, LXW_BORDER_THIN);
        break;
    case BOOK_DIM:
        format_set_font_color(f, GREY);
        break;
    case BOOK_INPUT:
    case BOOK_ASSUMPTION:
        format_set_font_color(f, role == BOOK_INPUT ? BLUE : GREEN);
        format_set_bg_color(f, PALE);
        format_set_unlocked(f);
        break;
    case BOOK_WRAP:
        format_set_text_wrap(f);
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
        break;
    case BOOK_PLAIN:
    case BOOK_LINK:
    case BOOK_ROLES:
        break;
    }
}

static const char *number_format(const struct book *b, enum book_number number)
{
    static const char *const formats[NUMBERS] = {
        [BOOK_GENERAL] = "General", [BOOK_RATE] = "0.00%",  [BOOK_PERCENT] = "0.0\"%\"",
        [BOOK_COUNT] = "#,##0.00",  [BOOK_WHOLE] = "#,##0", [BOOK_DATE] = "yyyy-mm-dd",
        [BOOK_MONTH] = "mmm yyyy",
    };

    return number == BOOK_MONEY ? b->money : formats[number];
}

static lxw_format *format_of(struct book *b, struct book_look look)
{
    unsigned indent = look.indent < INDENTS ? look.indent : INDENTS - 1;
    lxw_format **f = &b->formats[look.role][look.number][indent];

    if (*f)
        return *f;
    *f = workbook_add_format(b->workbook);
    make_role(*f, look.role);
    format_set_num_format(*f, number_format(b, look.number));
    if (indent)
        format_set_indent(*f, (uint8_t)indent);
    return *f;
}

/* ---- the operations -------------------------------------------------------------------------- */

static void note(struct book *b, lxw_error e)
{
    if (e != LXW_NO_ERROR && b->failed == LXW_NO_ERROR)
        b->failed = e;
}

static struct book *xlsx_open(const char *path, const char *folder, int money_digits)
{
    struct book *b = mem_zero(1, sizeof *b);
    char *tmpdir = mem_str(folder);
    lxw_workbook_options options = {.tmpdir = tmpdir};

    b->workbook = workbook_new_opt(path, &options);
    free(tmpdir);
    strcpy(b->money, "#,##0");
    if (money_digits) {
        strcat(b->money, ".");
        for (int i = 0; i < money_digits && i < 4; i++)
            strcat(b->money, "0");
    }
    return b;
}

static int xlsx_sheet(struct book *b, const char *name, uint32_t frozen_row, uint16_t frozen_col)
{
    lxw_protection may = {
        .format_columns = LXW_TRUE, .format_rows = LXW_TRUE, .format_cells = LXW_TRUE};
    lxw_worksheet *sheet =
        b->count < SHEETS_MOST ? workbook_add_worksheet(b->workbook, name) : NULL;

    if (!sheet) {
        note(b, LXW_ERROR_SHEETNAME_LENGTH_EXCEEDED);
        return b->count ? b->count - 1 : 0;
    }
    worksheet_protect(sheet, NULL, &may);
    worksheet_set_landscape(sheet);
    if (frozen_row || frozen_col)
        worksheet_freeze_panes(sheet, frozen_row, frozen_col);
    b->sheets[b->count] = sheet;
    return b->count++;
}

static void xlsx_column(struct book *b, int sheet, uint16_t first, uint16_t last, double width)
{
    note(b, worksheet_set_column(b->sheets[sheet], first, last, width, NULL));
}

static void xlsx_text(struct book *b, int sheet, uint32_t row, uint16_t col, const char *text,
                      struct book_look look)
{
    note(b, worksheet_write_string(b->sheets[sheet], row, col, text, format_of(b, look)));
}

static void xlsx_number(struct book *b, int sheet, uint32_t row, uint16_t col, double number,
                        struct book_look look)
{
    note(b, worksheet_write_number(b->sheets[sheet], row, col, number, format_of(b, look)));
}

static void xlsx_truth(struct book *b, int sheet, uint32_t row, uint16_t col, bool yes,
                       struct book_look look)
{
    note(b, worksheet_write_boolean(b->sheets[sheet], row, col, yes, format_of(b, look)));
}

static void xlsx_formula(struct book *b, int sheet, uint32_t row, uint16_t col, const char *formula,
                         double number, const char *text, struct book_look look)
{
    lxw_worksheet *s = b->sheets[sheet];
    char *whole = mem_printf("=%s", formula);

    if (text)
        note(b, worksheet_write_formula_str(s, row, col, whole, format_of(b, look), text));
    else
        note(b, worksheet_write_formula_num(s, row, col, whole, format_of(b, look), number));
    free(whole);
}

static void xlsx_limits(struct book *b, int sheet, uint32_t row, uint16_t first, uint16_t last,
                        const double *least, const double *most)
{
    lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_DECIMAL,
                             .criteria = least && most ? LXW_VALIDATION_CRITERIA_BETWEEN
                                         : least ? LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO
                                                 : LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO,
                             .ignore_blank = LXW_VALIDATION_OFF};

    if (least && most) {
        v.minimum_number = *least;
        v.maximum_number = *most;
    } else {
        v.value_number = least ? *least : *most;
    }
    note(b, worksheet_data_validation_range(b->sheets[sheet], row, first, row, last, &v));
}

static void xlsx_name(struct book *b, const char *name, const char *formula)
{
    note(b, workbook_define_name(b->workbook, name, formula));
}

static void xlsx_about(struct book *b, const char *title, const char *author)
{
    char *copies[2] = {mem_str(title), mem_str(author)};
    lxw_doc_properties about = {.title = copies[0], .author = copies[1]};

    note(b, workbook_set_properties(b->workbook, &about));
    free(copies[0]);
    free(copies[1]);
}

static bool xlsx_close(struct book *b, struct err *err)
{
    lxw_error closed = workbook_close(b->workbook), failed = b->failed ? b->failed : closed;

    free(b);
    return failed == LXW_NO_ERROR ||
           err_set(err, ERR_IO, (int)failed, "The spreadsheet could not be made: %s",
                   lxw_strerror(failed));
}

extern const struct book_ops xlsx_book_ops;
const struct book_ops xlsx_book_ops = {
    .open = xlsx_open,
    .sheet = xlsx_sheet,
    .column = xlsx_column,
    .text = xlsx_text,
    .number = xlsx_number,
    .truth = xlsx_truth,
    .formula = xlsx_formula,
    .limits = xlsx_limits,
    .name = xlsx_name,
    .about = xlsx_about,
    .close = xlsx_close,
};
