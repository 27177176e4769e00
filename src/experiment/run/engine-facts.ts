import type { EngineFacts } from '../../result/schemas/engine.ts'
import type { Session } from './session.ts'

/** The engine of a session and the nodes that it has used, as results have them; undefined for processes of this host. */
export function engineFacts({
  engine: { name },
  beds: { nodes },
}: Pick<Session, 'engine' | 'beds'>): EngineFacts | undefined {
  if (name === 'local' || nodes.length === 0) return undefined
  return { name, nodes: nodes.map((node) => ({ ...node })) }
}
