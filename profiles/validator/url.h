/* url.h - addresses as validation sees them. */
#ifndef PROFILES_VALIDATOR_URL_H
#define PROFILES_VALIDATOR_URL_H
#include "resources/base/str.h"

/* It stands for no real thing: hosts that are kept for examples. */
bool validator_url_is_example(struct str url);
/* It begins with a scheme. */
bool validator_url_is_absolute(struct str url);
#endif
