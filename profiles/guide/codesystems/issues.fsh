// The stable key of every refusal and warning of this domain, with the sentence that a client reads.
//
// Issue(key, status, issue type, text) is a refusal and Warning(key, issue type, text) an accepted write with a warning.
// IssueInvariant and IssueElement tell a validator, as data, which of the guide's own rules carry the key: the invariants
// by their constraint key, an element's or slice's cardinality by its element id in a profile of this guide.

RuleSet: Issue(key, status, type, text)
* #{key} "{text}"
* #{key} ^property[0].code = #http-status
* #{key} ^property[=].valueInteger = {status}
* #{key} ^property[+].code = #severity
* #{key} ^property[=].valueCode = #error
* #{key} ^property[+].code = #issue-type
* #{key} ^property[=].valueCode = #{type}

RuleSet: Warning(key, type, text)
* #{key} "{text}"
* #{key} ^property[0].code = #severity
* #{key} ^property[=].valueCode = #warning
* #{key} ^property[+].code = #issue-type
* #{key} ^property[=].valueCode = #{type}

RuleSet: IssueInvariant(key, invariant)
* #{key} ^property[+].code = #invariant
* #{key} ^property[=].valueCode = #{invariant}

RuleSet: IssueElement(key, element)
* #{key} ^property[+].code = #element
* #{key} ^property[=].valueString = "{element}"

