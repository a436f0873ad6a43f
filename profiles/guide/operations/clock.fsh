// What a tester asks so that a program's days pass at once.

Instance: test-clock
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(test-clock)
* name = "TestClock"
* title = "Set the clock of the rules"
* description = "Sets the clock by which a program's rules count days and time brings what is due, then looks at all that is due by then, and answers. For tests alone: refused unless the server was started for them and the caller's role is tester. Versions, certificates, tokens and deliveries go by the real clock."
* instance = false
* system = true
* parameter[+].name = #now
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #instant
* parameter[=].documentation = "The moment from which the clock goes on; without it, the real one."
* parameter[+].name = #now
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #instant
* parameter[=].documentation = "What the clock says now."
* parameter[+].name = #looks
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #unsignedInt
* parameter[=].documentation = "How many records were looked at because their time had come."
