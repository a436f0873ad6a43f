// What anybody who is part of a referral may ask of it.

RuleSet: OutPart(name, type, max, documentation)
* parameter[=].part[+].name = #{name}
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 0
* parameter[=].part[=].max = "{max}"
* parameter[=].part[=].type = #{type}
* parameter[=].part[=].documentation = "{documentation}"

Instance: referral-status
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(status)
* url = "http://tandem-fhir.org/ltss/OperationDefinition/referral-status"
* name = "ReferralStatus"
* title = "Where a referral stands"
* description = "Says of a service request where it stands: for each task that carries it out, its status, who has it, since when, and what may happen next, by whom."
* resource = #ServiceRequest
* affectsState = false
* parameter[+].name = #status
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #code
* parameter[=].documentation = "The status of the service request itself."
* parameter[+].name = #task
* parameter[=].use = #out
* parameter[=].min = 0
* parameter[=].max = "*"
* parameter[=].documentation = "A task whose focus is the service request; one that stands for a part of another names it."
* insert OutPart(reference, Reference, 1, The task.)
* insert OutPart(partOf, Reference, *, The tasks that it is a part of.)
* insert OutPart(status, code, 1, The status of the task.)
* insert OutPart(businessStatus, CodeableConcept, 1, The status in the words of the program.)
* insert OutPart(reason, string, 1, Why it stands there.)
* insert OutPart(owner, Reference, 1, Who has it.)
* insert OutPart(requester, Reference, 1, Who asked for it.)
* insert OutPart(since, instant, 1, When it came to this status.)
* insert OutPart(due, dateTime, 1, Until when.)
* insert OutPart(open, boolean, 1, Whether anything is still to happen.)
* insert OutPart(next, Element, *, A step that may be taken now; its parts are status\, businessStatus\, by\, who and yours.)
