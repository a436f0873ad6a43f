/* log.c - putting lines together on the stack, and writing them whole. */
#include "server/log/log.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/instant.h"

enum { LINE_ROOM = 8192, WAITING_ROOM = 32768 };

struct log {
    struct arena *arena;
    int descriptor;
    enum log_level least;
    pthread_mutex_t lock; /* of what follows */
    size_t waiting;
    char lines[WAITING_ROOM];
};

static const struct event_row {
    const char *name;
    enum log_level level;
} EVENTS[] = {
#define EVENT_ROW(id, name, level, fields) [LOG_##id] = { name, LEVEL_##level },
    LOG_EVENTS(EVENT_ROW)
};
static const char *const LEVELS[] = { "error", "warn", "info", "debug" };

/* A line under way. What does not fit is left out, but always whole fields. */
struct line {
    size_t length;
    char text[LINE_ROOM];
};

static void add(struct line *line, struct str text)
{
    if (text.len > LINE_ROOM - line->length)
        return;
    if (text.len)
        memcpy(line->text + line->length, text.data, text.len);
    line->length += text.len;
}

/* Bytes of the well-formed UTF-8 sequence that begins the text; 0: it is none. */
static size_t sequence_length(struct str text)
{
    unsigned char c = (unsigned char)text.data[0];
    size_t length = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : 4;
    if (c >= 0x80 && (c < 0xc2 || c > 0xf4 || length > text.len))
        return 0;
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text.data[i] & 0xc0) != 0x80)
            return 0;
    unsigned char second = length > 2 ? (unsigned char)text.data[1] : 0;
    bool is_overlong = (c == 0xe0 && second < 0xa0) || (c == 0xf0 && second < 0x90);
    bool is_outside = (c == 0xed && second > 0x9f) || (c == 0xf4 && second > 0x8f);
    return is_overlong || is_outside ? 0 : length;
}

static size_t count_plain(struct str text)
{
    size_t count = 0;
    while (count < text.len && text.data[count] >= 0x20 && text.data[count] < 0x7f &&
           text.data[count] != '"' && text.data[count] != '\\')
        count++;
    return count;
}

/* Adds the character that is not plain; says how many bytes it has. */
static size_t add_special(struct line *line, struct str text)
{
    char escape[8];
    unsigned char c = (unsigned char)text.data[0];
    size_t length = sequence_length(text);
    if (length == 0)
        add(line, STR("\\ufffd"));
    else if (length == 1)
        add(line, (struct str){ escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c) });
    else
        add(line, str_slice(text, 0, length));
    return length ? length : 1;
}

static void add_escaped(struct line *line, struct str text)
{
    text = str_slice(text, 0, LOG_MOST_TEXT);
    while (text.len) {
        size_t plain = count_plain(text);
        add(line, str_slice(text, 0, plain));
        text = str_slice(text, plain, text.len);
        if (text.len)
            text = str_slice(text, add_special(line, text), text.len);
    }
}

static void add_time(struct line *line)
{
    struct timespec now;
    char text[INSTANT_LENGTH];
    clock_gettime(CLOCK_REALTIME, &now);
    instant_write(text, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    add(line, STR("{\"time\":\""));
    add(line, (struct str){ text, sizeof text });
    add(line, STR("\""));
}

static void add_number(struct line *line, int64_t number)
{
    char digits[20], *at = digits + sizeof digits;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    add(line, number < 0 ? STR("-") : STR(""));
    add(line, (struct str){ at, (size_t)(digits + sizeof digits - at) });
}

static void add_field(struct line *line, const struct log_field *field)
{
    if (!field->is_number && field->text.len == 0)
        return;
    /* six bytes an escaped one: a field fits whole or not at all, with room for the line's end */
    if (LINE_ROOM - line->length < 6 * LOG_MOST_TEXT + 64)
        return;
    add(line, STR(",\""));
    add(line, str_of(field->name));
    add(line, STR("\":"));
    if (field->is_number) {
        add_number(line, field->number);
        return;
    }
    add(line, STR("\""));
    add_escaped(line, field->text);
    add(line, STR("\""));
}

static void write_all(int descriptor, struct str text)
{
    while (text.len) {
        ssize_t count = write(descriptor, text.data, text.len);
        if (count <= 0)
            return; /* nobody reads the log: going on without it is all that is left */
        text = str_slice(text, (size_t)count, text.len);
    }
}

static void flush_locked(struct log *log)
{
    write_all(log->descriptor, (struct str){ log->lines, log->waiting });
    log->waiting = 0;
}

struct log *log_open(int descriptor, enum log_level least)
{
    struct arena *arena = arena_open();
    struct log *log = arena_alloc(arena, sizeof *log);
    log->arena = arena;
    log->descriptor = descriptor;
    log->least = least;
    pthread_mutex_init(&log->lock, NULL);
    return log;
}

void log_close(struct log *log)
{
    if (!log)
        return;
    log_flush(log);
    pthread_mutex_destroy(&log->lock);
    arena_close(log->arena);
}

void log_write(struct log *log, enum log_event event, const struct log_field *fields, size_t count)
{
    struct line line;
    /* scripts wait for the line that says the server is up: it is always written */
    if (!log || (EVENTS[event].level > log->least && event != LOG_STARTED))
        return;
    line.length = 0;
    add_time(&line);
    add(&line, STR(",\"level\":\""));
    add(&line, str_of(LEVELS[EVENTS[event].level]));
    add(&line, STR("\",\"event\":\""));
    add(&line, str_of(EVENTS[event].name));
    add(&line, STR("\""));
    for (size_t i = 0; i < count; i++)
        add_field(&line, &fields[i]);
    add(&line, STR("}\n"));
    pthread_mutex_lock(&log->lock);
    if (line.length > WAITING_ROOM - log->waiting)
        flush_locked(log);
    memcpy(log->lines + log->waiting, line.text, line.length);
    log->waiting += line.length;
    if (event != LOG_REQUEST)
        flush_locked(log);
    pthread_mutex_unlock(&log->lock);
}

void log_flush(struct log *log)
{
    if (!log)
        return;
    pthread_mutex_lock(&log->lock);
    flush_locked(log);
    pthread_mutex_unlock(&log->lock);
}

bool log_parse_level(enum log_level *level, struct str text)
{
    for (size_t i = 0; i < COUNT(LEVELS); i++)
        if (str_is(text, LEVELS[i])) {
            *level = (enum log_level)i;
            return true;
        }
    return false;
}
