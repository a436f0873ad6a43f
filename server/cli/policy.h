/* policy.h - how strict a validation from the command line is. */
#ifndef SERVER_CLI_POLICY_H
#define SERVER_CLI_POLICY_H
#include <stdbool.h>

/* What an option asks for (--unknown warn|refuse, --examples allow|refuse,
 * --canonicals warn|refuse, --targets any|named|needed) goes into the policy of a
 * validation_request; false when it has no such word.
 */
bool policy_choose(unsigned *policy, const char *name, const char *word);
#define POLICY_HELP                                                                                \
    "  --unknown refuse    an extension, or a profile that an element asks for, that is not "      \
    "here\n"                                                                                       \
    "                      is an error (else a warning)\n"                                         \
    "  --examples refuse   an address such as http://example.org is an error\n"                    \
    "  --canonicals refuse a canonical that is neither absolute nor a fragment is an error "       \
    "(else\n"                                                                                      \
    "                      a warning)\n"                                                           \
    "  --targets any       of a referenced record that is not here nothing is judged (else the\n"  \
    "                      type that its address names)\n"                                         \
    "  --targets needed    where a profile is asked of it, it must be here\n"
#endif
