/* outcome.h - what a measure comes to: a number or why there is none. */
#ifndef STRATTIO_OUTCOME_H
#define STRATTIO_OUTCOME_H

struct outcome {
    double value;      /* a NaN for a null */
    char *shown;       /* with its unit; "–" for a null; owned */
    char *reason;      /* reason code of a null, else NULL; owned */
    char *reason_text; /* the same as a sentence; NULL if there is none; owned */
};

void outcome_finish(struct outcome *o);

#endif
