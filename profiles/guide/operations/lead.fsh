// How two organizations choose a member's lead care manager together; what an agreement says of a service.

RuleSet: In(name, min, max, type, text)
* parameter[+].name = #{name}
* parameter[=].use = #in
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = "{text}"

RuleSet: Out(name, min, max, type, text)
* parameter[+].name = #{name}
* parameter[=].use = #out
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = "{text}"

RuleSet: ChoosingOut
* insert Out(task, 1, 1, Reference, The Task by which the determination is followed.)
* insert Out(careTeam, 1, 1, Reference, The joint care team that it is about.)

Instance: lead-propose
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(lead-propose)
* name = "LeadPropose"
* title = "Propose a lead care manager"
* description = "One of the two organizations of the agreement proposes whom the joint team's lead care manager shall be, by the member's primary need and as the member's form says. The other is asked by a Task; a lead in force stays until both have agreed."
* resource = #CareTeam
* insert In(candidate, 1, 1, Reference, [[Who shall lead: a PractitionerRole at one of the two organizations.]])
* insert In(primaryNeed, 1, *, CodeableConcept, [[The member's primary need, from the value set primary-need; the same as on the form.]])
* insert In(rationale, 0, 1, string, [[Why, in words; without it the form's own.]])
* insert In(form, 1, 1, Reference, The completed care planning and coordination form that names this lead.)
* insert In(effective, 0, 1, dateTime, [[From when the lead is to lead; else from the day on which both agree.]])
* insert ChoosingOut

Instance: lead-attest
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(lead-attest)
* name = "LeadAttest"
* title = "Answer the proposal of a lead care manager"
* description = "The other organization agrees, which makes the candidate the lead; disagrees, which closes the proposal; or counters with a candidate and a form of its own, which asks the first organization in turn."
* resource = #Task
* insert In(decision, 1, 1, code, [[agree, disagree or counter.]])
* insert In(attester, 1, 1, Reference, Who answers: a PractitionerRole at the organization that is asked.)
* insert In(note, 0, 1, string, [[Why; needed to disagree.]])
* insert In(counterCandidate, 0, 1, Reference, Who shall lead instead.)
* insert In(counterPrimaryNeed, 0, *, CodeableConcept, [[The primary need by which; else that of the form.]])
* insert In(counterForm, 0, 1, Reference, The completed form that names this lead.)
* insert ChoosingOut

Instance: led-members
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(led-members)
* name = "LedMembers"
* title = "Whom somebody leads"
* description = "The active care teams whose lead care manager this person is. Only the organization for which the person works may ask."
* resource = #PractitionerRole
* affectsState = false
* insert Out(return, 1, 1, Bundle, A searchset of care teams.)

Instance: operation-plan-scope
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(plan-scope)
* id = "plan-scope"
* name = "PlanScope"
* title = "What an agreement says of a service"
* description = "Whether Appendix A of an agreement has a service inside the plan's package, and which side answers for it."
* resource = #Contract
* affectsState = false
* insert In(code, 1, 1, string, [[The service: a code, or system|code.]])
* insert In(date, 0, 1, date, [[On which day; else today.]])
* insert Out(scope, 1, 1, code, in-plan or out-of-plan.)
* insert Out(responsible, 1, 1, Reference, The organization that answers for the service.)
