import type { AnyNode, CallExpression, Expression, MemberExpression } from 'acorn'
import { knownModules } from '../modules.ts'
import { type FunctionNode, isFunction, staticKey } from '../syntax/nodes.ts'
import type { ScriptModule, ScriptProgram } from '../syntax/read-program.ts'
import type { Binding } from '../syntax/scopes.ts'

/** What an expression names, as far as the source shows. */
export type Meaning =
  /** A module of k6 as a whole: its namespace or its default export. */
  | { readonly kind: 'module'; readonly source: string }
  /** An export of a module of k6. */
  | { readonly kind: 'k6'; readonly source: string; readonly name: string }
  /** A function of the script. */
  | { readonly kind: 'function'; readonly node: FunctionNode }
  /** A property of some object. */
  | { readonly kind: 'member'; readonly name: string; readonly object: Expression }
  /** A global of the language, such as `parseInt`. */
  | { readonly kind: 'global'; readonly name: string }
  /** A value that only the run shows: a parameter, an element, the result of a call. */
  | { readonly kind: 'unknown' }

const unknown: Meaning = { kind: 'unknown' }

/** Finds what `node` of the file `of` names; follows constants and imports between the script's files. */
export function meaningOf(node: AnyNode, of: ScriptModule, program: ScriptProgram): Meaning {
  return meaning(node, of, program, 0)
}

/** Bindings that lead to each other would be followed for ever. */
const maxDepth = 20

function meaning(node: AnyNode, of: ScriptModule, program: ScriptProgram, depth: number): Meaning {
  if (isFunction(node)) return { kind: 'function', node }
  if (depth > maxDepth) return unknown
  if (node.type === 'ChainExpression') return meaning(node.expression, of, program, depth)
  if (node.type === 'Identifier') {
    const binding = of.scopes.bindingOf(node)
    if (binding === undefined) return { kind: 'global', name: node.name }
    return bindingMeaning(binding, of, program, depth + 1)
  }
  if (node.type === 'MemberExpression') return memberMeaning(node, of, program, depth)
  return unknown
}

function memberMeaning(
  node: MemberExpression,
  of: ScriptModule,
  program: ScriptProgram,
  depth: number,
): Meaning {
  const name = staticKey(node.property, node.computed)
  if (name === undefined) return unknown
  const object = meaning(node.object, of, program, depth + 1)
  if (object.kind === 'module' && knownModules[object.source]?.includes(name) === true)
    return { kind: 'k6', source: object.source, name }
  return { kind: 'member', name, object: node.object as Expression }
}

function bindingMeaning(
  binding: Binding,
  of: ScriptModule,
  program: ScriptProgram,
  depth: number,
): Meaning {
  if (binding.imported !== undefined) {
    const { source, name } = binding.imported
    const file = of.imports.get(source)
    if (file === undefined)
      return name === '*' || name === 'default'
        ? { kind: 'module', source }
        : { kind: 'k6', source, name }
    return name === '*' ? unknown : exportMeaning(name, file, program, depth)
  }
  if (binding.reassigned || binding.value === undefined) return unknown
  const value = meaning(binding.value, of, program, depth)
  // A variable that holds a property may be of another object by now.
  return value.kind === 'member' ? unknown : value
}

function exportMeaning(name: string, file: string, program: ScriptProgram, depth: number): Meaning {
  const of = program.modules.get(file)
  if (of === undefined) return unknown
  for (const statement of of.module.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default')
      return meaning(statement.declaration, of, program, depth + 1)
    if (statement.type !== 'ExportNamedDeclaration') continue
    const listed = statement.specifiers.find((one) => staticKey(one.exported, false) === name)
    if (listed === undefined) continue
    const local = staticKey(listed.local, false) ?? ''
    const from = statement.source ? of.imports.get(String(statement.source.value)) : undefined
    return from === undefined
      ? namedMeaning(local, of, program, depth)
      : exportMeaning(local, from, program, depth + 1)
  }
  return namedMeaning(name, of, program, depth)
}

/** What a name at the top of a file names. */
function namedMeaning(
  name: string,
  of: ScriptModule,
  program: ScriptProgram,
  depth: number,
): Meaning {
  const binding = of.scopes.topLevel(name)
  return binding === undefined ? unknown : bindingMeaning(binding, of, program, depth + 1)
}

/** The function that a call runs: the callee itself, or that of `f.call(…)` and `f.apply(…)`. */
export function calleeOf(call: CallExpression, of: ScriptModule, program: ScriptProgram): Meaning {
  const callee = meaningOf(call.callee, of, program)
  if (callee.kind !== 'member' || (callee.name !== 'call' && callee.name !== 'apply')) return callee
  return meaningOf(callee.object, of, program)
}
