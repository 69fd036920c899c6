/* address.h - is an address of this machine or of a private network? */
#ifndef STRATTIO_NET_ADDRESS_H
#define STRATTIO_NET_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/* Loopback, private (RFC 1918, RFC 4193), link-local or shared (RFC 6598); IPv4 inside IPv6
 * counts as what it holds. */
bool address_is_private(const struct sockaddr *address);

#endif
