/* source_rows.h - the sources by name, one file each. */
#ifndef STRATTIO_RESEARCH_SOURCE_ROWS_H
#define STRATTIO_RESEARCH_SOURCE_ROWS_H

#include "research/source.h"

extern const struct source source_ons, source_nomis, source_eurostat, source_worldbank;
extern const struct source source_companies_house, source_census, source_bls;

#endif
