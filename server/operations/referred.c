/* referred.c - walks a resource for what it refers to. */
#include "server/operations/referred.h"

void referred_init(struct referred *referred, const struct service *service, struct arena *arena)
{
    *referred = (struct referred){ .service = service, .arena = arena };
    map_init(&referred->seen, arena);
}

bool referred_skip(struct referred *referred, struct str type, struct str id)
{
    struct str key = str_print(referred->arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
    return map_set(&referred->seen, key, referred) != NULL;
}

static void add(struct referred *referred, const struct reference *to)
{
    if (referred_skip(referred, to->type, to->id))
        return;
    if (referred->count == referred->room) {
        size_t room = referred->room ? referred->room * 2 : 64;
        struct reference *more = arena_array(referred->arena, room, sizeof *more);
        if (referred->count)
            memcpy(more, referred->all, referred->count * sizeof *more);
        referred->all = more;
        referred->room = room;
    }
    referred->all[referred->count++] = *to;
}

static void refer(struct referred *referred, struct str text, bool is_attachment)
{
    const struct service *service = referred->service;
    struct reference to = reference_parse(text);
    bool is_here = to.kind == REFERENCE_RELATIVE ||
                   (to.kind == REFERENCE_ABSOLUTE && str_equal(to.base, service->base_url));
    if (is_attachment && !str_is(to.type, "Binary"))
        return;
    if (is_here && definitions_is_resource_type(service->definitions, to.type))
        add(referred, &to);
    else if (!is_attachment && to.kind != REFERENCE_CONTAINED && !referred->elsewhere.len)
        referred->elsewhere = text;
}

void referred_collect(struct referred *referred, const cJSON *item)
{
    for (const cJSON *child = item->child; child; child = child->next) {
        if (cJSON_IsObject(child) || cJSON_IsArray(child))
            referred_collect(referred, child);
        else if (child->string && cJSON_IsString(child) &&
                 (!strcmp(child->string, "reference") || !strcmp(child->string, "url")))
            refer(referred, json_text(child), child->string[0] == 'u');
    }
}
