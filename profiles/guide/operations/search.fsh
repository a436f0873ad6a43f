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

RuleSet: ReindexPart(name, type, said)
* parameter[=].part[+].name = #{name}
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #{type}
* parameter[=].part[=].documentation = "{said}"

RuleSet: ReindexOut
* parameter[+].name = #complete
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #boolean
* parameter[=].documentation = "Whether nothing is left to be done."
* parameter[+].name = #type
* parameter[=].use = #out
* parameter[=].min = 0
* parameter[=].max = "*"
* parameter[=].documentation = "A resource type and how far it is."
* insert ReindexPart(name, code, The type.)
* insert ReindexPart(done, decimal, Records that have been indexed.)
* insert ReindexPart(total, decimal, Records that there are.)
* insert ReindexPart(unreadable, decimal, Records that could not be.)
* insert ReindexPart(complete, boolean, Whether it is done.)

Instance: reindex
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(reindex)
* name = "Reindex"
* title = "Make the index anew"
* description = "Starts to index the stored records of a type, or of all, once more by the search parameters that are known now. The server goes on working meanwhile; what was being indexed when it ended goes on when it starts."
* resource = #Resource
* type = true
* system = true
* insert ReindexOut

Instance: reindex-status
InstanceOf: OperationDefinition
Usage: #definition
* insert Operation(reindex-status)
* name = "ReindexStatus"
* title = "How far the index is"
* description = "Says which types are being indexed and how far that is."
* resource = #Resource
* system = true
* affectsState = false
* insert ReindexOut
