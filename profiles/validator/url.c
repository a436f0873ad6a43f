/* url.c - what can be told of an address by its text. */
#include "profiles/validator/url.h"

bool validator_url_is_example(struct str url)
{
    static const char *const HOSTS[] = { "example.org", "example.com", "acme.com", "acme.org" };
    for (size_t i = 0; i < COUNT(HOSTS); i++)
        if (str_find_str(url, str_of(HOSTS[i]), 0) < url.len)
            return true;
    return false;
}

static bool is_scheme_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
}

bool validator_url_is_absolute(struct str url)
{
    size_t colon = str_find(url, ':', 0);
    if (colon == 0 || colon == url.len)
        return false;
    for (size_t i = 0; i < colon; i++)
        if (!is_scheme_char(url.data[i]))
            return false;
    return true;
}
