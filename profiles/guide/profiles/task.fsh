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
