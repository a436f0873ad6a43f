// Named queries (_query): searches that a caller would otherwise have to put together.

RuleSet: Query(code, search)
* extension[0].url = "http://tandem-fhir.org/ltss/StructureDefinition/query-search"
* extension[0].valueString = "{search}"
* url = "http://tandem-fhir.org/ltss/OperationDefinition/{code}"
* version = "0.1.0"
* status = #active
* kind = #query
* experimental = false
* publisher = "The Tandem project"
* code = #{code}
* affectsState = false
* system = false
* type = true
* instance = false

RuleSet: QueryOut
* parameter[+].name = #return
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Bundle
* parameter[=].documentation = "The records found, as a searchset."

Extension: QuerySearch
Id: query-search
Title: "Search of a query"
Description: "The search that a named query stands for. In its values the name of an input parameter in braces stands for what the caller gives, and today in braces for the day (UTC); what is asked by a parameter that was not given is left out."
Context: OperationDefinition
* insert Common
* value[x] 1..1
* value[x] only string

Instance: led-by
InstanceOf: OperationDefinition
Usage: #definition
* insert Query([[led-by]], [[status=active,on-hold&care-team.lead-care-manager.organization={organization}]])
* name = "LedBy"
* title = "Open care plans led by an organization"
* description = "Care plans that are active or on hold and whose care team's lead care manager works for the organization."
* resource = #CarePlan
* parameter[+].name = #organization
* parameter[=].use = #in
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #string
* parameter[=].searchType = #reference
* parameter[=].documentation = "The organization, as Organization/id or its id."
* insert QueryOut

Instance: overdue
InstanceOf: OperationDefinition
Usage: #definition
* insert Query([[overdue]], [[status=requested,received,accepted,ready,in-progress,on-hold&due=eb{today}&owner={owner}]])
* name = "Overdue"
* title = "Tasks that should have been done"
* description = "Tasks that are not done and whose time was over before today."
* resource = #Task
* parameter[+].name = #owner
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #string
* parameter[=].searchType = #reference
* parameter[=].documentation = "Whose tasks; without it, everybody's."
* insert QueryOut
