// The plan asks the Health Home for peer support for Rosa.

Instance: rosa-referral
InstanceOf: TandemReferral
Usage: #example
Title: "A referral of the plan to the Health Home"
* identifier[placer].type = $identifier-type#PLAC
* identifier[placer].system = "https://empire.example/referrals"
* identifier[placer].value = "R-2210"
* status = #active
* intent = #order
* priority = #routine
* code = $hcpcs#H0038 "Self-help/peer services, per 15 minutes"
* subject = Reference(rosa)
* authoredOn = "2026-11-16"
* requester = Reference(empire-coordinator)
* performer = Reference(hh-bridge)
* reasonCode.text = "Rosa would like to walk with somebody who has had a depression herself."
* insurance = Reference(rosa-mltc)
* supportingInfo[consent] = Reference(rosa-sharing)

RuleSet: Referral(status, business)
* status = #{status}
* businessStatus = $referral-status#{business}
* intent = #order
* code = $task-code#fulfill
* focus = Reference(rosa-referral)
* for = Reference(rosa)
* authoredOn = "2026-11-16T11:00:00-05:00"
* requester = Reference(empire-coordinator)
* owner = Reference(hh-bridge)

Instance: referral-requested
InstanceOf: TandemReferralTask
Usage: #example
Title: "A referral that waits for an answer"
* insert Referral(requested, 2.0)

Instance: referral-declined
InstanceOf: TandemReferralTask
Usage: #example
Title: "A referral that was declined, with the reason"
* insert Referral(rejected, 4.0)
* statusReason.text = "All peers are taken until February; ask again then."

Instance: referral-completed
InstanceOf: TandemReferralTask
Usage: #example
Title: "A referral that was carried out"
* insert Referral(completed, 7.0)
* output.type.text = "What came of it"
* output.valueString = "Rosa walks with a peer each Tuesday."
