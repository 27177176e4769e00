import type { ConnectionFacts } from '../../../src/driver/connection-facts.ts'
import type { Connection } from '../../../src/driver/lean/connection.ts'
import { connector } from '../../../src/driver/lean/connector.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { load } from '../drive-load.ts'

/** The outcomes of some requests, in the order in which they ended: statuses, and kinds of failure. */
interface Outcomes {
  readonly seen: readonly (number | string)[]
  readonly facts: ConnectionFacts
}

/** Sends `count` requests to `url`, on all connections of a load at once; each sends its next one when its last has ended. */
export async function outcomes(
  count: number,
  url: URL,
  options: Partial<Load> = {},
): Promise<Outcomes> {
  const seen: (number | string)[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const connections = await connector(load({ connections: 1, ...options }), url)
  let sent = 0
  const send = (one: Connection): void => {
    if (sent++ < count) one.send(performance.now())
    else if (seen.length === count) resolve()
  }
  const all = Array.from({ length: connections.slots }, () =>
    connections.connect({
      completed: (_, status) => void seen.push(status),
      failed: (_, kind) => void seen.push(kind),
      free: send,
    }),
  )
  for (const one of all) send(one)
  await promise
  for (const one of all) one.close()
  return { seen, facts: connections.facts() }
}
