/* uuid.c - random ids from getrandom. */
#include "server/store/uuid.h"

#include <assert.h>
#include <errno.h>
#include <sys/random.h>

#include "resources/base/arena.h"

void uuid_random(void *bytes, size_t len)
{
    for (size_t have = 0; have < len;) {
        ssize_t got = getrandom((char *)bytes + have, len - have, 0);
        assert(got >= 0 || errno == EINTR);
        have += got > 0 ? (size_t)got : 0;
    }
}

struct str uuid_make(struct arena *arena)
{
    static const char HEX[] = "0123456789abcdef";
    uint8_t bytes[16];
    uuid_random(bytes, sizeof bytes);
    bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
    char *text = arena_alloc(arena, UUID_LENGTH + 1), *at = text;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = HEX[bytes[i] >> 4];
        *at++ = HEX[bytes[i] & 15];
    }
    return (struct str){ text, UUID_LENGTH };
}
