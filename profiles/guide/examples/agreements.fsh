// What stands beneath the joint work of Empire and Bridge: the state, its template, the agreement, the enrollments; and what
// they do by it: a determination, a meeting, a note.

Instance: ny-doh
InstanceOf: TandemOrganization
Usage: #example
Title: "The state's Department of Health"
* identifier[npi].value = "1000000004"
* active = true
* type = $org-type#state-agency "State agency"
* name = "Department of Health"
* insert Office(Corning Tower, Albany, 12237, +1-518-555-0100)

Instance: maria-santos
InstanceOf: TandemPractitioner
Usage: #example
Title: "Maria Santos"
* name.family = "Santos"
* name.given = "Maria"

Instance: joel-katz
InstanceOf: TandemPractitioner
Usage: #example
Title: "Joel Katz"
* name.family = "Katz"
* name.given = "Joel"

RuleSet: LiaisonRole(person, side, phone)
* active = true
* practitioner = Reference({person})
* organization = Reference({side})
* code = $role#liaison "Liaison"
* telecom.system = #phone
* telecom.value = "{phone}"

Instance: empire-liaison
InstanceOf: TandemPractitionerRole
Usage: #example
Title: "Whom Bridge calls at Empire"
* insert LiaisonRole(maria-santos, mltc-empire, +1-212-555-0149)

Instance: bridge-liaison
InstanceOf: TandemPractitionerRole
Usage: #example
Title: "Whom Empire calls at Bridge"
* insert LiaisonRole(joel-katz, hh-bridge, +1-718-555-0129)

Instance: asa-template
InstanceOf: DocumentReference
Usage: #example
Title: "The state's template of the agreement"
* meta.profile = "http://hl7.org/fhir/StructureDefinition/DocumentReference"
* status = #current
* type = $document-type#asa-template
* masterIdentifier.system = "urn:ietf:rfc:3986"
* masterIdentifier.value = "https://health.ny.example/asa/2024"
* author = Reference(ny-doh)
* content.attachment.contentType = #text/plain
* content.attachment.data = "U2VydmljZXMgYWdyZWVtZW50IG9mIGEgcGxhbiBhbmQgYSBIZWFsdGggSG9tZQoKMS4gVGhlIHBsYW4gY29vcmRpbmF0ZXMgbG9uZy10ZXJtIGNhcmUsIHRoZSBIZWFsdGggSG9tZSB3aGF0IGxpZXMgb3V0c2lkZSB0aGUgcGxhbi4KMi4gQm90aCBjaG9vc2UgdGhlIG1lbWJlcidzIGxlYWQgY2FyZSBtYW5hZ2VyIHRvZ2V0aGVyLgozLiBCb3RoIG1lZXQgYW5kIHRlbGwgZWFjaCBvdGhlciB3aGF0IHRoZXkgZG8uCgpBcHBlbmRpeCBBClNlcnZpY2VzIGFuZCByZXNwb25zaWJpbGl0aWVzLgoKQXBwZW5kaXggQgpRdWFsaXR5Lgo="

RuleSet: AppendixLine(index, code, scope, side)
* term[1].asset.valuedItem[{index}].entityCodeableConcept = $hcpcs#{code}
* term[1].asset.valuedItem[{index}].extension[planScope].valueCode = #{scope}
* term[1].asset.valuedItem[{index}].responsible = Reference({side})

RuleSet: Signed(index, side, person, when)
* signer[{index}].type = http://terminology.hl7.org/CodeSystem/contractsignertypecodes#AUTHN
* signer[{index}].party = Reference({side})
* signer[{index}].signature.type = urn:iso-astm:E1762-95:2013#1.2.840.10065.1.12.1.1
* signer[{index}].signature.when = "{when}"
* signer[{index}].signature.who = Reference({person})

Instance: asa-2026-014
InstanceOf: TandemContractAsa
Usage: #example
Title: "The agreement of Empire and Bridge"
* extension[liaison][0].valueReference = Reference(empire-liaison)
* extension[liaison][1].valueReference = Reference(bridge-liaison)
* identifier.system = "https://empire.example/agreements"
* identifier.value = "ASA-2026-014"
* status = #executed
* instantiatesUri = "https://health.ny.example/asa/2024"
* applies.start = "2026-01-01"
* term[0].type = $agreement-term#asa-terms
* term[0].offer.party.reference[0] = Reference(mltc-empire)
* term[0].offer.party.reference[1] = Reference(hh-bridge)
* term[0].offer.party.role = http://terminology.hl7.org/CodeSystem/contract-party-role#flunky
* term[1].type = $agreement-term#asa-appendix-a
* term[1].offer.text = "Appendix A: services and responsibilities"
* insert AppendixLine(0, T1019, in-plan, mltc-empire)
* insert AppendixLine(1, S5170, in-plan, mltc-empire)
* insert AppendixLine(2, H0038, out-of-plan, hh-bridge)
* insert Signed(0, mltc-empire, empire-liaison, 2025-12-15T10:00:00-05:00)
* insert Signed(1, hh-bridge, bridge-liaison, 2025-12-18T14:30:00-05:00)
* legal.contentAttachment.contentType = #text/plain
* legal.contentAttachment.data = "U2VydmljZXMgYWdyZWVtZW50IG9mIGEgcGxhbiBhbmQgYSBIZWFsdGggSG9tZQoKMS4gVGhlIHBsYW4gY29vcmRpbmF0ZXMgbG9uZy10ZXJtIGNhcmUsIHRoZSBIZWFsdGggSG9tZSB3aGF0IGxpZXMgb3V0c2lkZSB0aGUgcGxhbi4KMi4gQm90aCBjaG9vc2UgdGhlIG1lbWJlcidzIGxlYWQgY2FyZSBtYW5hZ2VyIHRvZ2V0aGVyLgozLiBCb3RoIG1lZXQgYW5kIHRlbGwgZWFjaCBvdGhlciB3aGF0IHRoZXkgZG8uCgpBcHBlbmRpeCBBClBlcnNvbmFsIGNhcmUgYW5kIG1lYWxzOiBFbXBpcmUuIFBlZXIgc3VwcG9ydDogQnJpZGdlLgoKQXBwZW5kaXggQgpRdWFsaXR5Lgo="

