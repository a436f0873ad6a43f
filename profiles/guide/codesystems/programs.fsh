// Programs a member is enrolled in, and the words in which coverage and enrollment say so.

CodeSystem: ManagedCareProgram
Id: managed-care-program
Title: "Managed care program"
Description: "The program that a coverage belongs to. aco is a heading for its three kinds and is not used itself."
* insert OwnCodes
* ^hierarchyMeaning = #is-a
* ^property[0].code = #notSelectable
* ^property[=].uri = "http://hl7.org/fhir/concept-properties#notSelectable"
* ^property[=].description = "True for a heading that may not be used as a value."
* ^property[=].type = #boolean
* #mltc "Managed long-term care"
* #map "Medicaid Advantage Plus"
* #pace "Program of All-Inclusive Care for the Elderly"
* #health-home "Health Home"
* #aco "Accountable care organization"
* #aco ^property[0].code = #notSelectable
* #aco ^property[0].valueBoolean = true
* #aco #acpp "Accountable Care Partnership Plan"
* #aco #pc-aco "Primary Care ACO"
* #aco #mco-aco "MCO-Administered ACO"
* #mco "Managed care organization"
* #pcc "Primary Care Clinician plan"
* #one-care "One Care"
* #sco "Senior Care Options"
* #hcbs-waiver "Home and community-based services waiver"
* #cfc "Community First Choice"
* #ccm "Community case management"
* #cbhi "Children's Behavioral Health Initiative"
* #dds-residential-24-7 "Residential supports around the clock of the developmental services department"
* #ffs "Fee for service"

CodeSystem: CoverageType
Id: coverage-type
Title: "Coverage type"
Description: "The Medicaid benefit that a Massachusetts member has."
* insert OwnCodes
* #standard "Standard"
* #commonhealth "CommonHealth"
* #careplus "CarePlus"
* #family-assistance "Family Assistance"

CodeSystem: RatingCategory
Id: rating-category
Title: "Rating category"
Description: "The One Care rating category: how much care the member needs, and where."
* insert OwnCodes
* ^hierarchyMeaning = #is-a
* #c1 "C1, community, other"
* #c2 "C2, community, high behavioral health need"
* #c2 #c2a "C2A"
* #c2 #c2b "C2B"
* #c3 "C3, community, high need of long-term services"
* #c3 #c3a "C3A"
* #c3 #c3b "C3B"
* #f1 "F1, facility-based care"

CodeSystem: CoverageClass
Id: coverage-class
Title: "Coverage class"
Description: "What a class of a coverage says: its type; its value is then a code of the value set of that type."
* insert OwnCodes
* #program "Program" "The managed care program: see managed-care-program."
* #coverage-type "Coverage type" "The benefit: see coverage-type."
* #rating-category "Rating category" "See rating-category."
* #eligibility-group "Eligibility group" "The state's own code of the member's group of eligibility."

CodeSystem: EpisodeType
Id: episode-type
Title: "Episode type"
Description: "What a member is enrolled in, or stays in, for the time of an episode of care."
* insert OwnCodes
* #mltc-enrollment "Enrollment in managed long-term care"
* #health-home-enrollment "Enrollment in a Health Home"
* #aco-enrollment "Enrollment in an accountable care organization"
* #one-care-enrollment "Enrollment in One Care"
* #cp-enrollment "Enrollment with a Community Partner"
* #hcbs-waiver "Home and community-based services waiver"
* #dds-residential-24-7 "Residential supports around the clock"
* #ccm "Community case management"
* #cbhi "Children's Behavioral Health Initiative"
* #dmh-tcm "Targeted case management of the Department of Mental Health"
* #dds-tcm "Targeted case management of the Department of Developmental Services"
* #dmh-rehab "Rehabilitation of the Department of Mental Health"
* #nf-stay "Stay in a nursing facility"

CodeSystem: BhCpPopulation
Id: bh-cp-population
Title: "Population of a behavioral health Community Partner"
Description: "The groups of people whom behavioral health Community Partners support."
* insert OwnCodes
* #smi "Serious mental illness"
* #sed "Serious emotional disturbance"
* #addiction "Addiction"

CodeSystem: IdentificationSource
Id: identification-source
Title: "Identification source"
Description: "How a member came to a Community Partner."
* insert OwnCodes
* #state-identified "Identified by the state" "The state found the member in its own data."
* #referred "Referred" "Someone referred the member."

CodeSystem: PaymentModel
Id: payment-model
Title: "Payment model"
Description: "How a plan or a provider is paid."
* insert OwnCodes
* #ffs "Fee for service"
* #capitation "Capitation"
* #value-based "Value-based payment"
