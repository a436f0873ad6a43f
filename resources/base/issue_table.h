/* issue_table.h - every issue the program can raise: id, stable key, severity, FHIR type, the
 * client's sentence. One owner of the wording; printed into the documents. Rules of the LTSS domain
 * take their keys from the guide's CodeSystem tandem-issue. */
#ifndef RESOURCES_BASE_ISSUE_TABLE_H
#define RESOURCES_BASE_ISSUE_TABLE_H
#include "resources/base/issue_content.h"

#define ISSUE_TABLE(X)                                                                             \
    /* bytes to tree */                                                                            \
    X(JSON_SYNTAX, "json-syntax", ERROR, STRUCTURE, "The content is not valid JSON.")              \
    X(JSON_DUPLICATE_KEY, "json-duplicate-key", ERROR, STRUCTURE, "A property is given twice.")    \
    X(JSON_NUL, "json-nul", ERROR, STRUCTURE, "A string holds the character U+0000.")              \
    X(JSON_NOT_OBJECT, "json-not-object", ERROR, STRUCTURE, "A resource is a JSON object.")        \
    X(XML_SYNTAX, "xml-syntax", ERROR, STRUCTURE, "The content is not well-formed XML.")           \
    X(XML_DOCTYPE, "xml-doctype", ERROR, STRUCTURE, "A document type declaration is not taken.")   \
    X(XML_ENCODING, "xml-encoding", ERROR, STRUCTURE, "XML is taken in UTF-8 only.")               \
    X(XML_NAMESPACE, "xml-namespace", ERROR, STRUCTURE, "The element is in the wrong namespace.")  \
    X(XML_ATTRIBUTE, "xml-attribute", ERROR, STRUCTURE, "There is no such attribute here.")        \
    X(XML_TEXT, "xml-text", ERROR, STRUCTURE, "Text stands where only elements may be.")           \
    X(XML_ORDER, "xml-order", ERROR, STRUCTURE,                                                    \
      "The elements are not in the order of their definition.")                                    \
    X(XML_CHARACTER, "xml-character", ERROR, VALUE, "XML can not carry this character.")           \
    X(TOO_DEEP, "too-deep", ERROR, TOO_COSTLY, "The content is nested too deeply.")                \
    X(TOO_LARGE, "too-large", ERROR, TOO_LONG, "The content is larger than this server takes.")    \
    X(TOO_COSTLY, "too-costly", ERROR, TOO_COSTLY,                                                 \
      "The work asked for is more than this server does.")                                         \
    /* structure and values */                                                                     \
    X(RESOURCE_TYPE_MISSING, "resource-type-missing", ERROR, STRUCTURE,                            \
      "The resource does not say its type.")                                                       \
    X(RESOURCE_TYPE_UNKNOWN, "resource-type-unknown", ERROR, NOT_SUPPORTED,                        \
      "This is not a resource type of FHIR R4.")                                                   \
    X(UNKNOWN_ELEMENT, "unknown-element", ERROR, STRUCTURE, "There is no such element here.")      \
    X(TYPE_MISMATCH, "type-mismatch", ERROR, STRUCTURE, "The element has the wrong type.")         \
    X(CHOICE_CLASH, "choice-clash", ERROR, STRUCTURE, "A choice element is given in two types.")   \
    X(EMPTY_VALUE, "empty-value", ERROR, STRUCTURE, "An element may not be empty.")                \
    X(REQUIRED_MISSING, "required-missing", ERROR, REQUIRED, "A required element is missing.")     \
    X(TOO_MANY, "too-many", ERROR, STRUCTURE, "The element is given more often than allowed.")     \
    X(VALUE_INVALID, "value-invalid", ERROR, VALUE,                                                \
      "The value does not have the form of its type.")                                             \
    X(VALUE_TOO_LONG, "value-too-long", ERROR, TOO_LONG, "The value is longer than allowed.")      \
    X(VALUE_OUT_OF_RANGE, "value-out-of-range", ERROR, VALUE, "The value is outside its range.")   \
    ISSUE_CONTENT_TABLE(X)                                                                         \
    /* FHIRPath */                                                                                 \
    X(FHIRPATH_SYNTAX, "fhirpath-syntax", ERROR, INVALID, "The expression is not FHIRPath.")       \
    X(FHIRPATH_TYPE, "fhirpath-type", ERROR, INVALID, "The expression does not fit its values.")   \
    X(FHIRPATH_LIMIT, "fhirpath-limit", ERROR, TOO_COSTLY,                                         \
      "The expression asks for too much work.")                                                    \
    X(FHIRPATH_UNSUPPORTED, "fhirpath-unsupported", ERROR, NOT_SUPPORTED,                          \
      "The expression uses what is not supported here.")                                           \
    /* GraphQL */                                                                                  \
    X(GRAPHQL_SYNTAX, "graphql-syntax", ERROR, INVALID, "The query is not GraphQL.")               \
    X(GRAPHQL_INVALID, "graphql-invalid", ERROR, INVALID, "The query asks for what is not there.") \
    /* patches */                                                                                  \
    X(PATCH_INVALID, "patch-invalid", ERROR, INVALID, "The patch is not well formed.")             \
    X(PATCH_FAILED, "patch-failed", ERROR, PROCESSING, "The patch does not fit the record.")       \
    /* rules of a program: key, type and sentence are the guide's (CodeSystem tandem-issue) */     \
    X(RULE_BROKEN, "rule-broken", ERROR, BUSINESS_RULE, "A rule of the program is broken.")        \
    X(RULE_FORBIDDEN, "rule-forbidden", ERROR, FORBIDDEN,                                          \
      "The program does not let your organization do this.")                                       \
    X(RULE_CONFLICT, "rule-conflict", ERROR, CONFLICT,                                             \
      "The program does not allow this at the same time as what is there.")                        \
    X(RULE_NOT_FOUND, "rule-not-found", ERROR, NOT_FOUND, "There is no such entry.")               \
    X(RULE_INVALID, "rule-invalid", ERROR, INVALID, "The program can not answer this question.")   \
    /* requests */                                                                                 \
    X(REQUEST_INVALID, "request-invalid", ERROR, INVALID, "The request is not well formed.")       \
    X(HEADER_INVALID, "header-invalid", ERROR, INVALID, "A header is not well formed.")            \
    X(MEDIA_TYPE, "media-type", ERROR, NOT_SUPPORTED, "This format is not supported here.")        \
    X(ENCODING_UNKNOWN, "encoding-unknown", ERROR, NOT_SUPPORTED,                                  \
      "Content is taken plain, in gzip or in zstd.")                                               \
    X(NOT_ACCEPTABLE, "not-acceptable", ERROR, NOT_SUPPORTED,                                      \
      "This server answers in JSON and XML (application/fhir+json, application/fhir+xml).")        \
    X(NOT_IMPLEMENTED, "not-implemented", ERROR, NOT_SUPPORTED, "This server does not do that.")   \
    X(TYPE_UNKNOWN, "type-unknown", ERROR, NOT_SUPPORTED,                                          \
      "The address names no resource type of FHIR R4.")                                            \
    X(METHOD_NOT_ALLOWED, "method-not-allowed", ERROR, NOT_SUPPORTED,                              \
      "This can not be done here.")                                                                \
    X(PARAMETER_UNKNOWN, "parameter-unknown", ERROR, NOT_SUPPORTED,                                \
      "The search parameter is not known.")                                                        \
    X(PARAMETER_INVALID, "parameter-invalid", ERROR, VALUE,                                        \
      "The search parameter has a wrong value.")                                                   \
    X(ID_MISMATCH, "id-mismatch", ERROR, INVALID,                                                  \
      "The id in the content and in the address differ.")                                          \
    X(TYPE_IN_URL, "type-mismatch-url", ERROR, INVALID,                                            \
      "The type in the content and in the address differ.")                                        \
    X(NOT_FOUND, "not-found", ERROR, NOT_FOUND, "There is no such record.")                        \
    X(DELETED, "deleted", ERROR, DELETED, "The record was deleted.")                               \
    X(OPERATION_UNKNOWN, "operation-unknown", ERROR, NOT_SUPPORTED, "There is no such operation.") \
    X(REFERRAL_TYPE, "referral-type", ERROR, NOT_SUPPORTED,                                        \
      "R4 has no Referral: use ServiceRequest and Task.")                                          \
    X(VERSION_STALE, "version-stale", ERROR, CONFLICT,                                             \
      "Someone changed the record after you read it; read it again.")                              \
    X(IF_MATCH_REQUIRED, "if-match-required", ERROR, REQUIRED,                                     \
      "Say which version you are changing.")                                                       \
    X(MULTIPLE_MATCHES, "multiple-matches", ERROR, MULTIPLE_MATCHES,                               \
      "More than one record matches.")                                                             \
    X(CONFLICT, "conflict", ERROR, CONFLICT,                                                       \
      "The change clashes with another one; read again and repeat it.")                            \
    X(REFERENCE_NOT_FOUND, "reference-not-found", ERROR, NOT_FOUND,                                \
      "The record refers to something that does not exist.")                                       \
    X(REFERENCED, "referenced", ERROR, CONFLICT, "Other records refer to this one.")               \
    X(TRANSACTION_INVALID, "transaction-invalid", ERROR, INVALID,                                  \
      "The transaction is not well formed.")                                                       \
    X(PAGE_GONE, "page-gone", ERROR, NOT_FOUND,                                                    \
      "This page link is no longer valid; search again.")                                          \
    /* who and what */                                                                             \
    X(LOGIN_REQUIRED, "login-required", ERROR, LOGIN,                                              \
      "Identify yourself with a client certificate.")                                              \
    X(CLIENT_UNREGISTERED, "client-unregistered", ERROR, FORBIDDEN,                                \
      "This client is not registered here.")                                                       \
    X(SCOPE_MISSING, "scope-missing", ERROR, FORBIDDEN,                                            \
      "Your registration does not include this.")                                                  \
    X(NOT_OWNER, "not-owner", ERROR, FORBIDDEN, "Only the owner of this record may change it.")    \
    X(IDENTIFIER_FOREIGN, "identifier-foreign", ERROR, FORBIDDEN,                                  \
      "Identifiers of this system are another server's to give.")                                  \
    X(ROLE_NOT_PERMITTED, "role-not-permitted", ERROR, FORBIDDEN,                                  \
      "Your organization's role does not allow this.")                                             \
    X(HOST_REFUSED, "host-refused", ERROR, FORBIDDEN, "This host or origin is not served here.")   \
    X(DELETE_NOT_ALLOWED, "delete-not-allowed", ERROR, NOT_SUPPORTED,                              \
      "This kind of record is never deleted.")                                                     \
    /* exchange */                                                                                 \
    X(IDEMPOTENCY_REUSED, "idempotency-key-reused", ERROR, DUPLICATE,                              \
      "This Idempotency-Key was used with another content.")                                       \
    X(ENDPOINT_REFUSED, "endpoint-refused", ERROR, BUSINESS_RULE,                                  \
      "This endpoint can not be used for delivery.")                                               \
    X(SOURCE_VERSION_STALE, "source-version-stale", ERROR, CONFLICT,                               \
      "A newer version of this record was received before.")                                       \
    X(DELIVERIES_WAITING, "deliveries-waiting", ERROR, THROTTLED,                                  \
      "Too many deliveries to this endpoint wait already.")                                        \
    X(MERGED_BEFORE, "merged-before", ERROR, BUSINESS_RULE,                                        \
      "A patient who has become a part of another one can not be merged.")                         \
    X(TASK_NOT_RETRYABLE, "task-not-retryable", ERROR, CONFLICT,                                   \
      "This delivery can not be started again.")                                                   \
    /* the server's own state */                                                                   \
    X(CONFIGURATION, "configuration-invalid", ERROR, INVALID,                                      \
      "The configuration can not be used.")                                                        \
    X(THROTTLED, "throttled", ERROR, THROTTLED, "You ask too often; wait.")                        \
    X(OVERLOADED, "overloaded", ERROR, THROTTLED, "The server is busy; try again later.")          \
    X(ERRAND_INTERRUPTED, "errand-interrupted", ERROR, TRANSIENT,                                  \
      "The request was not answered before the server ended.")                                     \
    X(TIME_LIMIT, "time-limit", ERROR, TIMEOUT, "The request took longer than allowed.")           \
    X(STORE_FAILED, "store-failed", ERROR, TRANSIENT,                                              \
      "The record could not be stored; nothing was changed.")                                      \
    X(INTERNAL, "internal", ERROR, EXCEPTION,                                                      \
      "The server failed; the request id names this in its log.")                                  \
    X(ALL_OK, "all-ok", INFORMATION, INFORMATIONAL, "No issue was found.")
#endif
