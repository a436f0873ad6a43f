// Rosa Delgado, 78, of the Bronx: a member of the plan and of the Health Home. Each of the two has a record of her; the
// Medicaid number (CIN) is the same in both.

RuleSet: Rosa
* identifier[medicaid].system = "http://tandem-fhir.org/ltss/NamingSystem/ny-medicaid-cin"
* identifier[medicaid].value = "RD48213K"
* name.use = #official
* name.family = "Delgado"
* name.given = "Rosa"
* gender = #female
* birthDate = "1948-03-12"
* telecom.system = #phone
* telecom.value = "+1-718-555-0178"
* telecom.use = #home
* address.use = #home
* address.line = "2155 Valentine Avenue, Apt 4C"
* address.city = "Bronx"
* address.state = "NY"
* address.postalCode = "10457"
* address.country = "US"

Instance: rosa
InstanceOf: TandemPatient
Usage: #example
Title: "Rosa, as the plan knows her"
* insert Rosa
* active = true
* contact.relationship = $contact-relationship#C "Emergency Contact"
* contact.name.family = "Delgado"
* contact.name.given = "Elena"
* contact.telecom.system = #phone
* contact.telecom.value = "+1-718-555-0182"
* communication.language = urn:ietf:bcp:47#es "Spanish"
* communication.preferred = true

Instance: bridge-1042
InstanceOf: TandemPatient
Usage: #example
Title: "Rosa, as the Health Home knows her"
* insert Rosa
* identifier[1].system = "https://bridge.example/members"
* identifier[1].value = "1042"
* active = true

Instance: elena
InstanceOf: TandemRelatedPerson
Usage: #example
Title: "Elena, Rosa's daughter, who helps her"
* identifier.system = "https://empire.example/related-persons"
* identifier.value = "R-19"
* active = true
* patient = Reference(rosa)
* relationship = $role-code#DAUC "daughter"
* name.family = "Delgado"
* name.given = "Elena"
* telecom.system = #phone
* telecom.value = "+1-718-555-0182"

Instance: rosa-mltc
InstanceOf: TandemCoverage
Usage: #example
Title: "Rosa's coverage by the plan, for an expected 150 days"
* extension[ltssNeedDays].valueQuantity = 150 'd' "days"
* identifier.system = "https://empire.example/coverages"
* identifier.value = "M-70911"
* status = #active
* subscriberId = "RD48213K"
* beneficiary = Reference(rosa)
* relationship = http://terminology.hl7.org/CodeSystem/subscriber-relationship#self
* period.start = "2026-10-01"
* payor = Reference(mltc-empire)
* class[program].value = "mltc"
* class[eligibilityGroup].value = "aged-blind-disabled"

Instance: rosa-stay-home
InstanceOf: TandemGoal
Usage: #example
Title: "Rosa's goal: to stay at home"
* identifier.system = "https://empire.example/goals"
* identifier.value = "G-5101"
* lifecycleStatus = #active
* description.text = "I want to stay in my own apartment and cook for my grandchildren on Sundays."
* subject = Reference(rosa)
* startDate = "2026-11-01"
* target.measure.text = "Where Rosa lives"
* target.detailString = "At home, with no stay in a nursing facility"
* target.dueDate = "2027-10-31"

Instance: bridge-goal
InstanceOf: TandemGoal
Usage: #example
Title: "Rosa's goal in the Health Home's plan"
* lifecycleStatus = #active
* description.text = "I want to see my friends at the senior center again."
* subject = Reference(bridge-1042)
* startDate = "2026-10-15"

Instance: rosa-sharing
InstanceOf: TandemConsentSharing
Usage: #example
Title: "Rosa lets the plan and the Health Home share her records, those on substance use apart"
* identifier.system = "https://empire.example/consents"
* identifier.value = "C-2207"
* status = #active
* scope = $consent-scope#patient-privacy
* patient = Reference(rosa)
* dateTime = "2026-10-20T10:15:00-04:00"
* performer = Reference(rosa)
* organization = Reference(mltc-empire)
* policyRule = http://terminology.hl7.org/CodeSystem/consentpolicycodes#hipaa-auth
* provision.period.start = "2026-10-20"
* provision.period.end = "2027-10-19"
* provision.purpose[0] = $act-reason#TREAT
* provision.purpose[+] = $act-reason#CAREMGT
* provision.actor[recipient][0].reference = Reference(mltc-empire)
* provision.actor[recipient][+].reference = Reference(hh-bridge)
* provision.provision.securityLabel = $act-code#SUD

RuleSet: ChoosesHealthHome
* status = #active
* scope = $consent-scope#treatment
* category[participation] = $participation#health-home
* dateTime = "2026-10-15T14:30:00-04:00"
* policyRule = http://terminology.hl7.org/CodeSystem/consentpolicycodes#hipaa-auth
* provision.type = #permit
* provision.period.start = "2026-10-15"
* provision.actor.role = $participation-type#IRCP
* provision.actor.reference = Reference(hh-bridge)
* verification.verified = true
* verification.verificationDate = "2026-10-15"

Instance: rosa-health-home
InstanceOf: TandemConsentParticipation
Usage: #example
Title: "Rosa chooses to take part in the Health Home"
* insert ChoosesHealthHome
* patient = Reference(rosa)
* performer = Reference(rosa)

Instance: bridge-participation
InstanceOf: TandemConsentParticipation
Usage: #example
Title: "Rosa's choice, in the Health Home's own records"
* insert ChoosesHealthHome
* patient = Reference(bridge-1042)
* performer = Reference(bridge-1042)
