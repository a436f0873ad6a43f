// What an agreement, a meeting and a report say beyond R4.

Extension: Liaison
Id: liaison
Title: "Liaison"
Description: "Whom the other side calls. An agreement names one for each side."
Context: Contract
* insert Common
* value[x] 1..1
* value[x] only Reference(TandemPractitionerRole)

Extension: PrimaryRole
Id: primary-role
Title: "Primary role"
Description: "Which side the agreement makes primary for an area of care. Without it the program's own allocation holds."
Context: Contract
* insert Common
* extension contains
    domain 1..1 and
    organization 1..1
* extension[domain].value[x] 1..1
* extension[domain].value[x] only code
* extension[domain].valueCode from CoordinationDomainValueSet (required)
* extension[organization].value[x] 1..1
* extension[organization].value[x] only Reference(TandemOrganization)

Extension: MeetingGoalExtension
Id: meeting-goal
Title: "Meeting goal"
Description: "What a coordination meeting is for."
Context: Appointment, Encounter
* insert Common
* value[x] 1..1
* value[x] only code
* valueCode from MeetingGoalValueSet (required)

Extension: MeasuredOrganization
Id: measured-organization
Title: "Measured organization"
Description: "Whose performance a report measures; nobody reports another's performance as its own."
Context: MeasureReport
* insert Common
* value[x] 1..1
* value[x] only Reference(TandemOrganization)
