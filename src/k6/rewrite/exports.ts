import type { AnyNode, Identifier } from 'acorn'
import { staticKey } from '../syntax/nodes.ts'
import { namesIn } from '../syntax/pattern-names.ts'
import type { ScriptModule } from '../syntax/read-program.ts'

/** The properties of `$exports`, as source: functions that return the current value of each exported name. */
export function exportedGetters(of: ScriptModule): string {
  const sources = [...of.imports.keys()]
  return of.module.program.body
    .flatMap((statement) => getters(statement, sources, of))
    .map(([name, value]) => `${JSON.stringify(name)}: () => ${value}`)
    .join(', ')
}

function getters(
  statement: AnyNode,
  sources: readonly string[],
  of: ScriptModule,
): (readonly [string, string])[] {
  if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement
    const named =
      (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') &&
      declaration.id
    return [['default', named ? named.name : '$default']]
  }
  if (statement.type === 'ExportAllDeclaration' && statement.exported) {
    const source = sources.indexOf(String(statement.source.value))
    return [[staticKey(statement.exported, false) ?? '', `$imports[${source}]`]]
  }
  if (statement.type !== 'ExportNamedDeclaration') return []
  const source = statement.source ? sources.indexOf(String(statement.source.value)) : undefined
  const listed = statement.specifiers.map((specifier): readonly [string, string] => {
    const exported = staticKey(specifier.exported, false) ?? ''
    const local = staticKey(specifier.local, false) ?? ''
    if (source !== undefined) return [exported, `$imports[${source}].${local}`]
    return [exported, localValue(specifier.local as Identifier, sources, of)]
  })
  return [...listed, ...declaredNames(statement.declaration).map((name) => [name, name] as const)]
}

/** The value of a name that is listed in `export { … }`: it may itself be imported. */
function localValue(local: Identifier, sources: readonly string[], of: ScriptModule): string {
  const imported = of.scopes.topLevel(local.name)?.imported
  if (imported === undefined) return local.name
  const namespace = `$imports[${sources.indexOf(imported.source)}]`
  return imported.name === '*' ? namespace : `${namespace}.${imported.name}`
}

function declaredNames(declaration: AnyNode | null | undefined): string[] {
  if (!declaration) return []
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => namesIn(id)).map(({ name }) => name)
  const { id } = declaration as AnyNode & { id?: Identifier }
  return id ? [id.name] : []
}
