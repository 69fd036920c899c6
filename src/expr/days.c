/* days.c - calendar dates as day counts. The year is counted from March, so that the leap day is
 * its last and the lengths of the other months follow one straight line. */
#include "expr/days.h"

#include <stdio.h>

int32_t days_from_civil(struct civil date)
{
    int year = date.year - (date.month <= 2);
    int era = (year >= 0 ? year : year - 399) / 400;
    int of_era = year - era * 400;
    int of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

    return era * 146097 + day_of_era - 719468;
}

struct civil days_to_civil(int32_t day)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    int shifted = (5 * of_year + 2) / 153;
    struct civil date = {.day = of_year - (153 * shifted + 2) / 5 + 1,
                         .month = shifted + (shifted < 10 ? 3 : -9)};

    date.year = of_era + era * 400 + (date.month <= 2);
    return date;
}

int days_in_month(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return lengths[month - 1] + (month == 2 && leap);
}

bool days_valid(struct civil date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

static bool read_digits(const char *text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool days_parse(const char *text, int32_t *day)
{
    struct civil date;

    if (!read_digits(text, 4, &date.year) || text[4] != '-' ||
        !read_digits(text + 5, 2, &date.month) || text[7] != '-' ||
        !read_digits(text + 8, 2, &date.day) || !days_valid(date))
        return false;
    *day = days_from_civil(date);
    return true;
}

void days_print(int32_t day, char out[DAYS_TEXT_SIZE])
{
    struct civil date = days_to_civil(day);

    snprintf(out, DAYS_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)date.year % 10000,
             (unsigned)date.month % 100, (unsigned)date.day % 100);
}

int32_t days_add_months(int32_t day, int months)
{
    struct civil date = days_to_civil(day);
    int count = date.year * 12 + date.month - 1 + months;
    int longest;

    date.year = count / 12;
    date.month = count % 12 + 1;
    longest = days_in_month(date.year, date.month);
    if (date.day > longest)
        date.day = longest;
    return days_from_civil(date);
}

const char *days_month_name(int month)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

    return names[month - 1];
}
