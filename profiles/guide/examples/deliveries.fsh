// The joint plan on its way to the Health Home: arrived, waiting for another attempt, failed for good.

RuleSet: Delivery(key)
* intent = #order
* focus = Reference(joint-plan)
* for = Reference(rosa)
* authoredOn = "2026-11-10T10:00:00-05:00"
* requester = Reference(empire-coordinator)
* owner = Reference(mltc-empire)
* restriction.period.end = "2026-11-17T10:00:00-05:00"
* input[endpoint].valueReference = Reference(bridge-endpoint)
* input[mode].valueCode = #transaction
* input[idempotencyKey].valueUuid = "urn:uuid:{key}"

Instance: delivery-completed
InstanceOf: TandemDeliveryTask
Usage: #example
Title: "A delivery that arrived at the second attempt"
* insert Delivery(3f6f1c1e-6f0e-4c58-9a53-5f6f3d1c2b10)
* status = #completed
* output[attempts].valueUnsignedInt = 2
* output[lastAttempt].valueInstant = "2026-11-10T10:00:31-05:00"
* output[httpStatus].valueUnsignedInt = 200

Instance: delivery-waiting
InstanceOf: TandemDeliveryTask
Usage: #example
Title: "A delivery that waits because the receiver does not answer"
* insert Delivery(a2b7f9d4-1d0b-4b7e-8a55-0b5f2e9c7d21)
* status = #in-progress
* statusReason = $task-status-reason#waiting-to-retry
* statusReason.text = "The receiver could not be reached: connection refused."
* output[attempts].valueUnsignedInt = 1
* output[lastAttempt].valueInstant = "2026-11-10T10:00:01-05:00"
* output[nextAttempt].valueInstant = "2026-11-10T10:00:31-05:00"

Instance: remote-outcome
InstanceOf: OperationOutcome
Usage: #inline
* issue.severity = #error
* issue.code = #invariant
* issue.details = http://tandem-fhir.org/ltss/CodeSystem/tandem-issue#goal-missing "An active plan needs at least one goal."
* issue.details.text = "An active plan needs at least one goal."
* issue.expression = "CarePlan"

Instance: delivery-failed
InstanceOf: TandemDeliveryTask
Usage: #example
Title: "A delivery that the receiver refused"
* insert Delivery(c51a0a7c-7f4b-4f3e-9b0d-7d1f4f0a6e32)
* contained[0] = remote-outcome
* status = #failed
* statusReason = $task-status-reason#remote-refused
* statusReason.text = "The receiver refused the plan: An active plan needs at least one goal."
* output[attempts].valueUnsignedInt = 1
* output[lastAttempt].valueInstant = "2026-11-10T10:00:01-05:00"
* output[httpStatus].valueUnsignedInt = 422
* output[remoteOutcome].valueReference.reference = "#remote-outcome"
