// What a care plan and its activities say beyond R4.

Extension: Custodian
Id: custodian
Title: "Custodian"
Description: "The organization that owns the plan and answers for it; the author is the person who planned."
Context: CarePlan
* insert Common
* value[x] 1..1
* value[x] only Reference(TandemOrganization)

Extension: NextReview
Id: next-review
Title: "Next review"
Description: "The day by which the plan is reviewed again."
Context: CarePlan
* insert Common
* value[x] 1..1
* value[x] only date

Extension: PlanDistribution
Id: plan-distribution
Title: "Plan distribution"
Description: "To whom the plan was given, and when."
Context: CarePlan
* insert Common
* extension contains
    recipient 1..1 and
    date 1..1 and
    method 0..1
* extension[recipient].value[x] 1..1
* extension[recipient].value[x] only Reference(Patient or RelatedPerson or Practitioner or PractitionerRole or Organization)
* extension[date].value[x] 1..1
* extension[date].value[x] only dateTime
* extension[method] ^short = "How it was given: on paper, by portal, by delivery"
* extension[method].value[x] 1..1
* extension[method].value[x] only CodeableConcept

Extension: PlanScopeExtension
Id: plan-scope
Title: "Plan scope"
Description: "Whether the agreement counts this service among the plan's benefits."
Context: CarePlan.activity, ServiceRequest, Contract.term.asset.valuedItem, Claim.item
* insert Common
* value[x] 1..1
* value[x] only code
* valueCode from PlanScopeValueSet (required)

Extension: ResponsibleParty
Id: responsible-party
Title: "Responsible party"
Description: "The organization that answers for this service."
Context: CarePlan.activity, ServiceRequest
* insert Common
* value[x] 1..1
* value[x] only Reference(TandemOrganization)
