/* log.h - the log file in the state folder; never the screen. Lines carry time, level and text with
 * control characters replaced. Secrets are the caller's to keep out. Any thread. */
#ifndef STRATTIO_LOG_H
#define STRATTIO_LOG_H

#include "strattio/attr.h"

struct err;

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

void log_open(const char *path); /* appends; a file past 1 MiB is first moved to PATH.1; NULL closes */
char *log_path(void); /* of the open log; NULL if there is none; the caller frees it */
void log_line(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);
void log_err(const char *what, const struct err *err); /* with the native code */

#endif
