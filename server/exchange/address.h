/* address.h - which resolved addresses an outgoing connection may go to. */
#ifndef SERVER_EXCHANGE_ADDRESS_H
#define SERVER_EXCHANGE_ADDRESS_H
#include <sys/socket.h>

#include "resources/base/issue.h"

/* Networks that configuration opens although they are not public, e.g. "127.0.0.0/8,
 * ::1/128, 10.1.0.0/16". */
struct address_networks {
    const struct address_network {
        unsigned char bytes[16]; /* IPv4 as its IPv6-mapped form */
        unsigned bits;           /* of those 128 */
    } * networks;
    size_t count;
};

/* Parses a comma-separated list of CIDR networks; an issue names the part that is none. */
bool address_parse_networks(struct address_networks *out, struct str list, struct arena *arena,
                            struct issues *issues);
/* Public unicast addresses are allowed; loopback, link-local, private, shared, multicast, reserved
 * and unspecified ones (also in their IPv6-mapped, 6to4 and NAT64 forms) only inside a listed
 * network. */
bool address_is_allowed(const struct sockaddr *address, const struct address_networks *allowed);
#endif
