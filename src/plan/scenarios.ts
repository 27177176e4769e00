import { readdir } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { UsageError } from '../kit/errors.ts'
import { meant } from '../kit/named.ts'
import { withReferences } from './load/with-references.ts'
import { readYaml } from './read-yaml.ts'
import {
  headSchema,
  loadFileSchema,
  type Registry,
  type Scenario,
  scenarioSchema,
} from './scenario.ts'

/** A file in the folder of scenarios that is not a scenario: `lb reproduce` reads it. */
const documentedTables = 'documented.yaml'

/** Names of the shipped scenarios, in alphabetical order. */
export async function shippedScenarios(): Promise<string[]> {
  const files = await readdir(shippedFolder())
  return files
    .filter((file) => extname(file) === '.yaml' && file !== documentedTables)
    .map((file) => basename(file, '.yaml'))
    .sort()
}

/** The shipped scenarios, each with its question in one line. */
export async function shippedQuestions(): Promise<{ name: string; question: string }[]> {
  return Promise.all(
    (await shippedScenarios()).map(async (name) => {
      const { question } = await readYaml(await shippedFile(name), headSchema)
      return { name, question }
    }),
  )
}

/**
 * Reads a scenario: a shipped one by name, or any file by path.
 *
 * @throws {MistakesError} the file is not a valid scenario; each mistake with file, line and field
 * @throws {UsageError} there is no such scenario, or the file cannot be read
 */
export async function readScenario(nameOrPath: string, registry: Registry): Promise<Scenario> {
  const file = isPath(nameOrPath) ? nameOrPath : await shippedFile(nameOrPath)
  const folder = dirname(resolve(file))
  const { data, ...read } = await readYaml(file, withReferences(scenarioSchema(registry), folder))
  return {
    name: basename(file, extname(file)),
    ...read,
    ...(data && { data: inFolder(data, folder) }),
  }
}

/** Data files with paths that do not depend on the folder of the scenario. */
function inFolder(
  data: NonNullable<Scenario['data']>,
  folder: string,
): NonNullable<Scenario['data']> {
  return Object.fromEntries(
    Object.entries(data).map(([name, one]) => [name, { ...one, file: resolve(folder, one.file) }]),
  )
}

/** A scenario of `lb load`, and the folder that its paths are relative to. */
export interface LoadScenario {
  readonly scenario: Scenario
  readonly folder: string
}

/**
 * Reads the file of a load test, or a shipped scenario by name.
 *
 * @throws {MistakesError} the file is not valid; each mistake with file, line and field
 * @throws {UsageError} there is no such scenario, or the file cannot be read
 */
export async function readLoadScenario(
  nameOrPath: string,
  registry: Registry,
): Promise<LoadScenario> {
  const file = isPath(nameOrPath) ? nameOrPath : await shippedFile(nameOrPath)
  const folder = dirname(resolve(file))
  const { question = '', ...read } = await readYaml(
    file,
    withReferences(loadFileSchema(registry), folder),
  )
  return { scenario: { name: basename(file, extname(file)), question, ...read }, folder }
}

function isPath(nameOrPath: string): boolean {
  return /[\\/]|\.ya?ml$/.test(nameOrPath)
}

async function shippedFile(name: string): Promise<string> {
  const names = await shippedScenarios()
  if (names.includes(name)) return join(shippedFolder(), `${name}.yaml`)
  throw new UsageError(
    `unknown scenario "${name}"`,
    `${meant(
      name,
      names.map((one) => ({ name: one })),
    )}, or the path of a .yaml file`,
  )
}

/** Scenarios are not compiled: sources and build both read them from the folder of package.json. */
function shippedFolder(): string {
  return join(dirname(findPackageJSON('.', import.meta.url) as string), 'scenarios')
}