CodeSystem: TandemIssue
Id: tandem-issue
Title: "Issue key"
Description: "The stable key of a refusal or warning: OperationOutcome.issue.details.coding. The display is the sentence for the client."
* insert OwnCodes
// The server and the validator have technical keys beside these.
* ^content = #fragment
* ^property[0].code = #http-status
* ^property[=].description = "The HTTP status of a request that is refused for this reason."
* ^property[=].type = #integer
* ^property[+].code = #severity
* ^property[=].description = "OperationOutcome.issue.severity."
* ^property[=].type = #code
* ^property[+].code = #issue-type
* ^property[=].description = "OperationOutcome.issue.code."
* ^property[=].type = #code
* ^property[+].code = #invariant
* ^property[=].description = "Key of an invariant of this guide whose failure is reported with this issue key."
* ^property[=].type = #code
* ^property[+].code = #element
* ^property[=].description = "Id of an element of a profile of this guide, too few or too many of which are reported with this issue key."
* ^property[=].type = #string
* insert Issue(asa-required, 422, business-rule, [[There is no signed Health Home agreement between the two organizations on this date, so nothing joint can be recorded yet.]])
* insert IssueElement(asa-required, CareTeam.extension:governingAgreement)
* insert IssueElement(asa-required, CarePlan.extension:governingAgreement)
* insert Issue(asa-template-altered, 422, business-rule, [[The text of the agreement differs from the Department's template, which may not be changed.]])
* insert Issue(asa-appendix-incomplete, 422, invariant, [[Every service in the agreement's appendix needs a service code, in-plan or out-of-plan, and the side responsible.]])
* insert IssueInvariant(asa-appendix-incomplete, tl-asa-2)
* insert Issue(asa-unsigned, 422, invariant, An executed agreement needs the signatures of both organizations.)
* insert IssueInvariant(asa-unsigned, tl-asa-1)
* insert Warning(asa-not-referenced, business-rule, This plan's state contract does not mention the Health Home agreement template.)
* insert Warning(liaison-missing, business-rule, The agreement names no liaison for one of the two sides.)
* insert Issue(mltc-120-days, 422, invariant, [[Managed long-term care needs an expected need of more than 120 days, stated in days.]])
* insert IssueInvariant(mltc-120-days, tl-cov-1)
* insert Issue(enrollment-overlap, 409, conflict, The member is already enrolled in this kind of program with another organization for these dates.)
* insert Issue(out-of-plan-service, 422, business-rule, [[The agreement marks this service as outside the plan, so the plan cannot bill it.]])
* insert Issue(primary-role-mismatch, 422, business-rule, The agreement gives the primary role for this area of care to the other organization.)
* insert Issue(scope-exceeded, 422, business-rule, This service is outside the plan's benefit package and belongs to the other organization.)
* insert Issue(measure-not-own, 422, business-rule, An organization cannot report another organization's performance as its own.)
* insert Issue(cpc-form-missing, 422, business-rule, A joint care plan needs the member's Care Planning and Coordination form attached.)
* insert Issue(joint-determination-required, 422, business-rule, The lead care manager is agreed by both organizations: propose one and let the other side agree.)
* insert Issue(primary-need-required, 422, required, State the member's primary need: the lead is chosen by it.)
* insert IssueElement(primary-need-required, Extension.extension:primaryNeed)
* insert Issue(primary-need-mismatch, 422, business-rule, The primary need in the proposal is not the one on the form.)
* insert Issue(lead-not-documented, 422, business-rule, [[The form is missing, unfinished, for another member, or names another lead.]])
* insert Issue(lead-exists, 409, conflict, This member already has a lead care manager.)
* insert Issue(lead-record-incomplete, 422, invariant, [[The lead entry lacks its record: two agreeing organizations, date, primary need, reason and form.]])
* insert IssueInvariant(lead-record-incomplete, tl-ct-5)
* insert IssueInvariant(lead-record-incomplete, tl-ct-7)
* insert IssueInvariant(lead-record-incomplete, tl-ct-8)
* insert IssueInvariant(lead-record-incomplete, tl-lead-1)
* insert IssueInvariant(lead-record-incomplete, tl-lead-2)
* insert IssueElement(lead-record-incomplete, Extension.extension:rationale)
* insert IssueElement(lead-record-incomplete, Extension.extension:documentation)
* insert Issue(one-lead-per-team, 422, invariant, A care team can have only one lead care manager.)
* insert IssueInvariant(one-lead-per-team, tl-ct-1)
* insert IssueElement(one-lead-per-team, CareTeam.participant:leadCareManager)
* insert Issue(one-role-per-entry, 422, invariant, Give each function of a person its own entry in the care team.)
* insert IssueInvariant(one-role-per-entry, tl-ct-6)
* insert Issue(start-date-missing, 422, invariant, An active care team needs a start date.)
* insert IssueInvariant(start-date-missing, tl-ct-2)
* insert Issue(on-behalf-of-not-used, 422, invariant, Name the person in their role at the organization instead of using \"on behalf of\".)
* insert IssueInvariant(on-behalf-of-not-used, tl-ct-4)
* insert IssueElement(on-behalf-of-not-used, CareTeam.participant.onBehalfOf)
* insert Issue(not-a-party, 403, forbidden, Only the two organizations of the agreement can take part in choosing the lead.)
* insert Issue(candidate-not-party, 422, business-rule, The proposed lead must work for one of the two organizations.)
* insert Issue(determination-open, 409, conflict, A proposal for this member is still waiting for an answer.)
* insert Issue(second-attester-same-party, 403, forbidden, The other organization must answer; you made this proposal.)
* insert Issue(counter-incomplete, 422, required, A counter-proposal needs its own candidate and its own completed form.)
* insert Issue(meeting-both-parties, 422, invariant, A coordination meeting needs both the plan's care coordination and the Health Home's care management.)
* insert IssueInvariant(meeting-both-parties, tl-mtg-1)
* insert Issue(meeting-goal-missing, 422, invariant, Name at least one goal of the meeting.)
* insert IssueInvariant(meeting-goal-missing, tl-mtg-2)
* insert Warning(duplicate-service, duplicate, Two organizations plan the same service for the same time; both coordinators were asked to review it.)
* insert Issue(program-not-started, 422, business-rule, The enrollment starts before the program existed.)
* insert Warning(not-attributed, business-rule, The member is not on any primary care group's list.)
* insert Issue(pcp-missing, 422, invariant, An active ACO care team needs the member's primary care provider.)
* insert IssueInvariant(pcp-missing, tl-ct-3)
* insert Issue(coordinator-employer, 422, business-rule, An MCO care coordinator must be employed by the member's own MCO.)
* insert Issue(not-managed-care-eligible, 422, business-rule, The member does not meet the conditions for this kind of plan; the details name which.)
* insert Warning(eligibility-changed, business-rule, The member may no longer meet the conditions of this plan.)
* insert Warning(category-unusual, business-rule, This kind of service is unusual in this plan.)
* insert Issue(informed-choice-missing, 422, business-rule, Record that the member was offered a choice of services and of providers before the plan starts.)
* insert Issue(choice-not-offered, 422, business-rule, Offer the member at least two providers when the network has them.)
* insert IssueInvariant(choice-not-offered, tl-cpr-1)
* insert Warning(choice-limited, business-rule, The member had fewer than two providers to choose from; the reason was recorded.)
* insert Issue(agreement-term-missing, 422, invariant, [[The agreement must cover roles, processes, communication, data sharing and expectations of care team members.]])
* insert IssueInvariant(agreement-term-missing, tl-cpa-1)
* insert Issue(cp-agreement-required, 422, business-rule, The plan has no executed agreement with this Community Partner.)
* insert Issue(age-minimum-3, 422, business-rule, Community Partner supports begin on the third birthday.)
* insert Issue(not-aco-mco-member, 422, business-rule, Community Partner supports are for members of an ACO or MCO.)
* insert Issue(identification-source-missing, 422, required, Say whether the state identified the member or someone referred them.)
* insert Warning(bh-need-not-stated, business-rule, No behavioral health need is stated for this Community Partner enrollment.)
* insert Issue(member-opted-out, 422, business-rule, The member chose not to take part; only the member can change that.)
* insert Issue(auto-assign-excluded, 422, business-rule, The member already has comprehensive care coordination and can join only by referral.)
* insert Issue(referral-not-to-members-plan, 422, business-rule, [[Send this referral to the member's own ACO or MCO, which decides about it.]])
* insert Issue(reason-required, 422, invariant, [[Give the reason in words, so that the other side knows why.]])
* insert IssueInvariant(reason-required, tl-task-1)
* insert Issue(output-missing, 422, invariant, A completed task needs its result attached.)
* insert IssueInvariant(output-missing, tl-task-2)
* insert Issue(coordination-duplicate, 422, business-rule, Another coordinator already does this for the member; say what you add to it.)
* insert Warning(ltss-not-integrated, business-rule, The plan does not yet contain the member's long-term services.)
* insert Issue(authorization-out-of-role, 403, forbidden, Your organization does not authorize this kind of service.)
* insert Issue(care-manager-missing, 422, required, Name the care manager of this enrollment.)
* insert Issue(flexible-services-aco-only, 422, business-rule, Flexible Services are only for members of an ACO.)
* insert Warning(screen-missing, business-rule, No completed Flexible Services screen is attached.)
* insert Issue(cp-may-not-authorize, 422, business-rule, A Community Partner recommends services and does not order them.)
* insert Issue(cp-may-not-set-quantity, 422, business-rule, A Community Partner does not set how much or how long.)
* insert Issue(care-plan-out-of-role, 403, forbidden, Your organization does not write this kind of care plan.)
* insert Issue(cp-function-only, 403, forbidden, Only a Community Partner screens for Flexible Services.)
* insert Issue(performer-not-contracted, 422, business-rule, This provider has no contract with the agency for waiver services.)
* insert Issue(not-authorized, 422, business-rule, There is no active authorization for this service on this date.)
* insert Issue(units-exceeded, 422, business-rule, More units are claimed than were authorized.)
* insert Issue(no-person-centered-parent, 422, business-rule, A provider's program plan must refer to the member's person-centered plan.)
* insert Issue(inconsistent-with-plan, 422, business-rule, [[The request asks for something that the member's care plan does not contain, or for more of it.]])
* insert Issue(undue-influence-risk, 403, forbidden, A service provider cannot enter a member's change of plan or refusal; the member does it or asks the plan.)
* insert Issue(state-request-missing, 422, required, A program integrity review must come from the state.)
* insert Issue(criteria-not-state-owned, 422, business-rule, The decision must cite the state's medical necessity criteria.)
* insert Issue(standard-not-own, 403, forbidden, [[Criteria, measures and integrity standards are set by the state.]])
* insert Issue(tpa-not-at-risk, 422, business-rule, The administrator's contract cannot carry financial risk for total cost of care.)
* insert Issue(three-parties, 422, business-rule, [[This contract needs the state, CMS and the plan as its three parties.]])
* insert Issue(information-not-provided, 422, invariant, Give the member the information about LTS Coordinators first and record it.)
* insert IssueInvariant(information-not-provided, tl-lts-2)
* insert Issue(decision-missing, 422, invariant, Record what the member decided.)
* insert IssueInvariant(decision-missing, tl-lts-3)
* insert Issue(two-coordinators, 422, invariant, [[Offer at least two LTS Coordinators, or say why only one was possible.]])
* insert IssueInvariant(two-coordinators, tl-lts-1)
* insert Warning(lts-network-thin, business-rule, The plan has fewer than two organizations for LTS Coordinators.)
* insert Issue(lts-cbo-required, 422, business-rule, An LTS Coordinator must come from an independent community organization.)
* insert Issue(lts-coordinator-required-offer, 422, business-rule, Offer the member an LTS Coordinator before the assessment starts.)
* insert Issue(member-choice-required, 422, business-rule, The member has not chosen an LTS Coordinator.)
* insert Issue(payment-model-missing, 422, required, State how the plan is paid.)
* insert Issue(assessment-missing, 422, business-rule, The plan needs an assessment from the last 12 months before it starts.)
* insert Issue(continuity-period, 422, business-rule, Services continue until the end of the continuity-of-care period.)
* insert Issue(budget-exceeded, 422, business-rule, The services cost more than the member's authorized budget.)
* insert Issue(provider-not-contracted, 422, business-rule, This provider has no contract with the plan.)
* insert Issue(onboarding-document-missing, 422, business-rule, A required document is missing or expired; the details name it.)
* insert Issue(credential-expired, 422, business-rule, The provider's license or certification has expired.)
* insert Issue(no-capacity, 422, business-rule, The provider cannot take new members now.)
* insert Warning(training-missing, business-rule, The caregiver's required training is not on file.)
* insert Issue(evv-service, 422, required, The visit lacks the type of service.)
* insert Issue(evv-recipient, 422, required, The visit lacks the member.)
* insert Issue(evv-date, 422, required, The visit lacks its date.)
* insert Issue(evv-location, 422, required, The visit lacks its place.)
* insert Issue(evv-provider, 422, required, The visit lacks the caregiver.)
* insert Issue(evv-times, 422, invariant, The visit needs a start time and a later end time.)
* insert IssueInvariant(evv-times, tl-evv-1)
* insert Issue(evv-missing, 422, business-rule, No verified visit supports this claim line.)
* insert Issue(ecp-required, 422, business-rule, The state requires the plan to keep this essential provider.)
* insert Issue(unit-mismatch, 422, business-rule, The unit is not the one in the fee schedule.)
* insert Issue(unit-missing, 422, invariant, Give the unit with its code.)
* insert IssueInvariant(unit-missing, tl-sr-2)
* insert Issue(no-fee-schedule, 422, business-rule, No fee schedule covers this service.)
* insert Warning(manual-missing, business-rule, The contract does not refer to the provider manual.)
* insert Issue(fiscal-intermediary-missing, 422, business-rule, Self-direction with a fiscal intermediary needs its name.)
* insert Issue(agency-missing, 422, business-rule, Self-direction with an agency needs its name.)
* insert Issue(not-self-directable, 422, business-rule, The state does not let members direct this service themselves.)
* insert Issue(denial-reason-required, 422, business-rule, A denial must say why.)
* insert Issue(care-team-missing, 422, invariant, An active plan needs a care team.)
* insert IssueInvariant(care-team-missing, tl-cp-1)
* insert Issue(goal-missing, 422, invariant, An active plan needs at least one goal.)
* insert IssueInvariant(goal-missing, tl-cp-3)
* insert Issue(activity-detail-not-used, 422, invariant, [[Describe each activity in its own request, not inside the plan.]])
* insert IssueInvariant(activity-detail-not-used, tl-cp-2)
* insert IssueElement(activity-detail-not-used, CarePlan.activity.detail)
* insert Issue(order-incomplete, 422, invariant, An active order needs a quantity and dates.)
* insert IssueInvariant(order-incomplete, tl-sr-1)
* insert Issue(review-date-missing, 422, invariant, An active plan needs the date of its next review.)
* insert IssueInvariant(review-date-missing, tl-cp-6)
* insert Issue(review-too-late, 422, business-rule, The next review must be within 12 months.)
* insert Issue(designated-contact-missing, 422, business-rule, [[Tell the member whom to contact, with a phone number or address.]])
* insert Issue(psp-i, 422, business-rule, Record that the member chose the setting.)
* insert Issue(psp-ii, 422, business-rule, Record the member's strengths and preferences.)
* insert Issue(psp-iii, 422, business-rule, Record the needs found in the assessment.)
* insert Issue(psp-iv, 422, business-rule, Record the member's goals and desired outcomes.)
* insert Issue(psp-v, 422, business-rule, Record the paid and unpaid services and supports.)
* insert Issue(psp-vi, 422, business-rule, [[Record the risks, what lowers them, and the backup plan.]])
* insert Issue(psp-vii, 422, business-rule, Confirm that the plan is written so that the member understands it.)
* insert Issue(psp-viii, 422, business-rule, Name who monitors the plan.)
* insert Issue(psp-ix, 422, business-rule, The plan needs the member's consent and the signatures of all who are responsible for it.)
* insert Issue(psp-x, 422, business-rule, Record to whom the plan was given.)
* insert Issue(psp-xi, 422, business-rule, Record which services the member directs.)
* insert Issue(psp-xii, 422, business-rule, Confirm that the plan contains no unnecessary service.)
* insert Issue(psp-xiii, 422, business-rule, Document each modification of the member's rights with its eight items.)
* insert Issue(member-must-consent, 422, invariant, Only the member or an authorized representative can be the one who decides here.)
* insert IssueInvariant(member-must-consent, tl-con-1)
* insert Issue(part2-consent-incomplete, 422, invariant, [[Consent for substance use records needs discloser, recipient, purpose, what is shared, an end, and the signed document.]])
* insert IssueInvariant(part2-consent-incomplete, tl-con-2)
* insert Issue(consent-too-deep, 422, invariant, Exceptions to a consent can be one level deep only.)
* insert IssueInvariant(consent-too-deep, tl-con-3)
* insert Issue(consent-mismatch, 422, business-rule, The consent does not name these two plans.)
* insert Issue(label-downgrade, 422, business-rule, A confidentiality label can be raised but not lowered here.)
* insert Issue(subsetted-update, 422, business-rule, [[Part of this record is not shown to you, so change single elements instead of replacing it.]])
* insert Issue(service-not-in-appendix, 404, not-found, The agreement's appendix does not list this service.)
* insert Issue(not-aco-mco-plan, 400, invalid, This question can be asked only about an ACO or MCO care plan.)
* insert Issue(program-unknown, 400, value, This program is not known here.)
* insert Issue(match-none, 422, not-found, No member matches.)
* insert Issue(match-multiple, 422, multiple-matches, More than one member matches; send more details.)
* insert Issue(profile-unknown, 422, not-supported, The profile that the record claims is not known here.)
* insert Issue(reference-not-found, 422, not-found, The record refers to something that does not exist.)
* insert Issue(code-invalid, 422, code-invalid, The code is not in the list for this place.)
* insert Issue(business-status-mismatch, 422, business-rule, The business status does not fit the task's status.)
* insert Issue(illegal-transition, 409, conflict, This step is not possible from the present status; the details name the possible ones.)
* insert Issue(not-your-step, 403, forbidden, Another party of this task takes this step.)
* insert Issue(role-not-permitted, 403, forbidden, Your organization's role does not allow this.)
* insert Issue(report-not-yours, 403, forbidden, Only the state and the reported organization can see this report.)
* insert Issue(break-glass-refused, 403, forbidden, Emergency access needs a treating role and a full reason.)
* insert Issue(version-stale, 412, conflict, Someone changed the record after you read it; read it again.)
* insert Issue(if-match-required, 428, required, Say which version you are changing.)
* insert Issue(delete-not-allowed, 405, not-supported, This kind of record is never deleted.)
* insert Issue(not-found, 404, not-found, There is no such record.)
