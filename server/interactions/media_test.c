/* media_test.c - which format a request asks for or sends, one claim a row. */
#include "resources/base/test.h"

#include "server/interactions/media.h"

static const struct {
    const char *text;
    enum media media;
    const char *claim;
} ACCEPTS[] = {
    { "", MEDIA_JSON, "no Accept takes anything" },
    { "application/fhir+json", MEDIA_JSON, "FHIR's own type" },
    { "application/json", MEDIA_JSON, "plain JSON" },
    { "*/*", MEDIA_JSON, "anything is JSON" },
    { "application/*", MEDIA_JSON, "so is any application" },
    { "application/fhir+xml", MEDIA_XML, "XML" },
    { "text/xml", MEDIA_XML, "XML under its old name" },
    { "application/xml, application/json;q=0.5", MEDIA_XML, "the heavier of two" },
    { "application/xml;q=0.4, application/json;q=0.5", MEDIA_JSON, "the heavier, named last" },
    { "application/fhir+xml, application/fhir+json", MEDIA_XML, "of equal ones the first" },
    { "application/fhir+json, application/fhir+xml", MEDIA_JSON, "of equal ones the first" },
    { "application/xml;q=0.9, */*;q=0.8", MEDIA_XML, "named outweighs anything" },
    { "*/*, application/fhir+json;q=0.1", MEDIA_XML, "the precise range counts" },
    { "application/fhir+json; fhirVersion=4.0", MEDIA_JSON, "R4 asked for by name" },
    { "application/fhir+json; fhirVersion=3.0", MEDIA_NONE, "STU3 is not served" },
    { "APPLICATION/FHIR+JSON;charset=UTF-8", MEDIA_JSON, "media types ignore case" },
    { "application/fhir+json;charset=latin1", MEDIA_NONE, "only UTF-8" },
    { "application/json;q=0", MEDIA_NONE, "weight 0 means never" },
    { "application/json;q=0.000, text/xml", MEDIA_XML, "so does 0.000" },
    { "application/json;q=0.001", MEDIA_JSON, "a little is enough" },
    { "text/html, application/xhtml+xml, */*;q=0.1", MEDIA_JSON, "a browser takes anything" },
    { "text/html;q=\"a,b\", image/*", MEDIA_NONE, "a comma in quotes does not separate" },
    { "application/xml-patch+xml", MEDIA_NONE, "patches are never answered" },
    { ",,application/json", MEDIA_JSON, "empty members are legal" },
}, BODIES[] = {
    { "application/fhir+json", MEDIA_JSON, "FHIR's own type" },
    { "application/json; charset=utf-8", MEDIA_JSON, "JSON in UTF-8" },
    { "application/json; charset=\"utf-8\"", MEDIA_JSON, "a quoted parameter" },
    { "application/json; charset=iso-8859-1", MEDIA_NONE, "another encoding" },
    { "application/fhir+json; fhirVersion=5.0", MEDIA_NONE, "another version" },
    { "application/fhir+xml", MEDIA_XML, "XML" },
    { "text/xml;charset=UTF-8", MEDIA_XML, "XML as text" },
    { "application/json-patch+json", MEDIA_JSON_PATCH, "JSON Patch" },
    { "application/xml-patch+xml", MEDIA_XML_PATCH, "XML Patch" },
    { "application/x-www-form-urlencoded; charset=utf-8", MEDIA_FORM, "a form" },
    { "", MEDIA_NONE, "no type" },
    { "text/json", MEDIA_NONE, "not a registered type" },
    { "json", MEDIA_NONE, "a short name is for _format" },
}, FORMATS[] = {
    { "json", MEDIA_JSON, "short name" },
    { "application/fhir+json", MEDIA_JSON, "media type" },
    { "application/fhir json", MEDIA_JSON, "plus sign decoded to a space" },
    { "xml", MEDIA_XML, "short name" },
    { "text/xml", MEDIA_XML, "media type" },
    { "application/fhir xml", MEDIA_XML, "plus sign decoded to a space" },
    { "application/fhir+xml;fhirVersion=3.0", MEDIA_NONE, "another version" },
    { "*/*", MEDIA_NONE, "a range is no format" },
    { "", MEDIA_NONE, "empty" },
};

/* What a Binary with this content is read as. */
static const struct {
    const char *accept, *type;
    bool wants_content;
    const char *claim;
} CONTENTS[] = {
    { "", "application/pdf", true, "nothing said is the content" },
    { "*/*", "application/pdf", true, "anything is the content" },
    { "application/pdf", "application/pdf", true, "its own type" },
    { "APPLICATION/PDF", "application/pdf", true, "types ignore case" },
    { "text/plain", "text/plain; charset=utf-8", true, "parameters do not count" },
    { "image/png", "application/pdf", true, "another type: only FHIR's own mean the resource" },
    { "application/fhir+json", "application/pdf", false, "FHIR's JSON" },
    { "application/fhir+xml;q=0.1", "application/pdf", false, "FHIR's XML" },
    { "*/*, application/fhir+json;q=0.1", "application/pdf", false, "named outweighs anything" },
    { "application/fhir+json;q=0", "application/pdf", true, "never is not named" },
    { "application/pdf, application/fhir+json;q=0.9", "application/pdf", true,
      "its own weighs more" },
    { "application/pdf, application/fhir+json", "application/pdf", false, "equal weights: FHIR" },
    { "application/json", "application/json", true, "plain JSON that is JSON" },
    { "application/json", "application/pdf", false, "plain JSON can only be the resource" },
    { "text/xml", "image/png", false, "as can XML" },
    { "application/json, text/plain, */*", "image/png", true, "a browser's script takes anything" },
    { "application/*", "application/pdf", true, "a wildcard of its kind" },
    { "image/*", "application/pdf", true, "a wildcard of another" },
};

static void tells_content_from_resource(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CONTENTS); i++)
        if (media_wants_content(str_of(CONTENTS[i].accept), str_of(CONTENTS[i].type)) !=
            CONTENTS[i].wants_content)
            fail_msg("Accept: %s", CONTENTS[i].claim);
}

static void reads_media_types(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ACCEPTS); i++)
        if (media_accept(str_of(ACCEPTS[i].text)) != ACCEPTS[i].media)
            fail_msg("Accept: %s", ACCEPTS[i].claim);
    for (size_t i = 0; i < COUNT(BODIES); i++)
        if (media_content(str_of(BODIES[i].text)) != BODIES[i].media)
            fail_msg("Content-Type: %s", BODIES[i].claim);
    for (size_t i = 0; i < COUNT(FORMATS); i++)
        if (media_format(str_of(FORMATS[i].text)) != FORMATS[i].media)
            fail_msg("_format: %s", FORMATS[i].claim);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reads_media_types),
                                        cmocka_unit_test(tells_content_from_resource) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
