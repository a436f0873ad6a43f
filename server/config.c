/* config.c - the table of options, and reading values of their types. */
#include "server/config.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "server/cli/cli.h"
#include "server/inifile.h"

enum { MOST_FILE_BYTES = 1 << 20 };
#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define DAY UINT64_C(86400)

/* LIST: one item a time; NAMES: several, apart by commas or white space. */
enum kind {
    KIND_TEXT,
    KIND_LIST,
    KIND_NAMES,
    KIND_FLAG,
    KIND_CHOICE,
    KIND_COUNT,
    KIND_BYTES,
    KIND_SECONDS
};

static const char *const REFERENCES[] = { "auto", "check", "off", NULL };
static const char *const VALIDATIONS[] = { "off", "base", "full", NULL };
static const char *const LEVELS[] = { "error", "warn", "info", "debug", NULL };

/* preset: of a number or choice; the default of a text is in its help. least, most: of a number. */
struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    uint64_t preset, least, most;
    const char *shape, *help;
    const char *const *choices;
};

#define TEXT(name, field, shape, help)                                                             \
    {                                                                                              \
        name, KIND_TEXT, offsetof(struct config, field), 0, 0, 0, shape, help, NULL                \
    }
#define LIST(name, field, shape, help)                                                             \
    {                                                                                              \
        name, KIND_LIST, offsetof(struct config, field), 0, 0, 0, shape, help, NULL                \
    }
#define NAMES(name, field, shape, help)                                                            \
    {                                                                                              \
        name, KIND_NAMES, offsetof(struct config, field), 0, 0, 0, shape, help, NULL               \
    }
#define CHOICE(name, field, preset, choices, shape, help)                                          \
    {                                                                                              \
        name, KIND_CHOICE, offsetof(struct config, field), preset, 0, 0, shape, help, choices      \
    }
#define COUNT_OF(name, field, preset, least, most, help)                                           \
    {                                                                                              \
        name, KIND_COUNT, offsetof(struct config, field), preset, least, most, "N", help, NULL     \
    }
#define BYTES(name, field, preset, least, most, help)                                              \
    {                                                                                              \
        name, KIND_BYTES, offsetof(struct config, field), preset, least, most, "BYTES", help, NULL \
    }
#define SECONDS(name, field, preset, least, most, help)                                            \
    {                                                                                              \
        name, KIND_SECONDS, offsetof(struct config, field), preset, least, most, "TIME", help,     \
            NULL                                                                                   \
    }

