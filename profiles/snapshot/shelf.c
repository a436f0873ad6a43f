/* shelf.c - StructureDefinitions by canonical, from the request's library or the definitions. */
#include "profiles/snapshot/shelf.h"

#include "profiles/snapshot/make.h"
#include "profiles/snapshot/snapshot.h"
#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"

#define CORE "http://hl7.org/fhir/StructureDefinition/"

void snapshot_shelf_init(struct shelf *shelf, const struct snapshot_request *request,
                         struct arena *arena, struct issues *issues)
{
    *shelf = (struct shelf){ .request = request, .arena = arena, .issues = issues };
    map_init(&shelf->books, arena);
}

static const cJSON *fetch(struct shelf *shelf, struct str canonical)
{
    const struct snapshot_library *library = shelf->request->library;
    const cJSON *found = library ? library->find(library->context, canonical) : NULL;
    struct str text;
    if (found || !shelf->request->definitions ||
        !definitions_resource(shelf->request->definitions, STR("StructureDefinition"), canonical,
                              shelf->arena, &text))
        return found;
    struct issues ignored;
    issues_init(&ignored, shelf->arena, (struct str){ 0 });
    return json_parse(text, shelf->arena, &ignored);
}

struct book *snapshot_shelf_find(struct shelf *shelf, struct str canonical)
{
    struct book *book = map_find(&shelf->books, canonical);
    if (!book) {
        book = arena_alloc(shelf->arena, sizeof *book);
        book->profile = fetch(shelf, canonical);
        if (book->profile) {
            book->url = json_get_text(book->profile, "url");
            book->type = json_get_text(book->profile, "type");
        }
        map_set(&shelf->books, str_copy(shelf->arena, canonical), book);
    }
    return book->profile ? book : NULL;
}

struct book *snapshot_shelf_find_base(struct shelf *shelf, struct str canonical)
{
    struct str version = canonical, url = str_cut(&version, '|');
    struct book *book = snapshot_shelf_find(shelf, canonical);
    return book ? book : snapshot_shelf_find(shelf, url);
}

/* Snapshots elsewhere may leave out who brought a constraint in; here it would get lost. */
static void name_sources(struct branch *branch, struct str url, struct arena *arena)
{
    const cJSON *constraints = json_get(branch->element, "constraint");
    for (cJSON *item = constraints ? constraints->child : NULL; item; item = item->next)
        if (cJSON_IsObject(item) && !json_get(item, "source"))
            json_set(arena, item, "source", json_new_string(arena, url));
    for (struct branch *child = branch->child; child; child = child->next)
        name_sources(child, url, arena);
    for (struct branch *slice = branch->first_slice; slice; slice = slice->next)
        name_sources(slice, url, arena);
}

static bool read_snapshot(struct book *book, struct maker *maker, const struct branch *at)
{
    const char *reason;
    const cJSON *snapshot = json_get(book->profile, "snapshot");
    cJSON *elements = json_copy(maker->arena, json_get(snapshot, "element"));
    book->tree = snapshot_branch_read(elements, maker->arena, &reason);
    if (!book->tree)
        return snapshot_maker_refuse(maker, at, "'" STR_FMT "': %s", STR_ARG(book->url), reason);
    name_sources(book->tree, book->url, maker->arena);
    return true;
}

static bool has_snapshot(const struct book *book)
{
    return json_count(json_get(json_get(book->profile, "snapshot"), "element")) > 0;
}

const struct branch *snapshot_shelf_tree(struct book *book, struct maker *maker,
                                         const struct branch *at)
{
    if (book->is_being_made) {
        snapshot_maker_refuse(maker, at, "'" STR_FMT "' needs its own snapshot to be made",
                              STR_ARG(book->url));
        return NULL;
    }
    if (!book->is_made && !book->is_broken) {
        book->is_made = has_snapshot(book) ? read_snapshot(book, maker, at)
                                           : snapshot_make_book(book, maker->shelf);
        book->is_broken = !book->is_made;
    }
    if (book->is_broken)
        snapshot_maker_refuse(maker, at, "'" STR_FMT "' can not be used", STR_ARG(book->url));
    return book->is_made ? book->tree : NULL;
}

const struct branch *snapshot_shelf_root(struct book *book, struct maker *maker,
                                         const struct branch *at)
{
    return book->is_being_made ? book->tree : snapshot_shelf_tree(book, maker, at);
}

bool snapshot_shelf_goes_back(struct shelf *shelf, struct str canonical, struct str ancestor,
                              bool *is_known)
{
    struct str above = str_cut(&ancestor, '|');
    *is_known = true;
    for (int i = 0; i < SNAPSHOT_MOST_BASES && canonical.len; i++) {
        struct str rest = canonical, url = str_cut(&rest, '|');
        if (str_equal(url, above))
            return true;
        const struct structure *known =
            shelf->request->definitions ? definitions_structure(shelf->request->definitions, url)
                                        : NULL;
        const struct book *book = known ? NULL : snapshot_shelf_find_base(shelf, canonical);
        *is_known = known || book;
        canonical =
            known ? known->base : json_get_text(book ? book->profile : NULL, "baseDefinition");
    }
    return false;
}

struct str snapshot_shelf_type_url(struct shelf *shelf, struct str code)
{
    const struct str system = STR("http://hl7.org/fhirpath/System.");
    if (!str_starts(code, system))
        return str_find(code, ':', 0) < code.len
                   ? code
                   : str_print(shelf->arena, CORE STR_FMT, STR_ARG(code));
    struct str name = str_copy(shelf->arena, str_slice(code, system.len, code.len));
    char *first = str_cstr(shelf->arena, name);
    if (*first >= 'A' && *first <= 'Z')
        *first = (char)(*first - 'A' + 'a');
    return str_print(shelf->arena, CORE "%s", first);
}
