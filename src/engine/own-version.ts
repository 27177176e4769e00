import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** The version of lb that this module is of. */
export function ownVersion(): string {
  const file = findPackageJSON(import.meta.url)
  return file === undefined ? 'unknown' : JSON.parse(readFileSync(file, 'utf8')).version
}
