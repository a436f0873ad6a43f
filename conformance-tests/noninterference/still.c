/* still.c - preloaded before a server: the time of day and random bytes stand as a file says, so
 * that two servers that are asked the same do the same. The file (STILL) holds the time in
 * nanoseconds and a seed; the monotonic clock goes on. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct still {
    _Atomic int64_t now_ns;
    _Atomic uint64_t seed; /* counts up with every eight bytes that are drawn */
};

static struct still *find_still(void)
{
    static struct still *_Atomic known;
    struct still *still = known;
    if (still)
        return still;
    const char *path = getenv("STILL");
    int file = path ? open(path, O_RDWR) : -1;
    if (file < 0)
        abort();
    still = mmap(NULL, sizeof *still, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (still == MAP_FAILED)
        abort();
    known = still;
    return still;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (clock != CLOCK_REALTIME)
        return (int)syscall(SYS_clock_gettime, clock, out);
    int64_t now = find_still()->now_ns;
    out->tv_sec = now / 1000000000;
    out->tv_nsec = now % 1000000000;
    return 0;
}

/* splitmix64 */
static uint64_t draw(void)
{
    uint64_t x = ++find_still()->seed * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

ssize_t getrandom(void *bytes, size_t len, unsigned flags)
{
    unsigned char *out = bytes;
    (void)flags;
    for (size_t i = 0; i < len; i += 8) {
        uint64_t drawn = draw();
        for (size_t k = 0; k < 8 && i + k < len; k++)
            out[i + k] = (unsigned char)(drawn >> 8 * k);
    }
    return (ssize_t)len;
}
