// Agreements between organizations.

Profile: TandemContractAsa
Parent: Contract
Id: tandem-contract-asa
Title: "Health Home services agreement"
Description: "The agreement of a managed long-term care plan and a Health Home on the state's template: its text is the template's, but for Appendix A, which says of each service whether it is in the plan and which side answers for it."
* insert Common
* obeys tl-asa-1 and tl-asa-2
* extension contains
    Liaison named liaison 0..* MS and
    PrimaryRole named primaryRole 0..*
* identifier MS
* status 1..1 MS
* instantiatesUri 1..1 MS
* instantiatesUri ^short = "The registered template: masterIdentifier of its DocumentReference"
* applies 1..1 MS
* applies.start 1..1 MS
* type 1..1 MS
* type = $agreement-type#asa
* term 1..* MS
* term.type 1..1
* term.type from AgreementTermValueSet (required)
* term.offer.party.reference only Reference(TandemOrganization)
* term.asset.valuedItem.extension contains PlanScopeExtension named planScope 0..1 MS
* term.asset.valuedItem.responsible MS
* signer MS
* signer.party only Reference(TandemOrganization or TandemPractitionerRole or TandemPatient)
* legal MS

Profile: TandemContractState
Parent: Contract
Id: tandem-contract-state
Title: "Contract of the state and a plan"
Description: "The state's contract with a managed long-term care plan. Among what it refers to is the template of the Health Home services agreement."
* insert Common
* status 1..1 MS
* type 1..1 MS
* type = $agreement-type#state
* applies 1..1 MS
* applies.start 1..1
* supportingInfo MS
* term 1..*
* signer.party only Reference(TandemOrganization)
