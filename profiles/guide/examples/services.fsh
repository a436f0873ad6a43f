// What is planned and authorized for Rosa.

Instance: rosa-personal-care
InstanceOf: TandemServiceRequest
Usage: #example
Title: "Personal care, 20 quarter hours a week"
* extension[planScope].valueCode = #in-plan
* extension[responsibleParty].valueReference = Reference(mltc-empire)
* extension[choiceOffered].valueReference = Reference(homecare-sun)
* extension[fewerThanTwoReason].valueString = "Only one agency in the district has an aide who speaks Spanish."
* identifier.system = "https://empire.example/authorizations"
* identifier.value = "A-88012"
* status = #active
* intent = #order
* category[serviceCategory] = $service-category#community-ltss
* code = $hcpcs#T1019 "Personal care services, per 15 minutes"
* quantityRatio.numerator = 20 'h/4' "15 minutes"
* quantityRatio.denominator = 1 'wk' "week"
* subject = Reference(rosa)
* occurrencePeriod.start = "2026-11-01"
* occurrencePeriod.end = "2027-04-30"
* authoredOn = "2026-10-28"
* requester = Reference(empire-coordinator)
* performer = Reference(homecare-sun)
* insurance = Reference(rosa-mltc)

Instance: rosa-meals
InstanceOf: TandemServiceRequest
Usage: #example
Title: "Ten meals at home after a stay in hospital"
* extension[directedBy].valueCodeableConcept.text = "self"
* extension[participantDirection].extension[model].valueCode = #fiscal-employer-agent
* extension[participantDirection].extension[employerOfRecord].valueReference = Reference(rosa)
* extension[participantDirection].extension[fiscalIntermediary].valueReference = Reference(mltc-empire)
* extension[planScope].valueCode = #in-plan
* extension[responsibleParty].valueReference = Reference(mltc-empire)
* identifier.system = "https://empire.example/authorizations"
* identifier.value = "A-88013"
* status = #active
* intent = #order
* category[serviceCategory] = $service-category#community-ltss
* code = $ltss-service#meals-nutrition "Meals and nutrition"
* quantityQuantity = 10 $ncit#C80248 "meal"
* subject = Reference(rosa)
* occurrencePeriod.start = "2026-11-20"
* occurrencePeriod.end = "2026-11-30"
* authoredOn = "2026-11-18"
* requester = Reference(empire-coordinator)

RuleSet: PeerSupport
* extension[planScope].valueCode = #out-of-plan
* extension[responsibleParty].valueReference = Reference(hh-bridge)
* status = #active
* intent = #plan
* category[serviceCategory] = $service-category#behavioral-health
* code = $hcpcs#H0038 "Self-help/peer services, per 15 minutes"
* occurrencePeriod.start = "2026-11-01"
* requester = Reference(bridge-care-manager)
* performer = Reference(hh-bridge)

Instance: rosa-peer-support
InstanceOf: TandemServiceRequest
Usage: #example
Title: "Peer support by the Health Home"
* insert PeerSupport
* identifier.system = "https://empire.example/planned-services"
* identifier.value = "S-301"
* subject = Reference(rosa)
* authoredOn = "2026-10-29"

Instance: bridge-peer-support
InstanceOf: TandemServiceRequest
Usage: #example
Title: "Peer support, in the Health Home's own records"
* insert PeerSupport
* subject = Reference(bridge-1042)
* authoredOn = "2026-10-15"

Instance: rosa-visit
InstanceOf: TandemEvvVisit
Usage: #example
Title: "An hour of personal care, verified"
* extension[evvMethod].valueCode = #gps-app
* extension[evvGeolocation].extension[latitude].valueDecimal = 40.8567
* extension[evvGeolocation].extension[longitude].valueDecimal = -73.8972
* status = #finished
* type = $hcpcs#T1019
* subject = Reference(rosa)
* participant.individual = Reference(dana-okafor)
* period.start = "2026-11-20T09:00:00-05:00"
* period.end = "2026-11-20T10:00:00-05:00"
* basedOn = Reference(rosa-personal-care)
