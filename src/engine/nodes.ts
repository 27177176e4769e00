import { z } from 'zod'
import { UsageError } from '../kit/errors.ts'
import { isNetwork } from '../kit/networks.ts'
import { content, parseYamlSource } from '../kit/yaml-source.ts'

/** Maximum number of nodes. */
const maxNodes = 1000

const text = z.string().min(1)
const oneNode = z.union([z.literal(1), z.array(text).length(1)])
const nodesFile = z.strictObject({
  drivers: z.union([z.int().min(1).max(maxNodes), z.array(text).min(1).max(maxNodes)]),
  backends: oneNode.optional(),
  target: oneNode.optional(),
  network: text
    .refine((one) => one !== 'unix' && isNetwork(one), 'not a network, such as 10.0.0.0/8')
    .optional(),
  command: z.array(text).min(1).optional(),
  node: text.optional(),
  lb: text.optional(),
})

/** How many nodes a role has, or the hosts by name. */
export type NodesOfRole = number | readonly string[]

/** Nodes, as `--nodes` or its file names them. */
export interface Nodes {
  readonly drivers: NodesOfRole
  /** The node of the backends, and that of the target; without it, lb starts none. */
  readonly backends?: NodesOfRole | undefined
  readonly target?: NodesOfRole | undefined
  /** The network by which nodes reach each other (CIDR). */
  readonly network?: string | undefined
  /** The command in place of `ssh` or `srun`, with options of the user. */
  readonly command?: readonly string[] | undefined
  /** Where nodes have Node (the program), and the folder of lb's package. */
  readonly node?: string | undefined
  readonly lb?: string | undefined
}

/** How nodes are written. */
const remedy =
  'use --nodes drivers=3, --nodes drivers=host1,host2, with ,backends=1,target=1 where lb starts these too, or a YAML file with the same fields'

/**
 * The nodes of `--nodes`: `drivers=3`, `drivers=host1,host2,backends=host3,target=host4`, or the path of a YAML file.
 *
 * @throws {UsageError} it is neither, or the file cannot be used
 */
export async function nodesOf(given: string): Promise<Nodes> {
  if (/\.ya?ml$|\//.test(given) && !given.includes('=')) return await nodesOfFile(given)
  const found = new Map<Role, string[]>()
  let role: Role | undefined
  for (const word of given.split(',')) {
    const [, name, value = word] = /^(\w+)=(.*)$/.exec(word) ?? []
    if (name !== undefined) {
      role = roleNamed(name, given)
      if (found.has(role)) throw new UsageError(`--nodes names ${role}= twice`, remedy)
      found.set(role, [])
    }
    if (role !== undefined) found.get(role)?.push(value)
  }
  const drivers = found.get('drivers')
  if (drivers === undefined) throw new UsageError(`--nodes "${given}" names no drivers`, remedy)
  return {
    drivers: nodesIn('drivers', drivers),
    ...Object.fromEntries(
      (['backends', 'target'] as const).flatMap((name) => {
        const words = found.get(name)
        return words === undefined ? [] : [[name, oneNodeIn(name, words)]]
      }),
    ),
  }
}

type Role = 'drivers' | 'backends' | 'target'

function roleNamed(name: string, given: string): Role {
  if (name === 'drivers' || name === 'backends' || name === 'target') return name
  throw new UsageError(`--nodes "${given}": ${name} is none of drivers, backends, target`, remedy)
}

/** The nodes of a role: one number, or hosts. */
function nodesIn(role: Role, words: readonly string[]): NodesOfRole {
  const [first = ''] = words
  if (words.length === 1 && /^\d+$/.test(first)) return countOf(role, Number(first))
  for (const host of words) checkHost(host)
  return words
}

/** Backends, and the target, have one address each. */
function oneNodeIn(role: Role, words: readonly string[]): NodesOfRole {
  const nodes = nodesIn(role, words)
  if (nodes === 1 || (typeof nodes !== 'number' && nodes.length === 1)) return nodes
  throw new UsageError(
    `--nodes ${role}=${words.join(',')}: ${role === 'target' ? 'the target runs' : 'backends run'} on one node`,
    remedy,
  )
}

async function nodesOfFile(file: string): Promise<Nodes> {
  const source = parseYamlSource({ file, text: await content(file) })
  const { data, error } = nodesFile.safeParse(source.value)
  if (data === undefined) {
    const [issue] = error.issues
    const line = source.lineOf(issue?.path ?? [])
    throw new UsageError(`${file}, line ${line}: ${issue?.message}`, remedy)
  }
  for (const nodes of [data.drivers, data.backends, data.target]) {
    if (typeof nodes === 'object') for (const host of nodes) checkHost(host)
  }
  return data
}

function countOf(role: Role, nodes: number): number {
  if (nodes >= 1 && nodes <= maxNodes) return nodes
  throw new UsageError(`--nodes ${role}=${nodes} is not from 1 to ${maxNodes}`, remedy)
}

/** A name that begins with a dash would be an option of ssh. */
function checkHost(host: string): void {
  if (/^[\w@[][\w.:@%[\]-]*$/.test(host)) return
  throw new UsageError(`"${host}" of --nodes is not a host`, remedy)
}
