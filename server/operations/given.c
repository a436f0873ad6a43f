/* given.c - digests of records, and their way into a text and back. */
#include "server/operations/given.h"

#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

#include "resources/base/arena.h"

static uint64_t digest_of(struct str type, struct str id, struct arena *arena)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    uint64_t record;
    struct arena_mark mark = arena_mark(arena);
    struct str name = str_print(arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
    int is_done = EVP_Digest(name.data, name.len, digest, NULL, EVP_sha256(), NULL);
    assert(is_done == 1);
    arena_reset(arena, mark);
    memcpy(&record, digest, sizeof record);
    return record;
}

bool given_has(const struct given *given, struct str type, struct str id, struct arena *arena)
{
    uint64_t record = given->count ? digest_of(type, id, arena) : 0;
    for (size_t i = 0; i < given->count; i++)
        if (given->records[i] == record)
            return true;
    return false;
}

void given_add(struct given *given, struct str type, struct str id, struct arena *arena)
{
    if (given->count < GIVEN_MOST)
        given->records[given->count++] = digest_of(type, id, arena);
}

void given_write(struct buf *out, const struct given *given)
{
    buf_print(out, "%zu;", given->count);
    buf_add(out,
            (struct str){ (const char *)given->records, given->count * sizeof given->records[0] });
}

bool given_read(struct given *given, struct str *text)
{
    uint64_t count;
    if (!str_to_u64(&count, str_cut(text, ';')) || count > GIVEN_MOST ||
        count * sizeof given->records[0] > text->len)
        return false;
    given->count = (size_t)count;
    size_t len = given->count * sizeof given->records[0];
    if (len)
        memcpy(given->records, text->data, len);
    *text = str_slice(*text, len, text->len);
    return true;
}