Instance: empire-state-contract
InstanceOf: TandemContractState
Usage: #example
Title: "The state's contract with Empire, which mentions the agreement's template"
* status = #executed
* applies.start = "2025-01-01"
* supportingInfo = Reference(asa-template)
* term.offer.party.reference[0] = Reference(ny-doh)
* term.offer.party.reference[1] = Reference(mltc-empire)
* term.offer.party.role = http://terminology.hl7.org/CodeSystem/contract-party-role#flunky
* insert Signed(0, ny-doh, empire-liaison, 2024-12-10T10:00:00-05:00)

RuleSet: Enrolled(kind, side, person)
* status = #active
* type = $episode-type#{kind}
* patient = Reference(rosa)
* managingOrganization = Reference({side})
* period.start = "2026-10-15"
* careManager = Reference({person})

Instance: rosa-mltc-episode
InstanceOf: TandemEpisodeOfCare
Usage: #example
Title: "Rosa's enrollment in the plan"
* insert Enrolled(mltc-enrollment, mltc-empire, empire-coordinator)

Instance: rosa-home-episode
InstanceOf: TandemEpisodeOfCare
Usage: #example
Title: "Rosa's enrollment in the Health Home"
* insert Enrolled(health-home-enrollment, hh-bridge, bridge-care-manager)

RuleSet: Determination
* code = $task#lead-determination
* focus = Reference(joint-team-proposed)
* for = Reference(rosa)
* authoredOn = "2026-11-03T09:30:00-05:00"
* requester = Reference(mltc-empire)
* owner = Reference(hh-bridge)
* restriction.period.end = "2026-11-13"
* input[careTeam].valueReference = Reference(joint-team-proposed)
* input[candidate].valueReference = Reference(bridge-care-manager)
* input[primaryNeed].valueCodeableConcept = $primary-need#behavioral-health
* input[form].valueReference = Reference(rosa-cpc-form)

Instance: lead-asked
InstanceOf: TandemLeadDeterminationTask
Usage: #example
Title: "Bridge is asked whether its manager shall lead"
* status = #requested
* insert Determination

Instance: lead-refused
InstanceOf: TandemLeadDeterminationTask
Usage: #example
Title: "A proposal with which the other side disagreed"
* status = #rejected
* statusReason.text = "She moved to the plan's area last week; let us meet first."
* insert Determination

Instance: lead-agreed
InstanceOf: TandemLeadDeterminationTask
Usage: #example
Title: "A proposal to which the other side agreed"
* status = #completed
* insert Determination
* output.type = $task-io#care-team
* output.valueReference = Reference(joint-team-lead)

Instance: lead-proposed-by
InstanceOf: TandemProvenance
Usage: #example
Title: "Empire's signed proposal"
* target[0] = Reference(joint-team-proposed)
* target[1] = Reference(lead-asked)
* recorded = "2026-11-03T09:30:00-05:00"
* agent.type = http://terminology.hl7.org/CodeSystem/provenance-participant-type#author
* agent.who = Reference(empire-coordinator)
* agent.onBehalfOf = Reference(mltc-empire)
* signature.type = urn:iso-astm:E1762-95:2013#1.2.840.10065.1.12.1.1
* signature.when = "2026-11-03T09:30:00-05:00"
* signature.who = Reference(empire-coordinator)
* signature.onBehalfOf = Reference(mltc-empire)

Instance: november-meeting
InstanceOf: TandemCoordinationMeeting
Usage: #example
Title: "Empire and Bridge are to meet"
* extension[meetingGoal][0].valueCode = #team-approach
* extension[meetingGoal][1].valueCode = #avoid-duplication
* status = #booked
* start = "2026-11-20T10:00:00-05:00"
* end = "2026-11-20T11:00:00-05:00"
* participant[0].type = $role#mltc-care-coordinator
* participant[0].actor = Reference(empire-coordinator)
* participant[0].status = #accepted
* participant[1].type = $role#health-home-care-manager
* participant[1].actor = Reference(bridge-care-manager)
* participant[1].status = #accepted

Instance: october-meeting
InstanceOf: TandemCoordinationMeetingHeld
Usage: #example
Title: "Empire and Bridge met"
* extension[meetingGoal].valueCode = #positive-outcomes
* status = #finished
* class = http://terminology.hl7.org/CodeSystem/v3-ActCode#VR
* subject = Reference(rosa)
* period.start = "2026-10-20T10:00:00-04:00"
* period.end = "2026-10-20T10:40:00-04:00"
* participant[0].type = $role#mltc-care-coordinator
* participant[0].individual = Reference(empire-coordinator)
* participant[1].type = $role#health-home-care-manager
* participant[1].individual = Reference(bridge-care-manager)

Instance: lead-notice
InstanceOf: TandemCoordinationNote
Usage: #example
Title: "All are told who leads"
* status = #completed
* category[type] = $note-category#notice
* subject = Reference(rosa)
* about = Reference(joint-team-lead)
* sent = "2026-11-06T16:05:00-05:00"
* recipient[0] = Reference(mltc-empire)
* recipient[1] = Reference(hh-bridge)
* recipient[2] = Reference(rosa)
* sender = Reference(hh-bridge)
* payload.contentString = "Both organizations have agreed on the lead care manager."
