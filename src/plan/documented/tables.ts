import type { Registry } from '../scenario.ts'
import { type Documented, readDocumented } from './read-documented.ts'
import { readMarkdown } from './read-markdown.ts'

/**
 * Reads documented tables: of a markdown file, or of a YAML file of figures; without a path those that are
 * shipped.
 *
 * @throws UsageError naming the file, line and field of a mistake.
 */
export async function documentedTables(registry: Registry, path?: string): Promise<Documented> {
  return path === undefined || /\.ya?ml$/i.test(path)
    ? readDocumented(registry, path)
    : readMarkdown(registry, path)
}
