/* config_check.c - options that need, or exclude, one another. */
#include "server/config.h"

#include <string.h>

#include "resources/base/arena.h"

bool config_cut_address(const char **host, int *port, struct str address, struct arena *arena)
{
    size_t colon = address.len;
    while (colon > 0 && address.data[colon - 1] != ':')
        colon--;
    if (colon < 2 || !str_to_int(port, str_slice(address, colon, address.len)) || *port > 65535)
        return false;
    struct str name = str_slice(address, 0, colon - 1);
    bool is_v6 = name.data[0] == '[' && name.data[name.len - 1] == ']';
    if (is_v6)
        name = str_slice(name, 1, name.len - 1);
    else if (str_find(name, ':', 0) < name.len)
        return false;
    *host = str_cstr(arena, name);
    return name.len > 0;
}

/* Not resolved: what a name leads to may change between the question and its use. */
bool config_is_loopback(const char *host)
{
    struct str name = str_of(host);
    if (str_is(name, "localhost") || str_is(name, "::1"))
        return true;
    if (!str_starts(name, STR("127.")))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] != '.' && (name.data[i] < '0' || name.data[i] > '9'))
            return false;
    return true;
}

static bool complain(struct issues *issues, const char *what)
{
    return issue_add(issues, NULL, ISSUE_CONFIGURATION, "%s", what);
}

static bool check_dev(const struct config *config, const char *host, struct issues *issues)
{
    if (!config_is_loopback(host))
        return complain(issues, "dev listens on loopback alone: 127.0.0.1, [::1] or localhost");
    if (config->tls_cert.len || config->tls_key.len || config->tls_ca.count ||
        config->registry.len || config->delivery_cert.len || config->delivery_key.len)
        return complain(issues, "dev takes no certificates, keys or registry of a party");
    return true;
}

static bool check_party(const struct config *config, struct issues *issues)
{
    if (!config->tls_cert.len || !config->tls_key.len)
        return complain(issues, "tls-cert and tls-key are needed (or dev, for test tools)");
    if (config->registry.len && !config->tls_ca.count)
        return complain(issues, "registry needs a tls-ca to verify its clients");
    bool has_some =
        config->delivery_cert.len || config->delivery_key.len || config->delivery_ca.len;
    bool has_all = config->delivery_cert.len && config->delivery_key.len && config->delivery_ca.len;
    if (has_some && !has_all)
        return complain(issues, "deliveries need delivery-cert, delivery-key and delivery-ca");
    return true;
}

static bool check_base_url(const struct config *config, struct issues *issues)
{
    struct str url = config->base_url;
    if (!url.len)
        return true;
    if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        return complain(issues, "base-url is an https URL");
    if (!config->is_dev && !str_starts(url, STR("https://")))
        return complain(issues, "base-url is an https URL");
    size_t path = str_find(url, '/', 8);
    if (path == url.len || path == url.len - 1 || url.data[url.len - 1] == '/')
        return complain(issues, "base-url has a path, and no slash at its end");
    return true;
}

bool config_check(const struct config *config, struct issues *issues)
{
    const char *host = NULL;
    int port = 0;
    CLOSING_ARENA struct arena *scratch = arena_open();
    if (!config_cut_address(&host, &port, config->listen, scratch))
        return complain(issues, "listen is not HOST:PORT");
    if (!(config->is_dev ? check_dev(config, host, issues) : check_party(config, issues)) ||
        !check_base_url(config, issues))
        return false;
    if (config->metrics.len && !config_cut_address(&host, &port, config->metrics, scratch))
        return complain(issues, "metrics is not HOST:PORT");
    if (config->body_bytes > config->held_bytes || config->transaction_bytes > config->held_bytes)
        return complain(issues, "held-bytes is less than one request may have");
    return true;
}
