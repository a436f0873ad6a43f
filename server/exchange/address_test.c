/* address_test.c - which addresses a delivery may connect to. */
#include "resources/base/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "resources/base/arena.h"
#include "server/exchange/address.h"

static const struct {
    const char *address, *allowed;
    bool want;
    const char *claim;
} CASES[] = {
    { "93.184.216.34", "", true, "a public address needs no permission" },
    { "2606:2800:220:1::1", "", true, "a public IPv6 address needs no permission" },
    { "127.0.0.1", "", false, "loopback is closed" },
    { "127.0.0.1", "127.0.0.0/8", true, "loopback opens by configuration" },
    { "::1", "127.0.0.0/8", false, "IPv6 loopback is another network" },
    { "::1", "::1", true, "a bare address is a network of one" },
    { "::ffff:127.0.0.1", "", false, "the IPv6-mapped form of loopback is closed too" },
    { "::ffff:10.0.0.1", "10.0.0.0/8", true, "the mapped form counts as the IPv4 network" },
    { "10.1.2.3", "10.2.0.0/16", false, "only the listed part of a private range opens" },
    { "172.31.255.255", "", false, "the end of 172.16.0.0/12" },
    { "172.32.0.0", "", true, "just behind 172.16.0.0/12" },
    { "169.254.169.254", "", false, "link-local (cloud metadata) is closed" },
    { "100.64.0.1", "", false, "shared address space is closed" },
    { "0.0.0.0", "", false, "unspecified is closed" },
    { "fe80::1", "", false, "IPv6 link-local is closed" },
    { "fd00::1", "", false, "IPv6 unique local is closed" },
    { "64:ff9b::7f00:1", "", false, "NAT64 of loopback is closed" },
    { "2002:7f00:1::", "", false, "6to4 of loopback is closed" },
    { "224.0.0.1", "", false, "multicast is closed" },
};

static bool judge(const char *text, struct address_networks *allowed)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_allowed((const struct sockaddr *)&v4, allowed);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return address_is_allowed((const struct sockaddr *)&v6, allowed);
}

static void addresses_are_judged_after_resolution(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        struct address_networks allowed;
        issues_init(&issues, arena, STR(""));
        assert_true(address_parse_networks(&allowed, str_of(CASES[i].allowed), arena, &issues));
        if (judge(CASES[i].address, &allowed) != CASES[i].want)
            fail_msg("%s", CASES[i].claim);
    }
}

static void a_wrong_network_is_named(void **state)
{
    (void)state;
    static const char *const WRONG[] = { "10.0.0.0/33", "10.0.0/8", "x", "::1/129", "1.2.3.4/" };
    for (size_t i = 0; i < COUNT(WRONG); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        struct address_networks allowed;
        issues_init(&issues, arena, STR(""));
        assert_false(address_parse_networks(&allowed, str_of(WRONG[i]), arena, &issues));
        assert_true(str_find_str(issues.first->diagnostics, str_of(WRONG[i]), 0) <
                    issues.first->diagnostics.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_judged_after_resolution),
        cmocka_unit_test(a_wrong_network_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
