// What must hold in one care team by itself. Rules that need the store or the caller are the server's.

Invariant: tl-ct-1
Description: "A care team has at most one lead care manager."
Severity: #error
Expression: "participant.where(role.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code='lead-care-manager').exists()).count() <= 1"

Invariant: tl-ct-2
Description: "An active care team has a start date."
Severity: #error
Expression: "status='active' implies period.start.exists()"

Invariant: tl-ct-4
Description: "A professional is named by the role at the organization, and onBehalfOf is not used."
Severity: #error
Expression: "participant.all(onBehalfOf.empty())"

Invariant: tl-ct-5
Description: "The lead care manager of a joint team carries the determination that made that person the lead."
Severity: #error
Expression: "participant.where(role.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code='lead-care-manager').exists()).all(extension('http://tandem-fhir.org/ltss/StructureDefinition/lead-determination').where(extension('status').value = 'determined').exists())"

Invariant: tl-ct-6
Description: "An entry has at most one care coordination role, so that it belongs to one slice; a second function is an entry of its own."
Severity: #error
Expression: "participant.all(role.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role').count() <= 1)"

Invariant: tl-ct-7
Description: "A former lead care manager of a joint team has an end date and the superseded determination."
Severity: #error
Expression: "participant.where(role.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code='former-lead-care-manager').exists()).all(period.end.exists() and extension('http://tandem-fhir.org/ltss/StructureDefinition/lead-determination').where(extension('status').value = 'superseded').exists())"

Invariant: tl-ct-8
Description: "A determination at the root of the team is an open or disputed proposal with its candidate."
Severity: #error
Expression: "extension('http://tandem-fhir.org/ltss/StructureDefinition/lead-determination').all(extension('status').value in ('proposed'|'disputed') and extension('candidate').exists())"

Invariant: tl-lead-1
Description: "A lead is determined when two different organizations have agreed and the date is given."
Severity: #error
Expression: "extension('status').value = 'determined' implies (extension('agreedBy').extension('organization').value.reference.distinct().count() = 2 and extension('determinedOn').exists())"

Invariant: tl-lead-2
Description: "The documentation of a determination is a reference that can be followed."
Severity: #error
Expression: "extension('documentation').value.reference.exists()"
