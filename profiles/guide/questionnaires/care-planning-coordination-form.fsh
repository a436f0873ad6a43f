// The form on which plan and Health Home record how they work together for one member.

RuleSet: FormItem(linkId, type, text)
* item[+].linkId = "{linkId}"
* item[=].type = #{type}
* item[=].text = "{text}"

// What is known of an item beforehand, as FHIRPath over the variables below (HL7 Structured Data Capture).
RuleSet: Known(expression)
* item[=].extension[0].url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression"
* item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].extension[0].valueExpression.expression = "{expression}"

RuleSet: Searched(name, query)
* extension[+].url = "http://hl7.org/fhir/StructureDefinition/variable"
* extension[=].valueExpression.name = "{name}"
* extension[=].valueExpression.language = #application/x-fhir-query
* extension[=].valueExpression.expression = "{query}"

Instance: care-planning-coordination-form
InstanceOf: Questionnaire
Usage: #definition
* url = "http://tandem-fhir.org/ltss/Questionnaire/care-planning-coordination-form"
* version = "0.1.0"
* name = "CarePlanningCoordinationForm"
* title = "Care planning and coordination form"
* status = #active
* experimental = false
* publisher = "The Tandem project"
* description = "A form for one member of a managed long-term care plan and a Health Home: the primary need, the lead care manager, and who does what."
* subjectType = #Patient
* insert Searched(team, [[CareTeam?patient={{%patient.id}}&status=active&category=http://tandem-fhir.org/ltss/CodeSystem/care-team-category|joint-mltc-health-home]])
* insert Searched(episodes, [[EpisodeOfCare?patient={{%patient.id}}&status=active]])
* insert Searched(requests, [[ServiceRequest?patient={{%patient.id}}&status=active]])
* insert Searched(forms, [[QuestionnaireResponse?subject=Patient/{{%patient.id}}&questionnaire=http://tandem-fhir.org/ltss/Questionnaire/care-planning-coordination-form&status=completed,amended&_sort=-authored]])
* insert FormItem(member, reference, Member)
* insert Known([[%patient]])
* item[=].required = true
* insert FormItem(mltc-plan, reference, Managed long-term care plan)
* insert Known([[%episodes.where(type.coding.where(system = 'http://tandem-fhir.org/ltss/CodeSystem/episode-type' and code = 'mltc-enrollment').exists()).managingOrganization.first()]])
* item[=].required = true
* insert FormItem(health-home, reference, Health Home)
* insert Known([[%episodes.where(type.coding.where(system = 'http://tandem-fhir.org/ltss/CodeSystem/episode-type' and code = 'health-home-enrollment').exists()).managingOrganization.first()]])
* item[=].required = true
* insert FormItem(mltc-care-coordinator, reference, The plan's care coordinator)
* insert Known([[%team.participant.where(role.coding.where(system = 'http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code = 'mltc-care-coordinator').exists()).member.first()]])
* insert FormItem(hh-care-manager, reference, The Health Home's care manager)
* insert Known([[%team.participant.where(role.coding.where(system = 'http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code = 'health-home-care-manager').exists()).member.first()]])
* insert FormItem(primary-need, choice, The member's primary need)
* insert Known([[%team.participant.where(role.coding.where(system = 'http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code = 'lead-care-manager').exists()).extension('http://tandem-fhir.org/ltss/StructureDefinition/lead-determination').extension('primaryNeed').value.coding.distinct()]])
* item[=].required = true
* item[=].repeats = true
* item[=].answerValueSet = Canonical(PrimaryNeedValueSet)
* insert FormItem(lead-care-manager, reference, Lead care manager)
* insert Known([[%team.participant.where(role.coding.where(system = 'http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code = 'lead-care-manager').exists()).member.first()]])
* item[=].required = true
* insert FormItem(rationale, text, Why this lead)
* insert Known([[%team.participant.where(role.coding.where(system = 'http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role' and code = 'lead-care-manager').exists()).extension('http://tandem-fhir.org/ltss/StructureDefinition/lead-determination').extension('rationale').value.first()]])
* insert FormItem(in-plan-services, string, Services in the plan's package)
* insert Known([[%requests.where(extension('http://tandem-fhir.org/ltss/StructureDefinition/plan-scope').value = 'in-plan').code.select(iif(text.exists(), text, iif(coding.display.exists(), coding.display.first(), coding.code.first())))]])
* item[=].repeats = true
* insert FormItem(out-of-plan-services, string, Services outside the plan's package)
* insert Known([[%requests.where(extension('http://tandem-fhir.org/ltss/StructureDefinition/plan-scope').value = 'out-of-plan').code.select(iif(text.exists(), text, iif(coding.display.exists(), coding.display.first(), coding.code.first())))]])
* item[=].repeats = true
* insert FormItem(responsibilities, group, Responsibilities)
* item[=].repeats = true
* item[=].extension[0].url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-itemPopulationContext"
* item[=].extension[0].valueExpression.name = "request"
* item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].extension[0].valueExpression.expression = "%requests.where(extension('http://tandem-fhir.org/ltss/StructureDefinition/responsible-party').exists())"
* item[=].item[0].linkId = "service"
* item[=].item[=].type = #string
* item[=].item[=].text = "Service"
* item[=].item[=].extension[0].url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression"
* item[=].item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].item[=].extension[0].valueExpression.expression = "%request.code.select(iif(text.exists(), text, iif(coding.display.exists(), coding.display.first(), coding.code.first()))).first()"
* item[=].item[+].linkId = "party"
* item[=].item[=].type = #reference
* item[=].item[=].text = "Responsible organization"
* item[=].item[=].extension[0].url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression"
* item[=].item[=].extension[0].valueExpression.language = #text/fhirpath
* item[=].item[=].extension[0].valueExpression.expression = "%request.extension('http://tandem-fhir.org/ltss/StructureDefinition/responsible-party').value.first()"
* insert FormItem(communication-schedule, text, How and how often the two sides talk)
* insert Known([[%forms.first().item.where(linkId = 'communication-schedule').answer.value.first()]])
* insert FormItem(mltc-signature, attachment, Signature for the plan)
* insert FormItem(hh-signature, attachment, Signature for the Health Home)
* insert FormItem(member-signature, attachment, The member's signature)
* insert FormItem(date, date, Date)
* insert Known([[today()]])
