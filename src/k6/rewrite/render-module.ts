import type { AnyNode, CallExpression, Identifier, TemplateLiteral } from 'acorn'
import { childrenOf, isFunction, staticKey } from '../syntax/nodes.ts'
import type { ScriptModule, ScriptProgram } from '../syntax/read-program.ts'
import { type AsyncCalls, isArrayFrom } from './async-calls.ts'
import { calleeOf } from './callees.ts'
import { exportedGetters } from './exports.ts'

/** The parameters of a rewritten module, which is the body of a function. */
export const moduleParameters = ['$lb', '$exports', '$imports', '__ENV', 'open', 'console'] as const

/** Globals of k6 that change from iteration to iteration, or from virtual user to virtual user. */
const changing: Readonly<Record<string, string>> = { __VU: '$lb.vu', __ITER: '$lb.iteration' }

/**
 * Rewrites a module to the body of a function: calls that wait are awaited, imports and exports are properties of
 * `$imports` and `$exports`. Every line stays where it is, so that errors name the lines of the source.
 */
export function renderModule(of: ScriptModule, program: ScriptProgram, found: AsyncCalls): string {
  const renderer = new ModuleRenderer(of, program, found)
  const body = renderer.render(of.module.program)
  return `'use strict'; return (async () => { $lb.define($exports, {${exportedGetters(of)}}); ${body}\n})()`
}

class ModuleRenderer {
  readonly #of: ScriptModule
  readonly #program: ScriptProgram
  readonly #found: AsyncCalls
  readonly #sources: readonly string[]

  constructor(of: ScriptModule, program: ScriptProgram, found: AsyncCalls) {
    this.#of = of
    this.#program = program
    this.#found = found
    this.#sources = [...of.imports.keys()]
  }

  render(node: AnyNode): string {
    switch (node.type) {
      case 'Program':
        // A hashbang is a comment only at the start of a file.
        return this.#weave(node, 0, this.#of.module.text.length).replace(/^#!/, '//')
      case 'Identifier':
        return this.#identifier(node)
      case 'ImportDeclaration':
        return this.#blank(node.start, node.end)
      case 'MetaProperty':
        return node.meta.name === 'import' ? '$lb.meta' : this.#weave(node)
      case 'ExportNamedDeclaration':
        if (!node.declaration) return this.#blank(node.start, node.end)
        return this.#blank(node.start, node.declaration.start) + this.render(node.declaration)
      case 'ExportAllDeclaration':
        return this.#exportAll(node)
      case 'ExportDefaultDeclaration':
        return this.#exportDefault(node)
      case 'ExpressionStatement':
        return this.#statement(node)
      case 'CallExpression':
        return this.#call(node)
      case 'ChainExpression':
        return this.#awaits(node.expression) ? `(await ${this.#weave(node)})` : this.#weave(node)
      case 'MemberExpression':
        return this.#isMathRandom(node) ? '$lb.random' : this.#weave(node)
      case 'Property':
      case 'MethodDefinition':
        return this.#property(node)
      default:
        return isFunction(node) && this.#found.functions.has(node)
          ? `async ${this.#weave(node)}`
          : this.#weave(node)
    }
  }

