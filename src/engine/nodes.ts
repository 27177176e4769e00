import { z } from 'zod'
import { UsageError } from '../kit/errors.ts'
import { content, parseYamlSource } from '../kit/yaml-source.ts'

/** Maximum number of nodes. */
const maxNodes = 1000

const text = z.string().min(1)
const nodesFile = z.strictObject({
  drivers: z.union([z.int().min(1).max(maxNodes), z.array(text).min(1).max(maxNodes)]),
  command: z.array(text).min(1).optional(),
  node: text.optional(),
  lb: text.optional(),
})

/** Nodes, as `--nodes` or its file names them. */
export interface Nodes {
  /** How many of them, or the hosts by name. */
  readonly drivers: number | readonly string[]
  /** The command in place of `ssh` or `srun`, with options of the user. */
  readonly command?: readonly string[] | undefined
  /** Where nodes have Node (the program), and the folder of lb's package. */
  readonly node?: string | undefined
  readonly lb?: string | undefined
}

/** How nodes are written. */
const remedy =
  'use --nodes drivers=3, --nodes drivers=host1,host2, or a YAML file with the field drivers'

/**
 * The nodes of `--nodes`: `drivers=3`, `drivers=host1,host2`, or the path of a YAML file.
 *
 * @throws {UsageError} it is neither, or the file cannot be used
 */
export async function nodesOf(given: string): Promise<Nodes> {
  if (/\.ya?ml$|\//.test(given) && !given.includes('=')) return await nodesOfFile(given)
  const [, role, value = ''] = /^(\w+)=(.*)$/.exec(given) ?? []
  if (role !== 'drivers') throw new UsageError(`--nodes "${given}" names no drivers`, remedy)
  if (/^\d+$/.test(value)) return { drivers: countOf(Number(value)) }
  const hosts = value.split(',')
  for (const host of hosts) checkHost(host)
  return { drivers: hosts }
}

async function nodesOfFile(file: string): Promise<Nodes> {
  const source = parseYamlSource({ file, text: await content(file) })
  const { data, error } = nodesFile.safeParse(source.value)
  if (data === undefined) {
    const [issue] = error.issues
    const line = source.lineOf(issue?.path ?? [])
    throw new UsageError(`${file}, line ${line}: ${issue?.message}`, remedy)
  }
  if (typeof data.drivers !== 'number') for (const host of data.drivers) checkHost(host)
  return data
}

function countOf(nodes: number): number {
  if (nodes >= 1 && nodes <= maxNodes) return nodes
  throw new UsageError(`--nodes drivers=${nodes} is not from 1 to ${maxNodes}`, remedy)
}

/** A name that begins with a dash would be an option of ssh. */
function checkHost(host: string): void {
  if (/^[\w@[][\w.:@%[\]-]*$/.test(host)) return
  throw new UsageError(`"${host}" of --nodes is not a host`, remedy)
}
