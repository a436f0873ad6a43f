// What a client asks of a delivery.

RuleSet: Operation(code)
* url = "http://tandem-fhir.org/ltss/OperationDefinition/{code}"
* version = "0.1.0"
* status = #active
* kind = #operation
* experimental = false
* publisher = "The Tandem project"
* code = #{code}
* affectsState = true
* system = false
* type = false
* instance = true

RuleSet: DeliveryTaskOut
* parameter[+].name = #deliveryTask
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Reference
* parameter[=].targetProfile = "http://tandem-fhir.org/ltss/StructureDefinition/tandem-delivery-task"
* parameter[=].documentation = "The Task by which the delivery is followed: its status, its attempts and the receiver's answer."

Instance: push
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(push)
* name = "Push"
* title = "Push a care plan"
* description = "Delivers a care plan with what belongs to it (subject, care teams, goals, requests, forms, active consents) to another party's endpoint, as one transaction over mutual TLS."
* resource = #CarePlan
* parameter[+].name = #endpoint
* parameter[=].use = #in
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Reference
* parameter[=].targetProfile = "http://tandem-fhir.org/ltss/StructureDefinition/tandem-endpoint"
* parameter[=].documentation = "An active endpoint, stored here, of a registered party."
* insert DeliveryTaskOut

Instance: retry
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(retry)
* name = "Retry"
* title = "Start a delivery again"
* description = "Starts a delivery that failed or was cancelled again, with what the plan says now."
* resource = #Task
* insert DeliveryTaskOut
