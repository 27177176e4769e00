import os from 'node:os'
import { UsageError } from '../kit/errors.ts'
import { networks } from '../kit/networks.ts'

/** The surroundings of an agent that its addresses follow from. */
interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly interfaces: NodeJS.Dict<os.NetworkInterfaceInfo[]>
}

/**
 * The addresses of this host, the most likely one to be reached by other nodes first: that by which ssh came here, then those
 * of its interfaces, IPv4 first, at last that of the host itself. Slurm passes on the variables of the shell that it was
 * started from, so that those of ssh are of another host there.
 */
export function nodeAddresses({
  env = process.env,
  interfaces = os.networkInterfaces(),
}: Partial<Surroundings> = {}): string[] {
  const bySsh = env.SLURM_PROCID === undefined ? env.SSH_CONNECTION?.split(' ')[2] : undefined
  const all = Object.values(interfaces).flatMap((list) => list ?? [])
  const usable = all.filter(({ address }) => !/^fe80:/i.test(address))
  const rank = ({ internal, family }: os.NetworkInterfaceInfo) =>
    (internal ? 2 : 0) + (family === 'IPv4' ? 0 : 1)
  const own = usable.toSorted((a, b) => rank(a) - rank(b)).map(({ address }) => address)
  return [...new Set([...(bySsh === undefined ? [] : [bySsh]), ...own])]
}

/**
 * The address at which other nodes reach a node: the first in `network` (CIDR), or the first of all.
 *
 * @throws {UsageError} it has none there
 */
export function addressOf(
  { node, addresses }: { readonly node: string; readonly addresses: readonly string[] },
  network: string | undefined,
): string {
  const set = network === undefined ? undefined : networks([network])
  const found = addresses.find((one) => set?.has(one) ?? true)
  if (found !== undefined) return found
  throw new UsageError(
    `node ${node} has no address${network === undefined ? '' : ` in ${network}`} (${addresses.join(', ') || 'none at all'})`,
    'name the network that nodes reach each other by in the file of --nodes, such as network: 10.0.0.0/8',
  )
}
