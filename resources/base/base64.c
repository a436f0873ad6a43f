/* base64.c - base64 through OpenSSL. */
#include "resources/base/base64.h"

#include <openssl/evp.h>

#include "resources/base/arena.h"

bool base64_decode(struct str *bytes, struct str text, struct arena *arena)
{
    unsigned char *plain = arena_alloc_raw(arena, text.len + 1);
    unsigned char *out = arena_alloc_raw(arena, text.len + 1);
    size_t count = 0, padding = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        if (padding && c != '=')
            return false;
        padding += c == '=';
        plain[count++] = (unsigned char)c;
    }
    *bytes = (struct str){ (const char *)out, 0 };
    if (!count)
        return true;
    int length = count % 4 || padding > 2 ? -1 : EVP_DecodeBlock(out, plain, (int)count);
    if (length < 0)
        return false;
    bytes->len = (size_t)length - padding;
    return true;
}

struct str base64_encode(struct str bytes, struct arena *arena)
{
    unsigned char *out = arena_alloc_raw(arena, (bytes.len + 2) / 3 * 4 + 1);
    int length = EVP_EncodeBlock(out, (const unsigned char *)bytes.data, (int)bytes.len);
    return (struct str){ (const char *)out, (size_t)length };
}
