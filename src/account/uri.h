/* uri.h - the address of a store, as it may be shown and as it names a session. The caller frees.
 */
#ifndef STRATTIO_ACCOUNT_URI_H
#define STRATTIO_ACCOUNT_URI_H

#include <stdbool.h>

char *uri_without_password(const char *uri);   /* nor any other secret among its options */
char *uri_key(const char *uri);                /* scheme, hosts and database only */
char *uri_label(const char *uri, bool shared); /* "this computer", "host.example" */

#endif
