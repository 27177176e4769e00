import type { YamlSource } from '../../kit/yaml-source.ts'
import { overlay } from './overlay.ts'
import type { Problem } from './problem.ts'

/** A configuration: fields, and a file whose fields they override. */
export interface ConfigSource {
  /** A YAML or JSON file. */
  readonly file?: string | undefined
  readonly config: unknown
}

/** A configuration that was read, and how problems with it are located. */
interface ReadConfig {
  readonly config: unknown
  /** Adds file and line to a problem with a field that is from the file. */
  locate(problem: Problem): Problem
}

/**
 * Reads a configuration. It is not checked yet.
 *
 * @throws UsageError when the file cannot be read, or is not valid YAML
 */
export async function readConfig({ file, config }: ConfigSource): Promise<ReadConfig> {
  if (file === undefined) return { config, locate: (problem) => problem }
  // Without a file its parser is not needed, which takes a part of the start.
  const { content, parseYamlSource } = await import('../../kit/yaml-source.ts')
  const source = parseYamlSource({ file, text: await content(file) })
  return {
    config: withoutLoneToken(overlay(withoutListen(source.value ?? {}, config), config)),
    locate: (problem) => located(problem, { file, source, config }),
  }
}

/** A host or port that overrides the file goes before the unix socket of the file. */
function withoutListen(file: unknown, config: unknown): unknown {
  const { host, port } = config as { readonly host?: unknown; readonly port?: unknown }
  if ((host === undefined && port === undefined) || typeof file !== 'object') return file
  const { listen: _, ...others } = file as { readonly listen?: unknown }
  return others
}

/** A token, which may be from the environment, opens no admin port. */
function withoutLoneToken(config: unknown): unknown {
  const { admin, ...others } = config as { readonly admin?: object }
  return admin !== undefined && Object.keys(admin).join() === 'token' ? others : config
}

function located(
  problem: Problem,
  { file, source, config }: { file: string; source: YamlSource; config: unknown },
): Problem {
  if (isGiven(problem.path, config)) return problem
  return { ...problem, where: `${file}, line ${source.lineOf(problem.path)}` }
}

/** Whether the value at `path` is from the fields that override the file. */
function isGiven(path: readonly PropertyKey[], config: unknown): boolean {
  let value = config
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return true
    value = (value as Record<PropertyKey, unknown>)[key]
    if (value === undefined) return false
  }
  return path.length > 0 && (typeof value !== 'object' || Array.isArray(value))
}
