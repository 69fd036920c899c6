/* collection.h - the nine collections of the database. */
#ifndef STRATTIO_COLLECTION_H
#define STRATTIO_COLLECTION_H

enum collection {
    COLL_USERS,
    COLL_SUBSCRIPTIONS,
    COLL_PLANS,
    COLL_SECTIONS,
    COLL_RESEARCH_PACKS,
    COLL_FINANCIAL_MODELS,
    COLL_COMPLIANCE_REPORTS,
    COLL_EXPORTS,
    COLL_AUDIT_LOGS,
    COLL_COUNT,
};

const char *collection_name(enum collection coll); /* "plans" */

/* The collection called `name`, or COLL_COUNT. */
enum collection collection_by_name(const char *name);

#endif
