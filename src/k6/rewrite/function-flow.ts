import type { AnyNode, CallExpression } from 'acorn'
import { httpMethods, isWaiting } from '../modules.ts'
import { type FunctionNode, isFunction, staticKey, walk } from '../syntax/nodes.ts'
import type { ScriptModule, ScriptProgram } from '../syntax/read-program.ts'
import { arrayMethods, promiseMethods } from './array-methods.ts'
import { calleeOf, meaningOf } from './callees.ts'

/** Where the values of one function go. */
interface FunctionFlow {
  readonly of: ScriptModule
  /** Names of properties and exports that hold it. */
  readonly names: Set<string>
  /** Whether it becomes a value that the source does not follow, such as an argument or an element. */
  escapes: boolean
  /** Calls of which it is an argument. */
  readonly argumentOf: AnyNode[]
}

/** How functions move through a script: what a call of `x.name()` or of a parameter may run. */
export interface ScriptFlow {
  readonly functions: ReadonlyMap<FunctionNode, FunctionFlow>
  /** Properties that hold values which the source does not show. */
  readonly unknownNames: ReadonlySet<string>
  /** Names of all methods and functions of the script. */
  readonly ownNames: ReadonlySet<string>
  /** Whether functions of k6 that wait become values, such as `retry(http.get)`; and the names that hold them. */
  readonly k6Escapes: boolean
  readonly k6Names: ReadonlySet<string>
}

/** Follows the functions of a script through variables, properties, exports and arguments. */
export function followFunctions(program: ScriptProgram): ScriptFlow {
  const functions = new Map<FunctionNode, FunctionFlow>()
  for (const of of program.modules.values())
    walk(of.module.program, (node) => {
      if (isFunction(node)) functions.set(node, newFlow(of, node))
    })
  const flow = {
    functions,
    unknownNames: new Set<string>(),
    k6Names: new Set<string>(),
    k6Escapes: false,
  }
  for (const of of program.modules.values())
    walk(of.module.program, (node, parent) => {
      if (parent !== undefined) followValue(flow, { node, parent, of, program })
    })
  const ownNames = new Set([...functions.values()].flatMap(({ names }) => [...names]))
  return { ...flow, ownNames }
}

/** A node and its surroundings. */
interface Place {
  readonly node: AnyNode
  readonly parent: AnyNode
  readonly of: ScriptModule
  readonly program: ScriptProgram
}

function followValue(
  flow: {
    readonly functions: ReadonlyMap<FunctionNode, FunctionFlow>
    readonly unknownNames: Set<string>
    readonly k6Names: Set<string>
    k6Escapes: boolean
  },
  place: Place,
): void {
  const { node, parent, of, program } = place
  const held = heldUnder(node, parent)
  const meaning = isValue(node, of) ? meaningOf(node, of, program) : undefined
  if (held !== undefined && !isPlain(node) && meaning?.kind !== 'function')
    flow.unknownNames.add(held)
  switch (meaning?.kind) {
    case 'function': {
      const own = flow.functions.get(meaning.node)
      if (own !== undefined) addUse(own, place)
      return
    }
    case 'k6':
      if (!isWaiting(meaning.source, meaning.name)) return
      flow.k6Escapes ||= !isFollowed(node, parent)
      if (held !== undefined) flow.k6Names.add(held)
      return
    case 'module':
      if (isFollowed(node, parent)) return
      flow.k6Escapes = true
      for (const name of waitingNames) flow.k6Names.add(name)
      return
    default:
  }
}

const waitingNames = [...Object.keys(httpMethods), 'request', 'batch', 'sleep', 'group']

function newFlow(of: ScriptModule, node: FunctionNode): FunctionFlow {
  const names = new Set<string>()
  if (node.type === 'FunctionDeclaration' && node.id) names.add(node.id.name)
  return { of, names, escapes: false, argumentOf: [] }
}

/** Whether `node` is an expression that may name a function. */
function isValue(node: AnyNode, of: ScriptModule): boolean {
  if (node.type === 'Identifier') return of.scopes.isReference(node)
  return isFunction(node) || node.type === 'MemberExpression'
}

function addUse(flow: FunctionFlow, { node, parent, of, program }: Place): void {
  const name = heldUnder(node, parent)
  if (name !== undefined) flow.names.add(name)
  else if (isArgument(node, parent)) {
    flow.argumentOf.push(parent)
    if (!isFollowedCall(parent as CallExpression, of, program)) flow.escapes = true
  } else if (!isDeclared(node, parent) && !isFollowed(node, parent)) flow.escapes = true
}

/** The property or export that holds the value `node`. */
function heldUnder(node: AnyNode, parent: AnyNode): string | undefined {
  switch (parent.type) {
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.value === node ? staticKey(parent.key, parent.computed) : undefined
    case 'AssignmentExpression':
      return parent.right === node && parent.left.type === 'MemberExpression'
        ? staticKey(parent.left.property, parent.left.computed)
        : undefined
    case 'VariableDeclarator':
      return parent.init === node && parent.id.type === 'Identifier' && isFunction(node)
        ? parent.id.name
        : undefined
    case 'ExportSpecifier':
      return staticKey(parent.exported, false)
    case 'ExportDefaultDeclaration':
      return 'default'
    default:
      return undefined
  }
}

/** Whether calls of the value are found by its use: it is called, is the object of a member, or is named by a constant. */
function isFollowed(node: AnyNode, parent: AnyNode): boolean {
  if (isCallee(node, parent)) return true
  if (parent.type === 'MemberExpression') return parent.object === node
  return parent.type === 'VariableDeclarator' && parent.id.type === 'Identifier'
}

function isDeclared(node: AnyNode, parent: AnyNode): boolean {
  return (
    node.type === 'FunctionDeclaration' &&
    (parent.type === 'Program' ||
      parent.type === 'BlockStatement' ||
      parent.type === 'ExportNamedDeclaration' ||
      parent.type === 'SwitchCase')
  )
}

function isCallee(node: AnyNode, parent: AnyNode): boolean {
  return parent.type === 'CallExpression' && parent.callee === node
}

function isArgument(node: AnyNode, parent: AnyNode): boolean {
  return (
    (parent.type === 'CallExpression' || parent.type === 'NewExpression') && parent.callee !== node
  )
}

/** Whether a call does with its callback only what its name says: k6's own functions, methods of arrays and promises. */
function isFollowedCall(call: AnyNode, of: ScriptModule, program: ScriptProgram): boolean {
  if (call.type !== 'CallExpression') return false
  const callee = calleeOf(call, of, program)
  if (callee.kind === 'k6') return true
  return (
    callee.kind === 'member' && (arrayMethods.has(callee.name) || promiseMethods.has(callee.name))
  )
}

/** Values that are no function, by their syntax. */
function isPlain(node: AnyNode): boolean {
  return [
    'Literal',
    'TemplateLiteral',
    'ObjectExpression',
    'ArrayExpression',
    'BinaryExpression',
    'UnaryExpression',
    'NewExpression',
  ].includes(node.type)
}
