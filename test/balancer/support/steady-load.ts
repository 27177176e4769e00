import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'

/** Clients that ask again and again, each on a connection of its own, until they are told to stop. */
export interface SteadyLoad {
  /** Requests that were answered so far. */
  readonly answered: () => number
  /** Ends once all have their last response; gives how many got each status, or `failed` without one. */
  stop(): Promise<Readonly<Record<string, number>>>
}

/** So many clients ask the server on `port`, with GET. */
export function steadyLoad(port: number, clients: number): SteadyLoad {
  const outcomes: Record<string, number> = {}
  let answered = 0
  let stopping = false
  const agent = new Agent({ keepAlive: true, maxSockets: clients })

  async function ask(): Promise<void> {
    const outcome = await statusOf(port, agent)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    answered++
  }

  const all = Array.from({ length: clients }, async () => {
    while (!stopping) await ask()
  })
  return {
    answered: () => answered,
    async stop() {
      stopping = true
      await Promise.all(all)
      agent.destroy()
      return outcomes
    },
  }
}

async function statusOf(port: number, agent: Agent): Promise<string> {
  try {
    const asked = request({ host: '127.0.0.1', port, agent, path: '/' }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    await response.resume().toArray()
    return String(response.statusCode)
  } catch {
    return 'failed'
  }
}
