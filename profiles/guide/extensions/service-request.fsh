// What a request for a long-term service says beyond R4.

Extension: DirectedBy
Id: directed-by
Title: "Directed by"
Description: "Who directs the service when the member chose to direct it, for example self."
Context: ServiceRequest
* insert Common
* value[x] 1..1
* value[x] only CodeableConcept

Extension: ParticipantDirection
Id: participant-direction
Title: "Participant direction"
Description: "How the member directs the service: by which model, and with whose help."
Context: ServiceRequest
* insert Common
* extension contains
    model 1..1 and
    employerOfRecord 0..1 and
    fiscalIntermediary 0..1 and
    agency 0..1 and
    budget 0..1
* extension[model].value[x] 1..1
* extension[model].value[x] only code
* extension[model].valueCode from ParticipantDirectionModelValueSet (required)
* extension[employerOfRecord].value[x] 1..1
* extension[employerOfRecord].value[x] only Reference(Patient or RelatedPerson or Organization)
* extension[fiscalIntermediary].value[x] 1..1
* extension[fiscalIntermediary].value[x] only Reference(TandemOrganization)
* extension[agency].value[x] 1..1
* extension[agency].value[x] only Reference(TandemOrganization)
* extension[budget].value[x] 1..1
* extension[budget].value[x] only Money

Extension: ChoiceOffered
Id: choice-offered
Title: "Choice offered"
Description: "A provider that was offered to the member for this service."
Context: ServiceRequest
* insert Common
* value[x] 1..1
* value[x] only Reference(Organization or PractitionerRole)

Extension: FewerThanTwoReason
Id: fewer-than-two-reason
Title: "Reason for fewer than two"
Description: "Why the member could not be offered two."
Context: ServiceRequest, Task
* insert Common
* value[x] 1..1
* value[x] only string
