/* template_test.c - the text of an agreement against the registered one, byte by byte. */
#include "resources/base/base64.h"
#include "resources/ltss/joint_fixture.h"

#define ALTERED "asa-template-altered"
#define UNNAMED "asa-not-referenced"
static const char TEMPLATE[] =
    "Terms.\nAll Appendix matters.\nAppendix A\n(services)\nAppendix B\nEnd.\n";

static const struct {
    const char *text, *status, *uri, *want, *claim;
    const char *kind; /* of the registered document; NULL: asa-template */
} TEXTS[] = {
    { TEMPLATE, "executed", "urn:t", ALTERED, "a document that only looks like one", "other" },
    { TEMPLATE, "executed", "urn:t", "", "the template itself", NULL },
    { "Terms.\nAll Appendix matters.\nAppendix A\nT1019: the plan\n\nAppendix B\nEnd.\n",
      "executed", "urn:t", "", "with an appendix of its own", NULL },
    { "Terms!\nAll Appendix matters.\nAppendix A\n(services)\nAppendix B\nEnd.\n", "executed",
      "urn:t", ALTERED, "one byte before it", NULL },
    { "Terms.\nAll Appendix matters.\nAppendix A\n(services)\nAppendix B\nEnd!\n", "executed",
      "urn:t", ALTERED, "one byte behind it", NULL },
    { "Terms.\nAll Appendix matters.\nAppendix A\n(services)\n", "executed", "urn:t", ALTERED,
      "the end left out", NULL },
    { "Terms.\nAll Appendix matters.\nAppendix B\nEnd.\n", "executed", "urn:t", "",
      "the appendix left out is another rule's to see", NULL },
    { "Terms.\r\nAll Appendix matters.\nAppendix A\n(services)\nAppendix B\nEnd.\n", "executed",
      "urn:t", ALTERED, "another end of line", NULL },
    { TEMPLATE, "negotiable", "urn:x", ALTERED, "a template that nobody registered", NULL },
    { TEMPLATE, "negotiable", "", ALTERED, "none named", NULL },
    { NULL, "negotiable", "urn:t", "", "a draft may come without its text", NULL },
    { NULL, "executed", "urn:t", ALTERED, "what is signed may not", NULL },
    { "Terms!", "negotiable", "urn:t", ALTERED, "a draft's text is the template's too", NULL },
};

static struct str attached(struct arena *arena, const char *text)
{
    struct str data = base64_encode(str_of(text), arena);
    return str_print(arena, "{'contentType':'text/plain','data':'" STR_FMT "'}", STR_ARG(data));
}

static void the_text_is_the_templates(void **state)
{
    struct program *program = joint_program();
    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct str held = attached(arena, TEMPLATE);
        struct str legal = str_print(arena, ",'instantiatesUri':'%s'", TEXTS[i].uri);
        if (TEXTS[i].text)
            legal = str_print(arena, STR_FMT ",'legal':[{'contentAttachment':" STR_FMT "}]",
                              STR_ARG(legal), STR_ARG(attached(arena, TEXTS[i].text)));
        struct str document = str_print(
            arena,
            "{'resourceType':'DocumentReference','id':'d','status':'current','masterIdentifier':"
            "{'value':'urn:t'},'type':{'coding':[{'system':'" CODES
            "document-type','code':'%s'}]},'content':[{'attachment':" STR_FMT "}]}",
            TEXTS[i].kind ? TEXTS[i].kind : "asa-template", STR_ARG(held));
        struct str contract = str_print(
            arena, "{'resourceType':'Contract','id':'c','status':'%s','type':%s" STR_FMT "}",
            TEXTS[i].status, CODE("agreement-type", "asa"), STR_ARG(legal));
        struct rule_case row = { .rule = ALTERED,
                                 .stored = { document.data },
                                 .after = contract.data,
                                 .want = TEXTS[i].want,
                                 .claim = TEXTS[i].claim };
        stage_run_all(&row, 1, program, JOINT_TODAY);
    }
    test_free(program);
}

#define STATE(status, more)                                                                        \
    "{'resourceType':'Contract','id':'s','status':'" status                                        \
    "','type':" CODE("agreement-type", "state") more "}"
#define MENTIONED ",'supportingInfo':[" TO("DocumentReference/d") "]"
#define DOCUMENT(code)                                                                             \
    "{'resourceType':'DocumentReference','id':'d','type':" CODE("document-type", code) "}"

static const struct rule_case CASES[] = {
    { .rule = UNNAMED, .after = STATE("executed", ""), .want = UNNAMED, .claim = "not mentioned" },
    { .rule = UNNAMED,
      .stored = { DOCUMENT("asa-template") },
      .after = STATE("executed", MENTIONED),
      .want = "",
      .claim = "mentioned" },
    { .rule = UNNAMED,
      .stored = { DOCUMENT("other") },
      .after = STATE("executed", MENTIONED),
      .want = UNNAMED,
      .claim = "another document" },
    { .rule = UNNAMED, .after = STATE("negotiable", ""), .want = "", .claim = "not active yet" },
};

JOINT_TEST(the_states_contract_mentions_it, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_the_templates),
        cmocka_unit_test(the_states_contract_mentions_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
