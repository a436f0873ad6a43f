// The organizations of the story: a managed long-term care plan, a Health Home, a home care agency; and who works there.

RuleSet: Office(street, city, zip, phone)
* address.use = #work
* address.line = "{street}"
* address.city = "{city}"
* address.state = "NY"
* address.postalCode = "{zip}"
* address.country = "US"
* telecom.system = #phone
* telecom.value = "{phone}"
* telecom.use = #work

Instance: mltc-empire
InstanceOf: TandemOrganization
Usage: #example
Title: "Empire Long Term Care, the plan"
* identifier[npi].value = "1457002180"
* active = true
* type = $org-type#mltc-plan "Managed long-term care plan"
* name = "Empire Long Term Care"
* insert Office(40 Broad Street, New York, 10004, +1-212-555-0140)

Instance: hh-bridge
InstanceOf: TandemOrganization
Usage: #example
Title: "Bridge Health Home"
* identifier[npi].value = "1683904175"
* active = true
* type = $org-type#health-home "Health Home"
* name = "Bridge Health Home"
* insert Office([[2500 Grand Concourse, Suite 3]], Bronx, 10458, +1-718-555-0125)

Instance: homecare-sun
InstanceOf: TandemOrganization
Usage: #example
Title: "Sunrise Home Care, the provider"
* identifier[npi].value = "1092556301"
* active = true
* type = $org-type#home-care-agency "Home care agency"
* name = "Sunrise Home Care"
* insert Office(118 East Fordham Road, Bronx, 10468, +1-718-555-0118)

Instance: dana-okafor
InstanceOf: TandemPractitioner
Usage: #example
Title: "Dana Okafor, nurse"
* identifier[npi].value = "1872319045"
* name.family = "Okafor"
* name.given = "Dana"
* name.suffix = "RN"

Instance: luis-ortega
InstanceOf: TandemPractitioner
Usage: #example
Title: "Luis Ortega, social worker"
* identifier[npi].value = "1329405876"
* name.family = "Ortega"
* name.given = "Luis"
* name.suffix = "LMSW"

Instance: empire-coordinator
InstanceOf: TandemPractitionerRole
Usage: #example
Title: "Dana Okafor as the plan's care coordinator"
* identifier.system = "https://empire.example/staff"
* identifier.value = "CC-0231"
* active = true
* practitioner = Reference(dana-okafor) "Dana Okafor"
* organization = Reference(mltc-empire) "Empire Long Term Care"
* code = $role#mltc-care-coordinator "MLTC care coordinator"
* telecom.system = #phone
* telecom.value = "+1-212-555-0142"

Instance: bridge-care-manager
InstanceOf: TandemPractitionerRole
Usage: #example
Title: "Luis Ortega as the Health Home's care manager"
* identifier.system = "https://bridge.example/staff"
* identifier.value = "HH-77"
* active = true
* practitioner = Reference(luis-ortega) "Luis Ortega"
* organization = Reference(hh-bridge) "Bridge Health Home"
* code = $role#health-home-care-manager "Health Home care manager"
* telecom.system = #phone
* telecom.value = "+1-718-555-0127"

Instance: bridge-endpoint
InstanceOf: TandemEndpoint
Usage: #example
Title: "Where the Health Home takes records"
* extension[trustAnchor].valueString = "tandem-development"
* extension[clientCertificate].valueString = "mltc-empire"
* extension[scope].valueString = "system/*.cu"
* status = #active
* name = "Bridge Health Home, FHIR R4"
* managingOrganization = Reference(hh-bridge)
* payloadType = $payload-type#any
* payloadMimeType = #application/fhir+json
* address = "https://localhost:9443/fhir"

Instance: empire-endpoint
InstanceOf: TandemEndpoint
Usage: #example
Title: "Where the plan takes records"
* extension[trustAnchor].valueString = "tandem-development"
* extension[clientCertificate].valueString = "hh-bridge"
* extension[scope].valueString = "system/*.cu"
* status = #active
* name = "Empire Long Term Care, FHIR R4"
* managingOrganization = Reference(mltc-empire)
* payloadType = $payload-type#any
* payloadMimeType = #application/fhir+json
* address = "https://localhost:8443/fhir"
