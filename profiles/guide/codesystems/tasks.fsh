// Work between organizations: kinds of task, their inputs and outputs, their states in business terms.

CodeSystem: TandemTask
Id: tandem-task
Title: "Task code"
Description: "The kind of a task. Fulfilling a referral and requesting data keep their HL7 codes (fulfill, data-request) and are not repeated here."
* insert OwnCodes
* #cp-referral "Referral to a Community Partner"
* #cp-assignment "Assignment to a Community Partner"
* #lead-determination "Determination of the lead care manager"
* #lead-escalation "Escalation of an unanswered lead proposal"
* #lead-review "Review of the lead care manager"
* #lts-offer "Offer of a long-term supports coordinator"
* #offer-health-home "Offer of a Health Home"
* #onboarding "Onboarding of a provider"
* #consult "Consultation"
* #plan-change "Change of plan"
* #team-join "Joining a care team"
* #break-glass-review "Review of an emergency access"
* #overlap-consult "Consultation about overlapping services"
* #duplication-review "Review of a duplicate service"
* #service-gap "Gap in a service"
* #plan-review "Review of a care plan"
* #transition-plan "Plan for a transition"
* #technical-assistance "Technical assistance"
* #pa-overdue "Overdue decision on an authorization"
* #delivery "Delivery to another party's endpoint"
* #engage-member "Engagement of a member"
* #eligibility-application "Application for eligibility"
* #program-integrity-review "Review of program integrity"
* #corrective-action "Corrective action"
* #incident-investigation "Investigation of an incident"
* #credential-expiring "Credential about to expire"
* #meeting-overdue "Coordination meeting overdue"
* #crisis "Crisis"

CodeSystem: TaskIo
Id: task-io
Title: "Task input or output"
Description: "What an input or output of a task is."
* insert OwnCodes
* #coordinator-option "Coordinator offered"
* #lts-trigger "What led to the offer"
* #information-provided "Information given to the member"
* #decision "The member's decision"
* #candidate "Candidate"
* #primary-need "Primary need"
* #form "Form"
* #care-team "Care team"
* #effective "When it takes effect"
* #onboarding-document "Document for onboarding"
* #cp "Community Partner"
* #endpoint "Endpoint of the receiver"
* #delivery-mode "Mode of the delivery: transaction or notify"
* #idempotency-key "Key by which the receiver knows a repeat"
* #attempts "Number of attempts so far"
* #last-attempt "Time of the last attempt"
* #next-attempt "Time of the next attempt"
* #http-status "Status of the receiver's answer"
* #remote-outcome "The receiver's OperationOutcome"

CodeSystem: TaskBusinessStatus
Id: task-business-status
Title: "Task business status"
Description: "The state of a task in the words of the program, beside the task's own status."
* insert OwnCodes
* #late "Late" "The time set for the task has passed."
* #escalated "Escalated" "Nobody answered in time; the liaisons were asked."
* #interest-registered "Interest registered" "The provider waits until the plan takes applications."

CodeSystem: TaskStatusReason
Id: task-status-reason
Title: "Task status reason"
Description: "Why a task, above all a delivery, stands where it stands."
* insert OwnCodes
* #waiting-to-retry "Waiting to try again" "The last attempt failed in a way that may pass."
* #tls-verification "Receiver's certificate refused" "The certificate of the receiver is untrusted, expired, revoked or for another name; nothing was sent."
* #endpoint-refused "Endpoint not usable" "The endpoint is inactive or belongs to nobody whom this server may call."
* #remote-refused "Refused by the receiver" "The receiver answered that it will not take the content."
* #gave-up "Given up" "No attempt succeeded within the time set."
* #cancelled-by-person "Cancelled by a person"

CodeSystem: ReferralBusinessStatus
Id: referral-business-status
Title: "Referral business status"
Description: "The steps of a referral between its sender and its receiver, numbered as in Bidirectional Services eReferral."
* insert OwnCodes
* #2.0 "Created"
* #3.0 "Accepted"
* #4.0 "Declined"
* #5.1.1 "Appointment made"
* #5.1.2 "Member did not come"
* #5.1.3 "Appointment cancelled"
* #5.1.4 "Appointment kept"
* #5.2 "Cancellation asked for"
* #6.0 "Fulfilment cancelled"
* #7.0 "Completed"

CodeSystem: ReferralCode
Id: referral-code
Title: "Referral code"
Description: "What a referral asks for when no service code says it."
* insert OwnCodes
* #ltss-cp-supports "Supports of an LTSS Community Partner"
* #bh-cp-supports "Supports of a behavioral health Community Partner"

CodeSystem: ReferralReason
Id: referral-reason
Title: "Referral reason"
Description: "Why a member is referred."
* insert OwnCodes
* #additional-coordination "Needs coordination beyond what a present program gives"

CodeSystem: LtsTrigger
Id: lts-trigger
Title: "Trigger of an offer"
Description: "What led to the offer of a long-term supports coordinator."
* insert OwnCodes
* #enrollment-90-day "First 90 days of enrollment"
* #assessment-c3-f1 "Comprehensive assessment in rating category C3 or F1"
* #assessment-request "Requested as part of an assessment"
* #ltss-need "Need of community long-term services seen"
* #state-agency "Affiliation with a state agency"
* #contemplated-admission "Admission to an institution contemplated"
* #member-request "Member's request"

CodeSystem: LtsDecision
Id: lts-decision
Title: "Decision on an offer"
Description: "What the member decided."
* insert OwnCodes
* #accepted "Accepted"
* #declined "Declined"
* #deferred "Deferred"

CodeSystem: OnboardingDocument
Id: onboarding-document
Title: "Document for onboarding"
Description: "What a provider shows to a plan before a contract."
* insert OwnCodes
* #license-certification "Licenses and certifications"
* #medicaid-compliance "Compliance with Medicaid standards"
* #liability-insurance "Liability insurance and business registration"
* #staff-qualification "Qualification, background checks and training of staff"
* #policies "Policies on care planning, documentation and incidents"
* #quality-benchmarks "Quality benchmarks"
* #site-visit-credentialing "Site visit, audit and credentialing"