  /** The source of a node with its children rendered. */
  #weave(node: AnyNode, from = node.start, to = node.end): string {
    const { text } = this.#of.module
    let woven = ''
    let at = from
    for (const child of childrenOf(node)) {
      // A shorthand property has its name twice at one place.
      if (child.start < at || child.start < from || child.end > to) continue
      woven += text.slice(at, child.start) + this.render(child)
      at = child.end
    }
    return woven + text.slice(at, to)
  }

  /** As many lines as the source has between the offsets, and nothing else. */
  #blank(from: number, to: number): string {
    return this.#of.module.text.slice(from, to).replace(/[^\n]+/g, '')
  }

  #identifier(node: Identifier): string {
    if (!this.#of.scopes.isReference(node)) return node.name
    const binding = this.#of.scopes.bindingOf(node)
    const replaced = binding === undefined ? changing[node.name] : this.#imported(binding.imported)
    if (replaced === undefined) return node.name
    const parent = this.#of.scopes.parentOf(node)
    const called =
      binding !== undefined &&
      ((parent?.type === 'CallExpression' && parent.callee === node) ||
        (parent?.type === 'TaggedTemplateExpression' && parent.tag === node))
    // A function that is called as a property would get the object as `this`.
    return called ? `(0, ${replaced})` : replaced
  }

  #imported(imported: { source: string; name: string } | undefined): string | undefined {
    if (imported === undefined) return undefined
    const namespace = `$imports[${this.#sources.indexOf(imported.source)}]`
    return imported.name === '*' ? namespace : `${namespace}.${imported.name}`
  }

  #isMathRandom(node: AnyNode & { type: 'MemberExpression' }): boolean {
    return (
      node.object.type === 'Identifier' &&
      node.object.name === 'Math' &&
      this.#of.scopes.bindingOf(node.object) === undefined &&
      staticKey(node.property, node.computed) === 'random'
    )
  }

  #property(node: AnyNode & { type: 'Property' | 'MethodDefinition' }): string {
    if (node.type === 'Property' && node.shorthand) {
      // `{ name = value }` of a pattern.
      if (node.value.type !== 'Identifier') return this.render(node.value)
      const value = this.render(node.value)
      return value === node.value.name ? value : `${node.value.name}: ${value}`
    }
    const isMethod = node.type === 'MethodDefinition' || node.method
    if (!isMethod || !isFunction(node.value) || !this.#found.functions.has(node.value))
      return this.#weave(node)
    const { text } = this.#of.module
    const key = node.computed ? text.lastIndexOf('[', node.key.start) : node.key.start
    const head = text.slice(node.start, key)
    const tail = text.slice(node.key.end, node.value.start)
    const name = node.computed
      ? text.slice(key, node.key.start) + this.render(node.key)
      : text.slice(node.key.start, node.key.end)
    return `${head}async ${name}${tail}${this.#weave(node.value)}`
  }

  /** A statement that would begin with a parenthesis could continue the one before it. */
  #statement(node: AnyNode & { type: 'ExpressionStatement' }): string {
    const rendered = this.#weave(node)
    const { text } = this.#of.module
    return rendered.startsWith('(') && text[node.start] !== '(' ? `0,${rendered}` : rendered
  }

  #awaits(node: AnyNode): node is CallExpression {
    return node.type === 'CallExpression' && this.#found.awaited.has(node)
  }

  #call(node: CallExpression): string {
    const rendered = this.#found.loops.has(node) ? this.#loop(node) : this.#plainCall(node)
    const parent = this.#of.scopes.parentOf(node)
    // The end of an optional chain is awaited as a whole.
    return this.#awaits(node) && parent?.type !== 'ChainExpression'
      ? `(await ${rendered})`
      : rendered
  }

  #plainCall(node: CallExpression): string {
    const callee = calleeOf(node, this.#of, this.#program)
    if (callee.kind !== 'k6' || callee.source !== 'k6/http') return this.#weave(node)
    const url = node.arguments[callee.name === 'request' ? 1 : 0]
    if (url?.type !== 'TemplateLiteral' || url.expressions.length === 0) return this.#weave(node)
    return this.#splice(node, url, `$lb.url${this.render(url)}`)
  }

  /** The source of a call with one of its arguments replaced. */
  #splice(node: CallExpression, argument: TemplateLiteral, replacement: string): string {
    return (
      this.#weave(node, node.start, argument.start) +
      replacement +
      this.#weave(node, argument.end, node.end)
    )
  }

  /** `$lb.each('map', items, callback)` for `items.map(callback)`. */
  #loop(node: CallExpression): string {
    const { callee } = node
    if (callee.type !== 'MemberExpression') return this.#weave(node)
    const { text } = this.#of.module
    const open = text.indexOf('(', callee.property.end)
    const gap = this.#blank(callee.object.end, open)
    const rest = this.#weave(node, open + 1, node.end)
    if (isArrayFrom(node)) return `$lb.arrayFrom(${gap}${rest}`
    const name = staticKey(callee.property, callee.computed)
    return `$lb.each('${name}', ${callee.optional}, ${this.render(callee.object)}, ${gap}${rest}`
  }

  #exportAll(node: AnyNode & { type: 'ExportAllDeclaration' }): string {
    const source = this.#sources.indexOf(String(node.source.value))
    const lines = this.#blank(node.start, node.end)
    if (node.exported) return lines
    return `$lb.defineAll($exports, $imports[${source}]);${lines}`
  }

  #exportDefault(node: AnyNode & { type: 'ExportDefaultDeclaration' }): string {
    const { declaration } = node
    const lines = this.#blank(node.start, declaration.start)
    const rendered = this.render(declaration)
    const isDeclaration =
      declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration'
    if (!isDeclaration) {
      const tail = this.#of.module.text.slice(declaration.end, node.end)
      return `${lines}const $default = ${rendered}${tail}`
    }
    if (declaration.id) return lines + rendered
    return lines + rendered.replace(/^((?:async\s+)?function\s*\*?|class)/, '$1 $$default')
  }
}
