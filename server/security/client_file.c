/* client_file.c - reading the file of clients: one section a client, one row of a table a key. */
#include "server/security/client_file.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/cli/cli.h"
#include "server/inifile.h"

enum { SPKI_DIGITS = 64 };

/* Party roles of the guide's code system party-role. */
static const char *const PARTY_ROLES[] = {
    "mltc-plan", "health-home", "aco",           "mco",           "one-care-plan", "ltss-cp",
    "bh-cp",     "lts-cbo",     "waiver-agency", "ltss-provider", "tpa",           "state-agency",
    "pcp-ehr",   "member-app",  "tester",        "admin",
};

/* A reading under way. */
struct reading {
    const struct registry_options *options;
    struct clients *clients;
    struct client *client; /* of the section being read */
};

static bool complain(struct issues *issues, const struct place *at, const char *what,
                     struct str value)
{
    return issue_add(issues, at, ISSUE_CONFIGURATION, "%s: '" STR_FMT "'", what,
                     STR_ARG(str_slice(value, 0, 100)));
}

struct str client_file_identity(struct str authority, const char *kind, struct str value,
                                struct arena *arena)
{
    /* made for each request: put together, not formatted */
    const struct str parts[] = { authority, STR("\n"), str_of(kind), STR(":"), value };
    size_t len = 0;
    for (size_t i = 0; i < COUNT(parts); i++)
        len += parts[i].len;
    char *text = arena_alloc_raw(arena, len), *at = text;
    for (size_t i = 0; i < COUNT(parts); at += parts[i++].len)
        if (parts[i].len)
            memcpy(at, parts[i].data, parts[i].len);
    return (struct str){ text, len };
}

static bool is_hex_digest(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("0123456789abcdef", text.data[i]))
            return false;
    return text.len == SPKI_DIGITS;
}

