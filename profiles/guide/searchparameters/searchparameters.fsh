// Search beyond R4's own parameters, over the guide's extensions, slices and roles.
//
// Parameter(code, name, type) makes one; what it is for, its resource types and its expression follow.

RuleSet: Parameter(code, type)
* url = "http://tandem-fhir.org/ltss/SearchParameter/{code}"
* version = "0.1.0"
* status = #active
* experimental = false
* publisher = "The Tandem project"
* code = #{code}
* type = #{type}
* xpathUsage = #normal

Instance: lead-care-manager
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(lead-care-manager, reference)
* name = "LeadCareManager"
* description = "The lead care manager of a care team."
* base = #CareTeam
* target = #PractitionerRole
* expression = "CareTeam.participant.where(role.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code='lead-care-manager').exists()).member"

Instance: lead-status
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(lead-status, token)
* name = "LeadStatus"
* description = "How far the lead care manager of a joint team is agreed: of a proposal at the root, and of each lead's entry."
* base = #CareTeam
* expression = "CareTeam.extension('http://tandem-fhir.org/ltss/StructureDefinition/lead-determination').extension('status').value | CareTeam.participant.extension('http://tandem-fhir.org/ltss/StructureDefinition/lead-determination').extension('status').value"

Instance: role
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(role, token)
* name = "Role"
* description = "The role of somebody in a care team."
* base = #CareTeam
* expression = "CareTeam.participant.role"

Instance: governing-agreement
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(governing-agreement, reference)
* name = "GoverningAgreement"
* description = "The agreement under which a joint care team or care plan is kept."
* base[0] = #CareTeam
* base[+] = #CarePlan
* target = #Contract
* expression = "CareTeam.extension('http://tandem-fhir.org/ltss/StructureDefinition/governing-agreement').value | CarePlan.extension('http://tandem-fhir.org/ltss/StructureDefinition/governing-agreement').value"

Instance: plan-type
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(plan-type, token)
* name = "PlanType"
* description = "The kind of a care plan."
* base = #CarePlan
* expression = "CarePlan.category"

Instance: custodian
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(custodian, reference)
* name = "Custodian"
* description = "The organization that owns a care plan."
* base = #CarePlan
* target = #Organization
* expression = "CarePlan.extension('http://tandem-fhir.org/ltss/StructureDefinition/custodian').value"

Instance: next-review
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(next-review, date)
* name = "NextReview"
* description = "The day by which a care plan is reviewed again."
* base = #CarePlan
* expression = "CarePlan.extension('http://tandem-fhir.org/ltss/StructureDefinition/next-review').value"

Instance: responsible-party
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(responsible-party, reference)
* name = "ResponsibleParty"
* description = "The organization that answers for a service or for an activity of a plan."
* base[0] = #CarePlan
* base[+] = #ServiceRequest
* target = #Organization
* expression = "CarePlan.activity.extension('http://tandem-fhir.org/ltss/StructureDefinition/responsible-party').value | ServiceRequest.extension('http://tandem-fhir.org/ltss/StructureDefinition/responsible-party').value"

Instance: plan-scope
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(plan-scope, token)
* name = "PlanScope"
* description = "Whether a service or an activity of a plan is in the plan's benefit package."
* base[0] = #CarePlan
* base[+] = #ServiceRequest
* expression = "CarePlan.activity.extension('http://tandem-fhir.org/ltss/StructureDefinition/plan-scope').value | ServiceRequest.extension('http://tandem-fhir.org/ltss/StructureDefinition/plan-scope').value"

Instance: service-category
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(service-category, token)
* name = "ServiceCategory"
* description = "The part of the benefits to which a requested service belongs."
* base = #ServiceRequest
* expression = "ServiceRequest.category.where(coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/service-category').exists())"

Instance: program
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(program, token)
* name = "Program"
* description = "The program of a coverage."
* base = #Coverage
* expression = "Coverage.class.where(type.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/coverage-class' and code='program').exists()).value"

Instance: rating-category
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(rating-category, token)
* name = "RatingCategory"
* description = "The rating category of a coverage."
* base = #Coverage
* expression = "Coverage.class.where(type.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/coverage-class' and code='rating-category').exists()).value"

Instance: due
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(due, date)
* name = "Due"
* description = "The time within which a task is to be done."
* base = #Task
* expression = "Task.restriction.period"
