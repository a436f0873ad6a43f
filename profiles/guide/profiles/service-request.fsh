Profile: TandemServiceRequest
Parent: ServiceRequest
Id: tandem-service-request
Title: "LTSS service request"
Description: "A long-term service that is planned or authorized for a member: what, how much, when, by whom, and which side answers for it."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/eltss/StructureDefinition/ServiceRequest-eltss)
* obeys tl-sr-1 and tl-sr-2
* extension contains
    DirectedBy named directedBy 0..1 and
    ParticipantDirection named participantDirection 0..1 and
    PlanScopeExtension named planScope 0..1 MS and
    ResponsibleParty named responsibleParty 0..1 MS and
    ChoiceOffered named choiceOffered 0..* and
    FewerThanTwoReason named fewerThanTwoReason 0..1
* identifier MS
* status MS
* intent MS
* category 1..* MS
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains serviceCategory 1..1 MS
* category[serviceCategory] from ServiceCategoryValueSet (required)
* code 1..1 MS
* code from LtssServiceValueSet (extensible)
* quantity[x] only Quantity or Ratio
* quantity[x] MS
* quantityQuantity from LtssUnitValueSet (required)
* subject MS
* subject only Reference(TandemPatient)
* occurrence[x] MS
* authoredOn MS
* requester MS
* performer MS
* insurance MS
* supportingInfo MS
