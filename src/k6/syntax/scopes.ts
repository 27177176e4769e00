import type {
  AnyNode,
  Identifier,
  ImportDeclaration,
  VariableDeclaration,
  VariableDeclarator,
} from 'acorn'
import { isFunction, staticKey, walk } from './nodes.ts'
import type { SourceModule } from './parse-module.ts'
import { namesIn } from './pattern-names.ts'

/** A name that a module declares, and where it is used. */
export interface Binding {
  readonly name: string
  /** An import: the module and the name there (`default`, `*` for the namespace). */
  readonly imported?: { readonly source: string; readonly name: string }
  /** The value that it starts with, where the declaration shows it: a function, a class, or an expression. */
  readonly value?: AnyNode
  /** Identifiers that use it, writes included. */
  readonly references: Identifier[]
  /** Whether it is assigned to after its declaration. */
  reassigned: boolean
}

/** The names of one module, resolved. */
export interface ModuleScopes {
  readonly module: SourceModule
  /** The binding of an identifier that uses one; undefined for globals. */
  bindingOf(identifier: Identifier): Binding | undefined
  /** Whether an identifier uses a variable: it is no property name, label or declaration. */
  isReference(identifier: Identifier): boolean
  /** The binding that is declared at the top of the module. */
  topLevel(name: string): Binding | undefined
  parentOf(node: AnyNode): AnyNode | undefined
}

type Scope = Map<string, Binding>

/** Resolves the names of a module: lexical scopes, hoisted `var` and functions, parameters, imports. */
export function resolveScopes(module: SourceModule): ModuleScopes {
  const parents = new Map<AnyNode, AnyNode>()
  walk(module.program, (node, parent) => {
    if (parent !== undefined) parents.set(node, parent)
  })
  const scopes = new Map<AnyNode, Scope>()
  const declarations = new Set<AnyNode>()
  const declare = (owner: AnyNode, identifier: Identifier, about: Partial<Binding> = {}) => {
    const scope = scopes.get(owner) ?? new Map<string, Binding>()
    scopes.set(owner, scope)
    declarations.add(identifier)
    const before = scope.get(identifier.name)
    if (before !== undefined) before.reassigned = true
    else
      scope.set(identifier.name, {
        name: identifier.name,
        references: [],
        reassigned: false,
        ...about,
      })
  }
  walk(module.program, (node) => {
    declareNames(node, parents, declare)
  })

  const resolved = new Map<Identifier, Binding>()
  const references = new Set<Identifier>()
  walk(module.program, (node, parent) => {
    if (node.type !== 'Identifier' || declarations.has(node)) return
    if (parent === undefined || !isUse(node, parent) || isPassedOn(parent, parents)) return
    references.add(node)
    const binding = lookUp(node, scopes, parents)
    if (binding === undefined) return
    binding.references.push(node)
    if (isWrite(node, parents)) binding.reassigned = true
    resolved.set(node, binding)
  })
  return {
    module,
    bindingOf: (identifier) => resolved.get(identifier),
    isReference: (identifier) => references.has(identifier),
    topLevel: (name) => scopes.get(module.program)?.get(name),
    parentOf: (node) => parents.get(node),
  }
}

function lookUp(
  node: Identifier,
  scopes: ReadonlyMap<AnyNode, Scope>,
  parents: ReadonlyMap<AnyNode, AnyNode>,
): Binding | undefined {
  for (let at: AnyNode | undefined = node; at !== undefined; at = parents.get(at)) {
    const binding = scopes.get(at)?.get(node.name)
    if (binding !== undefined) return binding
  }
  return undefined
}

type Declare = (owner: AnyNode, identifier: Identifier, about?: Partial<Binding>) => void

function declareNames(
  node: AnyNode,
  parents: ReadonlyMap<AnyNode, AnyNode>,
  declare: Declare,
): void {
  switch (node.type) {
    case 'ImportDeclaration':
      declareImports(node, parents.get(node) as AnyNode, declare)
      break
    case 'VariableDeclarator':
      declareVariables(node, parents, declare)
      break
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      if (node.id) declare(owningScope(node, false, parents), node.id, { value: node })
      break
    case 'FunctionExpression':
    case 'ClassExpression':
      if (node.id) declare(node, node.id, { value: node })
      break
    case 'CatchClause':
      for (const name of node.param ? namesIn(node.param) : []) declare(node, name)
      break
    default:
  }
  if (isFunction(node)) for (const name of node.params.flatMap(namesIn)) declare(node, name)
}

function declareImports(node: ImportDeclaration, program: AnyNode, declare: Declare): void {
  const source = String(node.source.value)
  for (const specifier of node.specifiers)
    declare(program, specifier.local, { imported: { source, name: importedName(specifier) } })
}

function declareVariables(
  node: VariableDeclarator,
  parents: ReadonlyMap<AnyNode, AnyNode>,
  declare: Declare,
): void {
  const declaration = parents.get(node) as VariableDeclaration
  const owner = owningScope(declaration, declaration.kind === 'var', parents)
  const value = node.id.type === 'Identifier' && node.init ? { value: node.init } : {}
  for (const name of namesIn(node.id)) declare(owner, name, value)
}

function importedName(specifier: AnyNode): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  if (specifier.type !== 'ImportSpecifier') return '*'
  return staticKey(specifier.imported, false) ?? ''
}

const blocks = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'StaticBlock',
])

/** The node whose scope a declaration belongs to: the block around it, or the function for `var`. */
function owningScope(
  node: AnyNode,
  hoisted: boolean,
  parents: ReadonlyMap<AnyNode, AnyNode>,
): AnyNode {
  let at = parents.get(node) as AnyNode
  while (at.type !== 'Program' && !isFunction(at) && (hoisted || !blocks.has(at.type)))
    at = parents.get(at) as AnyNode
  return at
}

/** Whether an identifier that declares nothing uses a variable: property names and labels do not. */
function isUse(node: Identifier, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.key !== node || parent.computed
    case 'ExportSpecifier':
      return parent.local === node
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
    case 'ImportSpecifier':
    case 'ExportAllDeclaration':
      return false
    default:
      return true
  }
}

/** Whether a specifier passes a name of another module on: `export { name } from './other.js'`. */
function isPassedOn(parent: AnyNode, parents: ReadonlyMap<AnyNode, AnyNode>): boolean {
  if (parent.type !== 'ExportSpecifier') return false
  const declaration = parents.get(parent)
  return declaration?.type === 'ExportNamedDeclaration' && Boolean(declaration.source)
}

/** Whether an identifier is assigned to: alone or in a pattern, by an assignment, `++`, or the head of a loop. */
function isWrite(node: Identifier, parents: ReadonlyMap<AnyNode, AnyNode>): boolean {
  let child: AnyNode = node
  let parent = parents.get(child)
  while (parent !== undefined && isPartOfPattern(child, parent)) {
    child = parent
    parent = parents.get(child)
  }
  switch (parent?.type) {
    case 'UpdateExpression':
      return true
    case 'AssignmentExpression':
    case 'ForOfStatement':
    case 'ForInStatement':
      return parent.left === child
    default:
      return false
  }
}

function isPartOfPattern(child: AnyNode, parent: AnyNode): boolean {
  if (parent.type === 'AssignmentPattern') return parent.left === child
  return ['Property', 'ObjectPattern', 'ArrayPattern', 'RestElement'].includes(parent.type)
}
