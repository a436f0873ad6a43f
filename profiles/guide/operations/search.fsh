Instance: explain
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(explain)
* name = "Explain"
* title = "Explain a search"
* description = "Says how a search would be run: where it starts, what each further step asks, and how many rows each of them leaves. The search's own parameters stand in the address. For clients that may read everything."
* resource = #Resource
* type = true
* system = true
* affectsState = false
* parameter[+].name = #query
* parameter[=].use = #out
* parameter[=].min = 0
* parameter[=].max = "1"
* parameter[=].type = #string
* parameter[=].documentation = "The query as it was understood."
* parameter[+].name = #step
* parameter[=].use = #out
* parameter[=].min = 0
* parameter[=].max = "*"
* parameter[=].documentation = "A step, in the order in which they are taken."
* parameter[=].part[+].name = #does
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #string
* parameter[=].part[=].documentation = "What the step does, in words."
* parameter[=].part[+].name = #rows
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #decimal
* parameter[=].part[=].documentation = "Rows that it leaves."
