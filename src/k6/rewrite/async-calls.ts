import type { AnyNode, CallExpression } from 'acorn'
import { isWaiting } from '../modules.ts'
import { type FunctionNode, isFunction, walk } from '../syntax/nodes.ts'
import type { ScriptModule, ScriptProgram } from '../syntax/read-program.ts'
import { arrayMethods } from './array-methods.ts'
import { calleeOf, meaningOf } from './callees.ts'
import { followFunctions, type ScriptFlow } from './function-flow.ts'

/** A call in a script. */
export interface CallSite {
  readonly call: CallExpression
  readonly of: ScriptModule
  /** The function around it; undefined at the top of a module. */
  readonly within: FunctionNode | undefined
}

/** What the rewritten script awaits. */
export interface AsyncCalls {
  readonly flow: ScriptFlow
  readonly calls: readonly CallSite[]
  /** Calls that are awaited. */
  readonly awaited: ReadonlySet<CallExpression>
  /** Of these, calls of array methods with a callback that waits. */
  readonly loops: ReadonlySet<CallExpression>
  /** Functions that become async. */
  readonly functions: ReadonlySet<FunctionNode>
}

/**
 * Finds the calls that must be awaited: those of k6's waiting functions, and of functions of the script that contain
 * such a call. Where the source does not show what a call runs, it is awaited if a waiting function may be there;
 * to await a call that does not wait changes nothing but the time of a microtask.
 */
export function findAsyncCalls(program: ScriptProgram): AsyncCalls {
  const flow = followFunctions(program)
  const calls = [...program.modules.values()].flatMap(callsIn)
  const awaited = new Set<CallExpression>()
  const loops = new Set<CallExpression>()
  const functions = new Set<FunctionNode>()
  const names = new Set(flow.k6Names)
  let escaped = flow.k6Escapes

  const waits = (value: AnyNode | undefined, of: ScriptModule): boolean => {
    if (value === undefined) return false
    const meaning = meaningOf(value, of, program)
    if (meaning.kind === 'function') return functions.has(meaning.node)
    if (meaning.kind === 'k6') return isWaiting(meaning.source, meaning.name)
    if (meaning.kind === 'member') return names.has(meaning.name)
    return meaning.kind === 'unknown' && mayBeFunction(value) && escaped
  }
  const isLoop = ({ call, of }: CallSite): boolean => {
    const callee = calleeOf(call, of, program)
    if (callee.kind !== 'member') return false
    if (arrayMethods.has(callee.name)) return waits(call.arguments[0], of)
    return isArrayFrom(call) && waits(call.arguments[1], of)
  }
  const isAwaited = ({ call, of }: CallSite): boolean => {
    if (call.callee.type === 'Super') return false
    const callee = calleeOf(call, of, program)
    switch (callee.kind) {
      case 'k6':
        if (callee.name === 'check') return predicatesOf(call).some((value) => waits(value, of))
        return isWaiting(callee.source, callee.name)
      case 'function':
        return functions.has(callee.node)
      case 'member':
        return names.has(callee.name) || (escaped && flow.unknownNames.has(callee.name))
      case 'unknown':
        return escaped || (call.callee.type === 'MemberExpression' && names.size > 0)
      default:
        return false
    }
  }
  const becomeAsync = (node: FunctionNode | undefined) => {
    if (node === undefined || node.async || functions.has(node)) return
    functions.add(node)
    const { names: own = [], escapes = false } = flow.functions.get(node) ?? {}
    for (const name of own) names.add(name)
    escaped ||= escapes
  }

  for (let before = -1; before !== awaited.size + functions.size + loops.size; ) {
    before = awaited.size + functions.size + loops.size
    for (const site of calls) {
      const loop = isLoop(site)
      if (loop) loops.add(site.call)
      if (!loop && !isAwaited(site)) continue
      awaited.add(site.call)
      becomeAsync(site.within)
    }
  }
  return { flow, calls, awaited, loops, functions }
}

function callsIn(of: ScriptModule): CallSite[] {
  const found: CallSite[] = []
  walk(of.module.program, (node) => {
    if (node.type === 'CallExpression')
      found.push({ call: node, of, within: functionAround(node, of) })
  })
  return found
}

/** The innermost function around a node. */
function functionAround(node: AnyNode, of: ScriptModule): FunctionNode | undefined {
  let at = of.scopes.parentOf(node)
  while (at !== undefined && !isFunction(at)) at = of.scopes.parentOf(at)
  return at
}

export function isArrayFrom({ callee }: CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Array' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'from'
  )
}

function mayBeFunction({ type }: AnyNode): boolean {
  return type === 'Identifier' || type === 'CallExpression' || type === 'MemberExpression'
}

/** The functions of `check(value, { name: function })`, where they are written there. */
function predicatesOf(call: CallExpression): AnyNode[] {
  const checks = call.arguments[1]
  if (checks?.type !== 'ObjectExpression') return []
  return checks.properties.flatMap((property) =>
    property.type === 'Property' ? [property.value] : [],
  )
}
