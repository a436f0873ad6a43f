// A suggested form for Appendix A of an agreement; to use it is a choice.

Instance: asa-appendix-a
InstanceOf: Questionnaire
Usage: #definition
* url = "http://tandem-fhir.org/ltss/Questionnaire/asa-appendix-a"
* version = "0.1.0"
* name = "AsaAppendixA"
* title = "Appendix A of the Health Home services agreement"
* status = #active
* experimental = false
* publisher = "The Tandem project"
* description = "The services of a plan and a Health Home: which are in the plan's package, and which side answers for each."
* subjectType = #Organization
* insert FormItem(services, group, Services)
* item[=].required = true
* item[=].repeats = true
* item[=].item[0].linkId = "service"
* item[=].item[=].type = #open-choice
* item[=].item[=].text = "Service"
* item[=].item[=].required = true
* item[=].item[=].answerValueSet = Canonical(LtssServiceValueSet)
* item[=].item[+].linkId = "plan-scope"
* item[=].item[=].type = #choice
* item[=].item[=].text = "In the plan's package or outside it"
* item[=].item[=].required = true
* item[=].item[=].answerValueSet = Canonical(PlanScopeValueSet)
* item[=].item[+].linkId = "responsible"
* item[=].item[=].type = #reference
* item[=].item[=].text = "Organization that answers for it"
* item[=].item[=].required = true
* insert FormItem(mltc-responsibilities, text, What else the plan does)
* insert FormItem(health-home-responsibilities, text, What else the Health Home does)
