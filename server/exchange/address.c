/* address.c - the check that runs on the address actually connected to, after resolution. */
#include "server/exchange/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "resources/base/arena.h"

enum { MOST_NETWORKS = 64, ADDRESS_BYTES = 16, ADDRESS_BITS = 128, MAPPED_BITS = 96 };

static const unsigned char MAPPED_PREFIX[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* What is not public unicast (RFC 6890 and its registries). */
static const char *const NOT_PUBLIC[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
    "::/128",        "::1/128",         "64:ff9b::/96",   "64:ff9b:1::/48", "100::/64",
    "2001::/23",     "2001:db8::/32",   "2002::/16",      "fc00::/7",       "fe80::/10",
    "fec0::/10",     "ff00::/8",
};

static bool parse_network(struct address_network *out, struct str text)
{
    char address[INET6_ADDRSTRLEN];
    struct str rest = text, head = str_cut(&rest, '/');
    int bits = -1;
    bool has_bits = rest.data != NULL;
    if (head.len >= sizeof address || (has_bits && !str_to_int(&bits, rest)))
        return false;
    memcpy(address, head.data, head.len);
    address[head.len] = '\0';
    if (inet_pton(AF_INET6, address, out->bytes) == 1) {
        out->bits = has_bits ? (unsigned)bits : ADDRESS_BITS;
        return out->bits <= ADDRESS_BITS;
    }
    memcpy(out->bytes, MAPPED_PREFIX, sizeof MAPPED_PREFIX);
    if (inet_pton(AF_INET, address, out->bytes + sizeof MAPPED_PREFIX) != 1 || bits > 32)
        return false;
    out->bits = MAPPED_BITS + (has_bits ? (unsigned)bits : 32);
    return true;
}

bool address_parse_networks(struct address_networks *out, struct str list, struct arena *arena,
                            struct issues *issues)
{
    struct address_network *networks = arena_array(arena, MOST_NETWORKS, sizeof *networks);
    *out = (struct address_networks){ networks, 0 };
    for (struct str rest = list; rest.len;) {
        struct str part = str_trim(str_cut(&rest, ','));
        if (part.len == 0)
            continue;
        if (out->count == MOST_NETWORKS)
            return issue_add(issues, NULL, ISSUE_REQUEST_INVALID, "more than %d networks",
                             MOST_NETWORKS);
        if (!parse_network(&networks[out->count], part))
            return issue_add(issues, NULL, ISSUE_REQUEST_INVALID,
                             "'" STR_FMT "' is not a network such as 10.1.0.0/16", STR_ARG(part));
        out->count++;
    }
    return true;
}

static bool is_inside(const unsigned char *address, const struct address_network *network)
{
    size_t whole = network->bits / 8;
    unsigned rest = network->bits % 8;
    if (memcmp(address, network->bytes, whole) != 0)
        return false;
    if (rest == 0)
        return true;
    unsigned mask = 0xffu << (8 - rest) & 0xffu;
    return (address[whole] & mask) == (network->bytes[whole] & mask);
}

static bool read_address(unsigned char *out, const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        memcpy(out, MAPPED_PREFIX, sizeof MAPPED_PREFIX);
        memcpy(out + sizeof MAPPED_PREFIX, &v4.sin_addr, 4);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        memcpy(out, &v6.sin6_addr, ADDRESS_BYTES);
        return true;
    }
    return false;
}

bool address_is_allowed(const struct sockaddr *address, const struct address_networks *allowed)
{
    unsigned char bytes[ADDRESS_BYTES];
    if (!read_address(bytes, address))
        return false;
    for (size_t i = 0; i < allowed->count; i++)
        if (is_inside(bytes, &allowed->networks[i]))
            return true;
    for (size_t i = 0; i < COUNT(NOT_PUBLIC); i++) {
        struct address_network network;
        if (!parse_network(&network, str_of(NOT_PUBLIC[i])) || is_inside(bytes, &network))
            return false;
    }
    return true;
}
