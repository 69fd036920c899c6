/* book_ops.h - what the module that knows the library for spreadsheets exports: sheets, cells and how they look. Rows
 * and columns count from 0; texts are copied. */
#ifndef STRATTIO_EXPORT_BOOK_OPS_H
#define STRATTIO_EXPORT_BOOK_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "strattio/attr.h"

struct err;

#define BOOK_MODULE        "xlsx"
#define BOOK_MODULE_SYMBOL "xlsx_book_ops"

/* How a number is written. */
enum book_number {
    BOOK_GENERAL,
    BOOK_MONEY,
    BOOK_RATE,    /* 0.06 as 6.00% */
    BOOK_PERCENT, /* 6 as 6.0% */
    BOOK_COUNT,
    BOOK_WHOLE,
    BOOK_DATE,
    BOOK_MONTH, /* a date as Jan 2027 */
};

/* What a cell is to the reader; together with an enum book_number a look. */
enum book_role {
    BOOK_PLAIN,
    BOOK_TITLE,
    BOOK_HEAD, /* of a column */
    BOOK_HEADING,
    BOOK_TOTAL,
    BOOK_DIM,
    BOOK_INPUT,      /* an answer: may be typed over */
    BOOK_ASSUMPTION, /* a value that fills an answer nobody gave: the same */
    BOOK_LINK,       /* from another sheet */
    BOOK_WRAP,       /* text over several lines */
    BOOK_ROLES
};

struct book_look {
    enum book_role role;
    enum book_number number;
    unsigned indent;
};

struct book;

struct book_ops {
    struct book *(*open)(const char *path, const char *folder, int money_digits);
    /* `frozen_row`, `frozen_col`: what stays when it scrolls. Returns its number. */
    int (*sheet)(struct book *b, const char *name, uint32_t frozen_row, uint16_t frozen_col);
    void (*column)(struct book *b, int sheet, uint16_t first, uint16_t last, double width);
    void (*text)(struct book *b, int sheet, uint32_t row, uint16_t col, const char *text,
                 struct book_look look);
    void (*number)(struct book *b, int sheet, uint32_t row, uint16_t col, double number,
                   struct book_look look);
    void (*truth)(struct book *b, int sheet, uint32_t row, uint16_t col, bool yes,
                  struct book_look look);
    /* Without "="; with the value it has now, a number or a text. */
    void (*formula)(struct book *b, int sheet, uint32_t row, uint16_t col, const char *formula,
                    double number, const char *text, struct book_look look);
    /* Only numbers from `least` to `most` (NULL: no limit) may be typed. */
    void (*limits)(struct book *b, int sheet, uint32_t row, uint16_t first, uint16_t last,
                   const double *least, const double *most);
    void (*name)(struct book *b, const char *name, const char *formula);
    void (*about)(struct book *b, const char *title, const char *author);
    /* Writes the file and frees the book. ERR_IO. */
    bool (*close)(struct book *b, struct err *err);
};

#endif
