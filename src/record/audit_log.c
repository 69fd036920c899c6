/* audit_log.c - the words of an `audit_logs` document's action. */
#include "strattio/audit_log.h"

#include "record/words.h"

const char *audit_action_name(enum audit_action action)
{
    return words_at(words_audit_action, action);
}
