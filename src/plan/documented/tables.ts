import type { Registry } from '../scenario.ts'
import { type Documented, readDocumented } from './read-documented.ts'
import { readMarkdown } from './read-markdown.ts'

/**
 * Reads documented tables from a markdown or YAML file; without a path, the shipped ones.
 *
 * @throws {UsageError} the file is invalid; with the file, line and field of the first error
 */
export async function documentedTables(registry: Registry, path?: string): Promise<Documented> {
  return path === undefined || /\.ya?ml$/i.test(path)
    ? readDocumented(registry, path)
    : readMarkdown(registry, path)
}
