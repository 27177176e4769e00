import type { AnyNode, CallExpression } from 'acorn'
import { isWaiting } from '../modules.ts'
import { type FunctionNode, isFunction, walk } from '../syntax/nodes.ts'
import type { ScriptModule, ScriptProgram } from '../syntax/read-program.ts'
import { type Refusal, refusal } from '../syntax/refusal.ts'
import { arrayMethods, promiseMethods } from './array-methods.ts'
import { type AsyncCalls, type CallSite, isArrayFrom } from './async-calls.ts'
import { calleeOf } from './callees.ts'

const requestHint = 'move the request or the pause into a plain function'

/** Finds the places where a call would have to be awaited and cannot be, and syntax that has no stand-in. */
export function findRefusals(program: ScriptProgram, found: AsyncCalls): Refusal[] {
  return [
    ...program.refusals,
    ...found.calls.flatMap((site) => callRefusals(site, program, found)),
    ...[...found.functions].flatMap((node) => functionRefusals(node, program, found)),
    ...[...program.modules.values()].flatMap(importRefusals),
  ]
}

function callRefusals(site: CallSite, program: ScriptProgram, found: AsyncCalls): Refusal[] {
  const { call, of, within } = site
  const refuse = (reason: string, hint: string) => [refusal(of.module, call, reason, hint)]
  const callee = calleeOf(call, of, program)
  if (callee.kind === 'global' && callee.name === 'require')
    return refuse('modules are imported, not required', 'write import … from')
  if (callee.kind === 'member' && !found.flow.ownNames.has(callee.name)) {
    const { name } = callee
    // Names such as hasOwnProperty are of every object.
    const missing = Object.hasOwn(documentMethods, name) ? documentMethods[name] : undefined
    if (missing !== undefined)
      return refuse(missing, 'use res.json(), or a regular expression on res.body')
  }
  if (!found.awaited.has(call)) return []
  const reason = whyNotAwaited(call, of)
  if (reason !== undefined) return refuse(reason, requestHint)
  if (callee.kind === 'k6' && isWaiting(callee.source, callee.name) && within === undefined)
    return refuse(
      `${callee.name}() is called while the script is loaded`,
      'call it in the default function or in setup()',
    )
  return []
}

const documentMethods: Readonly<Record<string, string>> = {
  html: 'HTML is not parsed',
  submitForm: 'forms are not read from HTML',
  clickLink: 'links are not read from HTML',
}

/** Why the place of a call rules `await` out. */
function whyNotAwaited(call: CallExpression, { scopes }: ScriptModule): string | undefined {
  const parent = scopes.parentOf(call)
  if (parent !== undefined && isInsideChain(call, parent))
    return 'a call in the middle of an optional chain (?.) cannot wait'
  let child: AnyNode = call
  let at = parent
  while (at !== undefined && !isFunction(at)) {
    const reason = whyNotIn(at, child)
    if (reason !== undefined) return reason
    child = at
    at = scopes.parentOf(at)
  }
  if (at === undefined) return undefined
  if (at.params.some((param) => param === child)) return 'the default of a parameter cannot wait'
  if (at.generator === true) return 'a generator cannot wait'
  return whyNotMethod(scopes.parentOf(at))
}

/** Parts of classes that the language evaluates by itself. */
function whyNotIn(node: AnyNode, child: AnyNode): string | undefined {
  if (node.type === 'StaticBlock') return 'a static block cannot wait'
  return node.type === 'PropertyDefinition' && node.value === child
    ? 'the value of a class field cannot wait'
    : undefined
}

function whyNotMethod(owner: AnyNode | undefined): string | undefined {
  if (owner?.type !== 'MethodDefinition' && owner?.type !== 'Property') return undefined
  if (owner.kind === 'constructor') return 'a constructor cannot wait'
  return owner.kind === 'get' || owner.kind === 'set' ? 'a getter or setter cannot wait' : undefined
}

/** Whether more of an optional chain follows a call that is part of it. */
function isInsideChain(call: CallExpression, parent: AnyNode): boolean {
  if (parent.type === 'MemberExpression') return parent.object === call && hasOptional(call)
  return parent.type === 'CallExpression' && parent.callee === call && hasOptional(call)
}

function hasOptional(node: AnyNode): boolean {
  if (node.type === 'CallExpression') return node.optional || hasOptional(node.callee)
  if (node.type === 'MemberExpression') return node.optional || hasOptional(node.object)
  return false
}

/** Names of methods that the language calls by itself, which does not wait for them. */
const implicit = new Set(['toString', 'valueOf', 'toJSON', 'then'])

function functionRefusals(
  node: FunctionNode,
  program: ScriptProgram,
  { flow }: AsyncCalls,
): Refusal[] {
  const about = flow.functions.get(node)
  if (about === undefined) return []
  const { of, names, argumentOf } = about
  const called = [...names].find((name) => implicit.has(name))
  const own =
    called === undefined
      ? []
      : [
          refusal(
            of.module,
            node,
            `${called}() is called by the language, which does not wait`,
            requestHint,
          ),
        ]
  return [
    ...own,
    ...argumentOf.flatMap((call) => {
      const place = moduleOf(call, program)
      const name =
        place === undefined ? undefined : foreignCallee(call, place, program, flow.ownNames)
      if (name === undefined || place === undefined) return []
      return [
        refusal(
          place.module,
          call,
          `${name} calls its function synchronously, and that function waits`,
          'write a for loop',
        ),
      ]
    }),
  ]
}

/** The name of a function outside the script that a callback is passed to. */
function foreignCallee(
  call: AnyNode,
  of: ScriptModule,
  program: ScriptProgram,
  ownNames: ReadonlySet<string>,
): string | undefined {
  if (call.type === 'NewExpression') {
    const { callee } = call
    const isGlobal = callee.type === 'Identifier' && of.scopes.bindingOf(callee) === undefined
    return isGlobal ? `new ${callee.name}()` : undefined
  }
  if (call.type !== 'CallExpression' || isArrayFrom(call)) return undefined
  const callee = calleeOf(call, of, program)
  if (callee.kind === 'global') return `${callee.name}()`
  if (callee.kind !== 'member') return undefined
  const isKnown =
    ownNames.has(callee.name) || arrayMethods.has(callee.name) || promiseMethods.has(callee.name)
  return isKnown ? undefined : `${callee.name}()`
}

function moduleOf(node: AnyNode, program: ScriptProgram): ScriptModule | undefined {
  return [...program.modules.values()].find(({ scopes }) => scopes.parentOf(node) !== undefined)
}

function importRefusals(of: ScriptModule): Refusal[] {
  const found: Refusal[] = []
  walk(of.module.program, (node) => {
    if (node.type === 'ImportExpression')
      found.push(
        refusal(
          of.module,
          node,
          'modules are not loaded while the script runs',
          'import it at the top of the file',
        ),
      )
  })
  return found
}