static bool is_reference(struct str text, const char *type)
{
    struct str rest = text;
    if (!str_is(str_cut(&rest, '/'), type) || rest.len == 0 || rest.len > 64)
        return false;
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.data[i], letter = (char)(c | 0x20);
        if (!(letter >= 'a' && letter <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.')
            return false;
    }
    return true;
}

/* A line of a client's section. */
struct entry {
    struct str value;
    const struct place *at;
    struct issues *issues;
};

static bool read_certificate(struct reading *reading, const struct entry *entry)
{
    struct client *client = reading->client;
    struct str value = entry->value, kind = str_cut(&value, ':');
    if (!client->authority.len)
        return complain(entry->issues, entry->at, "authority must be given before certificate",
                        entry->value);
    bool is_spki = str_is(kind, "spki-sha256") && is_hex_digest(value);
    bool is_uri = str_is(kind, "san") && str_find(value, ':', 0) < value.len;
    if (!is_spki && !is_uri)
        return complain(entry->issues, entry->at,
                        "neither spki-sha256: and 64 lower-case hex digits nor san: and a URI",
                        entry->value);
    struct str key = client_file_identity(client->authority, is_spki ? "spki-sha256" : "san", value,
                                          reading->clients->arena);
    if (map_find(&reading->clients->identities, key))
        return complain(entry->issues, entry->at, "the certificate is already a client's",
                        entry->value);
    map_set(&reading->clients->identities, key, client);
    client->identity_count++;
    return true;
}

static bool read_authority(struct reading *reading, const struct entry *entry)
{
    const struct registry_options *options = reading->options;
    if (reading->client->authority.len)
        return complain(entry->issues, entry->at, "authority is given twice", entry->value);
    for (size_t i = 0; i < options->authority_count; i++)
        if (str_equal(options->authorities[i], entry->value)) {
            reading->client->authority = str_copy(reading->clients->arena, entry->value);
            return true;
        }
    return complain(entry->issues, entry->at, "no tls-ca has this name", entry->value);
}

static bool read_party_role(struct reading *reading, const struct entry *entry)
{
    for (size_t i = 0; i < COUNT(PARTY_ROLES); i++)
        if (str_is(entry->value, PARTY_ROLES[i])) {
            reading->client->viewer.party_role = str_of(PARTY_ROLES[i]);
            return true;
        }
    return complain(entry->issues, entry->at, "not a code of party-role", entry->value);
}

static bool set_reference(struct str *reference, const char *type, struct reading *reading,
                          const struct entry *entry)
{
    if (!is_reference(entry->value, type))
        return issue_add(entry->issues, entry->at, ISSUE_CONFIGURATION,
                         "not a reference %s/id: '" STR_FMT "'", type, STR_ARG(entry->value));
    *reference = str_copy(reading->clients->arena, entry->value);
    return true;
}

static bool read_organization(struct reading *reading, const struct entry *entry)
{
    return set_reference(&reading->client->viewer.organization, "Organization", reading, entry);
}

static bool read_patient(struct reading *reading, const struct entry *entry)
{
    return set_reference(&reading->client->viewer.patient, "Patient", reading, entry);
}

static bool read_practitioner_role(struct reading *reading, const struct entry *entry)
{
    return set_reference(&reading->client->viewer.practitioner_role, "PractitionerRole", reading,
                         entry);
}

static bool read_jwks(struct reading *reading, const struct entry *entry)
{
    if (!str_starts(entry->value, STR("https://")) && !str_starts(entry->value, STR("/")))
        return complain(entry->issues, entry->at, "jwks is an https URL or an absolute path",
                        entry->value);
    reading->client->jwks = str_copy(reading->clients->arena, entry->value);
    return true;
}

/* The letters behind the dot, in the order of "cruds" (SMART App Launch 2, scopes). */
static bool read_acts(unsigned *acts, struct str letters)
{
    static const struct {
        char letter;
        enum act act;
    } ACTS[] = {
        { 'c', ACT_CREATE }, { 'r', ACT_READ },   { 'u', ACT_UPDATE },
        { 'd', ACT_DELETE }, { 's', ACT_SEARCH },
    };
    size_t at = 0;
    *acts = 0;
    for (size_t i = 0; i < COUNT(ACTS); i++)
        if (at < letters.len && letters.data[at] == ACTS[i].letter) {
            *acts |= (unsigned)ACTS[i].act;
            at++;
        }
    return at == letters.len && *acts != 0;
}

bool client_file_is_type(const struct registry_options *options, struct str type)
{
    if (str_is(type, "*"))
        return true;
    if (options->is_type)
        return options->is_type(options->context, type);
    for (size_t i = 0; i < type.len; i++) {
        char c = type.data[i];
        if (!(c >= 'A' && c <= 'Z') && !(i > 0 && c >= 'a' && c <= 'z'))
            return false;
    }
    return type.len > 0;
}

static bool read_scope(struct reading *reading, struct str text, const struct entry *entry)
{
    struct client *client = reading->client;
    struct str rest = text, level = str_cut(&rest, '/'), type = str_cut(&rest, '.');
    unsigned acts;
    if (str_find(text, '?', 0) < text.len)
        return complain(entry->issues, entry->at, "a scope with a query is not supported", text);
    if (!str_is(level, "system"))
        return complain(entry->issues, entry->at, "a scope begins with system/", text);
    if (!client_file_is_type(reading->options, type))
        return complain(entry->issues, entry->at, "a scope names * or a resource type", text);
    if (!read_acts(&acts, rest))
        return complain(entry->issues, entry->at,
                        "a scope ends with letters of cruds, in that order", text);
    if (client->viewer.scope_count == CLIENT_FILE_MOST_LIST)
        return complain(entry->issues, entry->at, "more than 256 scopes", text);
    client->scopes[client->viewer.scope_count++] =
        (struct scope){ str_copy(reading->clients->arena, type), acts };
    return true;
}

static bool read_scopes(struct reading *reading, const struct entry *entry)
{
    struct str rest = entry->value, item;
    while (inifile_item(&rest, &item))
        if (!read_scope(reading, item, entry))
            return false;
    return true;
}

static bool read_purposes(struct reading *reading, const struct entry *entry)
{
    struct viewer *viewer = &reading->client->viewer;
    struct str rest = entry->value, item;
    while (inifile_item(&rest, &item)) {
        if (viewer->purpose_count == CLIENT_FILE_MOST_LIST)
            return complain(entry->issues, entry->at, "more than 256 purposes", item);
        reading->client->purposes[viewer->purpose_count++] =
            str_copy(reading->clients->arena, item);
    }
    return true;
}

/* Identifiers and sources are compared with it byte by byte, so it has one form. */
static bool read_base(struct reading *reading, const struct entry *entry)
{
    struct client *client = reading->client;
    client->viewer.base = str_copy(reading->clients->arena, entry->value);
    if (url_parse(&client->base, client->viewer.base) &&
        str_equal(client->base.text, client->viewer.base))
        return true;
    return complain(entry->issues, entry->at,
                    "base is https://host[:port][/path] without a slash at its end", entry->value);
}

static const struct key {
    const char *name;
    bool (*read)(struct reading *reading, const struct entry *entry);
} KEYS[] = {
    { "authority", read_authority },
    { "base", read_base },
    { "certificate", read_certificate },
    { "jwks", read_jwks },
    { "organization", read_organization },
    { "party-role", read_party_role },
    { "patient", read_patient },
    { "practitioner-role", read_practitioner_role },
    { "scopes", read_scopes },
    { "purposes", read_purposes },
};

/* An address tells whose it is, so no base of another organization lies at or below it. */
static bool check_base(struct clients *clients, struct client *client, struct issues *issues)
{
    if (!client->viewer.base.len)
        return true;
    if (!client->viewer.organization.len)
        return complain(issues, &client->at, "the client has a base and no organization",
                        client->viewer.client);
    for (const struct client *other = clients->first; other != client; other = other->next)
        if (other->base.host.len &&
            !str_equal(other->viewer.organization, client->viewer.organization) &&
            (url_is_at(&client->base, &other->base) || url_is_at(&other->base, &client->base)))
            return complain(issues, &client->at, "the base is another organization's",
                            client->viewer.base);
    map_set(&clients->bases, client->viewer.base, client);
    return true;
}

/* What a section must have said by its end. */
static bool check_client(struct reading *reading, struct issues *issues)
{
    struct client *client = reading->client;
    if (!client)
        return true;
    if (!client->identity_count && !client->jwks.len)
        return complain(issues, &client->at, "the client has neither certificate nor jwks",
                        client->viewer.client);
    return check_base(reading->clients, client, issues);
}

static bool begin_client(struct reading *reading, struct str section, const struct place *at,
                         struct issues *issues)
{
    struct clients *clients = reading->clients;
    struct str name = section, word = str_cut(&name, ' ');
    name = str_trim(name);
    if (!check_client(reading, issues))
        return false;
    if (!str_is(word, "client") || name.len == 0)
        return complain(issues, at, "a section is [client NAME]", section);
    if (map_find(&clients->by_name, name))
        return complain(issues, at, "the client is given twice", name);
    struct client *client = arena_alloc(clients->arena, sizeof *client);
    client->at = *at;
    client->viewer.client = str_copy(clients->arena, name);
    client->viewer.scopes = client->scopes;
    client->viewer.purposes = client->purposes;
    map_set(&clients->by_name, client->viewer.client, client);
    if (clients->last)
        clients->last->next = client;
    else
        clients->first = client;
    clients->last = reading->client = client;
    clients->count++;
    return true;
}

static bool read_entry(void *context, struct str section, struct str name, struct str value,
                       const struct place *at, struct issues *issues)
{
    struct reading *reading = context;
    const struct entry entry = { value, at, issues };
    if (!name.len)
        return begin_client(reading, section, at, issues);
    if (!reading->client)
        return complain(issues, at, "a line before the first [client NAME]", name);
    if (!value.len)
        return complain(issues, at, "there is no value", name);
    for (size_t i = 0; i < COUNT(KEYS); i++)
        if (str_is(name, KEYS[i].name))
            return KEYS[i].read(reading, &entry);
    return complain(issues, at, "a client has no such key", name);
}

void client_file_close(struct clients *clients)
{
    if (clients)
        arena_close(clients->arena);
}

struct clients *client_file_read(const struct registry_options *options, struct issues *issues)
{
    struct arena *arena = arena_open();
    struct clients *clients = arena_alloc(arena, sizeof *clients);
    struct reading reading = { options, clients, NULL };
    struct str text = { NULL, 0 }, source = issues->source;
    clients->arena = arena;
    map_init(&clients->by_name, arena);
    map_init(&clients->identities, arena);
    map_init(&clients->bases, arena);
    if (!options->path)
        return clients;
    bool is_read = cli_read_file(&text, options->path, CLIENT_FILE_MOST_BYTES, arena, issues);
    issues_read(issues, text);
    is_read = is_read && inifile_read(text, read_entry, &reading, issues) &&
              check_client(&reading, issues);
    issues_read(issues, source);
    if (is_read)
        return clients;
    client_file_close(clients);
    return NULL;
}
