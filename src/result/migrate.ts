import { fromVersion1 } from './version-1.ts'

/** Turns a document of one version into the next one; by the version that it starts from. */
export type Migrations = Readonly<Record<number, (older: object) => object>>

export const migrations: Migrations = { 1: fromVersion1 }

/** Brings a document from version `from` to `to`, step by step; undefined where a step is missing. */
export function migrate(
  document: object,
  { from, to, steps }: { from: number; to: number; steps: Migrations },
): object | undefined {
  let migrated = document
  for (let version = from; version < to; version++) {
    const step = steps[version]
    if (step === undefined) return undefined
    migrated = step(migrated)
  }
  return migrated
}
