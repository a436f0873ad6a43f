/* capabilities_terms.h - the TerminologyCapabilities of /metadata?mode=terminology. */
#ifndef SERVER_INTERACTIONS_CAPABILITIES_TERMS_H
#define SERVER_INTERACTIONS_CAPABILITIES_TERMS_H
#include "server/interactions/interaction.h"

/* Printed anew from the loaded definitions; false with an issue. */
bool capabilities_terms(struct interaction *interaction);
#endif
