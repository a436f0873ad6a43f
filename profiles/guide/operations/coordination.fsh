// What those who coordinate ask: is something done twice, what does the plan say.

Instance: check-duplication
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(check-duplication)
* name = "CheckDuplication"
* title = "Check for duplication"
* description = "Looks for what two organizations do for a member at the same time: the same service, or both the coordination of care. Of a stored service request or of those that a care plan's activities refer to, of one that is sent along, or of all of a patient's. Nothing is written."
* resource[0] = #ServiceRequest
* resource[+] = #CarePlan
* affectsState = false
* type = true
* parameter[+].name = #resource
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #Resource
* parameter[=].documentation = "A service request or care plan, at the level of its type."
* parameter[+].name = #patient
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #Reference
* parameter[=].targetProfile = "http://tandem-fhir.org/ltss/StructureDefinition/tandem-patient"
* parameter[=].documentation = "All service requests of this patient are held against each other. In a query: patient=Patient/[id]."
* parameter[+].name = #return
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Bundle
* parameter[=].documentation = "A searchset of DetectedIssues, one for each pair, with the code duplicate-service or coordination-duplicate."

Instance: care-plan-document
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(document)
* url = "http://tandem-fhir.org/ltss/OperationDefinition/care-plan-document"
* name = "CarePlanDocument"
* title = "A care plan to read and print"
* description = "Gives a care plan with what belongs to it as a document: who leads and why, who does what, goals, services in plan and out of plan, schedule, meetings, signatures. With Accept: text/html one page for people, without scripts. Made from the records as the caller may see them."
* resource = #CarePlan
* affectsState = false
* parameter[+].name = #return
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Bundle
* parameter[=].documentation = "A document: a Composition, and the records that it is made of."

Instance: populate
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(populate)
* name = "Populate"
* title = "Begin a form with what is known"
* description = "Gives a response to a questionnaire, in progress, with what is known of its subject: by the expressions that the questionnaire carries (variable, initialExpression, itemPopulationContext of HL7 Structured Data Capture), over what the caller may see. Nothing is written."
* resource = #Questionnaire
* affectsState = false
* type = true
* parameter[+].name = #questionnaire
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #Questionnaire
* parameter[=].documentation = "A questionnaire that is sent along."
* parameter[+].name = #canonical
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #uri
* parameter[=].documentation = "The canonical of a loaded one."
* parameter[+].name = #subject
* parameter[=].use = #in
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Reference
* parameter[=].documentation = "Whom the answers are about. In a query: subject=Patient/[id]."
* parameter[+].name = #return
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #QuestionnaireResponse
* parameter[=].documentation = "The response; a group that repeats stands once for each record that it is about."