static const struct row ROWS[] = {
    TEXT("listen", listen, "HOST:PORT", "where to serve; port 0 takes a free one (127.0.0.1:8443)"),
    TEXT("base-url", base_url, "URL", "how clients reach it (https://HOST:PORT/fhir)"),
    TEXT("db", db, "sqlite:PATH", "the store (sqlite:tandem.db)"),
    { "dev", KIND_FLAG, offsetof(struct config, is_dev), 0, 0, 1, NULL,
      "plain HTTP on loopback, everybody is the tester and may do all; for test tools alone",
      NULL },
    CHOICE("validation", validation, VALIDATION_FULL, VALIDATIONS, "off|base|full",
           "what is written is held against nothing, R4 (a maxValueSet is a remark), or R4 and "
           "profiles"),
    CHOICE("references", references, REFERENCES_AUTO, REFERENCES, "auto|check|off",
           "whether references must lead to records that are there; auto: with a program"),
    { "test-clock", KIND_FLAG, offsetof(struct config, has_test_clock), 0, 0, 1, NULL,
      "clients of the role tester may set the rules' clock (POST /$test-clock); for tests alone",
      NULL },
    NAMES("program", programs, "NAME", "a program pack whose rules apply"),
    LIST("package", packages, "PATH|NAME",
         "a FHIR package (.tgz, folder or .db) or an installed one: its profiles, codes and search "
         "parameters hold"),
    TEXT("registry", registry, "FILE", "the registered clients (INI)"),
    NAMES("public", public_types, "TYPE", "readable and searchable without a certificate"),
    TEXT("tls-cert", tls_cert, "FILE", "our certificate and its intermediates (PEM)"),
    TEXT("tls-key", tls_key, "FILE", "its private key (PEM), readable by its owner alone"),
    LIST("tls-ca", tls_ca, "NAME=FILE,CRL",
         "a CA of clients and its revocation list; NAME=FILE,none checks no revocation"),
    TEXT("delivery-cert", delivery_cert, "FILE", "our client certificate for deliveries (PEM)"),
    TEXT("delivery-key", delivery_key, "FILE", "its private key (PEM)"),
    TEXT("delivery-ca", delivery_ca, "FILE", "the CAs whose servers we deliver to (PEM)"),
    TEXT("delivery-revoked", delivery_revoked, "FILE", "their revocation lists (PEM)"),
    TEXT("delivery-networks", delivery_networks, "CIDR,...",
         "loopback and private networks we may deliver to (none)"),
    TEXT("metrics", metrics, "HOST:PORT", "plain HTTP with /live, /ready and /metrics (off)"),
    CHOICE("log-level", log_level, LEVEL_INFO, LEVELS, "error|warn|info|debug",
           "the least of what is logged"),
    COUNT_OF("workers", workers, 0, 0, 256, "threads for requests; 0: two a processor"),
    COUNT_OF("loops", loops, 0, 0, 64, "threads for connections; 0: one for two processors"),
    COUNT_OF("readers", readers, 0, 0, 256,
             "connections of the store for reading; 0: one a worker and loop"),
    BYTES("body-bytes", body_bytes, 16 * MIB, KIB, GIB, "content of a request"),
    BYTES("transaction-bytes", transaction_bytes, 128 * MIB, KIB, GIB,
          "content of a transaction or batch"),
    COUNT_OF("transaction-entries", transaction_entries, 50000, 1, 1000000,
             "entries of a transaction or batch"),
    COUNT_OF("delete-matches", delete_matches, 1, 1, 1000,
             "records that one conditional delete may delete"),
    COUNT_OF("batch-at-once", batch_at_once, 16, 1, 64,
             "entries of a batch that run at the same time, where they may"),
    NAMES("cors", cors, "ORIGIN", "a web page's origin that may call; * is any (none)"),
    COUNT_OF("client-rate", client_rate, 0, 0, 1000000,
             "requests a second of one client; 0: no limit"),
    COUNT_OF("client-burst", client_burst, 100, 1, 1000000, "requests of one client at once"),
    BYTES("held-bytes", held_bytes, GIB, MIB, 1024 * GIB, "content of all requests at once"),
    BYTES("head-bytes", head_bytes, 32 * KIB, KIB, MIB, "request line and headers"),
    COUNT_OF("headers", headers, 100, 8, 10000, "headers of a request"),
    SECONDS("head-seconds", head_seconds, 10, 1, 3600, "for a handshake, and for a head to arrive"),
    SECONDS("body-seconds", body_seconds, 120, 1, DAY, "for the content to arrive"),
    SECONDS("idle-seconds", idle_seconds, 60, 1, DAY, "a connection waits for its next request"),
    SECONDS("write-seconds", write_seconds, 30, 1, DAY, "for each MiB of an answer to be taken"),
    SECONDS("request-seconds", request_seconds, 30, 1, 3600, "for a request to be worked on"),
    COUNT_OF("async-workers", async_workers, 1, 0, 16,
             "threads for requests that are answered later (Prefer: respond-async); 0: none are"),
    SECONDS("async-seconds", async_seconds, 600, 1, DAY, "for one of them to be worked on"),
    SECONDS("async-keep", async_keep, 3600, 1, 30 * DAY, "its answer is kept"),
    COUNT_OF("connections", connections, 4096, 1, 1000000, "open at once"),
    COUNT_OF("work-waiting", work_waiting, 1024, 1, 1000000, "requests that wait for a worker"),
    SECONDS("page-seconds", page_seconds, 3600, 1, 30 * DAY, "a search's page links work"),
    SECONDS("drain-seconds", drain_seconds, 20, 0, 3600, "at SIGTERM, for requests to end"),
    SECONDS("delivery-give-up", delivery_give_up, 7 * DAY, 1, 365 * DAY,
            "until a delivery that does not arrive has failed"),
    SECONDS("delivery-first-wait", delivery_first_wait, 2, 1, DAY, "before the first repeat"),
    SECONDS("delivery-most-wait", delivery_most_wait, 3600, 1, 30 * DAY, "between repeats"),
    SECONDS("delivery-attempt", delivery_attempt, 60, 1, 3600, "for one exchange"),
    COUNT_OF("deliveries-waiting", deliveries_waiting, 10000, 1, 10000000,
             "deliveries that wait for one endpoint, about"),
};
_Static_assert(COUNT(ROWS) <= CONFIG_MOST_LIST, "struct config.sources is too short");

static void *field_of(struct config *config, const struct row *row)
{
    return (char *)config + row->offset;
}

static void set_number(struct config *config, const struct row *row, uint64_t number)
{
    if (row->kind == KIND_FLAG)
        *(bool *)field_of(config, row) = number != 0;
    else if (row->kind == KIND_CHOICE)
        *(int *)field_of(config, row) = (int)number;
    else
        *(uint64_t *)field_of(config, row) = number;
}

