/* splice.c - versionId and lastUpdated between the bytes of a stored body. */
#include "server/store/splice.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "server/instant.h"

void splice_init(struct splice *splice, uint64_t version, int64_t updated_us)
{
    char instant[INSTANT_LENGTH];
    instant_write(instant, updated_us);
    int length = snprintf(splice->text, sizeof splice->text,
                          "\"versionId\":\"%" PRIu64 "\",\"lastUpdated\":\"%.*s\",", version,
                          (int)INSTANT_LENGTH, instant);
    assert(length > 0 && (size_t)length < sizeof splice->text);
    splice->len = (size_t)length;
}

size_t splice_room(size_t body_len)
{
    return SPLICE_GAP + body_len + 1;
}

struct str splice_into(const struct splice *splice, char *room, size_t body_len, size_t meta_at)
{
    assert(meta_at > 0 && meta_at < body_len);
    char *body = room + SPLICE_GAP;
    body[body_len] = '\0';
    /* An empty meta needs no comma behind what is put in. */
    size_t len = splice->len - (body[meta_at] == '}');
    char *whole = body - len;
    memmove(whole, body, meta_at);
    memcpy(whole + meta_at, splice->text, len);
    return (struct str){ whole, len + body_len };
}
