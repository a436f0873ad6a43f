// What a care team says beyond R4.

Extension: CoordinationDomainExtension
Id: coordination-domain
Title: "Coordination domain"
Description: "An area of care that this participant coordinates."
Context: CareTeam.participant
* insert Common
* value[x] 1..1
* value[x] only code
* valueCode from CoordinationDomainValueSet (required)

Extension: PrimaryCoordinator
Id: primary-coordinator
Title: "Primary coordinator"
Description: "The area of care for which this participant has the primary role."
Context: CareTeam.participant
* insert Common
* value[x] 1..1
* value[x] only code
* valueCode from CoordinationDomainValueSet (required)

Extension: GoverningAgreement
Id: governing-agreement
Title: "Governing agreement"
Description: "The agreement between the two organizations under which a joint record is kept."
Context: CareTeam, CarePlan
* insert Common
* value[x] 1..1
* value[x] only Reference(TandemContractAsa)

Extension: LeadDetermination
Id: lead-determination
Title: "Lead determination"
Description: "How the lead care manager was, or is being, chosen by both organizations. At the root of a joint team it is a proposal that is open or disputed; on a participant it is the result, determined on the lead's entry and superseded on a former lead's."
Context: CareTeam, CareTeam.participant
* insert Common
* obeys tl-lead-1 and tl-lead-2
* extension contains
    status 1..1 and
    candidate 0..1 and
    primaryNeed 1..* and
    rationale 1..1 and
    determinedOn 0..1 and
    agreedBy 0..2 and
    documentation 1..1 and
    supersedes 0..1
* extension[status] ^short = "proposed | disputed | determined | superseded"
* extension[status].value[x] 1..1
* extension[status].value[x] only code
* extension[status].valueCode from LeadStatusValueSet (required)
* extension[candidate] ^short = "Who is proposed; at the root of a team only"
* extension[candidate].value[x] 1..1
* extension[candidate].value[x] only Reference(TandemPractitionerRole)
* extension[primaryNeed] ^short = "The member's primary need, by which the lead is chosen"
* extension[primaryNeed].value[x] 1..1
* extension[primaryNeed].value[x] only CodeableConcept
* extension[primaryNeed].valueCodeableConcept from PrimaryNeedValueSet (required)
* extension[rationale] ^short = "Why this lead, in words"
* extension[rationale].value[x] 1..1
* extension[rationale].value[x] only string
* extension[determinedOn] ^short = "When both sides had agreed"
* extension[determinedOn].value[x] 1..1
* extension[determinedOn].value[x] only dateTime
* extension[agreedBy] ^short = "One side's agreement"
* extension[agreedBy].extension contains
    organization 1..1 and
    practitionerRole 1..1 and
    when 1..1 and
    provenance 0..1
* extension[agreedBy].extension[organization].value[x] 1..1
* extension[agreedBy].extension[organization].value[x] only Reference(TandemOrganization)
* extension[agreedBy].extension[practitionerRole].value[x] 1..1
* extension[agreedBy].extension[practitionerRole].value[x] only Reference(TandemPractitionerRole)
* extension[agreedBy].extension[when].value[x] 1..1
* extension[agreedBy].extension[when].value[x] only dateTime
* extension[agreedBy].extension[provenance] ^short = "The signed record of the agreement"
* extension[agreedBy].extension[provenance].value[x] 1..1
* extension[agreedBy].extension[provenance].value[x] only Reference(Provenance)
* extension[documentation] ^short = "The member's care planning and coordination form"
* extension[documentation].value[x] 1..1
* extension[documentation].value[x] only Reference(TandemCpcForm)
* extension[supersedes] ^short = "The version of the team in which the lead before this one stands"
* extension[supersedes].value[x] 1..1
* extension[supersedes].value[x] only Reference(CareTeam)
