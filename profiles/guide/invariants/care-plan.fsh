// What must hold in one care plan by itself. That the review is within twelve months is the server's to compare.

Invariant: tl-cp-1
Description: "An active care plan has a care team."
Severity: #error
Expression: "status='active' implies careTeam.exists()"

Invariant: tl-cp-2
Description: "An activity is described in a request of its own, never inside the plan."
Severity: #error
Expression: "activity.all(detail.empty())"

Invariant: tl-cp-3
Description: "An active care plan has a goal."
Severity: #error
Expression: "status='active' implies goal.exists()"

Invariant: tl-cp-6
Description: "An active care plan has the date of its next review."
Severity: #error
Expression: "status='active' implies extension('http://tandem-fhir.org/ltss/StructureDefinition/next-review').exists()"
