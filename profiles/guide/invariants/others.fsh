// What must hold in one service request, task, coverage, consent or endpoint by itself.

Invariant: tl-sr-1
Description: "An active order says how much and when."
Severity: #error
Expression: "(status = 'active' and intent = 'order') implies (quantity.exists() and occurrence.exists())"

Invariant: tl-sr-2
Description: "A quantity has a coded unit, in both parts when it is a ratio."
Severity: #error
Expression: "quantity.ofType(Quantity).all(system.exists() and code.exists()) and quantity.ofType(Ratio).all(numerator.system.exists() and numerator.code.exists() and denominator.system.exists() and denominator.code.exists())"

Invariant: tl-task-1
Description: "A task that is rejected, failed, cancelled or on hold says why in words."
Severity: #error
Expression: "(status in ('rejected'|'failed'|'cancelled'|'on-hold')) implies statusReason.text.exists()"

Invariant: tl-task-2
Description: "A completed task has its result."
Severity: #error
Expression: "status='completed' implies output.exists()"

Invariant: tl-cov-1
Description: "Managed long-term care needs an expected need of more than 120 days."
Severity: #error
Expression: "class.where(type.coding.where(system='http://tandem-fhir.org/ltss/CodeSystem/coverage-class' and code='program').exists() and value='mltc').exists() implies extension('http://tandem-fhir.org/ltss/StructureDefinition/ltss-need-days').value.ofType(Quantity).where(code='d' and value > 120).exists()"

Invariant: tl-con-1
Description: "Only the member, or a related person with authority, decides about taking part."
Severity: #error
Expression: "performer.exists() and performer.all(reference.exists() and reference.matches('(^|/)(Patient|RelatedPerson)/[A-Za-z0-9.-]+'))"

Invariant: tl-con-3
Description: "Exceptions to a consent are one level deep."
Severity: #error
Expression: "provision.provision.provision.empty()"

Invariant: tl-end-1
Description: "Records are sent over TLS only: the address begins with https."
Severity: #error
Expression: "address.startsWith('https://')"

Invariant: tl-evv-1
Description: "A finished visit has a begin and a later end, both with their time."
Severity: #error
Expression: "status = 'finished' implies period.where(start.toString().contains('T') and end.toString().contains('T') and end > start).exists()"
