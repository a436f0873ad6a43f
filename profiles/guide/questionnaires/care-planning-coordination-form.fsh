// The form on which plan and Health Home record how they work together for one member.

RuleSet: FormItem(linkId, type, text)
* item[+].linkId = "{linkId}"
* item[=].type = #{type}
* item[=].text = "{text}"

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
* insert FormItem(member, reference, Member)
* item[=].required = true
* insert FormItem(mltc-plan, reference, Managed long-term care plan)
* item[=].required = true
* insert FormItem(health-home, reference, Health Home)
* item[=].required = true
* insert FormItem(mltc-care-coordinator, reference, The plan's care coordinator)
* insert FormItem(hh-care-manager, reference, The Health Home's care manager)
* insert FormItem(primary-need, choice, The member's primary need)
* item[=].required = true
* item[=].repeats = true
* item[=].answerValueSet = Canonical(PrimaryNeedValueSet)
* insert FormItem(lead-care-manager, reference, Lead care manager)
* item[=].required = true
* insert FormItem(rationale, text, Why this lead)
* insert FormItem(in-plan-services, string, Services in the plan's package)
* item[=].repeats = true
* insert FormItem(out-of-plan-services, string, Services outside the plan's package)
* item[=].repeats = true
* insert FormItem(responsibilities, group, Responsibilities)
* item[=].repeats = true
* item[=].item[0].linkId = "service"
* item[=].item[=].type = #string
* item[=].item[=].text = "Service"
* item[=].item[+].linkId = "party"
* item[=].item[=].type = #reference
* item[=].item[=].text = "Responsible organization"
* insert FormItem(communication-schedule, text, How and how often the two sides talk)
* insert FormItem(mltc-signature, attachment, Signature for the plan)
* insert FormItem(hh-signature, attachment, Signature for the Health Home)
* insert FormItem(member-signature, attachment, The member's signature)
* insert FormItem(date, date, Date)
