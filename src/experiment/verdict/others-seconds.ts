import type { ProcessCost } from '../../result/document.ts'
import type { Measured } from './evidence.ts'

/** The node of a role with the CPU time that others used there, or this host, which has no name. */
interface Others {
  readonly node?: string
  /** CPU-seconds of programs outside the trial, and of other virtual machines. */
  readonly seconds: number
}

/** What others used of the CPUs of a role: of its nodes, where it runs on some, that with the most of them; or of this host. */
export function othersBeside(
  role: ProcessCost['role'],
  { host, nodes = [] }: Pick<Measured, 'host' | 'nodes'>,
): Others {
  const own = nodes
    .filter(({ roles }) => roles.includes(role))
    .map((node) => ({ node: node.name, seconds: node.foreignSeconds + node.stealSeconds }))
    .toSorted((a, b) => b.seconds - a.seconds)
  return own[0] ?? { seconds: host.foreignSeconds + host.stealSeconds }
}
