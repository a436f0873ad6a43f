// Value sets that choose among codes, ours or others'.

ValueSet: ManagedCareProgramValueSet
Id: managed-care-program
Title: "Managed care program"
Description: "The programs of a coverage, without the heading aco."
* insert Common
* include codes from system ManagedCareProgram
* exclude ManagedCareProgram#aco

ValueSet: CoverageClassValueSet
Id: coverage-class
Title: "Coverage class"
Description: "The classes of the guide beside those of HL7."
* insert Common
* include codes from system CoverageClass
* include codes from system http://terminology.hl7.org/CodeSystem/coverage-class

ValueSet: LtssServiceValueSet
Id: ltss-service
Title: "Long-term service or support"
Description: "A service by its HCPCS code, as it is authorized and billed, or by the guide's own word."
* insert Common
* include codes from system LtssService
* include codes from system $hcpcs

ValueSet: LtssUnitValueSet
Id: ltss-unit
Title: "Unit of a long-term service"
Description: "The units in which long-term services are authorized: times in UCUM, the rest by NCI Thesaurus codes."
* insert Common
* $ucum#min "minute"
* $ucum#h/4 "quarter of an hour"
* $ucum#h "hour"
* $ucum#d/2 "half a day"
* $ucum#d "day"
* $ucum#wk "week"
* $ucum#mo "month"
* $ncit#C25716 "visit"
* $ncit#C80248 "meal"
* $ncit#C71183 "mile"
* $ncit#C141286 "transport"
* $ncit#C81906 "install"
* $ncit#C173108 "dollar"

ValueSet: ConsentStatusValueSet
Id: consent-status
Title: "Consent status"
Description: "A consent is in force or it is not; one filed on the wrong person is entered in error. None is ever deleted."
* insert Common
* http://hl7.org/fhir/consent-state-codes#active "Active"
* http://hl7.org/fhir/consent-state-codes#inactive "Inactive"
* http://hl7.org/fhir/consent-state-codes#entered-in-error "Entered in Error"

ValueSet: ConsentScopeValueSet
Id: consent-scope
Title: "Consent scope"
Description: "What the consents of this guide are about."
* insert Common
* $consent-scope#patient-privacy "Privacy Consent"
* $consent-scope#treatment "Treatment"

ValueSet: SharingPurposeValueSet
Id: sharing-purpose
Title: "Purpose of sharing"
Description: "The purposes for which a member can let organizations share records."
* insert Common
* $act-reason#TREAT "treatment"
* $act-reason#CAREMGT "care management"
* $act-reason#HPAYMT "healthcare payment"
* $act-reason#HOPERAT "healthcare operations"

ValueSet: ReferralTaskStatusValueSet
Id: referral-task-status
Title: "Status of a referral task"
Description: "A referral is asked for, answered and carried out; it is never only received or ready."
* insert Common
* http://hl7.org/fhir/task-status#draft "Draft"
* http://hl7.org/fhir/task-status#requested "Requested"
* http://hl7.org/fhir/task-status#accepted "Accepted"
* http://hl7.org/fhir/task-status#rejected "Rejected"
* http://hl7.org/fhir/task-status#cancelled "Cancelled"
* http://hl7.org/fhir/task-status#in-progress "In Progress"
* http://hl7.org/fhir/task-status#on-hold "On Hold"
* http://hl7.org/fhir/task-status#failed "Failed"
* http://hl7.org/fhir/task-status#completed "Completed"
* http://hl7.org/fhir/task-status#entered-in-error "Entered in Error"
