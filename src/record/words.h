/* words.h - the words of the enums, as stored, in the order of the C enums; each list ends in
 * NULL. */
#ifndef STRATTIO_RECORD_WORDS_H
#define STRATTIO_RECORD_WORDS_H

extern const char *const words_auth_provider[];
extern const char *const words_role[];
extern const char *const words_tier[];
extern const char *const words_subscription_status[];
extern const char *const words_plan_status[];
extern const char *const words_plan_purpose[];
extern const char *const words_currency[];
extern const char *const words_section_type[];
extern const char *const words_research_status[];
extern const char *const words_compliance_status[];
extern const char *const words_check_status[];
extern const char *const words_export_format[];
extern const char *const words_export_status[];
extern const char *const words_audit_action[];

/* The place of `word` in the list; its length if it is not there or NULL. */
unsigned words_find(const char *const *words, const char *word);

/* The word at `place`, or "unknown" past the end. */
const char *words_at(const char *const *words, unsigned place);

#endif