void config_init(struct config *config)
{
    *config = (struct config){ .listen = STR("127.0.0.1:8443"), .db = STR("sqlite:tandem.db") };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (ROWS[i].kind > KIND_NAMES)
            set_number(config, &ROWS[i], ROWS[i].preset);
}

/* A value under way: where it goes, and where it came from. */
struct setting {
    struct config *config;
    const struct row *row;
    struct str value;
    const struct place *at;
    struct arena *arena;
    struct issues *issues;
};

static bool complain(const struct setting *setting, const char *what)
{
    return issue_add(setting->issues, setting->at, ISSUE_CONFIGURATION, "%s = '" STR_FMT "': %s",
                     setting->row->name, STR_ARG(str_slice(setting->value, 0, 100)), what);
}

static bool add_item(const struct setting *setting, struct str item)
{
    struct config_list *list = field_of(setting->config, setting->row);
    if (list->count == CONFIG_MOST_LIST)
        return complain(setting, "there are more than 64");
    list->items[list->count++] = str_copy(setting->arena, item);
    return true;
}

static bool add_names(const struct setting *setting)
{
    struct str rest = setting->value, item;
    while (inifile_item(&rest, &item))
        if (!add_item(setting, item))
            return false;
    return true;
}

static bool set_flag(const struct setting *setting)
{
    bool is_on = str_is(setting->value, "true") || str_is(setting->value, "yes");
    if (!is_on && !str_is(setting->value, "false") && !str_is(setting->value, "no"))
        return complain(setting, "neither true nor false");
    set_number(setting->config, setting->row, is_on);
    return true;
}

static bool set_choice(const struct setting *setting)
{
    for (uint64_t i = 0; setting->row->choices[i]; i++)
        if (str_is(setting->value, setting->row->choices[i])) {
            set_number(setting->config, setting->row, i);
            return true;
        }
    return complain(setting, setting->row->shape);
}

/* Multipliers by the letters behind a number. */
static const struct unit {
    enum kind kind;
    const char *letters;
    uint64_t size;
} UNITS[] = {
    { KIND_BYTES, "", 1 },      { KIND_BYTES, "KiB", KIB },  { KIND_BYTES, "MiB", MIB },
    { KIND_BYTES, "GiB", GIB }, { KIND_SECONDS, "", 1 },     { KIND_SECONDS, "s", 1 },
    { KIND_SECONDS, "m", 60 },  { KIND_SECONDS, "h", 3600 }, { KIND_SECONDS, "d", DAY },
    { KIND_COUNT, "", 1 },
};

static bool read_number(uint64_t *number, enum kind kind, struct str text)
{
    size_t digits = 0;
    while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    struct str letters = str_trim(str_slice(text, digits, text.len));
    for (size_t i = 0; i < COUNT(UNITS); i++)
        if (UNITS[i].kind == kind && str_is(letters, UNITS[i].letters))
            return str_to_u64(number, str_slice(text, 0, digits)) &&
                   !__builtin_mul_overflow(*number, UNITS[i].size, number);
    return false;
}

static bool set_count(const struct setting *setting)
{
    const struct row *row = setting->row;
    uint64_t number;
    char range[64];
    if (!read_number(&number, row->kind, setting->value))
        return complain(setting, row->kind == KIND_COUNT ? "not a whole number"
                                 : row->kind == KIND_BYTES
                                     ? "not a number of bytes, KiB, MiB or GiB"
                                     : "not a number of s, m, h or d");
    snprintf(range, sizeof range, "not in %llu..%llu", (unsigned long long)row->least,
             (unsigned long long)row->most);
    if (number < row->least || number > row->most)
        return complain(setting, range);
    set_number(setting->config, row, number);
    return true;
}

static bool set_value(const struct setting *setting)
{
    struct str *text = field_of(setting->config, setting->row);
    switch (setting->row->kind) {
    case KIND_TEXT:
        *text = str_copy(setting->arena, setting->value);
        return true;
    case KIND_LIST:
        return add_item(setting, setting->value);
    case KIND_NAMES:
        return add_names(setting);
    case KIND_FLAG:
        return set_flag(setting);
    case KIND_CHOICE:
        return set_choice(setting);
    case KIND_COUNT:
    case KIND_BYTES:
    case KIND_SECONDS:
        break;
    }
    return set_count(setting);
}

static const struct row *find_row(struct str name)
{
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (str_is(name, ROWS[i].name))
            return &ROWS[i];
    return NULL;
}

