import { dirname, isAbsolute, resolve } from 'node:path'
import { UsageError } from '../../kit/errors.ts'
import { knownModules, whyRefused } from '../modules.ts'
import { staticKey } from './nodes.ts'
import { parseModule, type SourceModule } from './parse-module.ts'
import { type Refusal, refusal } from './refusal.ts'
import { type ModuleScopes, resolveScopes } from './scopes.ts'

/** One file of a script. */
export interface ScriptModule {
  readonly module: SourceModule
  readonly scopes: ModuleScopes
  /** The modules that it imports, in their order: the specifier, and the file where it is one of the script's own. */
  readonly imports: ReadonlyMap<string, string | undefined>
}

/** A script with the files that it imports. */
export interface ScriptProgram {
  readonly entry: ScriptModule
  /** By file, each after those that it imports. */
  readonly modules: ReadonlyMap<string, ScriptModule>
  /** Imports that cannot be served. */
  readonly refusals: readonly Refusal[]
}

/**
 * Reads a script and the files that it imports, each once.
 * @param readText reads a file; throws where it cannot
 * @throws {UsageError} a file cannot be read or parsed
 */
export function readProgram(file: string, readText: (file: string) => string): ScriptProgram {
  const modules = new Map<string, ScriptModule>()
  const started = new Set<string>()
  const refusals: Refusal[] = []
  const read = (path: string): void => {
    started.add(path)
    const module = parseModule(readText(path), path)
    const imports = new Map<string, string | undefined>()
    for (const statement of module.program.body) {
      if (!('source' in statement) || !statement.source) continue
      const specifier = String(statement.source.value)
      const reason = whyRefused(specifier)
      if (reason !== undefined) {
        refusals.push(refusal(module, statement, `"${specifier}": ${reason}`, importHint))
        continue
      }
      refusals.push(...unknownNames(module, statement, specifier))
      const imported = localFile(specifier, path)
      imports.set(specifier, imported)
      if (imported !== undefined && !started.has(imported)) readImported(imported, specifier, path)
    }
    modules.set(path, { module, scopes: resolveScopes(module), imports })
  }
  const readImported = (path: string, specifier: string, from: string) => {
    try {
      read(path)
    } catch (error) {
      if (error instanceof UsageError) throw error
      throw new UsageError(
        `${from} imports "${specifier}", which cannot be read: ${(error as Error).message}`,
        'imports are relative to the file and have their extension',
      )
    }
  }
  read(file)
  return { entry: modules.get(file) as ScriptModule, modules, refusals }
}

const importHint =
  'scripts may import k6, k6/http, k6/data, k6/metrics, k6/execution, k6/encoding, k6/crypto and their own files'

function localFile(specifier: string, from: string): string | undefined {
  if (Object.hasOwn(knownModules, specifier)) return undefined
  return isAbsolute(specifier) ? specifier : resolve(dirname(from), specifier)
}

/** Names that a statement imports from a module of k6 that does not have them. */
function unknownNames(
  module: SourceModule,
  statement: SourceModule['program']['body'][number],
  specifier: string,
): Refusal[] {
  const known = knownModules[specifier]
  if (known === undefined || statement.type !== 'ImportDeclaration') return []
  return statement.specifiers.flatMap((one) => {
    const name = one.type === 'ImportSpecifier' ? staticKey(one.imported, false) : undefined
    if (name === undefined || known.includes(name)) return []
    return [
      refusal(
        module,
        one,
        `"${specifier}" has no stand-in for ${name}`,
        `it has ${known.slice(1).join(', ')}`,
      ),
    ]
  })
}
