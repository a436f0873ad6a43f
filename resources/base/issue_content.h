/* issue_content.h - the part of the issue table that is about what a record says: profiles,
 * references, bundles, questionnaires, programs. */
#ifndef RESOURCES_BASE_ISSUE_CONTENT_H
#define RESOURCES_BASE_ISSUE_CONTENT_H

#define ISSUE_CONTENT_TABLE(X)                                                                     \
    /* profiles */                                                                                 \
    X(FIXED_MISMATCH, "fixed-mismatch", ERROR, VALUE, "The value must be exactly the fixed one.")  \
    X(PATTERN_MISMATCH, "pattern-mismatch", ERROR, VALUE, "The value must contain the pattern.")   \
    X(CODE_INVALID, "code-invalid", ERROR, CODE_INVALID,                                           \
      "The code is not in the list for this place.")                                               \
    X(CODE_NOT_CHECKED, "code-not-checked", WARNING, CODE_INVALID,                                 \
      "The code can not be checked here.")                                                         \
    X(CODE_NOT_PREFERRED, "code-not-preferred", WARNING, CODE_INVALID,                             \
      "The code is not in the list that this place extends.")                                      \
    X(DISPLAY_MISMATCH, "display-mismatch", WARNING, CODE_INVALID,                                 \
      "The display is no name of the code.")                                                       \
    X(CODE_UNKNOWN, "code-unknown", ERROR, CODE_INVALID, "The system has no such code.")           \
    X(SLICE_MISSING, "slice-missing", ERROR, REQUIRED, "A required slice is missing.")             \
    X(SLICE_TOO_MANY, "slice-too-many", ERROR, STRUCTURE,                                          \
      "A slice is given more often than allowed.")                                                 \
    X(SLICE_CLOSED, "slice-closed", ERROR, STRUCTURE,                                              \
      "The entry matches none of the allowed slices.")                                             \
    X(INVARIANT_FAILED, "invariant-failed", ERROR, INVARIANT,                                      \
      "A rule of the definition is broken.")                                                       \
    X(INVARIANT_NOT_RUN, "invariant-not-run", WARNING, PROCESSING,                                 \
      "A rule of the definition could not be evaluated.")                                          \
    X(REFERENCE_TARGET, "reference-target", ERROR, VALUE,                                          \
      "The reference leads to a type that is not allowed here.")                                   \
    X(REFERENCE_INVALID, "reference-invalid", ERROR, VALUE, "The reference is not well formed.")   \
    X(REFERENCE_TYPE, "reference-type", ERROR, VALUE,                                              \
      "The reference leads to another type than it says.")                                         \
    X(REFERENCE_AMBIGUOUS, "reference-ambiguous", ERROR, MULTIPLE_MATCHES,                         \
      "The reference leads to more than one entry.")                                               \
    X(REFERENCE_UNRESOLVED, "reference-unresolved", ERROR, NOT_FOUND,                              \
      "The reference leads nowhere.")                                                              \
    X(REFERENCE_PROFILE, "reference-profile", ERROR, VALUE,                                        \
      "What the reference leads to has none of the profiles that are asked for here.")             \
    X(REFERENCE_AGGREGATION, "reference-aggregation", ERROR, VALUE,                                \
      "The target of the reference does not stand where it has to.")                               \
    X(FULL_URL_INVALID, "full-url-invalid", ERROR, INVALID,                                        \
      "The full URL of an entry does not fit its resource.")                                       \
    X(LINK_REPEATED, "link-repeated", ERROR, INVALID, "A link relation is given twice.")           \
    X(ENTRY_UNREACHED, "entry-unreached", ERROR, BUSINESS_RULE,                                    \
      "An entry of the document has no connection with its Composition.")                          \
    X(EXTENSION_PART_UNKNOWN, "extension-part-unknown", ERROR, EXTENSION,                          \
      "The extension has no such part.")                                                           \
    X(EXAMPLE_ADDRESS, "example-address", ERROR, VALUE, "The address stands for no real thing.")   \
    X(TYPE_RULE_BROKEN, "type-rule-broken", ERROR, BUSINESS_RULE,                                  \
      "A rule of this type of resource is broken.")                                                \
    X(EXTENSION_UNKNOWN, "extension-unknown", ERROR, EXTENSION,                                    \
      "The extension is not known here.")                                                          \
    X(MODIFIER_EXTENSION_UNKNOWN, "modifier-extension-unknown", ERROR, EXTENSION,                  \
      "The extension changes the meaning of the element and is not known here.")                   \
    X(EXTENSION_CONTEXT, "extension-context", ERROR, EXTENSION,                                    \
      "The extension does not belong here.")                                                       \
    X(CONTAINED_INVALID, "contained-invalid", ERROR, STRUCTURE,                                    \
      "The contained resource breaks a rule.")                                                     \
    X(PROFILE_UNKNOWN, "profile-unknown", ERROR, NOT_SUPPORTED,                                    \
      "The profile that the record claims is not known here.")                                     \
    X(PROFILE_BROKEN, "profile-broken", ERROR, PROCESSING, "The profile itself can not be used.")  \
    X(DEFINITION_INVALID, "definition-invalid", ERROR, PROCESSING,                                 \
      "The definitions can not be used.")                                                          \
    X(DEFINITION_PROTECTED, "definition-protected", ERROR, BUSINESS_RULE,                          \
      "What FHIR R4 and the guide define can not be replaced.")                                    \
    X(DEFINITION_LEFT_OUT, "definition-left-out", WARNING, PROCESSING,                             \
      "A definition can not be used and was left out.")                                            \
    /* questionnaires */                                                                           \
    X(QUESTIONNAIRE_UNKNOWN, "questionnaire-unknown", WARNING, NOT_FOUND,                          \
      "The questionnaire is not known here: the answers were not held against it.")                \
    X(ITEM_UNKNOWN, "item-unknown", ERROR, NOT_FOUND,                                              \
      "The questionnaire has no item with this linkId.")                                           \
    X(ITEM_MISPLACED, "item-misplaced", ERROR, STRUCTURE,                                          \
      "The item stands elsewhere in the questionnaire.")                                           \
    X(ITEM_ORDER, "item-order", ERROR, STRUCTURE,                                                  \
      "The items are not in the order of the questionnaire.")                                      \
    X(ITEM_REPEATED, "item-repeated", ERROR, STRUCTURE,                                            \
      "The item is answered more often than the questionnaire allows.")                            \
    X(ITEM_STRUCTURE, "item-structure", ERROR, STRUCTURE,                                          \
      "An item of this kind does not hold this.")                                                  \
    X(ITEM_TEXT, "item-text", ERROR, VALUE, "The text is not that of the questionnaire.")          \
    X(ITEM_NOT_ENABLED, "item-not-enabled", ERROR, BUSINESS_RULE,                                  \
      "The item is answered although other answers disable it.")                                   \
    X(ANSWER_MISSING, "answer-missing", ERROR, REQUIRED, "A required answer is missing.")          \
    X(ANSWER_TYPE, "answer-type", ERROR, VALUE,                                                    \
      "The value does not have the type of the question.")                                         \
    X(ANSWER_NOT_OFFERED, "answer-not-offered", ERROR, CODE_INVALID,                               \
      "The answer is not one that the question offers.")                                           \
    X(ANSWER_AS_TEXT, "answer-as-text", WARNING, CODE_INVALID,                                     \
      "The answer is written in words where the question offers it.")                              \
    X(ANSWER_NOT_CHECKED, "answer-not-checked", INFORMATION, CODE_INVALID,                         \
      "The answer can not be checked against what the question offers.")                           \
    X(ANSWER_LIMIT, "answer-limit", ERROR, VALUE,                                                  \
      "The answer is outside what the questionnaire allows.")                                      \
    X(ANSWER_CHANGED, "answer-changed", WARNING, BUSINESS_RULE,                                    \
      "The answer differs from the initial value of a question that is read only.")                \
    X(ANSWERED_OUTSIDE, "answered-outside-period", WARNING, BUSINESS_RULE,                         \
      "The questionnaire was answered outside its effective period.")                              \
    X(SUBJECT_TYPE, "subject-type", WARNING, BUSINESS_RULE,                                        \
      "The questionnaire is not meant for a subject of this type.")                                \
    X(CONDITION_TARGET, "condition-target", ERROR, BUSINESS_RULE,                                  \
      "A condition can not refer to this question.")                                               \
    X(CONDITION_ORDER, "condition-order", WARNING, BUSINESS_RULE,                                  \
      "A condition refers to a question that comes later.")
#endif
