/* url.c - cutting an https URL into host, port and path. */
#include "server/security/url.h"

#include <string.h>
#include <strings.h>

enum { HTTPS_PORT = 443, MOST_PORT = 65535, MOST_HOST = 253 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
static const char IN_NAME[] = LETTERS DIGITS "-.";
static const char IN_IPV6[] = "abcdefABCDEF" DIGITS ":.";
static const char IN_PATH[] = LETTERS DIGITS "-._~:"; /* and slashes */

static bool is_all(struct str text, const char *set)
{
    for (size_t i = 0; i < text.len; i++)
        if (!text.data[i] || !strchr(set, text.data[i]))
            return false;
    return text.len > 0;
}

static bool take_host(struct url *out, struct str *authority)
{
    bool is_v6 = authority->len && authority->data[0] == '[';
    size_t end = is_v6 ? str_find(*authority, ']', 0) + 1 : str_find(*authority, ':', 0);
    out->host = str_slice(*authority, 0, end);
    *authority = str_slice(*authority, end, authority->len);
    if (out->host.len > MOST_HOST)
        return false;
    return is_v6 ? str_ends(out->host, STR("]")) &&
                       is_all(str_slice(out->host, 1, out->host.len - 1), IN_IPV6)
                 : is_all(out->host, IN_NAME);
}

static bool take_port(struct url *out, struct str rest)
{
    out->port = HTTPS_PORT;
    if (rest.len == 0)
        return true;
    return rest.data[0] == ':' && str_to_int(&out->port, str_slice(rest, 1, rest.len)) &&
           out->port > 0 && out->port <= MOST_PORT;
}

static bool is_plain_path(struct str path)
{
    struct str rest = str_slice(path, 1, path.len);
    while (rest.len) {
        struct str segment = str_cut(&rest, '/');
        if (!is_all(segment, IN_PATH) || str_is(segment, ".") || str_is(segment, ".."))
            return false;
    }
    return true;
}

bool url_parse(struct url *out, struct str text)
{
    static const char SCHEME[] = "https://";
    *out = (struct url){ 0 };
    if (!str_starts(text, STR("https://")))
        return false;
    while (text.data[text.len - 1] == '/' && text.len > sizeof SCHEME - 1)
        text.len--;
    out->text = text;
    struct str rest = str_slice(text, sizeof SCHEME - 1, text.len);
    size_t slash = str_find(rest, '/', 0);
    struct str authority = str_slice(rest, 0, slash);
    out->path = str_slice(rest, slash, rest.len);
    return take_host(out, &authority) && take_port(out, authority) && is_plain_path(out->path);
}

bool url_is_at(const struct url *url, const struct url *base)
{
    return url->port == base->port && url->host.len == base->host.len &&
           strncasecmp(url->host.data, base->host.data, base->host.len) == 0 &&
           str_starts(url->path, base->path) &&
           (url->path.len == base->path.len || url->path.data[base->path.len] == '/');
}