bool config_set(struct config *config, enum config_source source, const struct config_entry *entry,
                struct arena *arena, struct issues *issues)
{
    const struct row *row = find_row(entry->name);
    if (!row)
        return issue_add(issues, entry->at, ISSUE_CONFIGURATION, "there is no option '" STR_FMT "'",
                         STR_ARG(str_slice(entry->name, 0, 100)));
    const struct setting setting = { config, row, entry->value, entry->at, arena, issues };
    unsigned char *last = &config->sources[row - ROWS];
    if (!entry->value.len)
        return complain(&setting, "there is no value");
    bool is_list = row->kind == KIND_LIST || row->kind == KIND_NAMES;
    if (is_list && *last != source) /* a list outweighs the one before it whole */
        ((struct config_list *)field_of(config, row))->count = 0;
    else if (*last == source && !is_list && source == CONFIG_FILE)
        return complain(&setting, "it is given twice");
    *last = (unsigned char)source;
    return set_value(&setting);
}

struct file_reading {
    struct config *config;
    struct arena *arena;
};

static bool read_entry(void *context, struct str section, struct str name, struct str value,
                       const struct place *at, struct issues *issues)
{
    struct file_reading *reading = context;
    const struct config_entry entry = { name, value, at };
    if (section.len && !str_is(section, "server"))
        return issue_add(issues, at, ISSUE_CONFIGURATION,
                         "the only section is [server], not [" STR_FMT "]", STR_ARG(section));
    return !name.len || config_set(reading->config, CONFIG_FILE, &entry, reading->arena, issues);
}

bool config_read_file(struct config *config, const char *path, struct arena *arena,
                      struct issues *issues)
{
    struct file_reading reading = { config, arena };
    struct str text, source = issues->source;
    if (!cli_read_file(&text, path, MOST_FILE_BYTES, arena, issues))
        return false;
    issues->source = text;
    bool is_good = inifile_read(text, read_entry, &reading, issues);
    issues->source = source;
    return is_good;
}

/* TANDEM_BASE_URL is base-url. */
static struct str name_of_variable(struct str variable, struct arena *arena)
{
    char *name = str_cstr(arena, variable);
    for (size_t i = 0; i < variable.len; i++)
        name[i] =
            name[i] == '_' ? '-' : (char)(name[i] | (name[i] >= 'A' && name[i] <= 'Z' ? 0x20 : 0));
    return (struct str){ name, variable.len };
}

static bool read_variable(struct config *config, struct str variable, struct str value,
                          struct arena *arena, struct issues *issues)
{
    struct place at = { NULL, str_cstr(arena, variable), NULL, -1, -1 };
    struct config_entry entry = { name_of_variable(str_slice(variable, 7, variable.len), arena),
                                  value, &at };
    /* tests and scripts have variables of their own */
    return !find_row(entry.name) || config_set(config, CONFIG_ENVIRONMENT, &entry, arena, issues);
}

bool config_read_environment(struct config *config, char *const *environment, struct arena *arena,
                             struct issues *issues)
{
    for (size_t i = 0; environment[i]; i++) {
        struct str value = str_of(environment[i]), variable = str_cut(&value, '=');
        if (str_starts(variable, STR("TANDEM_")) && value.len &&
            !read_variable(config, variable, value, arena, issues))
            return false;
    }
    return true;
}

const char *config_name(size_t row, bool *has_value)
{
    if (row >= COUNT(ROWS))
        return NULL;
    *has_value = ROWS[row].kind != KIND_FLAG;
    return ROWS[row].name;
}

/* In the largest unit that divides it. */
static void print_number(struct buf *text, const struct row *row)
{
    const struct unit *best = NULL;
    for (size_t i = 0; i < COUNT(UNITS); i++)
        if (UNITS[i].kind == row->kind && row->preset >= UNITS[i].size &&
            row->preset % UNITS[i].size == 0 && (!best || UNITS[i].size >= best->size))
            best = &UNITS[i];
    buf_print(text, " (%llu%s%s)", (unsigned long long)(best ? row->preset / best->size : 0),
              best && best->letters[0] ? " " : "", best ? best->letters : "");
}

void config_print_help(struct buf *text)
{
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct row *row = &ROWS[i];
        char flag[64];
        snprintf(flag, sizeof flag, "--%s%s%s", row->name, row->shape ? " " : "",
                 row->shape ? row->shape : "");
        buf_print(text, "  %-34s %s", flag, row->help);
        if (row->kind >= KIND_COUNT)
            print_number(text, row);
        if (row->kind == KIND_CHOICE)
            buf_print(text, " (%s)", row->choices[row->preset]);
        if (row->kind == KIND_LIST || row->kind == KIND_NAMES)
            buf_add(text, STR("; may be repeated"));
        buf_add_char(text, '\n');
    }
}
