/* address.c - the ranges, as a table of prefixes. */
#include "net/address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "strattio/attr.h"

static const struct {
    uint32_t net;
    unsigned bits;
} private4[] = {
    {0x7f000000, 8},  /* 127.0.0.0/8 loopback, RFC 1122 */
    {0x0a000000, 8},  /* 10.0.0.0/8, RFC 1918 */
    {0xac100000, 12}, /* 172.16.0.0/12, RFC 1918 */
    {0xc0a80000, 16}, /* 192.168.0.0/16, RFC 1918 */
    {0xa9fe0000, 16}, /* 169.254.0.0/16 link-local, RFC 3927 */
    {0x64400000, 10}, /* 100.64.0.0/10 shared, RFC 6598 */
};

static bool is_private4(uint32_t address)
{
    for (size_t i = 0; i < ARRAY_LEN(private4); i++)
        if ((address ^ private4[i].net) >> (32 - private4[i].bits) == 0)
            return true;
    return false;
}

static bool is_private6(const struct in6_addr *a)
{
    uint32_t low;

    if (IN6_IS_ADDR_V4MAPPED(a)) {
        memcpy(&low, a->s6_addr + 12, sizeof low);
        return is_private4(ntohl(low));
    }
    return IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_LINKLOCAL(a) ||
           (a->s6_addr[0] & 0xfe) == 0xfc; /* fc00::/7, RFC 4193 */
}

bool address_is_private(const struct sockaddr *address)
{
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;

    switch (address->sa_family) {
    case AF_INET:
        memcpy(&in4, address, sizeof in4);
        return is_private4(ntohl(in4.sin_addr.s_addr));
    case AF_INET6:
        memcpy(&in6, address, sizeof in6);
        return is_private6(&in6.sin6_addr);
    default:
        return address->sa_family == AF_UNIX;
    }
}
