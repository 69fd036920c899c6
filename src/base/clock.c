/* clock.c - the two clocks and the calendar. Dates are the proleptic Gregorian calendar in UTC,
 * counted in days since 1970 by the usual shift of the year's start to March, which puts the leap
 * day last. No locale and no time zone is looked at. */
#include "strattio/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

static const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct civil {
    int64_t year;
    int month, day; /* from 1 */
    int64_t day_ms; /* since midnight */
};

static once_flag stopped_once = ONCE_FLAG_INIT;
static bool stopped;
static int64_t stopped_ms;

static void read_stopped(void)
{
    const char *text = getenv("STRATTIO_CLOCK");

    stopped = text && clock_parse(text, &stopped_ms);
}

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    call_once(&stopped_once, read_stopped);
    return stopped ? stopped_ms : read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* Days since 1970; the day before it is -1. */
static int64_t day_of(int64_t ms)
{
    return ms / DAY_MS - (ms % DAY_MS < 0);
}

static struct civil civil_of(int64_t ms)
{
    int64_t days = day_of(ms) + 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);

    return (struct civil){
        .year = yoe + era * 400 + (month <= 2),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .day_ms = ms % DAY_MS < 0 ? ms % DAY_MS + DAY_MS : ms % DAY_MS,
    };
}

static int days_in_month(int64_t year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

void clock_iso(int64_t ms, char out[CLOCK_ISO_SIZE])
{
    struct civil at = civil_of(ms);
    int t = (int)at.day_ms;

    snprintf(out, CLOCK_ISO_SIZE, "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ", (long long)at.year,
             at.month, at.day, t / 3600000, t / 60000 % 60, t / 1000 % 60, t % 1000);
}

void clock_iso_date(int64_t ms, char out[CLOCK_ISO_SIZE])
{
    struct civil at = civil_of(ms);

    snprintf(out, CLOCK_ISO_SIZE, "%04lld-%02d-%02d", (long long)at.year, at.month, at.day);
}

/* Exactly `count` digits at *at, which moves past them; -1 if they are not there. */
static int take_digits(const char **at, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static bool take_char(const char **at, char c)
{
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

/* Reads "HH:MM[:SS[.fraction]]" at *at; digits past the millisecond are dropped. */
static bool take_time(const char **at, int64_t *ms)
{
    int hour = take_digits(at, 2), minute, second = 0, fraction = 0, scale = 100;

    if (hour < 0 || hour > 23 || !take_char(at, ':'))
        return false;
    minute = take_digits(at, 2);
    if (minute < 0 || minute > 59)
        return false;
    if (take_char(at, ':')) {
        second = take_digits(at, 2);
        if (second < 0 || second > 59)
            return false;
        if (take_char(at, '.')) {
            if (**at < '0' || **at > '9')
                return false;
            for (; **at >= '0' && **at <= '9'; (*at)++, scale /= 10)
                fraction += (**at - '0') * scale;
        }
    }
    *ms = ((int64_t)hour * 60 + minute) * 60000 + (int64_t)second * 1000 + fraction;
    return true;
}

bool clock_parse(const char *text, int64_t *ms)
{
    int year, month, day;
    int64_t time_ms = 0;

    year = take_digits(&text, 4);
    if (year < 0 || !take_char(&text, '-'))
        return false;
    month = take_digits(&text, 2);
    if (month < 1 || month > 12 || !take_char(&text, '-'))
        return false;
    day = take_digits(&text, 2);
    if (day < 1 || day > days_in_month(year, month))
        return false;
    if (take_char(&text, 'T')) {
        if (!take_time(&text, &time_ms))
            return false;
        take_char(&text, 'Z');
    }
    if (*text)
        return false;
    *ms = days_of(year, month, day) * DAY_MS + time_ms;
    return true;
}

void clock_ago(int64_t ms, int64_t now_ms, char out[CLOCK_ISO_SIZE])
{
    struct civil at = civil_of(ms), now = civil_of(now_ms);
    int64_t passed = now_ms - ms;
    int64_t day = day_of(ms), today = day_of(now_ms);
    const char *month = month_names[at.month - 1];

    if (passed > -60000 && passed < 60000)
        snprintf(out, CLOCK_ISO_SIZE, "now");
    else if (passed > 0 && passed < 3600000)
        snprintf(out, CLOCK_ISO_SIZE, "%d min ago", (int)(passed / 60000));
    else if (passed > 0 && day == today)
        snprintf(out, CLOCK_ISO_SIZE, "%d h ago", (int)(passed / 3600000));
    else if (day == today - 1)
        snprintf(out, CLOCK_ISO_SIZE, "yesterday");
    else if (at.year == now.year)
        snprintf(out, CLOCK_ISO_SIZE, "%d %s", at.day, month);
    else
        snprintf(out, CLOCK_ISO_SIZE, "%d %s %lld", at.day, month, (long long)at.year);
}
