Profile: TandemEndpoint
Parent: Endpoint
Id: tandem-endpoint
Title: "Endpoint"
Description: "Where another party takes FHIR records over TLS. Deliveries go only to endpoints of registered parties."
* insert Common
* obeys tl-end-1
* extension contains
    TrustAnchor named trustAnchor 0..1 MS and
    ClientCertificate named clientCertificate 0..1 MS and
    EndpointScope named scope 0..*
* status MS
* connectionType MS
* connectionType = $connection-type#hl7-fhir-rest
* managingOrganization 1..1 MS
* managingOrganization only Reference(TandemOrganization)
* payloadType MS
* payloadMimeType MS
* address MS
