// What a coverage, an organization and an endpoint say beyond R4.

Extension: LtssNeedDays
Id: ltss-need-days
Title: "Days of long-term services needed"
Description: "For how many days the member is expected to need community-based long-term services."
Context: Coverage
* insert Common
* value[x] 1..1
* value[x] only Quantity
* valueQuantity.value 1..1
* valueQuantity.system 1..1
* valueQuantity.system = "http://unitsofmeasure.org" (exactly)
* valueQuantity.code 1..1
* valueQuantity.code = #d (exactly)

Extension: Part2Program
Id: part2-program
Title: "Part 2 program"
Description: "True for an organization whose substance use records fall under 42 CFR Part 2."
Context: Organization
* insert Common
* value[x] 1..1
* value[x] only boolean

Extension: TrustAnchor
Id: trust-anchor
Title: "Trust anchor"
Description: "The name, in the sender's own configuration, of the certificate authority that must have issued the receiver's certificate. Never the certificate itself: what to trust is not taken from a record."
Context: Endpoint
* insert Common
* value[x] 1..1
* value[x] only string

Extension: ClientCertificate
Id: client-certificate
Title: "Client certificate"
Description: "The name, in the sender's own configuration, of the certificate that the sender shows to this endpoint."
Context: Endpoint
* insert Common
* value[x] 1..1
* value[x] only string

Extension: EndpointScope
Id: endpoint-scope
Title: "Endpoint scope"
Description: "A scope that the receiver has granted to the sender at this endpoint, in SMART's notation."
Context: Endpoint
* insert Common
* value[x] 1..1
* value[x] only string
