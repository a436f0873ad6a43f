Profile: TandemDeliveryTask
Parent: Task
Id: tandem-delivery-task
Title: "Delivery task"
Description: "The delivery of one record, with what belongs to it, to another party's endpoint. The sending server makes and updates it: the status is the delivery's, the outputs tell of its attempts and of the receiver's answer."
* insert Common
* obeys tl-task-1 and tl-task-2
* status MS
* statusReason MS
* statusReason from TaskStatusReasonValueSet (extensible)
* intent MS
* intent = #order (exactly)
* code 1..1 MS
* code = $task#delivery
* focus 1..1 MS
* focus only Reference(CarePlan or ServiceRequest or Task)
* for 1..1 MS
* for only Reference(TandemPatient)
* authoredOn 1..1 MS
* requester 1..1 MS
* owner 1..1 MS
* restriction MS
* restriction.period ^short = "Ends when the delivery is given up"
* input 1..*
* input ^slicing.discriminator.type = #pattern
* input ^slicing.discriminator.path = "type"
* input ^slicing.rules = #open
* input contains
    endpoint 1..1 MS and
    mode 0..1 MS and
    idempotencyKey 0..1 MS
* input[endpoint].type = $task-io#endpoint
* input[endpoint].value[x] only Reference(TandemEndpoint)
* input[mode].type = $task-io#delivery-mode
* input[mode].value[x] only code
* input[idempotencyKey].type = $task-io#idempotency-key
* input[idempotencyKey].value[x] only uuid
* output ^slicing.discriminator.type = #pattern
* output ^slicing.discriminator.path = "type"
* output ^slicing.rules = #open
* output contains
    attempts 0..1 MS and
    lastAttempt 0..1 MS and
    nextAttempt 0..1 and
    httpStatus 0..1 MS and
    remoteOutcome 0..1 MS
* output[attempts].type = $task-io#attempts
* output[attempts].value[x] only unsignedInt
* output[lastAttempt].type = $task-io#last-attempt
* output[lastAttempt].value[x] only instant
* output[nextAttempt].type = $task-io#next-attempt
* output[nextAttempt].value[x] only instant
* output[httpStatus].type = $task-io#http-status
* output[httpStatus].value[x] only unsignedInt
* output[remoteOutcome].type = $task-io#remote-outcome
* output[remoteOutcome].value[x] only Reference(OperationOutcome)

Profile: TandemLeadDeterminationTask
Parent: Task
Id: tandem-lead-determination-task
Title: "Determination of the lead care manager"
Description: "One side's proposal of a lead care manager, which waits for the other's answer. The operations lead-propose and lead-attest make and answer it; the side that proposed may take it back."
* insert Common
* obeys tl-task-1 and tl-task-2
* status MS
* statusReason MS
* businessStatus MS
* intent = #order (exactly)
* code 1..1 MS
* code = $task#lead-determination
* focus 1..1 MS
* focus only Reference(TandemJointCareTeam)
* for 1..1 MS
* for only Reference(TandemPatient)
* authoredOn 1..1 MS
* requester 1..1 MS
* requester only Reference(TandemOrganization)
* owner 1..1 MS
* owner only Reference(TandemOrganization)
* restriction 1..1 MS
* restriction.period 1..1 MS
* restriction.period.end 1..1 MS
* restriction.period.end ^short = "The last day for an answer"
* input 1..*
* input ^slicing.discriminator.type = #pattern
* input ^slicing.discriminator.path = "type"
* input ^slicing.rules = #open
* input contains
    careTeam 1..1 MS and
    candidate 1..1 MS and
    primaryNeed 1..* MS and
    form 1..1 MS and
    effective 0..1
* input[careTeam].type = $task-io#care-team
* input[careTeam].value[x] only Reference(TandemJointCareTeam)
* input[candidate].type = $task-io#candidate
* input[candidate].value[x] only Reference(TandemPractitionerRole)
* input[primaryNeed].type = $task-io#primary-need
* input[primaryNeed].value[x] only CodeableConcept
* input[primaryNeed].valueCodeableConcept from PrimaryNeedValueSet (required)
* input[form].type = $task-io#form
* input[form].value[x] only Reference(TandemCpcForm)
* input[effective].type = $task-io#effective
* input[effective].value[x] only dateTime
