// Services, who is responsible for them, and how a member may direct them.

CodeSystem: ServiceCategory
Id: service-category
Title: "Service category"
Description: "The part of the benefits that a service belongs to. It decides who may authorize the service."
* insert OwnCodes
* #community-ltss "Community long-term services and supports"
* #hcbs-waiver "Home and community-based waiver service"
* #acute "Acute care"
* #behavioral-health "Behavioral health"
* #social "Social service"
* #nursing-facility "Nursing facility"
* #cdrh "Chronic disease and rehabilitation hospital"
* #other-covered "Other covered service"
* #hh-care-management "Health Home care management"

CodeSystem: LtssService
Id: ltss-service
Title: "Long-term service or support"
Description: "The eight groups of long-term services and supports, and services within them."
* insert OwnCodes
* ^hierarchyMeaning = #grouped-by
* #personal-care "Personal care" "Help with the activities of daily living."
* #personal-care #adult-day-health "Adult day health"
* #personal-care #adult-foster-care "Adult foster care"
* #personal-care #group-adult-foster-care "Group adult foster care"
* #personal-care #day-habilitation "Day habilitation"
* #meals-nutrition "Meals and nutrition"
* #bh-social-support "Behavioral health and social support"
* #bh-social-support #flexible-services "Flexible Services"
* #transportation "Transportation"
* #respite "Respite"
* #transitional "Transitional services" "Help to move from an institution into the community."
* #transitional #home-modification "Home modification"
* #home-health "Home health"
* #home-health #skilled-nursing "Skilled nursing"
* #home-health #medication-management "Medication management"
* #care-coordination "Care coordination"

CodeSystem: PlanScope
Id: plan-scope
Title: "Plan scope"
Description: "Whether the agreement between plan and Health Home counts a service among the plan's benefits."
* insert OwnCodes
* #in-plan "In plan" "The plan covers the service and is responsible for it."
* #out-of-plan "Out of plan" "The service lies outside the plan's benefit package."

CodeSystem: CoordinationDomain
Id: coordination-domain
Title: "Coordination domain"
Description: "The area of care that somebody coordinates."
* insert OwnCodes
* #ltss "Long-term services and supports"
* #behavioral-health "Behavioral health"
* #medical "Medical care"
* #social "Social services"
* #other-out-of-plan "Other services outside the plan's package"

CodeSystem: DuplicateBasis
Id: duplicate-basis
Title: "Basis of a duplicate"
Description: "Why two activities were found to be duplicates."
* insert OwnCodes
* #same-service-same-period "Same service, same time"
* #same-coordination-function "Same coordination function"

CodeSystem: ParticipantDirectionModel
Id: participant-direction-model
Title: "Model of participant direction"
Description: "How the member directs a service."
* insert OwnCodes
* #fiscal-employer-agent "Fiscal employer agent" "The member employs the worker; a fiscal intermediary pays and withholds."
* #public-authority "Public authority" "The member employs the worker; a public authority acts as the fiscal intermediary."
* #agency-with-choice "Agency with choice" "An agency employs the worker whom the member chooses and directs."
* #direct-cash "Direct cash" "The member receives the money and pays the worker."

CodeSystem: EvvMethod
Id: evv-method
Title: "Method of electronic visit verification"
Description: "How the times and the place of a visit were recorded."
* insert OwnCodes
* #gps-app "Application with positioning"
* #telephony "Telephone at the member's home"
* #fob "Device fixed at the member's home"
* #manual-edit "Entered or changed by hand"

CodeSystem: IncidentType
Id: incident-type
Title: "Incident type"
Description: "The kind of an incident that has to be reported."
* insert OwnCodes
* #abuse "Abuse"
* #neglect "Neglect"
* #exploitation "Exploitation"
* #misuse-unauthorized-restraint "Misuse or unauthorized use of restraint or seclusion"
* #medication-error "Medication error with harm"
* #unexpected-death "Unexpected death"
* #undue-influence "Undue influence on the member's choice"
* #missed-critical-visit "Missed visit that put the member at risk"
* #other "Other"
