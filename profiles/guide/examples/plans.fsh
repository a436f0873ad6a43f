// Rosa's plans: the plan's own, the Health Home's own, and the joint one with its form.

RuleSet: FormAnswer(linkId)
* item[+].linkId = "{linkId}"

Instance: rosa-cpc-form
InstanceOf: TandemCpcForm
Usage: #example
Title: "The form by which the Health Home's manager is to lead"
* identifier.system = "https://empire.example/forms"
* identifier.value = "F-902"
* status = #completed
* subject = Reference(rosa)
* authored = "2026-11-02T15:00:00-05:00"
* author = Reference(empire-coordinator)
* item[0].linkId = "member"
* item[=].answer.valueReference = Reference(rosa)
* insert FormAnswer(mltc-plan)
* item[=].answer.valueReference = Reference(mltc-empire)
* insert FormAnswer(health-home)
* item[=].answer.valueReference = Reference(hh-bridge)
* insert FormAnswer(mltc-care-coordinator)
* item[=].answer.valueReference = Reference(empire-coordinator)
* insert FormAnswer(hh-care-manager)
* item[=].answer.valueReference = Reference(bridge-care-manager)
* insert FormAnswer(primary-need)
* item[=].answer.valueCoding = $primary-need#behavioral-health "Behavioral health"
* insert FormAnswer(lead-care-manager)
* item[=].answer.valueReference = Reference(bridge-care-manager)
* insert FormAnswer(rationale)
* item[=].answer.valueString = "Rosa's depression is what most often keeps her from using her services."
* insert FormAnswer(in-plan-services)
* item[=].answer.valueString = "Personal care"
* insert FormAnswer(out-of-plan-services)
* item[=].answer.valueString = "Peer support"
* insert FormAnswer(responsibilities)
* item[=].item[0].linkId = "service"
* item[=].item[=].answer.valueString = "Peer support"
* item[=].item[+].linkId = "party"
* item[=].item[=].answer.valueReference = Reference(hh-bridge)
* insert FormAnswer(communication-schedule)
* item[=].answer.valueString = "By telephone every Tuesday; at once after an emergency."
* insert FormAnswer(date)
* item[=].answer.valueDate = "2026-11-02"

Instance: rosa-cpc-form-first
InstanceOf: TandemCpcForm
Usage: #example
Title: "The form by which the plan's coordinator led at first"
* status = #completed
* subject = Reference(rosa)
* authored = "2026-10-30T09:00:00-04:00"
* item[0].linkId = "member"
* item[=].answer.valueReference = Reference(rosa)
* insert FormAnswer(mltc-plan)
* item[=].answer.valueReference = Reference(mltc-empire)
* insert FormAnswer(health-home)
* item[=].answer.valueReference = Reference(hh-bridge)
* insert FormAnswer(primary-need)
* item[=].answer.valueCoding = $primary-need#ltss-functional "Help in daily living"
* insert FormAnswer(lead-care-manager)
* item[=].answer.valueReference = Reference(empire-coordinator)

Instance: empire-plan
InstanceOf: TandemLtssCarePlan
Usage: #example
Title: "The plan's own care plan for Rosa"
* extension[custodian].valueReference = Reference(mltc-empire)
* extension[nextReview].valueDate = "2027-04-15"
* identifier.system = "https://empire.example/plans"
* identifier.value = "P-3301"
* status = #active
* intent = #plan
* category[type] = $plan-type#mltc
* title = "Long-term care plan"
* subject = Reference(rosa)
* period.start = "2026-10-15"
* period.end = "2027-10-14"
* author = Reference(empire-coordinator)
* careTeam = Reference(empire-team)
* goal = Reference(rosa-stay-home)
* activity[0].reference = Reference(rosa-personal-care)
* activity[+].reference = Reference(rosa-meals)

Instance: bridge-plan
InstanceOf: TandemLtssCarePlan
Usage: #example
Title: "The Health Home's own care plan for Rosa"
* extension[custodian].valueReference = Reference(hh-bridge)
* extension[nextReview].valueDate = "2027-01-15"
* identifier.system = "https://bridge.example/plans"
* identifier.value = "1042-1"
* status = #active
* intent = #plan
* category[type] = $plan-type#health-home
* title = "Health Home plan of care"
* subject = Reference(bridge-1042)
* period.start = "2026-10-15"
* author = Reference(bridge-care-manager)
* careTeam = Reference(bridge-team)
* goal = Reference(bridge-goal)
* activity.reference = Reference(bridge-peer-support)

Instance: joint-plan
InstanceOf: TandemJointCarePlan
Usage: #example
Title: "The joint care plan for Rosa"
* extension[custodian].valueReference = Reference(mltc-empire)
* extension[nextReview].valueDate = "2027-05-01"
* extension[planDistribution].extension[recipient].valueReference = Reference(rosa)
* extension[planDistribution].extension[date].valueDateTime = "2026-11-10"
* extension[planDistribution].extension[method].valueCodeableConcept.text = "On paper, at a home visit"
* extension[governingAgreement].valueReference.type = "Contract"
* extension[governingAgreement].valueReference.identifier.system = "https://empire.example/agreements"
* extension[governingAgreement].valueReference.identifier.value = "ASA-2026-014"
* extension[governingAgreement].valueReference.display = "Health Home services agreement of Empire and Bridge"
* identifier.system = "https://empire.example/plans"
* identifier.value = "P-3302"
* status = #active
* intent = #plan
* title = "Joint care plan"
* description = "What Empire and Bridge do together so that Rosa can stay at home."
* subject = Reference(rosa)
* period.start = "2026-11-08"
* period.end = "2027-11-07"
* author = Reference(empire-coordinator)
* careTeam = Reference(joint-team)
* supportingInfo[cpcForm] = Reference(rosa-cpc-form)
* goal = Reference(rosa-stay-home)
* activity[0].extension[responsibleParty].valueReference = Reference(mltc-empire)
* activity[=].extension[planScope].valueCode = #in-plan
* activity[=].extension[$activity-title].valueString = "Help at home with bathing, dressing and cooking"
* activity[=].reference = Reference(rosa-personal-care)
* activity[+].extension[responsibleParty].valueReference = Reference(hh-bridge)
* activity[=].extension[planScope].valueCode = #out-of-plan
* activity[=].extension[$activity-title].valueString = "A weekly walk with a peer"
* activity[=].reference = Reference(rosa-peer-support)
