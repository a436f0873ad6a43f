// A referral: what is asked of another organization, and the task by which both see where it stands.

Profile: TandemReferral
Parent: ServiceRequest
Id: tandem-referral
Title: "Referral"
Description: "What one party asks another to do for a member, and why. The two numbers are the sender's and the receiver's own; a neighbour has none."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/bser/StructureDefinition/BSeR-ReferralServiceRequest)
* identifier MS
* identifier ^slicing.discriminator.type = #pattern
* identifier ^slicing.discriminator.path = "type"
* identifier ^slicing.rules = #open
* identifier contains
    placer 0..1 MS and
    filler 0..1 MS
* identifier[placer].type = $identifier-type#PLAC
* identifier[filler].type = $identifier-type#FILL
* status MS
* intent MS
* intent = #order (exactly)
* priority MS
* code 1..1 MS
* subject MS
* subject only Reference(TandemPatient)
* authoredOn MS
* requester 1..1 MS
* performer 1..1 MS
* reasonCode 1..* MS
* reasonCode.text 1..1 MS
* insurance MS
* supportingInfo MS
* supportingInfo ^slicing.discriminator.type = #profile
* supportingInfo ^slicing.discriminator.path = "resolve()"
* supportingInfo ^slicing.rules = #open
* supportingInfo contains consent 0..* MS
* supportingInfo[consent] only Reference(TandemConsentSharing)

Profile: TandemReferralTask
Parent: Task
Id: tandem-referral-task
Title: "Referral task"
Description: "Where a referral stands: the sender makes it, the receiver accepts or declines and carries it out. The business status says the step in the words of Bidirectional Services eReferral."
* insert Common
* insert CompliesWith(http://hl7.org/fhir/us/bser/StructureDefinition/BSeR-ReferralTask)
* obeys tl-task-1 and tl-task-2
* identifier MS
* status MS
* status from ReferralTaskStatusValueSet (required)
* statusReason MS
* businessStatus MS
* businessStatus from ReferralBusinessStatusValueSet (required)
* intent MS
* intent = #order (exactly)
* code 1..1 MS
* code = $task-code#fulfill
* focus 1..1 MS
* focus only Reference(ServiceRequest)
* for 1..1 MS
* for only Reference(TandemPatient)
* authoredOn 1..1 MS
* requester 1..1 MS
* owner 1..1 MS
* partOf MS
* output MS
